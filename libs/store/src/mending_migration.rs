use sea_orm_migration::prelude::*;

/// Which events people put back on their way.
pub(crate) struct Mending;

impl MigrationName for Mending {
    fn name(&self) -> &'static str {
        "m20261122_000001_mending"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Mending {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let mended = Table::create()
            .table("mended")
            .col(ColumnDef::new("id").big_integer().not_null().auto_increment().primary_key())
            .col(ColumnDef::new("at").timestamp_with_time_zone().not_null())
            .col(ColumnDef::new("by").string().not_null())
            .col(ColumnDef::new("event").string().not_null())
            .col(ColumnDef::new("type").string().not_null())
            .col(ColumnDef::new("key").uuid())
            .col(ColumnDef::new("reason").string().not_null())
            .col(ColumnDef::new("attempts").integer().not_null())
            .to_owned();
        manager.create_table(mended).await?;
        let db = manager.get_connection();
        // Few among many: found without reading what only waits.
        db.execute_unprepared("CREATE INDEX inbox_parked ON inbox (position) WHERE parked").await?;
        db.execute_unprepared("CREATE INDEX mended_event ON mended (event)").await?;
        Ok(())
    }
}
