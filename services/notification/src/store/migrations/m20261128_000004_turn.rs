use sea_orm_migration::prelude::*;

/// Whether a person's channels are told in turn, and which turn is a message's.
pub(super) struct Step;

impl MigrationName for Step {
    fn name(&self) -> &'static str {
        "m20261128_000004_turn"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Step {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let turn = ColumnDef::new("turn").integer().to_owned();
        manager.alter_table(Table::alter().table("message").add_column(turn).to_owned()).await
    }
}
