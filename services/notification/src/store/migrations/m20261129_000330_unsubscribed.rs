use sea_orm_migration::prelude::*;

/// At which addresses no more is wanted than must be told, as the answer to a letter said.
pub(super) struct Step;

impl MigrationName for Step {
    fn name(&self) -> &'static str {
        "m20261129_000330_unsubscribed"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Step {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let mut column = ColumnDef::new("unsubscribed_at");
        column.timestamp_with_time_zone().null();
        let with = Table::alter().table("message").add_column(column).to_owned();
        manager.alter_table(with).await?;
        // Of the few letters that were answered so, found by whom they were for.
        let index = "CREATE INDEX message_unsubscribed ON message (recipient, unsubscribed_at) \
                     WHERE unsubscribed_at IS NOT NULL";
        manager.get_connection().execute_unprepared(index).await?;
        Ok(())
    }
}
