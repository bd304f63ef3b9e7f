use sea_orm_migration::prelude::*;

/// Whether officers are told what awaits them.
pub(super) struct Step;

impl MigrationName for Step {
    fn name(&self) -> &'static str {
        "m20261129_000221_digest"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Step {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let digest = ColumnDef::new("digest").boolean().to_owned();
        manager.alter_table(Table::alter().table("preference").add_column(digest).to_owned()).await
    }
}
