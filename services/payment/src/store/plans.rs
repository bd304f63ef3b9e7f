//! The database's own plans for what grows without end.

use std::time::Duration;

use motcua_ids::{AccountId, AgencyId, Uuid};
use motcua_rpc::Page;
use motcua_testkit::{Database, TestEnv, on_each_database, plan};
use sea_orm::{ConnectionTrait, DbBackend, QueryTrait, Statement};

use super::{Closed, Listed, Placed, lookouts::TO_ASSESS, orders, statements, tills};
use crate::{Payment, domain::State};

/// Rows of which none, or few, are asked for.
const MANY: u32 = 20_000;

/// Orders that were paid and a few that wait, statements with their entries, and the closed days of
/// many agencies.
async fn fill(db: &impl ConnectionTrait) {
    let postgres = db.get_database_backend() == DbBackend::Postgres;
    let (id, agency, statement, at, day, memo, series) = if postgres {
        (
            "gen_random_uuid()",
            "('00000000-0000-0000-0000-' || lpad(to_hex(n % 50), 12, '0'))::uuid",
            "('00000000-0000-0000-0000-' || lpad(to_hex(n / 20), 12, '0'))::uuid",
            "TIMESTAMPTZ '2026-03-01T00:00:00Z' + n * INTERVAL '1 second'",
            "DATE '2026-03-01' + n",
            "'x'::bytea",
            format!("generate_series(1, {MANY}) AS n"),
        )
    } else {
        (
            "randomblob(16)",
            "unhex(printf('%032x', n % 50))",
            "unhex(printf('%032x', n / 20))",
            "strftime('%Y-%m-%dT%H:%M:%S+00:00', '2026-03-01 00:00:00', n || ' seconds')",
            "date('2026-03-01', n || ' days')",
            "x'00'",
            format!(
                "(WITH RECURSIVE s(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM s WHERE n < {MANY}) \
                 SELECT n FROM s)"
            ),
        )
    };
    let orders = format!(
        "INSERT INTO fee_order (id, version, state, code, procedure_version, procedure, collecting, \
         collecting_path, collecting_code, competent_path, online, accepted_at, lines) \
         SELECT {id}, 1, CASE WHEN n % 1000 = 0 THEN 'to_assess' ELSE 'paid' END, 'x', {id}, 'x', \
         {agency}, 'x', 'x', 'x', true, {at}, '[]' FROM {series}"
    );
    let statements = format!(
        "INSERT INTO statement (id, imported_at, agency_path, entries, new_entries) \
         SELECT {id}, {at}, '/{}/', 0, 0 FROM {series}",
        agency_of(9).uuid()
    );
    let entries = format!(
        "INSERT INTO statement_entry (id, statement, line, account, day, amount, bank_reference, nth, \
         memo, reversal, state) SELECT {id}, {statement}, n, 'x', {day}, n, 'x', 0, {memo}, false, \
         'matched' FROM {series}"
    );
    let closings = format!(
        "INSERT INTO till_closing (cashier, agency, day, expected, counted, closed_at) \
         SELECT {id}, {agency}, {day}, 0, 0, {at} FROM {series}"
    );
    for sql in [&*orders, &*statements, &*entries, &*closings, "ANALYZE"] {
        db.execute_unprepared(sql).await.unwrap();
    }
    // What is read out of an index alone PostgreSQL knows once it has looked through the table, and
    // while a transaction of the service's is open it has to look again.
    while postgres && !is_looked_through(db).await {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

async fn is_looked_through(db: &impl ConnectionTrait) -> bool {
    db.execute_unprepared("VACUUM ANALYZE statement_entry").await.unwrap();
    let look =
        "SELECT relallvisible >= relpages FROM pg_class WHERE oid = 'statement_entry'::regclass";
    let look = Statement::from_string(db.get_database_backend(), look);
    db.query_one_raw(look).await.unwrap().unwrap().try_get_by_index(0).unwrap()
}

fn agency_of(n: u128) -> AgencyId {
    AgencyId::new(Uuid::from_u128(n))
}

async fn what_grows_is_read_from_an_index(database: Database) {
    let env = TestEnv::<Payment>::builder().on(database).start().await;
    let db = env.store.reader();
    fill(db).await;
    let backend = db.get_database_backend();
    let late = env.now() + chrono::TimeDelta::days(1);
    let waiting = Statement::from_sql_and_values(backend, TO_ASSESS, [late.into()]);
    let after = Some(Uuid::from_u128(u128::MAX / 2).into());
    let statements = statements::page_of(&[agency_of(9)], Page { after, size: 50 });
    let after =
        Closed { day: "2050-01-01".parse().unwrap(), cashier: AccountId::new(Uuid::from_u128(1)) };
    let closings = tills::page_of(agency_of(7), Page { after: Some(after), size: 50 });
    let waiting_of = |at: &[AgencyId], below: &[AgencyId]| {
        let (at, below) = (at.to_vec(), below.to_vec());
        let listed = Listed { at, below, state: Some(State::ToAssess), oldest_first: true };
        let after = Placed { accepted_at: env.now(), id: Uuid::from_u128(1).into() };
        orders::page_of(&listed, Page { after: Some(after), size: 50 }).unwrap().build(backend)
    };
    let counts = statements::counts_of((0..20).map(|n| Uuid::from_u128(n).into()));
    let key = if database == Database::Postgres { "statement_pkey" } else { "autoindex_statement" };
    let covering = if database == Database::Postgres {
        "Index Only Scan using statement_entry_statement"
    } else {
        "COVERING INDEX statement_entry_statement"
    };
    for (asked, index) in [
        (waiting, "fee_order_to_assess"),
        (waiting_of(&[agency_of(7)], &[agency_of(8), agency_of(9)]), "fee_order_to_assess"),
        (counts.build(backend), covering),
        (statements.build(backend), key),
        (closings.build(backend), "till_closing_agency"),
    ] {
        let plan = plan(db, asked).await;
        assert!(plan.contains(index), "{plan}");
        for slow in ["Seq Scan", "Sort", "TEMP B-TREE"] {
            assert!(!plan.contains(slow), "{plan}");
        }
    }
    // What waits at one desk SQLite finds by the desk, and sorts that, or among all that wait: a
    // connection from before the rows were counted does not know which are fewer.
    let own = plan(db, waiting_of(&[agency_of(7)], &[])).await;
    let indexes: &[&str] = match database {
        Database::Postgres => &["fee_order_to_assess"],
        Database::Sqlite => {
            &["fee_order_state (collecting=? AND state=?)", "fee_order_to_assess ("]
        }
    };
    assert!(indexes.iter().any(|index| own.contains(index)), "{own}");
    assert_eq!(env.store.count(TO_ASSESS, [late.into()]).await.unwrap(), u64::from(MANY / 1_000));
    env.stop().await;
}

#[tokio::test]
async fn sqlite() {
    on_each_database(Database::Sqlite, what_grows_is_read_from_an_index).await;
}

#[tokio::test]
async fn postgres() {
    on_each_database(Database::Postgres, what_grows_is_read_from_an_index).await;
}
