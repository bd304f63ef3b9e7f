//! The schema, step by step. Append only.

mod m20261121_000001_places;
mod m20261121_000002_clock;
mod m20261121_000003_procedures;
mod m20261128_000004_tree;

use sea_orm_migration::MigrationTrait;

/// Every step, in order.
pub(crate) fn all() -> Vec<Box<dyn MigrationTrait>> {
    vec![
        Box::new(m20261121_000001_places::Migration),
        Box::new(m20261121_000002_clock::Migration),
        Box::new(m20261121_000003_procedures::Migration),
        Box::new(m20261128_000004_tree::Migration),
    ]
}
