//! The fastest that the servers allow: the same rows, without the product.

use std::time::Instant;

use anyhow::{Context, Result};
use futures::{StreamExt, TryStreamExt, future::try_join_all, stream};
use lapin::{
    BasicProperties, Confirmation, Connection as Broker, ConnectionProperties,
    options::{BasicPublishOptions, ConfirmSelectOptions, QueueDeclareOptions},
    types::{AMQPValue, FieldTable},
};
use sqlx::{Connection, Executor, PgConnection, types::Uuid};

use crate::telling::CHANNELS;

/// Tables as those of `intake`, with the dossiers that are there now.
const TABLES: &str = "DROP SCHEMA IF EXISTS floor CASCADE; CREATE SCHEMA floor; \
    CREATE TABLE floor.handled (LIKE intake.handled INCLUDING ALL); \
    CREATE TABLE floor.outbox (LIKE intake.outbox INCLUDING ALL); \
    CREATE TABLE floor.acts (LIKE intake.acts INCLUDING ALL); \
    CREATE TABLE floor.code_counters (LIKE intake.code_counters INCLUDING ALL); \
    CREATE TABLE floor.dossiers (LIKE intake.dossiers INCLUDING ALL); \
    CREATE TABLE floor.papers (LIKE intake.papers INCLUDING ALL); \
    INSERT INTO floor.dossiers SELECT alike.* FROM intake.dossiers d, \
      jsonb_populate_record(d, '{\"code\": null}') alike ORDER BY d.id DESC LIMIT 2000; \
    INSERT INTO floor.papers SELECT p.* FROM intake.papers p \
      WHERE dossier IN (SELECT id FROM floor.dossiers); \
    UPDATE floor.papers SET filed = false; \
    ANALYZE floor.dossiers; ANALYZE floor.papers";

/// What a submission writes, each statement by itself.
const CLAIM: &str = "INSERT INTO floor.handled (key, payload, subject, at, forget_at) \
    VALUES ($1, $1, $2, now(), now()) ON CONFLICT (key) DO NOTHING";
const PAPERS: &str = "UPDATE floor.papers SET filed = true WHERE dossier = $1 AND NOT filed";
const ACT: &str = "INSERT INTO floor.acts (dossier, version, at, verb, state, capacity, actor) \
    VALUES ($1, 1000, now(), 'submit', 'submitted', 'filer', $1)";
const COUNTER: &str = "INSERT INTO floor.code_counters AS c (agency, day, n) \
    VALUES ($1, current_date, 1) ON CONFLICT (agency, day) DO UPDATE SET n = c.n + 1 RETURNING n";
const DOSSIER: &str = "UPDATE floor.dossiers SET version = version + 1, state = 'submitted', \
    code = $2, submitted_at = now(), reply_due_at = now() WHERE id = $1";
const EVENT: &str = "INSERT INTO floor.outbox (event_id, type, key, payload, traceparent, \
    occurred_at) VALUES (gen_random_uuid(), 'motcua.intake.v1.DossierSubmitted', $1, $2, $3, now())";

/// Writes what `SubmitDossier` writes of each dossier, by bare statements in one
/// transaction, `callers` at once; how many a second.
pub(crate) async fn filing(url: &str, counters: usize, callers: usize) -> Result<f64> {
    let mut db = PgConnection::connect(url).await?;
    db.execute(TABLES).await?;
    let ids: Vec<Uuid> =
        sqlx::query_scalar("SELECT id FROM floor.dossiers").fetch_all(&mut db).await?;
    let mut connections = Vec::with_capacity(callers);
    for _ in 0..callers {
        connections.push(PgConnection::connect(url).await?);
    }
    let share = ids.len().div_ceil(callers);
    let begun = Instant::now();
    let work = connections.iter_mut().zip(ids.chunks(share)).map(async |(db, ids)| {
        for (n, id) in ids.iter().enumerate() {
            file(db, *id, &format!("H53.{}", n % counters)).await?;
        }
        Ok::<_, sqlx::Error>(())
    });
    try_join_all(work).await?;
    Ok(ids.len() as f64 / begun.elapsed().as_secs_f64())
}

async fn file(db: &mut PgConnection, id: Uuid, agency: &str) -> Result<(), sqlx::Error> {
    let mut tx = db.begin().await?;
    sqlx::query(CLAIM).bind(&id.as_bytes()[..]).bind(id).execute(&mut *tx).await?;
    sqlx::query(PAPERS).bind(id).execute(&mut *tx).await?;
    sqlx::query(ACT).bind(id).execute(&mut *tx).await?;
    let n: i64 = sqlx::query_scalar(COUNTER).bind(agency).fetch_one(&mut *tx).await?;
    sqlx::query(DOSSIER).bind(id).bind(format!("{agency}-{n}")).execute(&mut *tx).await?;
    let event = sqlx::query(EVENT).bind(id).bind(vec![7_u8; 200]);
    event.bind("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01").execute(&mut *tx).await?;
    tx.commit().await
}

