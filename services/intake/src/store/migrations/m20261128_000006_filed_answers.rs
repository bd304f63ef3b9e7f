use sea_orm_migration::{
    prelude::*,
    schema::{binary_null, json_null},
};

/// What the answers were when the citizen was asked, and which of them were changed since.
#[derive(DeriveMigrationName)]
pub(super) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for column in [binary_null("filed_answers"), json_null("changed_answers")] {
            manager
                .alter_table(Table::alter().table("supplements").add_column(column).to_owned())
                .await?;
        }
        Ok(())
    }
}
