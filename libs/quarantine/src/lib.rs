//! Files that are not served: what waits for the scanner, and what is held back.
//!
//! A service that keeps files has one [`Quarantine`] and the table of [`migration`] in
//! its schema. It lets a new file be examined ([`Quarantine::examine`]) and keeps the
//! verdict in the write that names the file ([`Quarantine::keep`]), or holds a file back
//! that it refuses ([`Quarantine::hold`]). What nothing is known of yet is examined again
//! by a sweep ([`Quarantine::mount`]) as soon as the scanner answers; the service then
//! notes the verdict in rows of its own.
//!
//! * A file without a verdict has a row that waits, whatever was the reason.
//! * A file that is held back lies, sealed, where nothing opens it, until its time is
//!   over; its row stays, and says what was found and when.
//! * A scanner that is away says nothing of a file. One that fails at the same file
//!   again and again does: then it is held back.
//! * A person may ask for another look ([`ask_again`]): what is found clean then is let go.
//!
//! Whose a file is, and who is told, is its owner's question: nothing about dossiers may
//! enter this crate.

mod held;
mod list;
mod scan;
mod sweep;

use std::time::Duration;

use chrono::TimeDelta;
use motcua_bus::DueJob;
use motcua_context::{Cause, Ctx, Timestamp};
use motcua_fault::Fault;
use motcua_files::{Files, Scanner};
use motcua_ids::{FileId, Uuid};
use motcua_proto::r#type::v1::FileProblem;
use motcua_service::{Env, Gauge, Lookout, Mounted, Need};
use motcua_store::{Store, Tx};

pub use held::{HeldFile, State, migration, states};
pub use list::{ask_again, list};
pub use motcua_files::{Unfit, Verdict};
pub use scan::Scan;
pub use sweep::Look;

/// The timer that ends a quarantine; its subject is the file.
const END: &str = "quarantine-end";

static WAITING: Gauge = Gauge {
    name: "motcua.files.waiting",
    unit: "{file}",
    description: "Files that wait for the scanner and are not served, counted up to 10000.",
};
static HELD: Gauge = Gauge {
    name: "motcua.files.quarantined",
    unit: "{file}",
    description: "Files in quarantine, counted up to 10000.",
};

/// What a service does about its files that are not served. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Quarantine {
    store: Store,
    files: Files,
    /// How long whoever sends a file waits for its verdict.
    patience: Duration,
    kept: TimeDelta,
}

impl Quarantine {
    /// The quarantine of a service.
    pub fn new(env: &Env) -> Self {
        Self {
            store: env.store.clone(),
            files: env.files.clone(),
            patience: Duration::from_secs(env.files_settings.verdict_s.into()),
            kept: TimeDelta::days(env.files_settings.quarantine_days.into()),
        }
    }

    /// Adds what has to be done again and again, and what is to be seen of it. `settle`
    /// notes a verdict in the service's own rows, in a write that begins with
    /// [`Quarantine::settle`].
    pub fn mount<F, R>(&self, mounted: &mut Mounted, settle: F)
    where
        F: Fn(Ctx, Look, Verdict) -> R + Send + Sync + 'static,
        R: Future<Output = Result<(), Fault>> + Send + 'static,
    {
        mounted.chores.push(self.sweep(settle));
        let own = self.clone();
        mounted.due.push(DueJob::new(END, move |ctx, file| {
            let own = own.clone();
            async move { own.end(&ctx, file.into()).await }
        }));
        for (gauge, state) in [(&WAITING, State::Waiting), (&HELD, State::Held)] {
            let own = self.clone();
            mounted.lookouts.push(Lookout::new(gauge, [], move |_| {
                let own = own.clone();
                async move { own.count(state).await }
            }));
        }
        if self.scans() {
            let files = self.files.clone();
            mounted.needs.push(Need::new("scanner", move || {
                let files = files.clone();
                async move { files.scanner().is_answering().await }
            }));
        }
    }

    /// Lets the scanner read a new file, for as long as its sender waits.
    pub async fn examine(&self, file: FileId) -> Result<Verdict, Fault> {
        let verdict = self.files.scan(file, self.patience).await?;
        if let Verdict::Waiting(why) = &verdict {
            tracing::warn!(%file, ?why, "file is not examined yet");
        }
        Ok(verdict)
    }

    /// Notes, in the write that names a new file of `subject`, what is known of it.
    pub async fn keep(
        &self,
        tx: &Tx,
        file: FileId,
        subject: Uuid,
        verdict: &Verdict,
        now: Timestamp,
    ) -> Result<(), Fault> {
        match verdict {
            Verdict::Clean => Ok(()),
            Verdict::Unfit(unfit, said) => {
                let until = now + self.kept;
                tx.schedule(END, file.uuid(), until).await?;
                held::insert_held(tx, file, subject, *unfit, said, (now, until)).await
            }
            Verdict::Waiting(_) | Verdict::Unscanned => {
                held::insert_waiting(tx, file, subject, now).await
            }
        }
    }

    /// Holds a file back that `subject` does not take, so that no row of the service names
    /// it; the timer `unused` that would delete it is taken away.
    pub async fn hold(
        &self,
        ctx: &Ctx,
        file: FileId,
        subject: Uuid,
        verdict: &Verdict,
        unused: &'static str,
    ) -> Result<(), Fault> {
        self.files.quarantine(file).await?;
        let cause = Cause::Command { id: file.uuid() }.step("quarantine");
        let ctx = ctx.clone().with_cause(cause);
        self.store
            .write(&ctx, file.uuid(), async |tx| {
                self.keep(tx, file, subject, verdict, ctx.now()).await?;
                tx.unschedule(unused, file.uuid()).await
            })
            .await?;
        Ok(())
    }

    /// What is known of a file, locked until the write ends: no verdict comes meanwhile.
    pub async fn lock(&self, tx: &Tx, file: FileId) -> Result<Option<HeldFile>, Fault> {
        held::lock(tx, file).await
    }

    /// Whether the file is held back: then it stays, whoever does not need it.
    pub async fn holds(&self, file: FileId) -> Result<bool, Fault> {
        let known = states(self.store.reader(), &[file]).await?;
        Ok(known.get(&file) == Some(&State::Held))
    }

    /// Whether this deployment examines files at all.
    pub fn scans(&self) -> bool {
        !matches!(self.files.scanner(), Scanner::Off)
    }

    /// Deletes what was held back long enough; its row stays.
    async fn end(&self, ctx: &Ctx, file: FileId) -> Result<(), Fault> {
        if !self.holds(file).await? {
            return Ok(());
        }
        self.files.delete(file).await?;
        self.store.write(ctx, file.uuid(), async |tx| held::gone(tx, file).await).await?;
        Ok(())
    }

    async fn count(&self, state: State) -> Result<u64, Fault> {
        if state == State::Waiting && !self.scans() {
            return Ok(0);
        }
        held::count(self.store.reader(), state).await
    }
}

/// The contracts' word for it.
pub const fn problem(unfit: Unfit) -> FileProblem {
    match unfit {
        Unfit::Infected => FileProblem::Infected,
        Unfit::TooLarge => FileProblem::TooLarge,
        Unfit::Encrypted => FileProblem::Encrypted,
        Unfit::TooComplex => FileProblem::TooComplex,
        Unfit::ScannerFailed => FileProblem::ScannerFailed,
    }
}
