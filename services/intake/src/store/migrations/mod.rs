//! The schema of `intake`, step by step.

mod m20261121_000001_dossiers;
mod m20261122_000002_waiting;
mod m20261128_000003_below;
mod m20261128_000004_unscanned;
mod m20261128_000005_first_code;
mod m20261128_000006_filed_answers;
mod m20261128_000007_payment;
mod m20261129_000230_paper_offer;

use sea_orm_migration::prelude::*;

/// All steps, in order.
pub(crate) fn all() -> Vec<Box<dyn MigrationTrait>> {
    vec![
        Box::new(m20261121_000001_dossiers::Migration),
        Box::new(m20261122_000002_waiting::Migration),
        Box::new(m20261128_000003_below::Migration),
        motcua_quarantine::migration(),
        Box::new(m20261128_000004_unscanned::Migration),
        Box::new(m20261128_000005_first_code::Migration),
        Box::new(m20261128_000006_filed_answers::Migration),
        Box::new(m20261128_000007_payment::Migration),
        Box::new(m20261129_000230_paper_offer::Migration),
    ]
}
