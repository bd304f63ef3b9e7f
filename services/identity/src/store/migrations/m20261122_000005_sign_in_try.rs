use sea_orm_migration::prelude::*;

/// Tries to sign in, and the locks they led to.
pub(super) struct Step;

impl MigrationName for Step {
    fn name(&self) -> &'static str {
        "m20261122_000005_sign_in_try"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Step {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let table = Table::create()
            .table("sign_in_try")
            .col(ColumnDef::new("login").binary().not_null().primary_key())
            .col(ColumnDef::new("tries").integer().not_null())
            .col(ColumnDef::new("since").timestamp_with_time_zone().not_null())
            .col(ColumnDef::new("locked_until").timestamp_with_time_zone())
            .to_owned();
        manager.create_table(table).await?;
        manager
            .get_connection()
            .execute_unprepared("CREATE INDEX sign_in_try_since ON sign_in_try (since)")
            .await?;
        Ok(())
    }
}
