//! Who did what cannot be changed, taken away, put in or cut off without being found.

use chrono::TimeDelta;
use ed25519_dalek::SigningKey;
use motcua_audit::{AuditFilter, Damage, Head, SealEvery, Verified};
use motcua_context::{Actor, Ctx, Officer, System};
use motcua_store::{Once, Store};
use motcua_testkit::Database;
use sea_orm::ConnectionTrait;

use crate::support::{Env, env, event, now, refusal, request, uuid};

const AT_ONCE: SealEvery = SealEvery { rows: 1, time: TimeDelta::zero() };

fn key() -> SigningKey {
    SigningKey::from_bytes(&[7; 32])
}

fn keys() -> Vec<[u8; 32]> {
    vec![key().verifying_key().to_bytes()]
}

async fn write(store: &Store, n: u128) {
    let ctx = request(1, n, 1);
    store.write(&ctx, uuid(n), async |_| Ok(())).await.unwrap();
}

/// Rows one by one, so that their order is known.
async fn chained(store: &Store, from: u128, rows: u128) {
    for n in from..from + rows {
        write(store, n).await;
        assert_eq!(store.audit().chain().await.unwrap(), 1);
    }
}

async fn verified(store: &Store, kept: &[Head]) -> Verified {
    let soon = (now(), TimeDelta::hours(1));
    store.audit().verify(&keys(), None, kept, soon).await.unwrap()
}

async fn broken(store: &Store, kept: &[Head]) -> Option<(i64, Damage)> {
    verified(store, kept).await.broken.map(|broken| (broken.position, broken.damage))
}

/// What the owner of the database can do, whom no trigger stops.
async fn as_owner(env: &Env, statements: &[&str]) {
    let db = env.raw().await;
    if env.store.is_sqlite() {
        for trigger in ["audit_kept", "audit_stays", "audit_seal_kept", "audit_seal_stays"] {
            db.execute_unprepared(&format!("DROP TRIGGER IF EXISTS {trigger}")).await.unwrap();
        }
    } else {
        for table in ["audit", "audit_seal"] {
            let off = format!("ALTER TABLE {table} DISABLE TRIGGER ALL");
            db.execute_unprepared(&off).await.unwrap();
        }
    }
    for statement in statements {
        db.execute_unprepared(statement).await.unwrap();
    }
    db.close().await.unwrap();
}

async fn a_write_leaves_a_row_and_a_refused_or_repeated_one_none(database: Database) {
    let env = env(database).await;
    let (store, audit) = (&env.store, env.store.audit());
    let ctx = request(1, 1, 1);
    let done = store.write(&ctx, uuid(5), async |tx| {
        tx.publish(uuid(5), &event("a"));
        Ok(())
    });
    done.await.unwrap();
    let again = store.write(&ctx, uuid(6), async |_| Ok(())).await.unwrap();
    assert_eq!(again, Once::Already(uuid(5)));
    let second = request(1, 2, 1);
    let refused = store.write(&second, uuid(7), async |_| Err::<(), _>(refusal()));
    refused.await.unwrap_err();
    assert_eq!(audit.lag().await.unwrap().0, 1);
    assert_eq!(audit.chain().await.unwrap(), 1);
    assert_eq!(audit.lag().await.unwrap(), (0, None));
    let rows = audit.list(&AuditFilter::default(), 10).await.unwrap();
    assert_eq!(rows.len(), 1);
    let (position, row) = &rows[0];
    assert_eq!((*position, row.at, row.kind.as_str()), (1, now(), "write"));
    assert_eq!(row.actor, format!("accounts/{}", uuid(1)));
    assert_eq!((row.cause.as_str(), row.subjects.as_str()), ("/probe/Do", &*uuid(5).to_string()));
    assert_eq!(row.outcome, "done: PersonalDataRead");
    assert_eq!(row.key, ctx.claim().unwrap());
}

