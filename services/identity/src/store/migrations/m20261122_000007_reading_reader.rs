use sea_orm_migration::prelude::*;

/// What one officer has read.
pub(super) struct Step;

impl MigrationName for Step {
    fn name(&self) -> &'static str {
        "m20261122_000007_reading_reader"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Step {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .get_connection()
            .execute_unprepared(
                "CREATE INDEX personal_data_reading_reader \
                 ON personal_data_reading (reader, read_at, event, subject)",
            )
            .await?;
        Ok(())
    }
}
