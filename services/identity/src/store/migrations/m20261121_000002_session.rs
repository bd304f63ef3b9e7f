use sea_orm_migration::prelude::*;

/// Sessions, their chains of refresh tokens, and what was taken back.
pub(super) struct Step;

impl MigrationName for Step {
    fn name(&self) -> &'static str {
        "m20261121_000002_session"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Step {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in [session(), refresh_token(), revocation()] {
            manager.create_table(table).await?;
        }
        let db = manager.get_connection();
        for index in [
            "CREATE INDEX session_account ON session (account)",
            "CREATE INDEX session_expires ON session (expires_at)",
            "CREATE INDEX refresh_token_session ON refresh_token (session)",
            "CREATE INDEX revocation_feed ON revocation (revoked_at, id)",
        ] {
            db.execute_unprepared(index).await?;
        }
        Ok(())
    }
}

fn session() -> TableCreateStatement {
    Table::create()
        .table("session")
        .col(ColumnDef::new("id").uuid().not_null().primary_key())
        .col(ColumnDef::new("account").uuid().not_null())
        .col(ColumnDef::new("started_at").timestamp_with_time_zone().not_null())
        .col(ColumnDef::new("expires_at").timestamp_with_time_zone().not_null())
        .col(ColumnDef::new("ended_at").timestamp_with_time_zone())
        .col(ColumnDef::new("ended_why").string())
        .foreign_key(ForeignKey::create().from("session", "account").to("account", "id"))
        .to_owned()
}

fn refresh_token() -> TableCreateStatement {
    Table::create()
        .table("refresh_token")
        .col(ColumnDef::new("hash").binary().not_null().primary_key())
        .col(ColumnDef::new("session").uuid().not_null())
        .col(ColumnDef::new("issued_at").timestamp_with_time_zone().not_null())
        .col(ColumnDef::new("spent_at").timestamp_with_time_zone())
        .foreign_key(
            ForeignKey::create()
                .from("refresh_token", "session")
                .to("session", "id")
                .on_delete(ForeignKeyAction::Cascade),
        )
        .to_owned()
}

fn revocation() -> TableCreateStatement {
    Table::create()
        .table("revocation")
        .col(ColumnDef::new("id").uuid().not_null().primary_key())
        .col(ColumnDef::new("session").uuid())
        .col(ColumnDef::new("account").uuid())
        .col(ColumnDef::new("revoked_at").timestamp_with_time_zone().not_null())
        .col(ColumnDef::new("forget_at").timestamp_with_time_zone().not_null())
        .to_owned()
}
