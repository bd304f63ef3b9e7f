use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub(super) struct Migration;

#[derive(DeriveIden)]
enum Procedure {
    Table,
    Id,
    Number,
    Revisions,
    NewestFrom,
    Draft,
    AbolishedOn,
    AbolishingDecision,
    Version,
}

#[derive(DeriveIden)]
enum ProcedureVersion {
    Table,
    Id,
    Procedure,
    Number,
    Revision,
    State,
    Edits,
    EffectiveFrom,
    PublishedAt,
    Name,
    Field,
    Level,
    Audiences,
    ServiceLevel,
    LegacyLevel,
    FrontDoor,
    Internal,
    Keywords,
    Agencies,
    Content,
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, schema: &SchemaManager) -> Result<(), DbErr> {
        let procedure = Table::create()
            .table(Procedure::Table)
            .col(ColumnDef::new(Procedure::Id).uuid().not_null().primary_key())
            .col(ColumnDef::new(Procedure::Number).text().not_null().unique_key())
            .col(ColumnDef::new(Procedure::Revisions).integer().not_null())
            .col(ColumnDef::new(Procedure::NewestFrom).date())
            .col(ColumnDef::new(Procedure::Draft).uuid())
            .col(ColumnDef::new(Procedure::AbolishedOn).date())
            .col(ColumnDef::new(Procedure::AbolishingDecision).text())
            .col(ColumnDef::new(Procedure::Version).big_integer().not_null())
            .take();
        schema.create_table(procedure).await?;
        schema.create_table(version()).await?;
        let by_procedure = Index::create()
            .name("procedure_version_revision")
            .table(ProcedureVersion::Table)
            .col(ProcedureVersion::Procedure)
            .col(ProcedureVersion::Revision)
            .unique()
            .take();
        schema.create_index(by_procedure).await?;
        let in_force = Index::create()
            .name("procedure_version_in_force")
            .table(ProcedureVersion::Table)
            .col(ProcedureVersion::State)
            .col(ProcedureVersion::EffectiveFrom)
            .take();
        schema.create_index(in_force).await
    }
}

fn version() -> TableCreateStatement {
    use ProcedureVersion as V;
    Table::create()
        .table(V::Table)
        .col(ColumnDef::new(V::Id).uuid().not_null().primary_key())
        .col(ColumnDef::new(V::Procedure).uuid().not_null())
        .col(ColumnDef::new(V::Number).text().not_null())
        .col(ColumnDef::new(V::Revision).integer().not_null())
        .col(ColumnDef::new(V::State).text().not_null())
        .col(ColumnDef::new(V::Edits).big_integer().not_null())
        .col(ColumnDef::new(V::EffectiveFrom).date())
        .col(ColumnDef::new(V::PublishedAt).timestamp_with_time_zone())
        .col(ColumnDef::new(V::Name).text().not_null())
        .col(ColumnDef::new(V::Field).uuid().not_null())
        .col(ColumnDef::new(V::Level).text().not_null())
        .col(ColumnDef::new(V::Audiences).json_binary().not_null())
        .col(ColumnDef::new(V::ServiceLevel).text().not_null())
        .col(ColumnDef::new(V::LegacyLevel).integer())
        .col(ColumnDef::new(V::FrontDoor).text().not_null())
        .col(ColumnDef::new(V::Internal).boolean().not_null())
        .col(ColumnDef::new(V::Keywords).json_binary().not_null())
        .col(ColumnDef::new(V::Agencies).json_binary().not_null())
        .col(ColumnDef::new(V::Content).json_binary().not_null())
        .take()
}
