use sea_orm_migration::prelude::*;

/// Who is late is counted now and then.
pub(super) struct Step;

impl MigrationName for Step {
    fn name(&self) -> &'static str {
        "m20261122_000005_due"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Step {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let due = "CREATE INDEX process_due ON process (promised_due_at) WHERE state = 'running'";
        manager.get_connection().execute_unprepared(due).await?;
        Ok(())
    }
}
