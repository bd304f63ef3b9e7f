use sea_orm_migration::prelude::*;

/// Files nothing is known of wait for the scanner.
#[derive(DeriveMigrationName)]
pub(super) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let wait = "INSERT INTO held_file (file, subject, state, since, look_at, looks, failures) \
                    SELECT file, dossier, 'waiting', created_at, created_at, 0, 0 FROM papers \
                    WHERE scan = 'unscanned' AND file IS NOT NULL AND reused_from IS NULL \
                    ON CONFLICT (file) DO NOTHING";
        manager.get_connection().execute_unprepared(wait).await?;
        Ok(())
    }
}
