use sea_orm_migration::prelude::*;

/// Leaders and auditors list what an agency and those below it receive or decide.
#[derive(DeriveMigrationName)]
pub(super) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for (name, column) in [
            ("dossiers_received_below", "receiving_path"),
            ("dossiers_decided_below", "competent_path"),
        ] {
            // PostgreSQL looks the beginning of a text up only where the index says so.
            let path = column.into_index_column().with_operator_class("text_pattern_ops");
            let index = Index::create().name(name).table("dossiers").col(path).col("id").to_owned();
            manager.create_index(index).await?;
        }
        Ok(())
    }
}
