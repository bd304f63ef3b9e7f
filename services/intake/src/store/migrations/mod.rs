//! The schema of `intake`, step by step.

mod m20261121_000001_dossiers;

use sea_orm_migration::prelude::*;

/// All steps, in order.
pub(crate) fn all() -> Vec<Box<dyn MigrationTrait>> {
    vec![Box::new(m20261121_000001_dossiers::Migration)]
}
