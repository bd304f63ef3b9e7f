use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub(super) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in [dossiers(), papers(), supplements(), acts(), code_counters()] {
            manager.create_table(table).await?;
        }
        for index in indexes() {
            manager.create_index(index).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in ["code_counters", "acts", "supplements", "papers", "dossiers"] {
            manager.drop_table(Table::drop().table(table).to_owned()).await?;
        }
        Ok(())
    }
}

fn text(name: &'static str) -> ColumnDef {
    ColumnDef::new(name).text().not_null().to_owned()
}

fn text_or_null(name: &'static str) -> ColumnDef {
    ColumnDef::new(name).text().to_owned()
}

fn uuid(name: &'static str) -> ColumnDef {
    ColumnDef::new(name).uuid().not_null().to_owned()
}

fn uuid_or_null(name: &'static str) -> ColumnDef {
    ColumnDef::new(name).uuid().to_owned()
}

fn time(name: &'static str) -> ColumnDef {
    ColumnDef::new(name).timestamp_with_time_zone().not_null().to_owned()
}

fn time_or_null(name: &'static str) -> ColumnDef {
    ColumnDef::new(name).timestamp_with_time_zone().to_owned()
}

fn bytes(name: &'static str) -> ColumnDef {
    ColumnDef::new(name).blob().not_null().to_owned()
}

fn bytes_or_null(name: &'static str) -> ColumnDef {
    ColumnDef::new(name).blob().to_owned()
}

fn number(name: &'static str) -> ColumnDef {
    ColumnDef::new(name).big_integer().not_null().to_owned()
}

fn count(name: &'static str) -> ColumnDef {
    ColumnDef::new(name).integer().not_null().to_owned()
}

fn dossiers() -> TableCreateStatement {
    let mut table = Table::create();
    table.table("dossiers").col(uuid("id").primary_key());
    for column in vec![
        number("version"),
        text("state"),
        text_or_null("code"),
        uuid("procedure"),
        uuid("procedure_version"),
        text("procedure_number"),
        text("procedure_name"),
        text("case_code"),
        text("channel"),
        uuid_or_null("account"),
        uuid("receiving"),
        text("receiving_path"),
        text("receiving_code"),
        uuid("competent"),
        text("competent_path"),
        text("finance"),
        text("delivery"),
        text("sync"),
        time("created_at"),
        time_or_null("submitted_at"),
        time_or_null("reply_due_at"),
        uuid_or_null("accepted_by"),
        time_or_null("accepted_at"),
        time_or_null("legal_due_at"),
        time_or_null("promised_due_at"),
        count("rounds"),
        uuid_or_null("pending_ask"),
        time_or_null("withdrawal_at"),
        text_or_null("resume"),
        uuid_or_null("result"),
        time_or_null("result_at"),
        uuid_or_null("returned_by"),
        time_or_null("returned_at"),
        text_or_null("returned_way"),
        text_or_null("stop_cause"),
        time_or_null("ended_at"),
        number("process_version"),
        text("return_way"),
        bytes("person"),
        bytes_or_null("answers"),
        bytes_or_null("phone_index"),
        bytes_or_null("citizen_index"),
        bytes("factors"),
    ] {
        table.col(column);
    }
    table.take()
}

fn papers() -> TableCreateStatement {
    let mut table = Table::create();
    table.table("papers").col(uuid("id").primary_key());
    for column in [
        uuid("dossier"),
        text("code"),
        text("source"),
        uuid_or_null("reused_from"),
        uuid_or_null("file"),
        bytes_or_null("file_name"),
        text_or_null("media_type"),
        number("size"),
        bytes_or_null("sha256"),
        text_or_null("scan"),
        count("originals"),
        count("copies"),
        ColumnDef::new("filed").boolean().not_null().to_owned(),
        uuid_or_null("account"),
        time("created_at"),
    ] {
        table.col(column);
    }
    table.foreign_key(&mut of_dossier()).take()
}

fn supplements() -> TableCreateStatement {
    let mut table = Table::create();
    table.table("supplements").col(uuid("id").primary_key());
    for column in [
        uuid("dossier"),
        count("round"),
        text("state"),
        ColumnDef::new("before_acceptance").boolean().not_null().to_owned(),
        ColumnDef::new("papers").json_binary().not_null().to_owned(),
        ColumnDef::new("answers").json_binary().not_null().to_owned(),
        uuid_or_null("ask"),
        time("requested_at"),
        time("deadline"),
        time_or_null("ended_at"),
        bytes("reason"),
    ] {
        table.col(column);
    }
    table.foreign_key(&mut of_dossier()).take()
}

fn acts() -> TableCreateStatement {
    let mut table = Table::create();
    table.table("acts");
    for column in [
        uuid("dossier"),
        number("version"),
        time("at"),
        text("verb"),
        text("state"),
        text("capacity"),
        uuid_or_null("actor"),
        bytes_or_null("reason"),
    ] {
        table.col(column);
    }
    table
        .primary_key(Index::create().col("dossier").col("version"))
        .foreign_key(&mut of_dossier())
        .take()
}

fn code_counters() -> TableCreateStatement {
    Table::create()
        .table("code_counters")
        .col(text("agency"))
        .col(ColumnDef::new("day").date().not_null())
        .col(number("n"))
        .primary_key(Index::create().col("agency").col("day"))
        .to_owned()
}

/// A draft that is thrown away takes its papers and acts with it.
fn of_dossier() -> ForeignKeyCreateStatement {
    ForeignKey::create()
        .from_col("dossier")
        .to("dossiers", "id")
        .on_delete(ForeignKeyAction::Cascade)
        .to_owned()
}

/// Ids are ordered by time, so a list by id is a list by age.
fn indexes() -> Vec<IndexCreateStatement> {
    let index = |name: &'static str, table: &'static str, columns: &[&'static str]| {
        let mut index = Index::create();
        index.name(name).table(table);
        for column in columns {
            index.col(*column);
        }
        index.take()
    };
    vec![
        index("dossiers_code", "dossiers", &["code"]).unique().to_owned(),
        index("dossiers_of_account", "dossiers", &["account", "id"]),
        index("dossiers_at_desk", "dossiers", &["receiving", "state", "id"]),
        index("dossiers_received", "dossiers", &["receiving", "id"]),
        index("dossiers_decided", "dossiers", &["competent", "id"]),
        index("dossiers_by_phone", "dossiers", &["phone_index"]),
        index("dossiers_by_citizen", "dossiers", &["citizen_index"]),
        index("papers_of_dossier", "papers", &["dossier"]),
        index("papers_of_account", "papers", &["account", "id"]),
        index("papers_of_file", "papers", &["file"]),
        index("supplements_of_dossier", "supplements", &["dossier"]),
    ]
}
