use sea_orm_migration::{prelude::*, schema::big_integer_null};

/// With which number a day began, so that the loss of its first dossiers is seen.
#[derive(DeriveMigrationName)]
pub(super) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .alter_table(
                Table::alter()
                    .table("code_counters")
                    .add_column(big_integer_null("first"))
                    .to_owned(),
            )
            .await
    }
}