async fn a_reading_leaves_a_row_with_purpose_subjects_and_both_who_read(database: Database) {
    let env = env(database).await;
    let officer = Actor::Officer(Officer { account: uuid(9).into(), grants: Vec::new() });
    let system = System { on_behalf_of: Some(Box::new(officer)), ..System::service("intake") };
    let ctx = Ctx::new(Actor::System(system), now());
    // Filed at the desk: nobody's account.
    let dossiers = [uuid(3).into()];
    env.store.record_reading(&ctx, "/a/Get", &[], &dossiers, "process_dossier").await.unwrap();
    env.store.record_reading(&ctx, "/a/Get", &[], &[], "nothing").await.unwrap();
    env.store.record_reading(&ctx, "/a/Get", &[uuid(9).into()], &dossiers, "own").await.unwrap();
    write(&env.store, 1).await;
    assert_eq!(env.store.audit().chain().await.unwrap(), 2, "a reading and a write");
    let about = |subject: &str, actor: &str| AuditFilter {
        subject: (!subject.is_empty()).then(|| subject.to_owned()),
        actor: (!actor.is_empty()).then(|| actor.to_owned()),
        ..AuditFilter::default()
    };
    let list = async |filter| env.store.audit().list(&filter, 10).await.unwrap();
    let of_dossier = list(about(&format!("dossiers/{}", uuid(3)), "")).await;
    assert_eq!(of_dossier.len(), 1);
    let row = &of_dossier[0].1;
    assert_eq!((row.kind.as_str(), row.cause.as_str()), ("read", "/a/Get"));
    assert_eq!((row.actor.as_str(), row.purpose.as_deref()), ("intake", Some("process_dossier")));
    assert_eq!(row.on_behalf_of, Some(format!("accounts/{}", uuid(9))));
    assert_eq!(list(about("", &uuid(9).to_string())).await, of_dossier);
    assert_eq!(list(about("", "nobody")).await, []);
    let later = AuditFilter { since: Some(now() + TimeDelta::seconds(1)), ..Default::default() };
    assert_eq!(list(later).await, []);
}

async fn the_database_refuses_to_change_it(database: Database) {
    let env = env(database).await;
    chained(&env.store, 1, 2).await;
    env.store.audit().seal(&key(), AT_ONCE, now()).await.unwrap().unwrap();
    write(&env.store, 3).await;
    let db = env.raw().await;
    let mut attempts = Vec::new();
    for table in ["audit", "audit_new"] {
        attempts.push(format!("UPDATE {table} SET actor = 'somebody else'"));
        attempts.push(format!("DELETE FROM {table}"));
    }
    attempts.push("UPDATE audit_seal SET position = 1".to_owned());
    attempts.push("DELETE FROM audit_seal".to_owned());
    if !env.store.is_sqlite() {
        attempts.extend(["audit", "audit_new", "audit_seal"].map(|t| format!("TRUNCATE {t}")));
    }
    for attempt in attempts {
        let error = db.execute_unprepared(&attempt).await.unwrap_err().to_string();
        assert!(error.contains("the audit log is never changed"), "{attempt}: {error}");
    }
    db.close().await.unwrap();
    assert_eq!(env.store.audit().chain().await.unwrap(), 1, "its own way is open");
    assert_eq!(broken(&env.store, &[]).await, None);
}

