use sea_orm_migration::prelude::*;

/// The books, the tills, and the counters of receipts.
pub(super) struct Step;

impl MigrationName for Step {
    fn name(&self) -> &'static str {
        "m20261128_000002_books"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Step {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in [posting(), till_closing(), receipt_series()] {
            manager.create_table(table).await?;
        }
        let db = manager.get_connection();
        for index in [
            "CREATE INDEX posting_balance ON posting (agency_path, account, fee)",
            "CREATE INDEX posting_day ON posting (day, agency_path, account, fee)",
            "CREATE INDEX posting_order ON posting (fee_order)",
            "CREATE INDEX posting_till ON posting (till, agency_path)",
        ] {
            db.execute_unprepared(index).await?;
        }
        Ok(())
    }
}

fn posting() -> TableCreateStatement {
    Table::create()
        .table("posting")
        .col(ColumnDef::new("entry").uuid().not_null())
        .col(ColumnDef::new("line").integer().not_null())
        .col(ColumnDef::new("what").string().not_null())
        .col(ColumnDef::new("at").timestamp_with_time_zone().not_null())
        .col(ColumnDef::new("day").date().not_null())
        .col(ColumnDef::new("fee_order").uuid())
        .col(ColumnDef::new("agency_path").string_len(1000).not_null())
        .col(ColumnDef::new("account").string().not_null())
        .col(ColumnDef::new("fee").string().not_null())
        .col(ColumnDef::new("till").uuid())
        .col(ColumnDef::new("amount").big_integer().not_null())
        .primary_key(Index::create().col("entry").col("line"))
        .to_owned()
}

fn till_closing() -> TableCreateStatement {
    Table::create()
        .table("till_closing")
        .col(ColumnDef::new("cashier").uuid().not_null())
        .col(ColumnDef::new("agency").uuid().not_null())
        .col(ColumnDef::new("day").date().not_null())
        .col(ColumnDef::new("expected").big_integer().not_null())
        .col(ColumnDef::new("counted").big_integer().not_null())
        .col(ColumnDef::new("closed_at").timestamp_with_time_zone().not_null())
        .primary_key(Index::create().col("cashier").col("agency").col("day"))
        .to_owned()
}

fn receipt_series() -> TableCreateStatement {
    Table::create()
        .table("receipt_series")
        .col(ColumnDef::new("series").string().not_null().primary_key())
        .col(ColumnDef::new("last").big_integer().not_null())
        .to_owned()
}
