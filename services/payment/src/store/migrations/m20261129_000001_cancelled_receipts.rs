use sea_orm_migration::prelude::*;

/// Who cancelled a receipt, and why.
pub(super) struct Step;

impl MigrationName for Step {
    fn name(&self) -> &'static str {
        "m20261129_000001_cancelled_receipts"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Step {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for column in [
            ColumnDef::new("cancelled_by").uuid().to_owned(),
            ColumnDef::new("cancel_reason").binary().to_owned(),
        ] {
            let step = Table::alter().table("receipt").add_column(column).to_owned();
            manager.alter_table(step).await?;
        }
        Ok(())
    }
}
