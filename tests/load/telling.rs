//! Messages that events make: from the broker to rows that are safe.

use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use motcua_proto::intake::v1::{ResultReady, ReturnWay};
use motcua_tests::sandbox::Sandbox;
use prost::{Message, Name};
use sqlx::{Connection, Executor, PgConnection, types::Uuid};

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

/// Whoever hands messages over does so under a lease of its channel.
const HOLD: &str = "INSERT INTO notification.lease (name, holder, until, token) \
    SELECT 'message-delivery-' || channel, 'load', \
        (extract(epoch FROM clock_timestamp()) * 1000)::bigint + 600000, 1 \
    FROM unnest(ARRAY['sms', 'email']) AS channel \
    ON CONFLICT (name) DO UPDATE SET holder = excluded.holder, until = excluded.until, \
        token = lease.token + 1";
const LET_GO: &str = "UPDATE notification.lease SET until = 0 WHERE holder = 'load'";
/// Longer than a lease is trusted without asking.
const TRUSTED: Duration = Duration::from_secs(5);

/// Applicants of dossiers who are told that their results are ready.
pub(crate) struct Telling<'a> {
    sandbox: &'a Sandbox,
    db: PgConnection,
    dossiers: &'a [String],
    /// Of the dossiers, the last that was told of.
    version: i64,
}

impl<'a> Telling<'a> {
    pub(crate) async fn of(
        sandbox: &'a Sandbox,
        url: &str,
        dossiers: &'a [String],
    ) -> Result<Self> {
        Ok(Self { sandbox, db: PgConnection::connect(url).await?, dossiers, version: 0 })
    }

    /// Messages a second until all of them had been handed over, all of it being in the broker when
    /// `notification` begins.
    pub(crate) async fn through(&mut self) -> Result<f64> {
        let begun = self.begin().await?;
        self.until(WRITTEN, self.messages()).await?;
        self.until(QUEUED, 0).await?;
        Ok(self.messages() as f64 / begun.elapsed().as_secs_f64())
    }

    /// Messages a second until all of them were committed, while nobody hands any over.
    pub(crate) async fn queue(&mut self) -> Result<f64> {
        self.db.execute(HOLD).await?;
        tokio::time::sleep(TRUSTED).await;
        let begun = self.begin().await?;
        self.until(WRITTEN, self.messages()).await?;
        Ok(self.messages() as f64 / begun.elapsed().as_secs_f64())
    }

    /// Messages handed over a second, when that is all there is to do.
    pub(crate) async fn hand_over(&mut self) -> Result<f64> {
        let waiting = count(&mut self.db, QUEUED, Some(self.version)).await?;
        self.db.execute(LET_GO).await?;
        let begun = Instant::now();
        self.until(QUEUED, 0).await?;
        Ok(waiting as f64 / begun.elapsed().as_secs_f64())
    }

    fn messages(&self) -> usize {
        self.dossiers.len() * CHANNELS
    }

    async fn begin(&mut self) -> Result<Instant> {
        self.version += 1;
        let held = Held::process(self.sandbox, "notification")?;
        say(&mut self.db, self.dossiers, self.version).await?;
        while count(&mut self.db, UNSAID, None).await? > 0 {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        drop(held);
        Ok(Instant::now())
    }

    async fn until(&mut self, what: &'static str, wanted: usize) -> Result<()> {
        let begun = Instant::now();
        while count(&mut self.db, what, Some(self.version)).await? != i64::try_from(wanted)? {
            ensure!(begun.elapsed() < Duration::from_mins(2), "messages do not come");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        Ok(())
    }
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
