mod m20261121_000001_message;

use sea_orm_migration::MigrationTrait;

/// The schema, step by step; append only.
pub(crate) fn all() -> Vec<Box<dyn MigrationTrait>> {
    vec![Box::new(m20261121_000001_message::Step)]
}
