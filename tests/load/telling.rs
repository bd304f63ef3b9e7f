//! Messages that events make: from the broker to rows that are safe.

use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use motcua_proto::intake::v1::{ResultReady, ReturnWay};
use motcua_tests::sandbox::Sandbox;
use prost::{Message, Name};
use sqlx::{Connection, PgConnection, types::Uuid};

use crate::measure::Held;

/// What a person with an account, a telephone and a mailbox is told by.
pub(crate) const CHANNELS: usize = 3;
/// Where intake says what it has to say; what follows from there on is the product's.
const SAY: &str = "INSERT INTO intake.outbox (event_id, type, key, payload, traceparent, \
    occurred_at) VALUES (gen_random_uuid(), $1, $2, $3, \
    '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01', now())";
const UNSAID: &str = "SELECT count(*) FROM intake.outbox WHERE published_at IS NULL";
const WRITTEN: &str = "SELECT count(*) FROM notification.message WHERE topic = 'result_ready' \
    AND fact_version = $1";
const QUEUED: &str = "SELECT count(*) FROM notification.message WHERE topic = 'result_ready' \
    AND fact_version = $1 AND state = 'queued'";

/// How fast people were told.
pub(crate) struct Told {
    /// Messages a second, until all of them were committed.
    pub(crate) written: f64,
    /// Until all of them had been handed over as well.
    pub(crate) handed_over: f64,
}

/// Tells the applicants of these dossiers that their results are ready, all of it being in the
/// broker when `notification` begins.
pub(crate) async fn tell(
    sandbox: &Sandbox,
    url: &str,
    dossiers: &[String],
    version: i64,
) -> Result<Told> {
    let mut db = PgConnection::connect(url).await?;
    let held = Held::process(sandbox, "notification")?;
    say(&mut db, dossiers, version).await?;
    while count(&mut db, UNSAID, None).await? > 0 {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    let messages = dossiers.len() * CHANNELS;
    let begun = Instant::now();
    drop(held);
    let until = async |db: &mut PgConnection, what, wanted: usize| {
        while count(db, what, Some(version)).await? != i64::try_from(wanted)? {
            ensure!(begun.elapsed() < Duration::from_mins(2), "messages do not come");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        Ok::<_, anyhow::Error>(messages as f64 / begun.elapsed().as_secs_f64())
    };
    let written = until(&mut db, WRITTEN, messages).await?;
    let handed_over = until(&mut db, QUEUED, 0).await?;
    Ok(Told { written, handed_over })
}

async fn say(db: &mut PgConnection, dossiers: &[String], version: i64) -> Result<()> {
    let mut tx = db.begin().await?;
    for (n, dossier) in dossiers.iter().enumerate() {
        let key: Uuid = dossier.split('/').nth(1).context("a dossier has a name")?.parse()?;
        let event = ResultReady {
            dossier: dossier.clone(),
            // Other words each time: the same to the same person within minutes would be spared.
            code: format!("H53.12-26112{version}-{n:04}"),
            version,
            way: ReturnWay::Online.into(),
            ..ResultReady::default()
        };
        let say = sqlx::query(SAY).bind(ResultReady::full_name()).bind(key);
        say.bind(event.encode_to_vec()).execute(&mut *tx).await?;
    }
    tx.commit().await?;
    Ok(())
}

async fn count(db: &mut PgConnection, what: &'static str, version: Option<i64>) -> Result<i64> {
    let look = sqlx::query_scalar(what);
    let look = match version {
        Some(version) => look.bind(version),
        None => look,
    };
    Ok(look.fetch_one(db).await?)
}
