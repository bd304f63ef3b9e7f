use sea_orm_migration::prelude::*;

/// What leaders oversee: open tasks of all queues, by due time or by agency.
pub(super) struct Step;

impl MigrationName for Step {
    fn name(&self) -> &'static str {
        "m20261122_000004_below"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Step {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let db = manager.get_connection();
        // Whoever oversees much finds a page at its beginning.
        let by_due = "CREATE INDEX task_due ON task (due_key, id) WHERE is_open";
        db.execute_unprepared(by_due).await?;
        // Whoever oversees little finds it by the path. The beginning of a text is looked up in
        // an index only where that is in the order of its characters; SQLite does not know that
        // order for LIKE, and reads on in the one above.
        if manager.get_database_backend() == sea_orm::DbBackend::Postgres {
            let by_path = "CREATE INDEX task_below ON task (post text_pattern_ops) WHERE is_open";
            db.execute_unprepared(by_path).await?;
        }
        Ok(())
    }
}
