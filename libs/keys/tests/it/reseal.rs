//! Keys are exchanged while rows are written, and nothing needs the old one in the end.

use motcua_audit::AuditFilter;
use motcua_fault::Fault;
use motcua_ids::Uuid;
use motcua_keys::{Blinded, IdKind, Place, SealedColumn};
use motcua_sealing::{Keyring, Rotation};
use motcua_store::Store;
use motcua_testkit::Database;
use sea_orm::{ConnectionTrait, Statement, Value};

use crate::support::{Env, env, now, request, uuid};

const NAME: SealedColumn = SealedColumn::of("person", "name", "probe/person").with(blind);
const NOTE: SealedColumn = SealedColumn {
    id: &[("person", IdKind::Uuid), ("version", IdKind::Number)],
    ..SealedColumn::of("note", "words", "probe/note")
};

fn blind(keyring: &Keyring, _: &str, plain: &[u8]) -> Result<Blinded, Fault> {
    let text = std::str::from_utf8(plain).map_err(Fault::internal)?;
    Ok(vec![("name_index", Some(keyring.blind("name", text)))])
}

async fn tables(database: Database) -> Env {
    let env = env(database).await;
    let bytes = if env.store.is_sqlite() { "blob" } else { "bytea" };
    let id = if env.store.is_sqlite() { "blob" } else { "uuid" };
    let db = env.raw().await;
    for table in [
        format!(
            "CREATE TABLE person (id {id} PRIMARY KEY, name {bytes}, name_index {bytes} UNIQUE)"
        ),
        format!(
            "CREATE TABLE note (person {id}, version bigint, words {bytes}, \
             PRIMARY KEY (person, version))"
        ),
    ] {
        db.execute_unprepared(&table).await.unwrap();
    }
    db.close().await.unwrap();
    env
}

async fn put(store: &Store, sql: &str, values: Vec<Value>, request_id: u128) {
    let ctx = request(1, request_id, 1);
    let work = store.write(&ctx, uuid(1), async |tx| {
        let db = tx.db();
        let put = Statement::from_sql_and_values(db.get_database_backend(), sql, values);
        db.execute_raw(put).await.map_err(Fault::internal)?;
        Ok(())
    });
    work.await.unwrap();
}

async fn person(store: &Store, ring: &Keyring, n: u128) {
    let name = format!("Người thứ {n}");
    let index = ring.blind("name", &name);
    let sealed = ring.seal(&format!("probe/person/{}", uuid(n)), name.as_bytes());
    let sql = "INSERT INTO person (id, name, name_index) VALUES ($1, $2, $3)";
    put(store, sql, vec![uuid(n).into(), sealed.into(), index.into()], n).await;
}

async fn note(store: &Store, ring: &Keyring, n: u128) {
    let sealed = ring.seal(&format!("probe/note/{}/{n}", uuid(1)), b"words");
    let sql = "INSERT INTO note (person, version, words) VALUES ($1, $2, $3)";
    let version = i64::try_from(n).unwrap();
    put(store, sql, vec![uuid(1).into(), version.into(), sealed.into()], 10_000 + n).await;
}

/// Whom a name finds, and that the sealed name opens.
async fn found(store: &Store, ring: &Keyring, n: u128) -> bool {
    let name = format!("Người thứ {n}");
    let mut found = false;
    for index in ring.blind_all("name", &name) {
        let db = store.reader();
        let sql = "SELECT id, name FROM person WHERE name_index = $1";
        let query = Statement::from_sql_and_values(db.get_database_backend(), sql, [index.into()]);
        if let Some(row) = db.query_one_raw(query).await.unwrap() {
            let id: Uuid = row.try_get("", "id").unwrap();
            let sealed: Vec<u8> = row.try_get("", "name").unwrap();
            let plain = ring.open(&format!("probe/person/{id}"), &sealed).unwrap();
            assert_eq!((id, plain.as_slice()), (uuid(n), name.as_bytes()));
            found = true;
        }
    }
    found
}

fn exchanged(mut ring: Keyring) -> Keyring {
    while ring.rotation() != Rotation::Changed {
        ring = ring.advanced();
    }
    ring
}

async fn pass(store: &Store, ring: &Keyring, column: &SealedColumn) -> (u64, u64) {
    let (mut rows, mut failed, mut after) = (0, 0, None::<Place>);
    loop {
        let batch = column.reseal(store, ring, after.as_ref(), now()).await.unwrap();
        (rows, failed, after) = (rows + batch.rows, failed + batch.failed, batch.next);
        if after.is_none() {
            return (rows, failed);
        }
    }
}

