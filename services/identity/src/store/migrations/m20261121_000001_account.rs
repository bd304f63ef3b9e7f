use sea_orm_migration::prelude::*;

/// Accounts and the roles of officers.
pub(super) struct Step;

impl MigrationName for Step {
    fn name(&self) -> &'static str {
        "m20261121_000001_account"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Step {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.create_table(account()).await?;
        manager.create_table(role_grant()).await?;
        let db = manager.get_connection();
        for index in [
            "CREATE INDEX account_newest ON account (created_at, id)",
            "CREATE INDEX account_kind ON account (kind, created_at, id)",
            "CREATE INDEX account_agency ON account (agency, created_at, id)",
            "CREATE INDEX role_grant_role ON role_grant (role)",
        ] {
            db.execute_unprepared(index).await?;
        }
        Ok(())
    }
}

fn account() -> TableCreateStatement {
    Table::create()
        .table("account")
        .col(ColumnDef::new("id").uuid().not_null().primary_key())
        .col(ColumnDef::new("kind").string().not_null())
        .col(ColumnDef::new("state").string().not_null())
        .col(ColumnDef::new("disabled_at").timestamp_with_time_zone())
        .col(ColumnDef::new("disabled_by").uuid())
        .col(ColumnDef::new("agency").uuid())
        .col(ColumnDef::new("phone_index").binary().unique_key())
        .col(ColumnDef::new("email_index").binary().unique_key())
        .col(ColumnDef::new("citizen_number_index").binary().unique_key())
        .col(ColumnDef::new("tax_code_index").binary().unique_key())
        .col(ColumnDef::new("handle_index").binary().unique_key())
        .col(ColumnDef::new("sealed").binary().not_null())
        .col(ColumnDef::new("password_hash").string().not_null())
        .col(ColumnDef::new("change_required").boolean().not_null())
        .col(ColumnDef::new("tokens_revoked_at").timestamp_with_time_zone())
        .col(ColumnDef::new("version").big_integer().not_null())
        .col(ColumnDef::new("created_at").timestamp_with_time_zone().not_null())
        .col(ColumnDef::new("updated_at").timestamp_with_time_zone().not_null())
        .to_owned()
}

fn role_grant() -> TableCreateStatement {
    Table::create()
        .table("role_grant")
        .col(ColumnDef::new("account").uuid().not_null())
        .col(ColumnDef::new("role").string().not_null())
        .col(ColumnDef::new("agency").uuid().not_null())
        .col(ColumnDef::new("granted_at").timestamp_with_time_zone().not_null())
        .col(ColumnDef::new("granted_by").uuid())
        .primary_key(Index::create().col("account").col("role").col("agency"))
        .foreign_key(ForeignKey::create().from("role_grant", "account").to("account", "id"))
        .to_owned()
}
