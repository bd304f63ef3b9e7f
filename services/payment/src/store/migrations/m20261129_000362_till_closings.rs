use sea_orm_migration::prelude::*;

/// Finding an agency's closed days, the last one first.
pub(super) struct Step;

impl MigrationName for Step {
    fn name(&self) -> &'static str {
        "m20261129_000362_till_closings"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Step {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let closings = "CREATE INDEX till_closing_agency ON till_closing (agency, day, cashier)";
        manager.get_connection().execute_unprepared(closings).await?;
        Ok(())
    }
}
