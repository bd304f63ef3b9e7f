use sea_orm_migration::prelude::*;

/// What people are reminded of.
pub(super) struct Step;

impl MigrationName for Step {
    fn name(&self) -> &'static str {
        "m20261128_000004_reminder"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Step {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.create_table(reminder()).await?;
        // One thing is awaited once about a dossier.
        let once = "CREATE UNIQUE INDEX reminder_once ON reminder (dossier, awaited)";
        manager.get_connection().execute_unprepared(once).await?;
        Ok(())
    }
}

fn reminder() -> TableCreateStatement {
    Table::create()
        .table("reminder")
        .col(ColumnDef::new("id").uuid().not_null().primary_key())
        .col(ColumnDef::new("awaited").string().not_null())
        .col(ColumnDef::new("dossier").uuid().not_null())
        .col(ColumnDef::new("code").string().not_null())
        .col(ColumnDef::new("version").big_integer().not_null())
        .col(ColumnDef::new("amount_vnd").big_integer().not_null())
        .col(ColumnDef::new("before_acceptance").boolean().not_null())
        .col(ColumnDef::new("due_at").timestamp_with_time_zone().not_null())
        .col(ColumnDef::new("open").boolean().not_null())
        .to_owned()
}
