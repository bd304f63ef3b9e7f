use sea_orm_migration::prelude::*;

/// How much is said in conversations, which is paid for too: what was said is not kept.
pub(super) struct Step;

impl MigrationName for Step {
    fn name(&self) -> &'static str {
        "m20261129_000410_talk_day"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Step {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let talk_day = Table::create()
            .table("talk_day")
            .col(ColumnDef::new("day").string().not_null().primary_key())
            .col(ColumnDef::new("messages").big_integer().not_null())
            .to_owned();
        manager.create_table(talk_day).await
    }
}
