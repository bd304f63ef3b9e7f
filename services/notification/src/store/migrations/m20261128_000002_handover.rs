use sea_orm_migration::prelude::*;

/// Which provider took a message and what became of it, and receipts that came first.
pub(super) struct Step;

impl MigrationName for Step {
    fn name(&self) -> &'static str {
        "m20261128_000002_handover"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Step {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        // One column at a time: SQLite takes no more.
        for column in [
            ColumnDef::new("receipt").string().to_owned(),
            ColumnDef::new("provider").string().to_owned(),
            ColumnDef::new("provider_id").string().to_owned(),
            ColumnDef::new("segments").integer().to_owned(),
            ColumnDef::new("sent_at").timestamp_with_time_zone().to_owned(),
            ColumnDef::new("took_ms").big_integer().to_owned(),
        ] {
            let added = Table::alter().table("message").add_column(column).to_owned();
            manager.alter_table(added).await?;
        }
        manager.create_table(receipt()).await?;
        let db = manager.get_connection();
        for index in [
            // By what a provider calls it; few messages have a word of a provider.
            "CREATE INDEX message_provider ON message (provider, provider_id) \
             WHERE provider_id IS NOT NULL",
            "CREATE INDEX receipt_provider ON receipt (provider, provider_id)",
            "CREATE INDEX receipt_heard ON receipt (heard_at)",
        ] {
            db.execute_unprepared(index).await?;
        }
        Ok(())
    }
}

fn receipt() -> TableCreateStatement {
    Table::create()
        .table("receipt")
        .col(ColumnDef::new("id").uuid().not_null().primary_key())
        .col(ColumnDef::new("provider").string().not_null())
        .col(ColumnDef::new("provider_id").string().not_null())
        .col(ColumnDef::new("arrival").string().not_null())
        .col(ColumnDef::new("heard_at").timestamp_with_time_zone().not_null())
        .to_owned()
}
