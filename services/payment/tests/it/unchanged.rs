//! What the database itself does not let anybody change.

use motcua_context::{Actor, Cause, Ctx, System};
use motcua_fault::Fault;
use motcua_ids::Uuid;
use motcua_store::OrFault;
use motcua_testkit::Database;
use sea_orm::ConnectionTrait;

use crate::{
    books::close,
    support::{ALL, Office, on_both, open},
};

on_both! {
    the_database_refuses_to_change_the_books;
}

/// What a fault in the service, or a statement slipped into it, could do.
async fn slipped_in(office: &Office, sql: &str) -> Result<u64, Fault> {
    let ctx = Ctx::new(Actor::System(System::service("payment")), office.env.now());
    let id = Uuid::from_bytes(ctx.random());
    let ctx = ctx.with_cause(Cause::Command { id });
    let done = office.env.store.write(&ctx, id, async |tx| {
        Ok(tx.db().execute_unprepared(sql).await.or_fault()?.rows_affected())
    });
    done.await?.or_reload(async |_| unreachable!("it has a name of its own")).await
}

async fn the_database_refuses_to_change_the_books(database: Database) {
    let office = open(database).await;
    let (reference, _) = office.awaits(1).await;
    office.import(&[("02/03/2026", ALL, "FT1", &reference)]).await;
    office.accepted(2, "fixed").await;
    office.collect(2, ALL).await.unwrap();
    close(&office, ALL).await.unwrap();
    let tables = [
        ("posting", "amount = amount + 1"),
        ("posting", "day = '2026-01-01'"),
        ("till_closing", "counted = 0"),
        ("statement", "closing = 0"),
        ("statement_entry", "amount = amount + 1"),
        ("assessment", "payable = 0"),
        ("receipt", "number = number + 10"),
        ("receipt", "amount = 0"),
        ("receipt_series", "last = last + 2"),
        ("receipt_series", "last = 0"),
    ];
    let mut attempts = Vec::new();
    for (table, change) in tables {
        attempts.push(format!("UPDATE {table} SET {change}"));
        attempts.push(format!("DELETE FROM {table}"));
        if database == Database::Postgres {
            attempts.push(format!("TRUNCATE {table}"));
        }
        let sql = format!("SELECT count(*) AS n FROM {table}");
        let many = office.env.store.count(&sql, []).await.unwrap();
        assert!(many > 0, "of nothing in {table} nothing is refused");
    }
    for attempt in attempts {
        let refused = slipped_in(&office, &attempt).await.expect_err(&attempt);
        let refused = format!("{refused:?}");
        assert!(refused.contains("the books are never changed"), "{attempt}: {refused}");
    }
    // What is noted behind a row, and what is sealed anew when keys are exchanged.
    for (table, change) in [
        ("receipt", "cancelled_at = issued_at"),
        ("receipt", "bill = bill, cancel_reason = cancel_reason"),
        ("assessment", "reason = reason"),
        ("statement_entry", "memo = memo, state = state"),
    ] {
        let many = slipped_in(&office, &format!("UPDATE {table} SET {change}")).await.unwrap();
        assert!(many > 0, "{table} {change}");
    }
    // And the books go on.
    office.balanced().await;
    let (reference, _) = office.awaits(3).await;
    office.import(&[("02/03/2026", ALL, "FT2", &reference)]).await;
    assert_eq!(office.books().await["bank"], 2 * ALL);
    let last = office.order(3).await.receipts.iter().map(|receipt| receipt.number).max();
    assert_eq!(last, Some(3), "the series too");
    office.env.stop().await;
}
