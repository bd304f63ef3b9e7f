use sea_orm_migration::prelude::*;

/// Short messages that people send to us.
pub(super) struct Step;

impl MigrationName for Step {
    fn name(&self) -> &'static str {
        "m20261129_000200_inquiry"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Step {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.create_table(inquiry()).await?;
        let db = manager.get_connection();
        for index in [
            // One question of the same words at a time.
            "CREATE UNIQUE INDEX inquiry_once ON inquiry (words, slot)",
            "CREATE INDEX inquiry_asker ON inquiry (asker, heard_at)",
            "CREATE INDEX inquiry_heard ON inquiry (heard_at)",
        ] {
            db.execute_unprepared(index).await?;
        }
        Ok(())
    }
}

fn inquiry() -> TableCreateStatement {
    Table::create()
        .table("inquiry")
        .col(ColumnDef::new("id").uuid().not_null().primary_key())
        .col(ColumnDef::new("asker").binary().not_null())
        .col(ColumnDef::new("words").binary().not_null())
        .col(ColumnDef::new("slot").big_integer().not_null())
        .col(ColumnDef::new("said").binary().not_null())
        .col(ColumnDef::new("unclear").boolean().not_null())
        .col(ColumnDef::new("heard_at").timestamp_with_time_zone().not_null())
        .to_owned()
}
