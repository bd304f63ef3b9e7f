use sea_orm_migration::prelude::*;

/// In which form a statement was given, of which account, and its balances.
pub(super) struct Step;

impl MigrationName for Step {
    fn name(&self) -> &'static str {
        "m20261129_000321_stated_balances"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Step {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for column in [
            ColumnDef::new("form").string().to_owned(),
            ColumnDef::new("account").string().to_owned(),
            ColumnDef::new("opening").big_integer().to_owned(),
            ColumnDef::new("closing").big_integer().to_owned(),
        ] {
            let step = Table::alter().table("statement").add_column(column).to_owned();
            manager.alter_table(step).await?;
        }
        let about = ColumnDef::new("statement").uuid().to_owned();
        let step = Table::alter().table("discrepancy").add_column(about).to_owned();
        manager.alter_table(step).await?;
        let days = "CREATE INDEX statement_days ON statement (last_day, first_day)";
        manager.get_connection().execute_unprepared(days).await?;
        Ok(())
    }
}
