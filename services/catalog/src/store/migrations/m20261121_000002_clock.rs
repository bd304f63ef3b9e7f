use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub(super) struct Migration;

#[derive(DeriveIden)]
enum Calendar {
    Table,
    Id,
    Code,
    Revision,
    ValidFrom,
    Agencies,
    Data,
    PublishedAt,
}

#[derive(DeriveIden)]
enum Policy {
    Table,
    Id,
    Code,
    Revision,
    ValidFrom,
    Scope,
    Data,
    Notes,
    PublishedAt,
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, schema: &SchemaManager) -> Result<(), DbErr> {
        let calendar = Table::create()
            .table(Calendar::Table)
            .col(ColumnDef::new(Calendar::Id).uuid().not_null().primary_key())
            .col(ColumnDef::new(Calendar::Code).text().not_null())
            .col(ColumnDef::new(Calendar::Revision).integer().not_null())
            .col(ColumnDef::new(Calendar::ValidFrom).date().not_null())
            .col(ColumnDef::new(Calendar::Agencies).json_binary().not_null())
            .col(ColumnDef::new(Calendar::Data).json_binary().not_null())
            .col(ColumnDef::new(Calendar::PublishedAt).timestamp_with_time_zone().not_null())
            .take();
        schema.create_table(calendar).await?;
        let calendar_code = Index::create()
            .name("calendar_code_revision")
            .table(Calendar::Table)
            .col(Calendar::Code)
            .col(Calendar::Revision)
            .unique()
            .take();
        schema.create_index(calendar_code).await?;
        let policy = Table::create()
            .table(Policy::Table)
            .col(ColumnDef::new(Policy::Id).uuid().not_null().primary_key())
            .col(ColumnDef::new(Policy::Code).text().not_null())
            .col(ColumnDef::new(Policy::Revision).integer().not_null())
            .col(ColumnDef::new(Policy::ValidFrom).date().not_null())
            .col(ColumnDef::new(Policy::Scope).json_binary().not_null())
            .col(ColumnDef::new(Policy::Data).json_binary().not_null())
            .col(ColumnDef::new(Policy::Notes).json_binary().not_null())
            .col(ColumnDef::new(Policy::PublishedAt).timestamp_with_time_zone().not_null())
            .take();
        schema.create_table(policy).await?;
        let policy_code = Index::create()
            .name("policy_code_revision")
            .table(Policy::Table)
            .col(Policy::Code)
            .col(Policy::Revision)
            .unique()
            .take();
        schema.create_index(policy_code).await
    }
}
