use sea_orm_migration::prelude::*;

/// How messages came on, numbered for those who read on.
pub(super) struct Step;

impl MigrationName for Step {
    fn name(&self) -> &'static str {
        "m20261128_000004_status"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Step {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.create_table(status()).await?;
        let db = manager.get_connection();
        for index in [
            // A message comes to a state once.
            "CREATE UNIQUE INDEX status_once ON status (message, state)",
            "CREATE UNIQUE INDEX status_seq ON status (seq)",
            "CREATE INDEX status_unnumbered ON status (id) WHERE seq IS NULL",
        ] {
            db.execute_unprepared(index).await?;
        }
        Ok(())
    }
}

fn status() -> TableCreateStatement {
    Table::create()
        .table("status")
        .col(ColumnDef::new("id").big_integer().not_null().auto_increment().primary_key())
        .col(ColumnDef::new("seq").big_integer())
        .col(ColumnDef::new("message").uuid().not_null())
        .col(ColumnDef::new("state").string().not_null())
        .col(ColumnDef::new("reason").string().not_null())
        .col(ColumnDef::new("at").timestamp_with_time_zone().not_null())
        .to_owned()
}
