use sea_orm_migration::prelude::*;

/// Keys that sign access tokens.
pub(super) struct Step;

impl MigrationName for Step {
    fn name(&self) -> &'static str {
        "m20261121_000003_signing_key"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Step {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let table = Table::create()
            .table("signing_key")
            .col(ColumnDef::new("kid").string().not_null().primary_key())
            .col(ColumnDef::new("generation").big_integer().not_null().unique_key())
            .col(ColumnDef::new("public").binary().not_null())
            .col(ColumnDef::new("sealed").binary().not_null())
            .col(ColumnDef::new("sign_from").timestamp_with_time_zone().not_null())
            .col(ColumnDef::new("retire_at").timestamp_with_time_zone())
            .to_owned();
        manager.create_table(table).await
    }
}
