use sea_orm_migration::prelude::*;

/// What payment told, and where a dossier goes on when what is owed is paid.
#[derive(DeriveMigrationName)]
pub(super) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        // An older release goes on writing rows: it knows of none of these.
        let columns = [
            ColumnDef::new("payment_version").big_integer().not_null().default(0).to_owned(),
            ColumnDef::new("payment_due_at").timestamp_with_time_zone().to_owned(),
            ColumnDef::new("payment_resume").string().to_owned(),
        ];
        for column in columns {
            let added = Table::alter().table("dossiers").add_column(column).to_owned();
            manager.alter_table(added).await?;
        }
        Ok(())
    }
}
