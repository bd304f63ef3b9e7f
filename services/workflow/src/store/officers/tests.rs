//! Whoever was counted is not looked at again, by the database's own plan.

use motcua_testkit::{Database, TestEnv, on_each_database, plan};
use sea_orm::{DbBackend, QueryTrait};

use super::*;
use crate::Workflow;

const MANY: u32 = 10_000;

async fn those_of_the_day_are_passed_over(database: Database) {
    let env = TestEnv::<Workflow>::builder().on(database).start().await;
    let db = env.store.reader();
    let day = NaiveDate::from_ymd_opt(2026, 3, 2).unwrap();
    let (id, series) = match db.get_database_backend() {
        DbBackend::Postgres => ("gen_random_uuid()", format!("generate_series(1, {MANY}) AS n")),
        _ => (
            "randomblob(16)",
            format!(
                "(WITH RECURSIVE s(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM s WHERE n < {MANY}) \
                 SELECT n FROM s)"
            ),
        ),
    };
    let (today, yesterday) = (day.to_epoch_days(), day.to_epoch_days() - 1);
    db.execute_unprepared(&format!(
        "INSERT INTO officer (account, version, disabled, grants, digest_day) \
         SELECT {id}, 1, false, '[]', CASE WHEN n <= 3 THEN {yesterday} ELSE {today} END \
         FROM {series}"
    ))
    .await
    .unwrap();
    db.execute_unprepared("ANALYZE").await.unwrap();

    let plan = plan(db, uncounted(day, 50).build(db.get_database_backend())).await;
    assert!(plan.contains("officer_digest"), "{plan}");
    assert!(!plan.contains("Seq Scan") && !plan.contains("TEMP B-TREE"), "{plan}");
    assert_eq!(Officers.uncounted(db, day, 50).await.unwrap().len(), 3);
    assert_eq!(Officers.uncounted(db, day, 2).await.unwrap().len(), 2);
}

#[tokio::test]
async fn sqlite() {
    on_each_database(Database::Sqlite, those_of_the_day_are_passed_over).await;
}

#[tokio::test]
async fn postgres() {
    on_each_database(Database::Postgres, those_of_the_day_are_passed_over).await;
}