async fn each_damage_is_found_and_its_first_position_named(database: Database) {
    let swap: &[&str] = &[
        "UPDATE audit SET position = -3 WHERE position = 3",
        "UPDATE audit SET position = 3 WHERE position = 4",
        "UPDATE audit SET position = 4 WHERE position = -3",
    ];
    let put_in: &[&str] = &[
        "UPDATE audit SET position = -position WHERE position > 3",
        "UPDATE audit SET position = 1 - position WHERE position < 0",
        "INSERT INTO audit SELECT 'id', at, kind, actor, on_behalf_of, cause, key, subjects, \
         purpose, outcome, 4, hash FROM audit WHERE position = 3",
    ];
    let close_up: &[&str] = &[
        "DELETE FROM audit WHERE position = 3",
        "UPDATE audit SET position = -position WHERE position > 3",
        "UPDATE audit SET position = -1 - position WHERE position < 0",
    ];
    let cases: [(&[&str], i64, Damage); 11] = [
        (&["UPDATE audit SET actor = 'another' WHERE position = 3"], 3, Damage::Changed),
        (&["UPDATE audit SET purpose = '' WHERE position = 3"], 3, Damage::Changed),
        (&["UPDATE audit SET hash = key WHERE position = 3"], 3, Damage::Changed),
        (&["DELETE FROM audit WHERE position = 3"], 3, Damage::Missing),
        (&["DELETE FROM audit WHERE position = 1"], 1, Damage::Missing),
        (swap, 3, Damage::Changed),
        (put_in, 4, Damage::Changed),
        (close_up, 3, Damage::Changed),
        (&["DELETE FROM audit WHERE position > 4"], 5, Damage::CutOff),
        (&["DELETE FROM audit_seal WHERE number = 1"], 6, Damage::Forged),
        (&["UPDATE audit_seal SET position = 5 WHERE number = 2"], 5, Damage::Forged),
    ];
    for (statements, position, damage) in cases {
        let env = env(database).await;
        let sealed = async || env.store.audit().seal(&key(), AT_ONCE, now()).await.unwrap();
        chained(&env.store, 1, 4).await;
        sealed().await.unwrap();
        chained(&env.store, 5, 2).await;
        sealed().await.unwrap();
        chained(&env.store, 7, 1).await;
        let whole = verified(&env.store, &[]).await;
        assert_eq!((whole.rows, whole.seals, whole.broken), (7, 2, None));
        let id = if env.store.is_sqlite() { "randomblob(16)" } else { "gen_random_uuid()" };
        let statements: Vec<_> = statements.iter().map(|s| s.replace("'id'", id)).collect();
        let columns = "(id, at, kind, actor, on_behalf_of, cause, key, subjects, purpose, \
                       outcome, position, hash)";
        let statements: Vec<_> = statements
            .iter()
            .map(|s| {
                s.replace(
                    "INSERT INTO audit SELECT",
                    &format!("INSERT INTO audit {columns} SELECT"),
                )
            })
            .collect();
        as_owner(&env, &statements.iter().map(String::as_str).collect::<Vec<_>>()).await;
        assert_eq!(broken(&env.store, &[]).await, Some((position, damage)), "{statements:?}");
    }
}

async fn who_makes_the_chain_anew_is_betrayed_by_seals_and_kept_heads(database: Database) {
    let env = env(database).await;
    let (store, audit) = (&env.store, env.store.audit());
    chained(store, 1, 3).await;
    let seal = audit.seal(&key(), AT_ONCE, now()).await.unwrap().unwrap();
    assert_eq!(seal.head.position, 3);
    // All of it away, and another history in its place.
    as_owner(&env, &["DELETE FROM audit"]).await;
    chained(store, 11, 4).await;
    assert_eq!(broken(store, &[]).await, Some((3, Damage::Rewritten)));
    // The seals away too: what was kept elsewhere still tells.
    as_owner(&env, &["DELETE FROM audit_seal"]).await;
    assert_eq!(broken(store, &[]).await, None, "nothing here is left to tell");
    assert_eq!(broken(store, std::slice::from_ref(&seal.head)).await, Some((3, Damage::Kept)));
    as_owner(&env, &["DELETE FROM audit WHERE position > 2"]).await;
    assert_eq!(broken(store, std::slice::from_ref(&seal.head)).await, Some((3, Damage::CutOff)));
    // Who seals it with a key of their own is nobody here.
    let other = SigningKey::from_bytes(&[8; 32]);
    audit.seal(&other, AT_ONCE, now()).await.unwrap().unwrap();
    assert_eq!(broken(store, &[]).await, Some((2, Damage::Forged)));
    // And without any seal, old rows say that some are missing.
    as_owner(&env, &["DELETE FROM audit_seal"]).await;
    let late = (now() + TimeDelta::hours(2), TimeDelta::hours(1));
    let found = audit.verify(&keys(), None, &[], late).await.unwrap().broken.unwrap();
    assert_eq!((found.position, found.damage), (1, Damage::Unsealed));
}

