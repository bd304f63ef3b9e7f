use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub(super) struct Migration;

#[derive(DeriveIden)]
enum Agency {
    Table,
    Id,
    Path,
    Parent,
    Kind,
    Identifier,
    Name,
    UnitCode,
    ValidFrom,
    ValidTo,
    Successor,
    Address,
    Telephone,
    Email,
    Version,
}

#[derive(DeriveIden)]
enum Desk {
    Table,
    Id,
    Code,
    Agency,
    Name,
    Address,
    Telephone,
    ValidFrom,
    ValidTo,
    Version,
}

#[derive(DeriveIden)]
enum Field {
    Table,
    Id,
    Code,
    Name,
    NationalCode,
    Version,
}

#[derive(DeriveIden)]
enum Mark {
    Table,
    Id,
    Generation,
}

fn text(column: impl IntoIden) -> ColumnDef {
    ColumnDef::new(column).text().take()
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, schema: &SchemaManager) -> Result<(), DbErr> {
        agency(schema).await?;
        desk(schema).await?;
        let field = Table::create()
            .table(Field::Table)
            .col(ColumnDef::new(Field::Id).uuid().not_null().primary_key())
            .col(text(Field::Code).not_null().unique_key())
            .col(text(Field::Name).not_null())
            .col(text(Field::NationalCode))
            .col(ColumnDef::new(Field::Version).big_integer().not_null())
            .take();
        schema.create_table(field).await?;
        let mark = Table::create()
            .table(Mark::Table)
            .col(ColumnDef::new(Mark::Id).integer().not_null().primary_key())
            .col(ColumnDef::new(Mark::Generation).big_integer().not_null())
            .take();
        schema.create_table(mark).await?;
        let first = Query::insert()
            .into_table(Mark::Table)
            .columns([Mark::Id, Mark::Generation])
            .values_panic([1.into(), 1_i64.into()])
            .take();
        schema.execute(first).await
    }
}

async fn agency(schema: &SchemaManager<'_>) -> Result<(), DbErr> {
    let agency = Table::create()
        .table(Agency::Table)
        .col(ColumnDef::new(Agency::Id).uuid().not_null().primary_key())
        .col(text(Agency::Path).not_null())
        .col(ColumnDef::new(Agency::Parent).uuid())
        .col(text(Agency::Kind).not_null())
        .col(text(Agency::Identifier))
        .col(text(Agency::Name).not_null())
        .col(text(Agency::UnitCode))
        .col(ColumnDef::new(Agency::ValidFrom).date())
        .col(ColumnDef::new(Agency::ValidTo).date())
        .col(ColumnDef::new(Agency::Successor).uuid())
        .col(text(Agency::Address))
        .col(text(Agency::Telephone))
        .col(text(Agency::Email))
        .col(ColumnDef::new(Agency::Version).big_integer().not_null())
        .take();
    schema.create_table(agency).await?;
    let by_parent = Index::create()
        .name("agency_parent_unit")
        .table(Agency::Table)
        .col(Agency::Parent)
        .col(Agency::UnitCode)
        .take();
    schema.create_index(by_parent).await?;
    let by_identifier = Index::create()
        .name("agency_identifier")
        .table(Agency::Table)
        .col(Agency::Identifier)
        .take();
    schema.create_index(by_identifier).await?;
    let by_path = Index::create().name("agency_path").table(Agency::Table).col(Agency::Path).take();
    schema.create_index(by_path).await
}

async fn desk(schema: &SchemaManager<'_>) -> Result<(), DbErr> {
    let desk = Table::create()
        .table(Desk::Table)
        .col(ColumnDef::new(Desk::Id).uuid().not_null().primary_key())
        .col(text(Desk::Code).not_null())
        .col(ColumnDef::new(Desk::Agency).uuid().not_null())
        .col(text(Desk::Name).not_null())
        .col(text(Desk::Address))
        .col(text(Desk::Telephone))
        .col(ColumnDef::new(Desk::ValidFrom).date())
        .col(ColumnDef::new(Desk::ValidTo).date())
        .col(ColumnDef::new(Desk::Version).big_integer().not_null())
        .take();
    schema.create_table(desk).await?;
    let by_code = Index::create()
        .name("desk_agency_code")
        .table(Desk::Table)
        .col(Desk::Agency)
        .col(Desk::Code)
        .unique()
        .take();
    schema.create_index(by_code).await
}
