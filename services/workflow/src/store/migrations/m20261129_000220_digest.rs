use sea_orm_migration::prelude::*;

/// Whom a morning's digest was counted for, and the results that lie at a desk.
pub(super) struct Step;

impl MigrationName for Step {
    fn name(&self) -> &'static str {
        "m20261129_000220_digest"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Step {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let day = ColumnDef::new("digest_day").integer().not_null().default(0).take();
        let day = Table::alter().table("officer").add_column(day).take();
        manager.alter_table(day).await?;
        let db = manager.get_connection();
        for index in [
            // Those of the morning are at its end, so that nobody is looked at twice.
            "CREATE INDEX officer_digest ON officer (digest_day, account)",
            "CREATE INDEX process_desk ON process (receiving) WHERE state = 'finished'",
        ] {
            db.execute_unprepared(index).await?;
        }
        Ok(())
    }
}
