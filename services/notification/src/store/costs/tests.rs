//! The database's own plan for a page of sums.

use motcua_testkit::{Database, TestEnv, on_each_database, plan};

use super::*;
use crate::Notification;

/// Messages of each of many days.
const A_DAY: u32 = 500;
const DAYS: u32 = 40;

fn agency(n: u128) -> AgencyId {
    AgencyId::new(motcua_ids::Uuid::from_u128(n))
}

/// Messages of two agencies, handed over from the first of March on, one every three minutes.
async fn fill(db: &impl ConnectionTrait) {
    let all = A_DAY * DAYS;
    let (id, series, at, blob) = match db.get_database_backend() {
        DbBackend::Postgres => (
            "gen_random_uuid()",
            format!("generate_series(0, {all} - 1) AS n"),
            "TIMESTAMPTZ '2026-03-01T00:00:00+07:00' + n * INTERVAL '172 seconds'",
            "decode('00', 'hex')",
        ),
        _ => (
            "randomblob(16)",
            format!(
                "(WITH RECURSIVE s(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM s WHERE n < {all} - 1) \
                 SELECT n FROM s)"
            ),
            "strftime('%Y-%m-%dT%H:%M:%S+00:00', '2026-02-28 17:00:00', (n * 172) || ' seconds')",
            "x'00'",
        ),
    };
    let path = |n| AgencyPath::root(agency(9)).child(agency(n)).text();
    let sql = format!(
        "INSERT INTO message (id, event, family, fact_version, dossier, code, agency_path, topic, \
         template, channel, recipient, written, state, attempts, created_at, version, provider, \
         segments, sent_at) \
         SELECT {id}, {id}, 'intake', 1, {id}, '', \
         CASE WHEN n % 2 = 0 THEN '{}' ELSE '{}' END, 'x', 'x', 'sms', {blob}, {blob}, 'delivered', \
         1, {at}, 1, 'viettel', 1 + n % 2, {at} FROM {series}",
        path(1),
        path(2),
    );
    for sql in [&sql, "ANALYZE"] {
        db.execute_unprepared(sql).await.unwrap();
    }
}

async fn plan_of(db: &impl ConnectionTrait, filter: CostFilter, after: Option<CostSlot>) -> String {
    let backend = db.get_database_backend();
    plan(db, query(backend, filter, true, Page { size: 5, after })).await
}

async fn a_page_is_added_up_in_an_indexs_order(database: Database) {
    let env = TestEnv::<Notification>::builder().on(database).start().await;
    let db = env.store.reader();
    fill(db).await;
    let day = |text: &str| text.parse().unwrap();
    let filter =
        |n, from, until| CostFilter { agency: agency(n), from: day(from), until: day(until) };
    let root = filter(9, "2026-03-10", "2026-03-12");
    let page = |after| Page { size: 4, after };
    let (first, more) = Costs.page(db, root, true, page(None)).await.unwrap();
    assert!(more && first.len() == 4);
    let last = first.last().map(|sum| sum.slot.clone());
    for after in [None, last.clone()] {
        let plan = plan_of(db, root, after).await;
        assert!(plan.contains("message_cost"), "{plan}");
        let elsewhere = ["Seq Scan", "SCAN", "Sort", "TEMP B-TREE"];
        assert!(!elsewhere.iter().any(|word| plan.contains(word)), "{plan}");
    }
    let (rest, more) = Costs.page(db, root, true, page(last)).await.unwrap();
    assert!(!more);
    let sums: Vec<_> = first.iter().chain(&rest).collect();
    let days: Vec<_> = sums.iter().map(|sum| &*sum.slot.day).collect();
    assert_eq!(
        days,
        ["2026-03-10", "2026-03-10", "2026-03-11", "2026-03-11", "2026-03-12", "2026-03-12"]
    );
    // A day has 502 or 503 of them, and every second goes in two parts.
    assert!(sums.iter().all(|sum| (251..=252).contains(&sum.messages)), "{sums:?}");
    assert!(sums.iter().step_by(2).all(|sum| sum.segments == sum.messages));
    assert!(sums.iter().skip(1).step_by(2).all(|sum| sum.segments == 2 * sum.messages));
    let of_one = filter(2, "2026-03-10", "2026-03-12");
    let (own, _) = Costs.page(db, of_one, false, page(None)).await.unwrap();
    assert_eq!(own.len(), 3);
    let (all, _) = Costs
        .page(db, filter(9, "2026-02-01", "2026-12-31"), true, Page { size: 100, after: None })
        .await
        .unwrap();
    let messages: u64 = all.iter().map(|sum| sum.messages).sum();
    assert_eq!(messages, u64::from(A_DAY * DAYS));
    env.stop().await;
}

/// What is of no agency stands first in each day, wherever pages end.
async fn whoever_sees_all_sees_what_is_no_agencys(database: Database) {
    let env = TestEnv::<Notification>::builder().on(database).start().await;
    let db = env.store.reader();
    fill(db).await;
    let day = |text: &str| text.parse().unwrap();
    let nobodys = "UPDATE message SET agency_path = '' WHERE agency_path LIKE '%0001/'";
    let said =
        "INSERT INTO talk_day VALUES ('2026-03-09', 8), ('2026-03-10', 3), ('2026-03-11', 4)";
    for sql in [nobodys, said] {
        db.execute_unprepared(sql).await.unwrap();
    }
    let root = CostFilter { agency: agency(9), from: day("2026-03-10"), until: day("2026-03-11") };
    let mut told = Vec::new();
    loop {
        let after = told.last().map(|sum: &Sum| sum.slot.clone());
        let (sums, more) = Costs.page(db, root, true, Page { size: 1, after }).await.unwrap();
        told.extend(sums);
        if !more {
            break;
        }
    }
    let of = |sum: &Sum| (sum.slot.agency().unwrap(), sum.slot.provider.clone());
    let a_day = [(None, "viettel"), (None, "zalo-talk"), (Some(agency(2)), "viettel")]
        .map(|(agency, by)| (agency, by.to_owned()));
    assert_eq!(told.iter().map(of).collect::<Vec<_>>(), [a_day.clone(), a_day].concat());
    assert_eq!((told[1].messages, told[4].messages), (3, 4));
    let page = Page { size: 9, after: None };
    let (own, _) = Costs.page(db, root, false, page).await.unwrap();
    assert!(own.len() == 2 && own.iter().all(|sum| of(sum).0 == Some(agency(2))), "{own:?}");
    env.stop().await;
}

#[tokio::test]
async fn sqlite() {
    on_each_database(Database::Sqlite, a_page_is_added_up_in_an_indexs_order).await;
    on_each_database(Database::Sqlite, whoever_sees_all_sees_what_is_no_agencys).await;
}

#[tokio::test]
async fn postgres() {
    on_each_database(Database::Postgres, a_page_is_added_up_in_an_indexs_order).await;
    on_each_database(Database::Postgres, whoever_sees_all_sees_what_is_no_agencys).await;
}
