use sea_orm_migration::prelude::*;

/// To whom at Zalo messages came, pictures that they send, and what they are answered.
pub(super) struct Step;

impl MigrationName for Step {
    fn name(&self) -> &'static str {
        "m20261129_000230_picture"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Step {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in [zalo_sender(), zalo_picture(), zalo_reply()] {
            manager.create_table(table).await?;
        }
        let db = manager.get_connection();
        for index in [
            // The latest that somebody was told is looked up; all grow old together.
            "CREATE INDEX zalo_sender_person ON zalo_sender (person, told_at)",
            "CREATE INDEX zalo_sender_told ON zalo_sender (told_at)",
            "CREATE INDEX zalo_picture_person ON zalo_picture (person, id)",
            "CREATE INDEX zalo_picture_answer ON zalo_picture (answer) WHERE answer IS NOT NULL",
        ] {
            db.execute_unprepared(index).await?;
        }
        Ok(())
    }
}

fn time(name: &'static str) -> ColumnDef {
    ColumnDef::new(name).timestamp_with_time_zone().not_null().to_owned()
}

fn zalo_sender() -> TableCreateStatement {
    Table::create()
        .table("zalo_sender")
        .col(ColumnDef::new("id").uuid().not_null().primary_key())
        .col(ColumnDef::new("person").binary().not_null())
        .col(ColumnDef::new("known").binary().not_null())
        .col(ColumnDef::new("provider_id").string().not_null())
        .col(time("told_at"))
        .to_owned()
}

fn zalo_picture() -> TableCreateStatement {
    Table::create()
        .table("zalo_picture")
        .col(ColumnDef::new("id").uuid().not_null().primary_key())
        .col(ColumnDef::new("person").binary().not_null())
        .col(ColumnDef::new("shot").binary().not_null())
        .col(ColumnDef::new("state").string().not_null())
        .col(ColumnDef::new("dossier").uuid())
        .col(ColumnDef::new("offer").uuid())
        .col(ColumnDef::new("answer").uuid())
        .col(ColumnDef::new("attempts").integer().not_null())
        .col(time("heard_at"))
        .to_owned()
}

fn zalo_reply() -> TableCreateStatement {
    Table::create()
        .table("zalo_reply")
        .col(ColumnDef::new("id").uuid().not_null().primary_key())
        .col(ColumnDef::new("saying").binary().not_null())
        .col(ColumnDef::new("attempts").integer().not_null())
        .col(time("created_at"))
        .to_owned()
}
