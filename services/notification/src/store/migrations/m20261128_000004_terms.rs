use sea_orm_migration::prelude::*;

/// When a message expires, and whether the same was said before.
pub(super) struct Step;

impl MigrationName for Step {
    fn name(&self) -> &'static str {
        "m20261128_000004_terms"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Step {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for column in [
            ColumnDef::new("expires_at").timestamp_with_time_zone().to_owned(),
            ColumnDef::new("words").binary().to_owned(),
        ] {
            let added = Table::alter().table("message").add_column(column).to_owned();
            manager.alter_table(added).await?;
        }
        let db = manager.get_connection();
        for index in [
            "CREATE INDEX message_words ON message (words, created_at)",
            "CREATE INDEX message_sms ON message (recipient, created_at) WHERE channel = 'sms'",
        ] {
            db.execute_unprepared(index).await?;
        }
        Ok(())
    }
}
