use sea_orm_migration::prelude::*;

/// A row of each cashier's till, to be held while something is taken, given back or counted.
pub(super) struct Step;

impl MigrationName for Step {
    fn name(&self) -> &'static str {
        "m20261129_000312_tills"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Step {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let till = Table::create()
            .table("till")
            .col(ColumnDef::new("cashier").uuid().not_null())
            .col(ColumnDef::new("agency").uuid().not_null())
            .col(ColumnDef::new("last_day").date().not_null())
            .primary_key(Index::create().col("cashier").col("agency"))
            .to_owned();
        manager.create_table(till).await
    }
}
