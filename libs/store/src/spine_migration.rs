use motcua_database::Migrations;
use sea_orm_migration::prelude::*;

use crate::{mending_migration, retention_migration, timers_migration};

/// The schema of a service: its `own` migrations behind the tables every service
/// has. `contracts` names those after which an older binary can no longer run.
pub fn schema(own: Vec<Box<dyn MigrationTrait>>, contracts: &'static [&'static str]) -> Migrations {
    let mut steps: Vec<Box<dyn MigrationTrait>> = vec![
        Box::new(Spine),
        Box::new(retention_migration::Retention),
        Box::new(motcua_audit::Tables),
        Box::new(mending_migration::Mending),
        Box::new(timers_migration::Timers),
    ];
    steps.extend(own);
    Migrations::of(steps, contracts)
}

/// The tables every service has.
pub(crate) struct Spine;

impl MigrationName for Spine {
    fn name(&self) -> &'static str {
        "m20261121_000000_spine"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Spine {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in [handled(), outbox(), inbox(), due(), lease()] {
            manager.create_table(table).await?;
        }
        let db = manager.get_connection();
        for index in [
            "CREATE INDEX handled_at ON handled (at)",
            "CREATE INDEX outbox_unpublished ON outbox (seq) WHERE published_at IS NULL",
            "CREATE INDEX outbox_published ON outbox (published_at)",
            "CREATE INDEX inbox_key ON inbox (key, position)",
            "CREATE UNIQUE INDEX due_timer ON due (name, subject)",
            "CREATE INDEX due_at ON due (at)",
        ] {
            db.execute_unprepared(index).await?;
        }
        Ok(())
    }
}

fn handled() -> TableCreateStatement {
    Table::create()
        .table("handled")
        .col(ColumnDef::new("key").binary().not_null().primary_key())
        .col(ColumnDef::new("payload").binary().not_null())
        .col(ColumnDef::new("subject").uuid().not_null())
        .col(ColumnDef::new("at").timestamp_with_time_zone().not_null())
        .to_owned()
}

fn outbox() -> TableCreateStatement {
    Table::create()
        .table("outbox")
        .col(ColumnDef::new("seq").big_integer().not_null().auto_increment().primary_key())
        .col(ColumnDef::new("event_id").uuid().not_null().unique_key())
        .col(ColumnDef::new("type").string().not_null())
        .col(ColumnDef::new("key").uuid().not_null())
        .col(ColumnDef::new("payload").binary().not_null())
        .col(ColumnDef::new("traceparent").string())
        .col(ColumnDef::new("occurred_at").timestamp_with_time_zone().not_null())
        .col(ColumnDef::new("published_at").timestamp_with_time_zone())
        .to_owned()
}

fn inbox() -> TableCreateStatement {
    Table::create()
        .table("inbox")
        .col(ColumnDef::new("position").big_integer().not_null().auto_increment().primary_key())
        .col(ColumnDef::new("event_id").uuid().not_null().unique_key())
        .col(ColumnDef::new("type").string().not_null())
        .col(ColumnDef::new("source").string().not_null())
        .col(ColumnDef::new("key").uuid().not_null())
        .col(ColumnDef::new("payload").binary().not_null())
        .col(ColumnDef::new("traceparent").string())
        .col(ColumnDef::new("occurred_at").timestamp_with_time_zone().not_null())
        .col(ColumnDef::new("attempts").integer().not_null())
        .col(ColumnDef::new("next_at").timestamp_with_time_zone().not_null())
        .col(ColumnDef::new("parked").boolean().not_null())
        .col(ColumnDef::new("reason").string())
        .to_owned()
}

fn due() -> TableCreateStatement {
    Table::create()
        .table("due")
        .col(ColumnDef::new("id").uuid().not_null().primary_key())
        .col(ColumnDef::new("name").string().not_null())
        .col(ColumnDef::new("subject").uuid().not_null())
        .col(ColumnDef::new("at").timestamp_with_time_zone().not_null())
        .col(ColumnDef::new("generation").big_integer().not_null())
        .col(ColumnDef::new("attempts").integer().not_null())
        .col(ColumnDef::new("reason").string())
        .to_owned()
}

fn lease() -> TableCreateStatement {
    Table::create()
        .table("lease")
        .col(ColumnDef::new("name").string().not_null().primary_key())
        .col(ColumnDef::new("holder").string().not_null())
        // Milliseconds since 1970 on the database's clock.
        .col(ColumnDef::new("until").big_integer().not_null())
        .col(ColumnDef::new("token").big_integer().not_null())
        .to_owned()
}
