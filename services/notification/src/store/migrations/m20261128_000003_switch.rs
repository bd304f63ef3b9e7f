use sea_orm_migration::prelude::*;

/// Which providers an operator has taken out.
pub(super) struct Step;

impl MigrationName for Step {
    fn name(&self) -> &'static str {
        "m20261128_000003_switch"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Step {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let switch = Table::create()
            .table("provider_switch")
            .col(ColumnDef::new("provider").string().not_null().primary_key())
            .col(ColumnDef::new("out").boolean().not_null())
            .col(ColumnDef::new("by").string().not_null())
            .col(ColumnDef::new("reason").string().not_null())
            .col(ColumnDef::new("at").timestamp_with_time_zone().not_null())
            .to_owned();
        manager.create_table(switch).await
    }
}
