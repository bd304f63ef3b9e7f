use sea_orm_migration::prelude::*;

use crate::store::costs::day;

/// What providers took, in the order in which it is added up.
pub(super) struct Step;

impl MigrationName for Step {
    fn name(&self) -> &'static str {
        "m20261129_000001_cost"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Step {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let db = manager.get_connection();
        // With everything that a sum needs, so that it is made from the index alone: the time
        // itself stands in it because PostgreSQL does not see that the day says enough.
        let day = day(db.get_database_backend());
        let index = format!(
            "CREATE INDEX message_cost ON message \
             (({day}), agency_path, channel, provider, segments, sent_at) \
             WHERE provider IS NOT NULL"
        );
        db.execute_unprepared(&index).await?;
        Ok(())
    }
}