async fn everything_is_sealed_anew_and_found_and_the_old_key_can_go(database: Database) {
    let env = tables(database).await;
    let (store, old) = (&env.store, Keyring::generate());
    for n in 1..=230 {
        person(store, &old, n).await;
    }
    for n in 1..=120 {
        note(store, &old, n).await;
    }
    let nothing = "INSERT INTO person (id) VALUES ($1)";
    put(store, nothing, vec![uuid(999).into()], 999).await;
    let new = exchanged(old);
    assert_eq!(NAME.sealed_before(store, &new).await.unwrap(), 230);
    assert!(found(store, &new, 7).await, "before it is sealed anew");
    assert_eq!(pass(store, &new, &NAME).await, (230, 0));
    assert_eq!(pass(store, &new, &NOTE).await, (120, 0));
    for column in [&NAME, &NOTE] {
        assert_eq!(column.sealed_before(store, &new).await.unwrap(), 0);
        assert_eq!(pass(store, &new, column).await, (0, 0), "what is done is not done again");
    }
    let alone = new.advanced();
    assert_eq!(alone.rotation(), Rotation::None);
    for n in [1, 100, 230] {
        assert!(found(store, &alone, n).await, "{n} without the old key");
    }
    let rows = store.audit();
    while rows.chain().await.unwrap() > 0 {}
    let listed = rows.list(&AuditFilter::default(), 1_000).await.unwrap();
    assert!(listed.iter().any(|(_, row)| row.cause == "seal person.name anew"), "on the record");
}

async fn broken_off_it_goes_on_where_it_was(database: Database) {
    let env = tables(database).await;
    let (store, old) = (&env.store, Keyring::generate());
    for n in 1..=300 {
        person(store, &old, n).await;
    }
    let new = exchanged(old);
    let first = NAME.reseal(store, &new, None, now()).await.unwrap();
    assert_eq!((first.rows, first.next.is_some()), (100, true));
    // Killed in the middle of the second batch: what is not committed is as it was.
    let half = tokio::time::timeout(
        std::time::Duration::from_millis(4),
        NAME.reseal(store, &new, first.next.as_ref(), now()),
    );
    let _ = half.await;
    for n in [1, 99, 100, 101, 200, 300] {
        assert!(found(store, &new, n).await, "{n} in the middle");
    }
    let left = NAME.sealed_before(store, &new).await.unwrap();
    assert!((100..=200).contains(&left), "{left}");
    // Another process begins from the beginning, and finds what is left alone.
    let (rows, failed) = pass(store, &new, &NAME).await;
    assert_eq!((failed, NAME.sealed_before(store, &new).await.unwrap()), (0, 0));
    assert!((100..=200).contains(&rows), "{rows}");
    for n in [1, 150, 300] {
        assert!(found(store, &new.advanced(), n).await);
    }
}

async fn what_is_written_meanwhile_is_not_overwritten(database: Database) {
    let env = tables(database).await;
    let (store, old) = (&env.store, Keyring::generate());
    for n in 1..=150 {
        person(store, &old, n).await;
    }
    let new = exchanged(old);
    let writer = async {
        for n in 1..=150_u128 {
            let name = format!("Người thứ {}", n + 1_000);
            let label = format!("probe/person/{}", uuid(n));
            let sql = "UPDATE person SET name = $1, name_index = $2 WHERE id = $3";
            let values: Vec<Value> = vec![
                new.seal(&label, name.as_bytes()).into(),
                new.blind("name", &name).into(),
                uuid(n).into(),
            ];
            put(store, sql, values, 2_000 + n).await;
        }
    };
    let ((), _) = tokio::join!(writer, pass(store, &new, &NAME));
    pass(store, &new, &NAME).await;
    let alone = new.advanced();
    for n in 1..=150_u128 {
        let db = store.reader();
        let query = Statement::from_sql_and_values(
            db.get_database_backend(),
            "SELECT name FROM person WHERE id = $1",
            [uuid(n).into()],
        );
        let row = db.query_one_raw(query).await.unwrap().unwrap();
        let sealed: Vec<u8> = row.try_get("", "name").unwrap();
        let plain = alone.open(&format!("probe/person/{}", uuid(n)), &sealed).unwrap();
        assert_eq!(plain, format!("Người thứ {}", n + 1_000).as_bytes());
    }
}

async fn a_row_that_cannot_be_keeps_its_key_and_holds_no_other_up(database: Database) {
    let env = tables(database).await;
    let (store, old) = (&env.store, Keyring::generate());
    for n in 1..=5 {
        person(store, &old, n).await;
    }
    let broken = vec![Value::from(vec![1_u8, 0, 0, 0, 1, 9, 9]), uuid(3).into()];
    put(store, "UPDATE person SET name = $1 WHERE id = $2", broken, 100).await;
    let new = exchanged(old);
    // The place of one's new index is taken already.
    let taken = new.blind("name", "Người thứ 2");
    let sql = "INSERT INTO person (id, name_index) VALUES ($1, $2)";
    put(store, sql, vec![uuid(50).into(), taken.into()], 101).await;
    assert_eq!(pass(store, &new, &NAME).await, (3, 2));
    assert_eq!(NAME.sealed_before(store, &new).await.unwrap(), 2, "so the key may not retire");
}

crate::on_both!(
    everything_is_sealed_anew_and_found_and_the_old_key_can_go,
    broken_off_it_goes_on_where_it_was,
    what_is_written_meanwhile_is_not_overwritten,
    a_row_that_cannot_be_keeps_its_key_and_holds_no_other_up,
);
