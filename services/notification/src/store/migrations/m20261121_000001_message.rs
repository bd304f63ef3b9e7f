use sea_orm_migration::prelude::*;

/// Messages, and how people want to be told.
pub(super) struct Step;

impl MigrationName for Step {
    fn name(&self) -> &'static str {
        "m20261121_000001_message"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Step {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.create_table(message()).await?;
        manager.create_table(preference()).await?;
        let db = manager.get_connection();
        for index in [
            // One message for an event, a channel and a recipient.
            "CREATE UNIQUE INDEX message_once ON message (event, channel, recipient)",
            "CREATE INDEX message_inbox ON message (account, channel, id)",
            "CREATE INDEX message_dossier ON message (dossier, family, fact_version)",
            "CREATE INDEX message_spool ON message (channel, id)",
        ] {
            db.execute_unprepared(index).await?;
        }
        Ok(())
    }
}

fn message() -> TableCreateStatement {
    Table::create()
        .table("message")
        .col(ColumnDef::new("id").uuid().not_null().primary_key())
        .col(ColumnDef::new("event").uuid().not_null())
        .col(ColumnDef::new("family").string().not_null())
        .col(ColumnDef::new("fact_version").big_integer().not_null())
        .col(ColumnDef::new("dossier").uuid().not_null())
        .col(ColumnDef::new("code").string().not_null())
        .col(ColumnDef::new("agency_path").string_len(1000).not_null())
        .col(ColumnDef::new("topic").string().not_null())
        .col(ColumnDef::new("template").string().not_null())
        .col(ColumnDef::new("channel").string().not_null())
        .col(ColumnDef::new("recipient").binary().not_null())
        .col(ColumnDef::new("account").uuid())
        .col(ColumnDef::new("written").binary().not_null())
        .col(ColumnDef::new("state").string().not_null())
        .col(ColumnDef::new("attempts").integer().not_null())
        .col(ColumnDef::new("ended_at").timestamp_with_time_zone())
        .col(ColumnDef::new("failure").string())
        .col(ColumnDef::new("created_at").timestamp_with_time_zone().not_null())
        .col(ColumnDef::new("read_at").timestamp_with_time_zone())
        .col(ColumnDef::new("version").big_integer().not_null())
        .to_owned()
}

fn preference() -> TableCreateStatement {
    Table::create()
        .table("preference")
        .col(ColumnDef::new("account").uuid().not_null().primary_key())
        .col(ColumnDef::new("sms").string().not_null())
        .col(ColumnDef::new("email").string().not_null())
        .col(ColumnDef::new("version").big_integer().not_null())
        .to_owned()
}
