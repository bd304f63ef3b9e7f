use sea_orm_migration::prelude::*;

/// Orders, and what hangs on them.
pub(super) struct Step;

impl MigrationName for Step {
    fn name(&self) -> &'static str {
        "m20261128_000001_orders"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Step {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in [fee_order(), payment(), refund(), receipt(), assessment(), fee_policy()] {
            manager.create_table(table).await?;
        }
        let db = manager.get_connection();
        for index in [
            "CREATE INDEX fee_order_collecting ON fee_order (collecting, id)",
            "CREATE INDEX fee_order_state ON fee_order (collecting, state, id)",
            "CREATE INDEX payment_order ON payment (fee_order)",
            // What the gateway and the bank know an attempt by.
            "CREATE UNIQUE INDEX payment_reference ON payment (reference)",
            "CREATE INDEX refund_order ON refund (fee_order)",
            "CREATE INDEX receipt_order ON receipt (fee_order)",
            // No number twice.
            "CREATE UNIQUE INDEX receipt_number ON receipt (series, number)",
        ] {
            db.execute_unprepared(index).await?;
        }
        Ok(())
    }
}

fn fee_order() -> TableCreateStatement {
    Table::create()
        .table("fee_order")
        .col(ColumnDef::new("id").uuid().not_null().primary_key())
        .col(ColumnDef::new("version").big_integer().not_null())
        .col(ColumnDef::new("state").string().not_null())
        .col(ColumnDef::new("code").string().not_null())
        .col(ColumnDef::new("procedure_version").uuid().not_null())
        .col(ColumnDef::new("procedure").string().not_null())
        .col(ColumnDef::new("collecting").uuid().not_null())
        .col(ColumnDef::new("collecting_path").string_len(1000).not_null())
        .col(ColumnDef::new("collecting_code").string().not_null())
        .col(ColumnDef::new("competent_path").string_len(1000).not_null())
        .col(ColumnDef::new("payer").uuid())
        .col(ColumnDef::new("online").boolean().not_null())
        .col(ColumnDef::new("accepted_at").timestamp_with_time_zone().not_null())
        .col(ColumnDef::new("lines").text().not_null())
        .col(ColumnDef::new("due_at").timestamp_with_time_zone())
        .col(ColumnDef::new("settled_at").timestamp_with_time_zone())
        .to_owned()
}

fn payment() -> TableCreateStatement {
    Table::create()
        .table("payment")
        .col(ColumnDef::new("id").uuid().not_null().primary_key())
        .col(ColumnDef::new("fee_order").uuid().not_null())
        .col(ColumnDef::new("method").string().not_null())
        .col(ColumnDef::new("reference").string())
        .col(ColumnDef::new("amount").big_integer().not_null())
        .col(ColumnDef::new("created_at").timestamp_with_time_zone().not_null())
        .col(ColumnDef::new("expires_at").timestamp_with_time_zone().not_null())
        .col(ColumnDef::new("till").uuid())
        .col(ColumnDef::new("state").string().not_null())
        .col(ColumnDef::new("settled_at").timestamp_with_time_zone())
        .col(ColumnDef::new("transaction_no").string())
        .col(ColumnDef::new("owed").boolean())
        .col(ColumnDef::new("declined").string())
        .to_owned()
}

fn refund() -> TableCreateStatement {
    Table::create()
        .table("refund")
        .col(ColumnDef::new("id").uuid().not_null().primary_key())
        .col(ColumnDef::new("fee_order").uuid().not_null())
        .col(ColumnDef::new("payment").uuid().not_null())
        .col(ColumnDef::new("amount").big_integer().not_null())
        .col(ColumnDef::new("requested_by").uuid().not_null())
        .col(ColumnDef::new("requested_at").timestamp_with_time_zone().not_null())
        .col(ColumnDef::new("reason").binary().not_null())
        .col(ColumnDef::new("state").string().not_null())
        .col(ColumnDef::new("decided_by").uuid())
        .col(ColumnDef::new("decided_at").timestamp_with_time_zone())
        .col(ColumnDef::new("refunded_at").timestamp_with_time_zone())
        .to_owned()
}

fn receipt() -> TableCreateStatement {
    Table::create()
        .table("receipt")
        .col(ColumnDef::new("id").uuid().not_null().primary_key())
        .col(ColumnDef::new("fee_order").uuid().not_null())
        .col(ColumnDef::new("series").string().not_null())
        .col(ColumnDef::new("number").big_integer().not_null())
        .col(ColumnDef::new("kind").string().not_null())
        .col(ColumnDef::new("amount").big_integer().not_null())
        .col(ColumnDef::new("issued_at").timestamp_with_time_zone().not_null())
        .col(ColumnDef::new("cancelled_at").timestamp_with_time_zone())
        .col(ColumnDef::new("replaced_by").uuid())
        .to_owned()
}

fn assessment() -> TableCreateStatement {
    Table::create()
        .table("assessment")
        .col(ColumnDef::new("fee_order").uuid().not_null())
        .col(ColumnDef::new("version").big_integer().not_null())
        .col(ColumnDef::new("at").timestamp_with_time_zone().not_null())
        .col(ColumnDef::new("officer").uuid())
        .col(ColumnDef::new("payable").big_integer().not_null())
        .col(ColumnDef::new("reason").binary())
        .primary_key(Index::create().col("fee_order").col("version"))
        .to_owned()
}

fn fee_policy() -> TableCreateStatement {
    Table::create()
        .table("fee_policy")
        .col(ColumnDef::new("id").uuid().not_null().primary_key())
        .col(ColumnDef::new("valid_from").date().not_null())
        .col(ColumnDef::new("valid_to").date())
        .col(ColumnDef::new("terms").text().not_null())
        .col(ColumnDef::new("published_by").uuid())
        .col(ColumnDef::new("published_at").timestamp_with_time_zone().not_null())
        .to_owned()
}
