use sea_orm_migration::prelude::*;

/// When the dossier of a paid order ended.
pub(super) struct Step;

impl MigrationName for Step {
    fn name(&self) -> &'static str {
        "m20261129_000313_ended_orders"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Step {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let ended = Table::alter()
            .table("fee_order")
            .add_column(ColumnDef::new("ended_at").timestamp_with_time_zone())
            .to_owned();
        manager.alter_table(ended).await
    }
}
