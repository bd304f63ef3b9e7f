use sea_orm_migration::prelude::*;

/// What is known of a result's file; those nothing is known of wait for the scanner.
pub(super) struct Step;

impl MigrationName for Step {
    fn name(&self) -> &'static str {
        "m20261128_000006_scan"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Step {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let scan =
            Table::alter().table("result").add_column(ColumnDef::new("scan").string()).take();
        manager.alter_table(scan).await?;
        let wait = "INSERT INTO held_file (file, subject, state, since, look_at, looks, failures) \
                    SELECT file, process, 'waiting', drafted_at, drafted_at, 0, 0 FROM result \
                    WHERE NOT scanned ON CONFLICT (file) DO NOTHING";
        manager.get_connection().execute_unprepared(wait).await?;
        Ok(())
    }
}
