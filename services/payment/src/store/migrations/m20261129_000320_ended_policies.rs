use sea_orm_migration::prelude::*;

/// Who set the last day of a policy behind its publication, and when.
pub(super) struct Step;

impl MigrationName for Step {
    fn name(&self) -> &'static str {
        "m20261129_000320_ended_policies"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Step {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for column in [
            ColumnDef::new("ended_by").uuid().to_owned(),
            ColumnDef::new("ended_at").timestamp_with_time_zone().to_owned(),
        ] {
            let step = Table::alter().table("fee_policy").add_column(column).to_owned();
            manager.alter_table(step).await?;
        }
        Ok(())
    }
}
