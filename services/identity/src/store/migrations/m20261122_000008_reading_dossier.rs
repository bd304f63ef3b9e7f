use sea_orm_migration::prelude::*;

/// What was read of dossiers, which may belong to no account.
pub(super) struct Step;

impl MigrationName for Step {
    fn name(&self) -> &'static str {
        "m20261122_000008_reading_dossier"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Step {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let mut of_dossier = ColumnDef::new("of_dossier");
        of_dossier.boolean().not_null().default(false);
        let readings =
            Table::alter().table("personal_data_reading").add_column(of_dossier).to_owned();
        manager.alter_table(readings).await
    }
}
