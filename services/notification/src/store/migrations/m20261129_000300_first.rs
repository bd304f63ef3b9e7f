use sea_orm_migration::prelude::*;

/// Which channel people want to be told by first.
pub(super) struct Step;

impl MigrationName for Step {
    fn name(&self) -> &'static str {
        "m20261129_000300_first"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Step {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let first = ColumnDef::new("first").string().to_owned();
        manager.alter_table(Table::alter().table("preference").add_column(first).to_owned()).await
    }
}
