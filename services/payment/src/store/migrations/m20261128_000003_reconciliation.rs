use sea_orm_migration::prelude::*;

/// Statements, what they brought, and what does not fit.
pub(super) struct Step;

impl MigrationName for Step {
    fn name(&self) -> &'static str {
        "m20261128_000003_reconciliation"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Step {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in [statement(), statement_entry(), discrepancy()] {
            manager.create_table(table).await?;
        }
        let confirmed = Table::alter()
            .table("payment")
            .add_column(ColumnDef::new("confirmed_at").timestamp_with_time_zone())
            .to_owned();
        manager.alter_table(confirmed).await?;
        let gateway = Table::alter()
            .table("payment")
            .add_column(ColumnDef::new("gateway").string())
            .to_owned();
        manager.alter_table(gateway).await?;
        let db = manager.get_connection();
        for index in [
            // Nothing of a bank is taken over twice.
            "CREATE UNIQUE INDEX statement_entry_once \
             ON statement_entry (account, day, amount, bank_reference, nth)",
            "CREATE INDEX statement_entry_statement ON statement_entry (statement, state, line)",
            "CREATE INDEX statement_entry_refund ON statement_entry (refund)",
            // Nothing is found twice.
            "CREATE UNIQUE INDEX discrepancy_subject ON discrepancy (kind, subject)",
            "CREATE INDEX discrepancy_open ON discrepancy (id) WHERE resolved_at IS NULL",
            "CREATE INDEX discrepancy_day ON discrepancy (day)",
            "CREATE INDEX payment_settled ON payment (method, settled_at)",
            "CREATE INDEX refund_gone ON refund (refunded_at)",
        ] {
            db.execute_unprepared(index).await?;
        }
        Ok(())
    }
}

fn statement() -> TableCreateStatement {
    Table::create()
        .table("statement")
        .col(ColumnDef::new("id").uuid().not_null().primary_key())
        .col(ColumnDef::new("imported_by").uuid())
        .col(ColumnDef::new("imported_at").timestamp_with_time_zone().not_null())
        .col(ColumnDef::new("agency_path").string_len(1000).not_null())
        .col(ColumnDef::new("first_day").date())
        .col(ColumnDef::new("last_day").date())
        .col(ColumnDef::new("entries").big_integer().not_null())
        .col(ColumnDef::new("new_entries").big_integer().not_null())
        .to_owned()
}

fn statement_entry() -> TableCreateStatement {
    Table::create()
        .table("statement_entry")
        .col(ColumnDef::new("id").uuid().not_null().primary_key())
        .col(ColumnDef::new("statement").uuid().not_null())
        .col(ColumnDef::new("line").integer().not_null())
        .col(ColumnDef::new("account").string().not_null())
        .col(ColumnDef::new("day").date().not_null())
        .col(ColumnDef::new("amount").big_integer().not_null())
        .col(ColumnDef::new("bank_reference").string().not_null())
        .col(ColumnDef::new("nth").integer().not_null())
        .col(ColumnDef::new("memo").binary().not_null())
        .col(ColumnDef::new("reversal").boolean().not_null())
        .col(ColumnDef::new("state").string().not_null())
        .col(ColumnDef::new("payment").uuid())
        .col(ColumnDef::new("refund").uuid())
        .to_owned()
}

fn discrepancy() -> TableCreateStatement {
    Table::create()
        .table("discrepancy")
        .col(ColumnDef::new("id").uuid().not_null().primary_key())
        .col(ColumnDef::new("kind").string().not_null())
        .col(ColumnDef::new("subject").uuid().not_null())
        .col(ColumnDef::new("agency_path").string_len(1000).not_null())
        .col(ColumnDef::new("entry").uuid())
        .col(ColumnDef::new("fee_order").uuid())
        .col(ColumnDef::new("payment").uuid())
        .col(ColumnDef::new("refund").uuid())
        .col(ColumnDef::new("expected").big_integer().not_null())
        .col(ColumnDef::new("actual").big_integer().not_null())
        .col(ColumnDef::new("day").date().not_null())
        .col(ColumnDef::new("bank_reference").string().not_null())
        .col(ColumnDef::new("found_at").timestamp_with_time_zone().not_null())
        .col(ColumnDef::new("resolved_at").timestamp_with_time_zone())
        .col(ColumnDef::new("resolved_by").uuid())
        .col(ColumnDef::new("outcome").string())
        .col(ColumnDef::new("words").binary())
        .to_owned()
}
