use sea_orm_migration::prelude::*;

/// What each assessment made of every line.
pub(super) struct Step;

impl MigrationName for Step {
    fn name(&self) -> &'static str {
        "m20261129_000360_assessed_lines"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Step {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let lines = ColumnDef::new("lines").text().to_owned();
        let step = Table::alter().table("assessment").add_column(lines).to_owned();
        manager.alter_table(step).await
    }
}
