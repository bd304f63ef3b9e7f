use sea_orm_migration::prelude::*;

/// Processes, their tasks, and the control slip.
pub(super) struct Step;

impl MigrationName for Step {
    fn name(&self) -> &'static str {
        "m20261121_000001_process"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Step {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in [process(), task(), act()] {
            manager.create_table(table).await?;
        }
        let db = manager.get_connection();
        for index in [
            // The queue of a role in an agency, in its order: online first, then due.
            "CREATE INDEX task_queue ON task (agency, role, state, rank, due_key, id)",
            "CREATE INDEX task_open ON task (agency, role, is_open, rank, due_key, id)",
            "CREATE INDEX task_held ON task (holder, is_open, rank, due_key, id)",
            "CREATE INDEX task_process ON task (process, position)",
            "CREATE UNIQUE INDEX act_slip ON act (process, version)",
        ] {
            db.execute_unprepared(index).await?;
        }
        Ok(())
    }
}

fn process() -> TableCreateStatement {
    Table::create()
        .table("process")
        .col(ColumnDef::new("id").uuid().not_null().primary_key())
        .col(ColumnDef::new("code").string().not_null())
        .col(ColumnDef::new("procedure").uuid().not_null())
        .col(ColumnDef::new("procedure_version").uuid().not_null())
        .col(ColumnDef::new("case_code").string().not_null())
        .col(ColumnDef::new("online").boolean().not_null())
        .col(ColumnDef::new("receiving").string_len(1000).not_null())
        .col(ColumnDef::new("competent").string_len(1000).not_null())
        .col(ColumnDef::new("applicant").uuid())
        .col(ColumnDef::new("accepted_at").timestamp_with_time_zone().not_null())
        .col(ColumnDef::new("state").string().not_null())
        .col(ColumnDef::new("legal_due_at").timestamp_with_time_zone())
        .col(ColumnDef::new("promised_due_at").timestamp_with_time_zone())
        .col(ColumnDef::new("definition").text().not_null())
        .col(ColumnDef::new("clock_rules").text().not_null())
        .col(ColumnDef::new("clock_acts").text().not_null())
        .col(ColumnDef::new("progress").text().not_null())
        .col(ColumnDef::new("version").big_integer().not_null())
        .to_owned()
}

fn task() -> TableCreateStatement {
    Table::create()
        .table("task")
        .col(ColumnDef::new("id").uuid().not_null().primary_key())
        .col(ColumnDef::new("process").uuid().not_null())
        .col(ColumnDef::new("position").integer().not_null())
        .col(ColumnDef::new("step").string().not_null())
        .col(ColumnDef::new("consult").string())
        .col(ColumnDef::new("name").string_len(1000).not_null())
        .col(ColumnDef::new("role").string().not_null())
        .col(ColumnDef::new("agency").uuid().not_null())
        .col(ColumnDef::new("post").string_len(1000).not_null())
        .col(ColumnDef::new("came_from").string())
        .col(ColumnDef::new("opened_at").timestamp_with_time_zone().not_null())
        .col(ColumnDef::new("due_at").timestamp_with_time_zone())
        .col(ColumnDef::new("near_at").timestamp_with_time_zone())
        .col(ColumnDef::new("state").string().not_null())
        .col(ColumnDef::new("is_open").boolean().not_null())
        .col(ColumnDef::new("holder").uuid())
        .col(ColumnDef::new("held_since").timestamp_with_time_zone())
        .col(ColumnDef::new("ended_at").timestamp_with_time_zone())
        .col(ColumnDef::new("ended_how").string())
        .col(ColumnDef::new("timeliness").string())
        .col(ColumnDef::new("rank").small_integer().not_null())
        .col(ColumnDef::new("due_key").big_integer().not_null())
        .foreign_key(ForeignKey::create().from("task", "process").to("process", "id"))
        .to_owned()
}

fn act() -> TableCreateStatement {
    Table::create()
        .table("act")
        .col(ColumnDef::new("id").uuid().not_null().primary_key())
        .col(ColumnDef::new("process").uuid().not_null())
        .col(ColumnDef::new("version").big_integer().not_null())
        .col(ColumnDef::new("kind").string().not_null())
        .col(ColumnDef::new("done_at").timestamp_with_time_zone().not_null())
        .col(ColumnDef::new("actor").uuid())
        .col(ColumnDef::new("agency").uuid())
        .col(ColumnDef::new("task").uuid())
        .col(ColumnDef::new("step").string())
        .col(ColumnDef::new("to_step").string())
        .col(ColumnDef::new("to_account").uuid())
        .col(ColumnDef::new("timeliness").string())
        .col(ColumnDef::new("reason").binary())
        .foreign_key(ForeignKey::create().from("act", "process").to("process", "id"))
        .to_owned()
}
