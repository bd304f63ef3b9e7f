use sea_orm_migration::prelude::*;

/// What the last look through the books found.
pub(super) struct Step;

impl MigrationName for Step {
    fn name(&self) -> &'static str {
        "m20261129_000002_books_check"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Step {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let table = Table::create()
            .table("books_finding")
            .col(ColumnDef::new("what").string().not_null().primary_key())
            .col(ColumnDef::new("number").big_integer().not_null())
            .col(ColumnDef::new("checked_at").timestamp_with_time_zone().not_null())
            .to_owned();
        manager.create_table(table).await
    }
}
