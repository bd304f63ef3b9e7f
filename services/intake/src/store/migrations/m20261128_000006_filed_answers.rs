use sea_orm_migration::{prelude::*, schema::binary_null};

/// What the answers were when the citizen was asked; null where that was not kept.
#[derive(DeriveMigrationName)]
pub(super) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let filed = binary_null("filed_answers");
        manager.alter_table(Table::alter().table("supplements").add_column(filed).to_owned()).await
    }
}
