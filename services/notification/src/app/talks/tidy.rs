use chrono::TimeDelta;
use motcua_context::{Actor, Cause, Ctx, System, Timestamp};
use motcua_fault::Fault;
use motcua_ids::Uuid;
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
        if all.iter().all(|rows| rows.is_empty()) {
            return Ok(false);
        }
        let actor = Actor::System(System::service(self.store.service()));
        // Once more does no harm, and a row may come again under its former number.
        let ctx = Ctx::new(actor, now);
        let id = Uuid::from_bytes(ctx.random());
        let ctx = ctx.with_cause(Cause::Due { name: "zalo-forgotten", id, generation: 0 });
        let forgotten = self.store.write(&ctx, id, async |tx| {
            self.senders.forget(tx, &senders).await?;
            self.pictures.forget(tx, &pictures).await?;
            self.replies.forget(tx, &replies).await
        });
        forgotten.await?;
        Ok(all.iter().any(|rows| u64::try_from(rows.len()).is_ok_and(|found| found == BATCH)))
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use motcua_sealing::Keyring;
    use motcua_testkit::{Database, TestEnv};
    use sea_orm::ConnectionTrait;

    use super::*;
    use crate::Notification;

    #[tokio::test]
    async fn what_is_old_is_forgotten() {
        let env = TestEnv::<Notification>::builder().on(Database::Sqlite).start().await;
        let keyring = Arc::new(Keyring::generate());
        let leftovers = Leftovers {
            store: env.store.clone(),
            senders: Senders::new(keyring.clone()),
            pictures: Pictures::new(keyring.clone()),
            replies: Replies::new(keyring),
        };
        let (id, sealed) = ("X'00112233445566778899AABBCCDDEEFF'", "X'00'");
        let at = "'2026-03-02T02:00:00+00:00'";
        for kept in [
            format!("zalo_sender VALUES ({id}, {sealed}, {sealed}, 'z1', {at})"),
            format!(
                "zalo_picture VALUES ({id}, {sealed}, {sealed}, 'heard', NULL, NULL, NULL, 0, {at})"
            ),
            format!("zalo_reply VALUES ({id}, {sealed}, 0, {at})"),
        ] {
            let db = env.store.reader();
            db.execute_unprepared(&format!("INSERT INTO {kept}")).await.unwrap();
        }
        let at: Timestamp = "2026-03-02T02:00:00Z".parse().unwrap();
        let left = async || {
            let (db, since) = (env.store.reader(), at + TimeDelta::hours(1));
            let senders = leftovers.senders.outlived(db, since, at, BATCH).await;
            let pictures = leftovers.pictures.outlived(db, since, BATCH).await;
            let replies = leftovers.replies.outlived(db, since, BATCH).await;
            [senders, pictures, replies].map(|rows| rows.unwrap().len())
        };
        for (hours, all) in [(23, [1, 1, 1]), (25, [0, 1, 0]), (24 * 32, [0, 0, 0])] {
            assert!(!leftovers.tidy(at + TimeDelta::hours(hours)).await.unwrap());
            assert_eq!(left().await, all, "{hours}");
        }
        env.stop().await;
    }
}
