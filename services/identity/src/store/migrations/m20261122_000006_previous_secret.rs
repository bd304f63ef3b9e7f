use sea_orm_migration::prelude::*;

/// A system's replaced secret, for as long as it is good.
pub(super) struct Step;

impl MigrationName for Step {
    fn name(&self) -> &'static str {
        "m20261122_000006_previous_secret"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Step {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        // One column at a time: SQLite takes no more.
        for column in [
            ColumnDef::new("previous_hash").string().to_owned(),
            ColumnDef::new("previous_until").timestamp_with_time_zone().to_owned(),
        ] {
            let added = Table::alter().table("account").add_column(column).to_owned();
            manager.alter_table(added).await?;
        }
        Ok(())
    }
}