async fn a_seal_is_made_after_so_many_rows_or_so_long_a_time(database: Database) {
    let env = env(database).await;
    let (store, audit) = (&env.store, env.store.audit());
    let every = SealEvery { rows: 3, time: TimeDelta::minutes(10) };
    assert_eq!(audit.seal(&key(), every, now()).await.unwrap(), None, "there is nothing");
    chained(store, 1, 2).await;
    assert_eq!(audit.seal(&key(), every, now()).await.unwrap(), None, "too early");
    let later = now() + TimeDelta::minutes(10);
    assert_eq!(audit.seal(&key(), every, later).await.unwrap().unwrap().head.position, 2);
    assert_eq!(audit.seal(&key(), every, later).await.unwrap(), None, "nothing new");
    chained(store, 3, 3).await;
    assert_eq!(audit.seal(&key(), every, now()).await.unwrap().unwrap().head.position, 5);
    // From a seal on, only what came later is looked at.
    let soon = (now(), TimeDelta::hours(1));
    let since = Some(now() + TimeDelta::minutes(1));
    let part = audit.verify(&keys(), since, &[], soon).await.unwrap();
    assert_eq!((part.rows, part.broken), (0, None));
}

async fn many_at_once_are_each_chained_once(database: Database) {
    let env = env(database).await;
    let store = &env.store;
    let writers = (0..8_u128).map(|k| async move {
        for n in 0..25 {
            write(store, 1 + k * 100 + n).await;
        }
    });
    // Two chainers, as after a lease was lost: one waits for the other or fails.
    let chainers = (0..2).map(|_| async {
        for _ in 0..60 {
            let _ = store.audit().chain().await;
            tokio::time::sleep(std::time::Duration::from_millis(2)).await;
        }
    });
    tokio::join!(futures::future::join_all(writers), futures::future::join_all(chainers));
    while store.audit().chain().await.unwrap() > 0 {}
    let all = verified(store, &[]).await;
    assert_eq!((all.rows, all.broken), (200, None));
}

/// What the row costs: `cargo nextest run -p motcua-store --run-ignored only cost`.
async fn the_cost_of_a_row(database: Database) {
    let env = env(database).await;
    let store = &env.store;
    for round in 0..2_u128 {
        let begin = std::time::Instant::now();
        for n in 0..300 {
            write(store, 10_000 * (round + 1) + n).await;
        }
        let each = begin.elapsed() / 300;
        let begin = std::time::Instant::now();
        let mut rows = 0;
        loop {
            match store.audit().chain().await.unwrap() {
                0 => break,
                n => rows += n,
            }
        }
        let chain = begin.elapsed() / u32::try_from(rows).unwrap();
        eprintln!("{database:?}: a write {each:?}, chaining a row {chain:?}");
    }
}

mod cost {
    #[tokio::test]
    #[ignore = "a measurement"]
    async fn sqlite() {
        super::the_cost_of_a_row(motcua_testkit::Database::Sqlite).await;
    }

    #[tokio::test]
    #[ignore = "a measurement"]
    async fn postgres() {
        let database = motcua_testkit::Database::Postgres;
        motcua_testkit::on_each_database(database, super::the_cost_of_a_row).await;
    }
}

crate::on_both!(
    a_write_leaves_a_row_and_a_refused_or_repeated_one_none,
    a_reading_leaves_a_row_with_purpose_subjects_and_both_who_read,
    the_database_refuses_to_change_it,
    each_damage_is_found_and_its_first_position_named,
    who_makes_the_chain_anew_is_betrayed_by_seals_and_kept_heads,
    a_seal_is_made_after_so_many_rows_or_so_long_a_time,
    many_at_once_are_each_chained_once,
);
