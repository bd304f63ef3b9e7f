use sea_orm_migration::prelude::*;

/// Finding the orders of which nobody has said how much is owed, the longest accepted first.
pub(super) struct Step;

impl MigrationName for Step {
    fn name(&self) -> &'static str {
        "m20261129_000361_waiting_orders"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Step {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let waiting = "CREATE INDEX fee_order_to_assess ON fee_order (accepted_at, id) \
                       WHERE state = 'to_assess'";
        manager.get_connection().execute_unprepared(waiting).await?;
        Ok(())
    }
}
