use sea_orm_migration::prelude::*;

/// What a receipt says, as it was issued.
pub(super) struct Step;

impl MigrationName for Step {
    fn name(&self) -> &'static str {
        "m20261129_000314_bills"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Step {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let bill =
            Table::alter().table("receipt").add_column(ColumnDef::new("bill").binary()).to_owned();
        manager.alter_table(bill).await
    }
}
