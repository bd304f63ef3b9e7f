use std::{sync::Arc, time::Duration};

use chrono::TimeDelta;
use futures::{StreamExt, stream};
use motcua_context::{Actor, Cause, Ctx, System, Timestamp};
use motcua_fault::{Fault, Kind};
use motcua_files::{Unfit, Verdict, Waiting};
use motcua_ids::{FileId, Uuid};
use motcua_service::Chore;
use motcua_store::Tx;

use crate::{END, Quarantine, held};

/// How soon the scanner's return is noticed.
const EVERY: Duration = Duration::from_secs(2);
/// Files of one turn, and of them so many at once.
const BATCH: u64 = 32;
const AT_ONCE: usize = 4;
/// Longer than clamd works on one file (`MaxScanTime`: two minutes), so that it can say so.
const LONGEST: Duration = Duration::from_secs(150);
/// After so many failures at one file it is the file's fault: an hour and a half in all.
const FAILURES: i32 = 5;

/// Another look at a file that is not served.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Look {
    /// The file.
    pub file: FileId,
    /// What it was sent for.
    pub subject: Uuid,
    pub(crate) held: bool,
    pub(crate) looks: i64,
    pub(crate) failures: i32,
}

impl Look {
    /// Until the next look, after one that failed: 1, 4, 16, 64 minutes.
    pub(crate) fn pause(&self) -> TimeDelta {
        TimeDelta::minutes(1 << (2 * self.failures.clamp(0, FAILURES)))
    }

    /// A file at which the scanner failed too often is unfit.
    fn judged(&self, verdict: Verdict) -> Verdict {
        match verdict {
            Verdict::Waiting(Waiting::Failed) if !self.held && self.failures + 1 >= FAILURES => {
                Verdict::Unfit(Unfit::ScannerFailed, format!("{FAILURES} failures"))
            }
            verdict => verdict,
        }
    }
}

impl Quarantine {
    pub(crate) fn sweep<F, R>(&self, settle: F) -> Chore
    where
        F: Fn(Ctx, Look, Verdict) -> R + Send + Sync + 'static,
        R: Future<Output = Result<(), Fault>> + Send + 'static,
    {
        let (own, settle) = (self.clone(), Arc::new(settle));
        Chore::new("scan", EVERY, move |now| {
            let (own, settle) = (own.clone(), settle.clone());
            async move { own.turn(now, &*settle).await }
        })
    }

    /// Looks at what is due, if the scanner answers; whether more may be due.
    async fn turn<F, R>(&self, now: Timestamp, settle: &F) -> Result<bool, Fault>
    where
        F: Fn(Ctx, Look, Verdict) -> R,
        R: Future<Output = Result<(), Fault>>,
    {
        if !self.scans() {
            return Ok(false);
        }
        let due = held::due(self.store.reader(), now, BATCH).await?;
        if due.is_empty() || !self.files.scanner().is_answering().await {
            return Ok(false);
        }
        let full = due.len() as u64 == BATCH;
        let looks = stream::iter(due).map(async |look| {
            let file = look.file;
            match self.look(now, look, settle).await {
                Ok(done) => done,
                Err(fault) => {
                    tracing::warn!(%fault, %file, "the look at a file is held up");
                    false
                }
            }
        });
        let done: Vec<bool> = looks.buffer_unordered(AT_ONCE).collect().await;
        Ok(full && done.into_iter().all(|done| done))
    }

    /// Whether something came of it.
    async fn look<F, R>(&self, now: Timestamp, look: Look, settle: &F) -> Result<bool, Fault>
    where
        F: Fn(Ctx, Look, Verdict) -> R,
        R: Future<Output = Result<(), Fault>>,
    {
        let file = look.file;
        let actor = Actor::System(System::service(self.store.service()));
        let cause = Cause::Due { name: "scan", id: file.uuid(), generation: look.looks };
        let ctx = Ctx::new(actor, now).with_cause(cause);
        let verdict = match self.files.scan(file, LONGEST).await {
            Ok(verdict) => look.judged(verdict),
            // Whoever sent it took it back.
            Err(fault) if fault.kind() == Kind::NotFound => {
                self.lost(&ctx, &look).await?;
                return Ok(true);
            }
            Err(fault) if fault.kind() == Kind::Unavailable => return Err(fault),
            Err(fault) => {
                tracing::error!(%fault, %file, "a file cannot be read");
                look.judged(Verdict::Waiting(Waiting::Failed))
            }
        };
        match &verdict {
            Verdict::Waiting(Waiting::Away) | Verdict::Unscanned => return Ok(false),
            Verdict::Unfit(..) => self.files.quarantine(file).await?,
            Verdict::Clean if look.held => self.files.restore(file).await?,
            Verdict::Clean | Verdict::Waiting(Waiting::Failed) => {}
        }
        settle(ctx, look, verdict).await?;
        Ok(true)
    }

    /// Begins the write that notes what a look has found. Answers whether there is
    /// something for the service's own rows: not if another look was faster.
    pub async fn settle(
        &self,
        tx: &Tx,
        look: &Look,
        verdict: &Verdict,
        now: Timestamp,
    ) -> Result<bool, Fault> {
        let present = held::lock(tx, look.file).await?.map(|row| held::look(&row));
        if present.as_ref() != Some(look) {
            return Ok(false);
        }
        let until = now + self.kept;
        held::save(tx, look, verdict, (now, until)).await?;
        match verdict {
            Verdict::Unfit(..) if !look.held => tx.schedule(END, look.file.uuid(), until).await?,
            Verdict::Clean => tx.unschedule(END, look.file.uuid()).await?,
            _ => {}
        }
        Ok(matches!(verdict, Verdict::Clean | Verdict::Unfit(..)))
    }

    async fn lost(&self, ctx: &Ctx, look: &Look) -> Result<(), Fault> {
        self.store
            .write(ctx, look.file.uuid(), async |tx| {
                if look.held {
                    return held::gone(tx, look.file).await;
                }
                held::forget(tx, look.file).await
            })
            .await?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn look(failures: i32, held: bool) -> Look {
        Look { file: Uuid::nil().into(), subject: Uuid::nil(), held, looks: 0, failures }
    }

    #[test]
    fn what_fails_again_and_again_ends() {
        let failed = || Verdict::Waiting(Waiting::Failed);
        let mut waited = TimeDelta::zero();
        for failures in 0..FAILURES - 1 {
            assert_eq!(look(failures, false).judged(failed()), failed());
            waited += look(failures, false).pause();
        }
        assert_eq!(waited, TimeDelta::minutes(85));
        let verdict = look(FAILURES - 1, false).judged(failed());
        assert!(matches!(verdict, Verdict::Unfit(Unfit::ScannerFailed, _)), "{verdict:?}");
    }

    #[test]
    fn absence_condemns_nothing_and_what_is_held_stays_as_it_was_found() {
        let away = Verdict::Waiting(Waiting::Away);
        assert_eq!(look(99, false).judged(away.clone()), away);
        let failed = Verdict::Waiting(Waiting::Failed);
        assert_eq!(look(99, true).judged(failed.clone()), failed);
    }
}