/// Tables as those of `notification`.
const TOLD: &str = "DROP SCHEMA IF EXISTS floor CASCADE; CREATE SCHEMA floor; \
    CREATE TABLE floor.handled (LIKE notification.handled INCLUDING ALL); \
    CREATE TABLE floor.outbox (LIKE notification.outbox INCLUDING ALL); \
    CREATE TABLE floor.due (LIKE notification.due INCLUDING ALL); \
    CREATE TABLE floor.audit_new (LIKE notification.audit_new INCLUDING ALL); \
    CREATE TABLE floor.message (LIKE notification.message INCLUDING ALL); \
    CREATE TABLE floor.status (LIKE notification.status INCLUDING ALL)";
const MESSAGES: &str = "INSERT INTO floor.message (id, event, family, fact_version, dossier, code, \
    agency_path, topic, template, channel, recipient, account, written, expires_at, words, state, \
    attempts, created_at, version) SELECT id, $1, 'intake', 1, $1, 'H53.12-261129-0001', $3, \
    'result_ready', 'templates/result-ready.vi.v1', channel, $4, $1, $5, now(), \
    decode(md5(id::text), 'hex'), 'queued', 0, now(), 1 \
    FROM unnest($2::uuid[], ARRAY['inbox', 'sms', 'email']) AS told (id, channel)";
const STATUSES: &str = "INSERT INTO floor.status (message, state, reason, at) \
    SELECT id, 'queued', '', now() FROM unnest($1::uuid[]) AS id";
const TIMERS: &str = "INSERT INTO floor.due (id, name, subject, at, generation, attempts) \
    SELECT gen_random_uuid(), 'message-delivery', id, now(), 1, 0 FROM unnest($1::uuid[]) AS id";
const RECORD: &str = "INSERT INTO floor.audit_new (id, at, kind, actor, cause, key, subjects, \
    outcome) VALUES (gen_random_uuid(), now(), 'event', 'systems/notification', 'event', $1, \
    '[]', 'done: MessageDelivered')";

/// Writes what an event makes in `notification` of somebody with all channels, by bare statements
/// in one transaction, `callers` at once; how many messages a second.
pub(crate) async fn telling(url: &str, events: usize, callers: usize) -> Result<f64> {
    let mut db = PgConnection::connect(url).await?;
    db.execute(TOLD).await?;
    let mut connections = Vec::with_capacity(callers);
    for _ in 0..callers {
        connections.push(PgConnection::connect(url).await?);
    }
    let each = events.div_ceil(callers);
    let begun = Instant::now();
    let work = connections.iter_mut().enumerate().map(async |(caller, db)| {
        for n in 0..each {
            // In the order in which they are made, as ids of ours are.
            tell(db, n * callers + caller).await?;
        }
        Ok::<_, sqlx::Error>(())
    });
    try_join_all(work).await?;
    Ok((each * callers * CHANNELS) as f64 / begun.elapsed().as_secs_f64())
}

async fn tell(db: &mut PgConnection, n: usize) -> Result<(), sqlx::Error> {
    let id = |n: usize| Uuid::from_u128(n as u128);
    let event = id(n);
    let messages: Vec<_> = (n * CHANNELS..(n + 1) * CHANNELS).map(id).collect();
    let mut tx = db.begin().await?;
    sqlx::query(CLAIM).bind(&event.as_bytes()[..]).bind(event).execute(&mut *tx).await?;
    let path = format!("/{event}/{event}/");
    // As long as what is sealed in the middle: address, title and text.
    let rows = sqlx::query(MESSAGES).bind(event).bind(&messages).bind(path);
    rows.bind(&event.as_bytes()[..]).bind(vec![7_u8; 700]).execute(&mut *tx).await?;
    sqlx::query(STATUSES).bind(&messages).execute(&mut *tx).await?;
    sqlx::query(TIMERS).bind(&messages[1..]).execute(&mut *tx).await?;
    sqlx::query(RECORD).bind(&event.as_bytes()[..]).execute(&mut *tx).await?;
    let said = sqlx::query(EVENT).bind(event).bind(vec![7_u8; 200]);
    said.bind("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01").execute(&mut *tx).await?;
    tx.commit().await
}

/// Events that the broker confirms to be safe in a quorum queue; how many a second.
pub(crate) async fn confirms(url: &str, count: usize) -> Result<f64> {
    let broker = Broker::connect(url, ConnectionProperties::default()).await?;
    let channel = broker.create_channel().await?;
    channel.confirm_select(ConfirmSelectOptions::default()).await?;
    let mut arguments = FieldTable::default();
    arguments.insert("x-queue-type".into(), AMQPValue::LongString("quorum".into()));
    let queue = "motcua.floor";
    let durable = QueueDeclareOptions { durable: true, ..QueueDeclareOptions::default() };
    channel.queue_declare(queue.into(), durable, arguments).await?;
    let begun = Instant::now();
    let confirmed: Vec<_> = stream::iter(0..count)
        .map(async |_| {
            let persistent = BasicProperties::default().with_delivery_mode(2);
            let options = BasicPublishOptions::default();
            let sent = channel
                .basic_publish("".into(), queue.into(), options, &[7; 200], persistent)
                .await?;
            sent.await
        })
        .buffered(128)
        .try_collect()
        .await?;
    let rate = count as f64 / begun.elapsed().as_secs_f64();
    let all = confirmed.iter().all(|confirm| matches!(confirm, Confirmation::Ack(None)));
    all.then_some(rate).context("the broker refused an event")
}
