use sea_orm_migration::prelude::*;

/// Finding what a telephone was told of lately, by short message and Zalo.
pub(super) struct Step;

impl MigrationName for Step {
    fn name(&self) -> &'static str {
        "m20261129_000340_telephone"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Step {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let index = "CREATE INDEX message_telephone ON message (recipient, created_at) \
                     WHERE channel IN ('sms', 'zalo')";
        manager.get_connection().execute_unprepared(index).await.map(drop)
    }
}
