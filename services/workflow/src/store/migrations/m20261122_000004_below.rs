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
        // Whoever oversees much finds a page at the beginning of all that is open.
        let by_due = "CREATE INDEX task_due ON task (due_key, id) WHERE is_open";
        manager.get_connection().execute_unprepared(by_due).await?;
        // Whoever oversees little finds it by the path. PostgreSQL looks the beginning of a text
        // up only where the index says so; SQLite does not, and reads on in the one above.
        let path = "post".into_index_column().with_operator_class("text_pattern_ops");
        let by_path = Index::create()
            .name("task_below")
            .table("task")
            .col(path)
            .cond_where(Expr::col("is_open"))
            .to_owned();
        manager.create_index(by_path).await
    }
}
