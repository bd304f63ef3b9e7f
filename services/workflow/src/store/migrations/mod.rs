//! The schema's steps, in order.

mod m20261121_000001_process;
mod m20261121_000002_result;
mod m20261121_000003_officer;
mod m20261122_000004_below;
mod m20261122_000005_due;
mod m20261128_000006_scan;
mod m20261129_000220_digest;

use sea_orm_migration::MigrationTrait;

/// Every step.
pub(crate) fn all() -> Vec<Box<dyn MigrationTrait>> {
    vec![
        Box::new(m20261121_000001_process::Step),
        Box::new(m20261121_000002_result::Step),
        Box::new(m20261121_000003_officer::Step),
        Box::new(m20261122_000004_below::Step),
        Box::new(m20261122_000005_due::Step),
        motcua_quarantine::migration(),
        Box::new(m20261128_000006_scan::Step),
        Box::new(m20261129_000220_digest::Step),
    ]
}
