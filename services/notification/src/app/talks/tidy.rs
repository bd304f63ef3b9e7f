use chrono::TimeDelta;
use motcua_context::{Actor, Cause, Ctx, System, Timestamp};
use motcua_fault::Fault;
use motcua_store::Store;

use super::GIVEN_UP;
use crate::store::{Pictures, Replies, Senders};

/// How long it is known to whom a message came: longer than any supplement is awaited.
const KNOWN: TimeDelta = TimeDelta::days(90);
/// How long something waits to be said; longer than all its tries.
const TO_SAY: TimeDelta = TimeDelta::days(1);
/// Rows of each kind in one turn.
const BATCH: u64 = 200;

/// What talks leave behind: also those of a time when the settings still wanted them.
pub(crate) struct Leftovers {
    pub(crate) store: Store,
    pub(crate) senders: Senders,
    pub(crate) pictures: Pictures,
    pub(crate) replies: Replies,
}

impl Leftovers {
    /// Forgets what can lead to nothing any more. Whether there may be more.
    pub(crate) async fn tidy(&self, now: Timestamp) -> Result<bool, Fault> {
        let db = self.store.reader();
        let senders = self.senders.outlived(db, now - KNOWN, now, BATCH).await?;
        let pictures = self.pictures.outlived(db, now - GIVEN_UP, BATCH).await?;
        let replies = self.replies.outlived(db, now - TO_SAY, BATCH).await?;
        let all = [&senders, &pictures, &replies];
        let Some(&id) = all.into_iter().flatten().next() else { return Ok(false) };
        let actor = Actor::System(System::service(self.store.service()));
        let cause = Cause::Due { name: "zalo-forgotten", id, generation: 0 };
        let ctx = Ctx::new(actor, now).with_cause(cause);
        let forgotten = self.store.write(&ctx, id, async |tx| {
            self.senders.forget(tx, &senders).await?;
            self.pictures.forget(tx, &pictures).await?;
            self.replies.forget(tx, &replies).await
        });
        forgotten.await?;
        Ok(all.iter().any(|rows| u64::try_from(rows.len()).is_ok_and(|found| found == BATCH)))
    }
}
