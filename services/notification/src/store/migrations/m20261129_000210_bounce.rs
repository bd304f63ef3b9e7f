use sea_orm_migration::prelude::*;

/// At which addresses there is nobody, as a report said of a letter to them.
pub(super) struct Step;

impl MigrationName for Step {
    fn name(&self) -> &'static str {
        "m20261129_000210_bounce"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Step {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let mut column = ColumnDef::new("gone_at");
        column.timestamp_with_time_zone().null();
        let with = Table::alter().table("message").add_column(column).to_owned();
        manager.alter_table(with).await?;
        // Of the few letters that came back so, found by whom they were for.
        let index = "CREATE INDEX message_gone ON message (recipient, gone_at) \
                     WHERE gone_at IS NOT NULL";
        manager.get_connection().execute_unprepared(index).await?;
        Ok(())
    }
}
