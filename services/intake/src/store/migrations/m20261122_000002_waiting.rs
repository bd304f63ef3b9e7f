use sea_orm_migration::prelude::*;

/// Who waits for an answer, or for processing to begin, is counted now and then.
#[derive(DeriveMigrationName)]
pub(super) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let db = manager.get_connection();
        for index in [
            "CREATE INDEX dossiers_unanswered ON dossiers (reply_due_at) \
             WHERE state = 'submitted'",
            "CREATE INDEX dossiers_not_started ON dossiers (accepted_at) \
             WHERE state = 'accepted'",
        ] {
            db.execute_unprepared(index).await?;
        }
        Ok(())
    }
}
