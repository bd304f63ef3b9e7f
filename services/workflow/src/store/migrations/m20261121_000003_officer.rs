use sea_orm_migration::prelude::*;

/// What identity tells of officers' roles.
pub(super) struct Step;

impl MigrationName for Step {
    fn name(&self) -> &'static str {
        "m20261121_000003_officer"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Step {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let officer = Table::create()
            .table("officer")
            .col(ColumnDef::new("account").uuid().not_null().primary_key())
            .col(ColumnDef::new("version").big_integer().not_null())
            .col(ColumnDef::new("disabled").boolean().not_null())
            .col(ColumnDef::new("grants").text().not_null())
            .to_owned();
        manager.create_table(officer).await
    }
}
