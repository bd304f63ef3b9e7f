use sea_orm_migration::prelude::*;

/// Who chooses Zalo, and what we are known by there.
pub(super) struct Step;

impl MigrationName for Step {
    fn name(&self) -> &'static str {
        "m20261128_000003_zalo"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Step {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let zalo = ColumnDef::new("zalo").string().to_owned();
        let added = Table::alter().table("preference").add_column(zalo).to_owned();
        manager.alter_table(added).await?;
        manager.create_table(zalo_pass()).await
    }
}

fn zalo_pass() -> TableCreateStatement {
    Table::create()
        .table("zalo_pass")
        .col(ColumnDef::new("app").string().not_null().primary_key())
        .col(ColumnDef::new("tokens").binary().not_null())
        .col(ColumnDef::new("renewed_at").timestamp_with_time_zone().not_null())
        .to_owned()
}
