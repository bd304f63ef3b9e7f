use sea_orm_migration::prelude::*;

/// Whose account a person at a provider has, and which tickets and tokens have opened a session.
pub(super) struct Step;

impl MigrationName for Step {
    fn name(&self) -> &'static str {
        "m20261128_000009_external_sign_in"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Step {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let links = Table::create()
            .table("external_link")
            .col(ColumnDef::new("id").uuid().not_null().primary_key())
            .col(ColumnDef::new("account").uuid().not_null())
            .col(ColumnDef::new("issuer").string().not_null())
            .col(ColumnDef::new("subject_index").binary().not_null().unique_key())
            .col(ColumnDef::new("sealed").binary().not_null())
            .col(ColumnDef::new("linked_at").timestamp_with_time_zone().not_null())
            .foreign_key(ForeignKey::create().from("external_link", "account").to("account", "id"))
            .to_owned();
        manager.create_table(links).await?;
        let spent = Table::create()
            .table("external_sign_in")
            .col(ColumnDef::new("spent").binary().not_null().primary_key())
            .col(ColumnDef::new("session").uuid().not_null())
            .col(ColumnDef::new("forget_at").timestamp_with_time_zone().not_null())
            .to_owned();
        manager.create_table(spent).await?;
        let db = manager.get_connection();
        for index in [
            "CREATE UNIQUE INDEX external_link_account ON external_link (account, issuer)",
            "CREATE INDEX external_sign_in_forget ON external_sign_in (forget_at)",
        ] {
            db.execute_unprepared(index).await?;
        }
        Ok(())
    }
}
