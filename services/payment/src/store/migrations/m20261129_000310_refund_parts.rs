use sea_orm_migration::prelude::*;

/// Of which fees a refund is.
pub(super) struct Step;

impl MigrationName for Step {
    fn name(&self) -> &'static str {
        "m20261129_000310_refund_parts"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Step {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for column in [
            ColumnDef::new("fee_code").string().to_owned(),
            ColumnDef::new("parts").text().to_owned(),
        ] {
            let step = Table::alter().table("refund").add_column(column).to_owned();
            manager.alter_table(step).await?;
        }
        Ok(())
    }
}
