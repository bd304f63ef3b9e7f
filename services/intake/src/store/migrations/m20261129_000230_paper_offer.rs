use sea_orm_migration::prelude::*;

/// Pictures sent for a supplement, until their sender has confirmed them.
#[derive(DeriveMigrationName)]
pub(super) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.create_table(paper_offers()).await?;
        let db = manager.get_connection();
        for index in [
            "CREATE INDEX paper_offers_dossier ON paper_offers (dossier)",
            "CREATE INDEX paper_offers_file ON paper_offers (file)",
        ] {
            db.execute_unprepared(index).await?;
        }
        Ok(())
    }
}

fn paper_offers() -> TableCreateStatement {
    let time = |name| ColumnDef::new(name).timestamp_with_time_zone().not_null().to_owned();
    Table::create()
        .table("paper_offers")
        .col(ColumnDef::new("id").uuid().not_null().primary_key())
        .col(ColumnDef::new("dossier").uuid().not_null())
        .col(ColumnDef::new("round").uuid().not_null())
        .col(ColumnDef::new("file").uuid().not_null())
        .col(ColumnDef::new("media_type").text().not_null())
        .col(ColumnDef::new("size").big_integer().not_null())
        .col(ColumnDef::new("sha256").binary().not_null())
        .col(ColumnDef::new("scan").text().not_null())
        .col(time("created_at"))
        .col(time("expires_at"))
        .to_owned()
}
