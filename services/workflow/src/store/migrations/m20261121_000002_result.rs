use sea_orm_migration::prelude::*;

/// Results and asks for supplements; what is said in them is sealed.
pub(super) struct Step;

impl MigrationName for Step {
    fn name(&self) -> &'static str {
        "m20261121_000002_result"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Step {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.create_table(result()).await?;
        manager.create_table(ask()).await?;
        let db = manager.get_connection();
        for index in [
            "CREATE INDEX result_process ON result (process, drafted_at)",
            "CREATE INDEX ask_process ON ask (process, asked_at)",
        ] {
            db.execute_unprepared(index).await?;
        }
        Ok(())
    }
}

fn result() -> TableCreateStatement {
    Table::create()
        .table("result")
        .col(ColumnDef::new("id").uuid().not_null().primary_key())
        .col(ColumnDef::new("process").uuid().not_null())
        .col(ColumnDef::new("task").uuid().not_null())
        .col(ColumnDef::new("outcome").string().not_null())
        .col(ColumnDef::new("file").uuid().not_null().unique_key())
        .col(ColumnDef::new("words").binary().not_null())
        .col(ColumnDef::new("media_type").string().not_null())
        .col(ColumnDef::new("size_bytes").big_integer().not_null())
        .col(ColumnDef::new("sha256").binary().not_null())
        .col(ColumnDef::new("scanned").boolean().not_null())
        .col(ColumnDef::new("drafted_by").uuid().not_null())
        .col(ColumnDef::new("drafted_at").timestamp_with_time_zone().not_null())
        .col(ColumnDef::new("approved_by").uuid())
        .col(ColumnDef::new("approved_at").timestamp_with_time_zone())
        .foreign_key(ForeignKey::create().from("result", "process").to("process", "id"))
        .to_owned()
}

fn ask() -> TableCreateStatement {
    Table::create()
        .table("ask")
        .col(ColumnDef::new("id").uuid().not_null().primary_key())
        .col(ColumnDef::new("process").uuid().not_null())
        .col(ColumnDef::new("task").uuid().not_null())
        .col(ColumnDef::new("words").binary().not_null())
        .col(ColumnDef::new("asked_by").uuid().not_null())
        .col(ColumnDef::new("asked_at").timestamp_with_time_zone().not_null())
        .col(ColumnDef::new("state").string().not_null())
        .foreign_key(ForeignKey::create().from("ask", "process").to("process", "id"))
        .to_owned()
}
