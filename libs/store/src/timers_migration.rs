use sea_orm_migration::prelude::*;

/// Timers are found by their name.
pub(crate) struct Timers;

impl MigrationName for Timers {
    fn name(&self) -> &'static str {
        "m20261129_000000_timers"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Timers {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        // Where thousands of one name are late, nobody reads through them for those of another.
        let index = "CREATE INDEX due_name_at ON due (name, at)";
        manager.get_connection().execute_unprepared(index).await?;
        Ok(())
    }
}
