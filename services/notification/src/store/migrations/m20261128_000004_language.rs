use sea_orm_migration::prelude::*;

/// In which language people are told.
pub(super) struct Step;

impl MigrationName for Step {
    fn name(&self) -> &'static str {
        "m20261128_000004_language"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Step {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let language = ColumnDef::new("language").string().to_owned();
        manager
            .alter_table(Table::alter().table("preference").add_column(language).to_owned())
            .await
    }
}
