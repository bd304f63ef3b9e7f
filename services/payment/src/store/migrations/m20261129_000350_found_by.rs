use sea_orm_migration::prelude::*;

/// Finding the refunds of a payment.
pub(super) struct Step;

impl MigrationName for Step {
    fn name(&self) -> &'static str {
        "m20261129_000350_found_by"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Step {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let index =
            Index::create().name("refund_payment").table("refund").col("payment").to_owned();
        manager.create_index(index).await
    }
}
