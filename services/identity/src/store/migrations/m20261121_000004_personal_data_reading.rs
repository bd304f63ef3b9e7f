use sea_orm_migration::prelude::*;

/// Who read whose personal data.
pub(super) struct Step;

impl MigrationName for Step {
    fn name(&self) -> &'static str {
        "m20261121_000004_personal_data_reading"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Step {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let table = Table::create()
            .table("personal_data_reading")
            .col(ColumnDef::new("event").uuid().not_null())
            .col(ColumnDef::new("subject").uuid().not_null())
            .col(ColumnDef::new("reader").uuid())
            .col(ColumnDef::new("system").string())
            .col(ColumnDef::new("method").string().not_null())
            .col(ColumnDef::new("purpose").string().not_null())
            .col(ColumnDef::new("read_at").timestamp_with_time_zone().not_null())
            .primary_key(Index::create().col("event").col("subject"))
            .to_owned();
        manager.create_table(table).await?;
        manager
            .get_connection()
            .execute_unprepared(
                "CREATE INDEX personal_data_reading_subject \
                 ON personal_data_reading (subject, read_at, event)",
            )
            .await?;
        Ok(())
    }
}
