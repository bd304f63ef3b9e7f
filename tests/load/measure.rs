//! What is seen from outside while dossiers are filed.

use std::{
    fmt,
    time::{Duration, Instant},
};

use anyhow::{Context, Result};
use motcua::roles;
use motcua_tests::sandbox::Sandbox;
use rustix::process::{Pid, Signal, kill_process};
use sqlx::{AssertSqlSafe, Connection, PgConnection, Row};
use tokio::sync::Mutex;

/// Linux counts a process's time in hundredths of a second.
const TICK: f64 = 10.0;

/// From the commit of a submission to the commit of what `notification` made of
/// it, in milliseconds. A claim's key is a hash of the listener and the event.
const HEARD: &str = "SELECT percentile_cont(ARRAY[0.5, 0.99]) WITHIN GROUP (ORDER BY \
      extract(epoch FROM pg_xact_commit_timestamp(h.xmin) - pg_xact_commit_timestamp(a.xmin)) \
      * 1000)::float8[] AS ms, count(*) AS heard \
    FROM intake.acts a \
    JOIN intake.outbox o ON o.key = a.dossier AND o.type = 'motcua.intake.v1.DossierSubmitted' \
    JOIN notification.handled h ON h.key = substring(sha256('event\\000'::bytea \
      || 'notification'::bytea || uuid_send(o.event_id)) FROM 1 FOR 16) \
    WHERE a.verb = 'submit' AND pg_xact_commit_timestamp(a.xmin) >= $1::timestamptz";

pub(crate) struct Measure {
    url: String,
    db: Mutex<PgConnection>,
    pids: Vec<u32>,
}

/// Processor time, in milliseconds.
#[derive(Clone, Copy)]
pub(crate) struct Used {
    product: f64,
    database: f64,
}

impl Measure {
    pub(crate) async fn new(sandbox: &Sandbox) -> Result<Self> {
        let url = sandbox.backends().context("processes have backends")?.owners_url().to_owned();
        let db = Mutex::new(PgConnection::connect(&url).await?);
        Ok(Self { url, db, pids: sandbox.pids().into_values().collect() })
    }

    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    /// Waits until nothing is on its way; how long that was.
    pub(crate) async fn settled(&self) -> Result<Duration> {
        let begun = Instant::now();
        let waiting: Vec<_> = roles::ALL
            .iter()
            .map(|service| {
                format!(
                    "(SELECT count(*) FROM {service}.outbox WHERE published_at IS NULL) + \
                     (SELECT count(*) FROM {service}.inbox)"
                )
            })
            .collect();
        let waiting = format!("SELECT {}", waiting.join(" + "));
        // What is between outbox and inbox is in neither: it must be nowhere twice.
        let mut nothing = 0;
        while nothing < 3 {
            // Only names of our own are in it.
            let look = sqlx::query_scalar(AssertSqlSafe(waiting.clone()));
            let count: i64 = look.fetch_one(&mut *self.db.lock().await).await?;
            nothing = if count == 0 { nothing + 1 } else { 0 };
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        Ok(begun.elapsed())
    }

    /// The database's time, written out.
    pub(crate) async fn now(&self) -> Result<String> {
        let now = sqlx::query_scalar("SELECT clock_timestamp()::text");
        Ok(now.fetch_one(&mut *self.db.lock().await).await?)
    }

    /// The median and the 99th percentile of those filed since `begin`, in milliseconds.
    pub(crate) async fn heard_after(&self, begin: String) -> Result<(f64, f64)> {
        let row = sqlx::query(HEARD).bind(begin).fetch_one(&mut *self.db.lock().await).await?;
        let ms: Option<Vec<f64>> = row.try_get("ms")?;
        let ms = ms.context("nothing was heard")?;
        Ok((ms[0], ms[1]))
    }

    /// What the product's processes and PostgreSQL have used until now.
    pub(crate) fn used(&self) -> Result<Used> {
        let product = self.pids.iter().map(|pid| time_of(*pid)).sum::<Result<f64>>()?;
        let mut database = 0.0;
        for entry in std::fs::read_dir("/proc")?.flatten() {
            let pid = entry.file_name().to_string_lossy().parse().ok();
            let name = std::fs::read_to_string(entry.path().join("comm")).unwrap_or_default();
            if let Some(pid) = pid.filter(|_| name.trim() == "postgres") {
                database += time_of(pid).unwrap_or_default();
            }
        }
        Ok(Used { product, database })
    }
}

impl Used {
    pub(crate) fn since(self, before: Self) -> Self {
        Self { product: self.product - before.product, database: self.database - before.database }
    }

    pub(crate) fn per(self, count: usize) -> Self {
        let count = count as f64;
        Self { product: self.product / count, database: self.database / count }
    }
}

impl fmt::Display for Used {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:.2} ms, and {:.2} ms of PostgreSQL", self.product, self.database)
    }
}

/// A process that stands still until this is dropped.
pub(crate) struct Held(Pid);

impl Held {
    pub(crate) fn process(sandbox: &Sandbox, name: &str) -> Result<Self> {
        let pid = *sandbox.pids().get(name).context("no such process")?;
        let pid = Pid::from_raw(pid.try_into()?).context("no such process")?;
        kill_process(pid, Signal::STOP)?;
        Ok(Self(pid))
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        // It may have ended meanwhile.
        let _ = kill_process(self.0, Signal::CONT);
    }
}

/// User and system time of a process, its threads included.
fn time_of(pid: u32) -> Result<f64> {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat"))?;
    // The name may hold blanks; what follows it does not.
    let (_, fields) = stat.rsplit_once(')').context("a process has a name")?;
    let ticks = fields.split_whitespace().skip(11).take(2).map(str::parse::<f64>);
    Ok(ticks.sum::<std::result::Result<f64, _>>()? * TICK)
}

/// The middle of two.
pub(crate) fn median([a, b]: [f64; 2]) -> f64 {
    f64::midpoint(a, b)
}
