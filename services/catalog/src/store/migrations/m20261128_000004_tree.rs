use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub(super) struct Migration;

#[derive(DeriveIden)]
enum Mark {
    Table,
    Id,
    Generation,
}

/// The row that whoever changes the tree of agencies holds.
#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, schema: &SchemaManager) -> Result<(), DbErr> {
        let tree = Query::insert()
            .into_table(Mark::Table)
            .columns([Mark::Id, Mark::Generation])
            .values_panic([2.into(), 1_i64.into()])
            .take();
        schema.execute(tree).await
    }
}
