use sea_orm_migration::prelude::*;

/// Later than any cause from before this step has to be remembered.
const LONG_ENOUGH: &str = "2027-03-01T00:00:00+00:00";

/// What is kept is kept for a time: each claim knows its end, and old events are
/// found by their number.
pub(crate) struct Retention;

impl MigrationName for Retention {
    fn name(&self) -> &'static str {
        "m20261122_000000_retention"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Retention {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let mut forget_at = ColumnDef::new("forget_at");
        forget_at.timestamp_with_time_zone().not_null().default(LONG_ENOUGH);
        let handled = Table::alter().table("handled").add_column(forget_at).to_owned();
        manager.alter_table(handled).await?;
        let db = manager.get_connection();
        for step in [
            "CREATE INDEX handled_forget_at ON handled (forget_at)",
            // Nobody looks for these, and every write would keep them up.
            "DROP INDEX handled_at",
            "DROP INDEX outbox_published",
        ] {
            db.execute_unprepared(step).await?;
        }
        Ok(())
    }
}
