mod m20261121_000001_message;
mod m20261128_000002_handover;
mod m20261128_000003_switch;
mod m20261128_000003_zalo;

use sea_orm_migration::MigrationTrait;

/// The schema, step by step; append only.
pub(crate) fn all() -> Vec<Box<dyn MigrationTrait>> {
    vec![
        Box::new(m20261121_000001_message::Step),
        Box::new(m20261128_000002_handover::Step),
        Box::new(m20261128_000003_zalo::Step),
        Box::new(m20261128_000003_switch::Step),
    ]
}
