use sea_orm_migration::prelude::*;

/// What a gateway says of money that it is to give back.
pub(super) struct Step;

impl MigrationName for Step {
    fn name(&self) -> &'static str {
        "m20261129_000311_refund_sent"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Step {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for column in [
            ColumnDef::new("taken_at").timestamp_with_time_zone().to_owned(),
            ColumnDef::new("refused").string().to_owned(),
        ] {
            let step = Table::alter().table("refund").add_column(column).to_owned();
            manager.alter_table(step).await?;
        }
        Ok(())
    }
}
