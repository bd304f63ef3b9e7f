//! Talk by Zalo's official account: pictures that people send while a supplement is awaited of them,
//! and what they say to the question whether those are to be filed.

mod file;
mod hear;
mod say;
mod take;
mod tidy;

use std::sync::Arc;

use chrono::TimeDelta;
use motcua_context::{Actor, Cause, Clock, Ctx, System, Timestamp};
use motcua_fault::{Fault, Kind};
use motcua_ids::Uuid;
use motcua_store::{Store, Tx};
use sha2::{Digest, Sha256};

use crate::{
    domain::{Picture, Reply, Stand},
    grpc::Intake,
    providers::Talk,
    store::{Pictures, Replies, Saying, Senders},
};

pub(crate) use self::tidy::Leftovers;

/// The timer of a picture: that it is fetched, looked at again, or forgotten.
pub(crate) const PICTURE: &str = "zalo-picture";
/// The timer of an answer that is to be told to intake; its subject is made of the message.
pub(crate) const ANSWER: &str = "zalo-answer";
/// The timer of what is to be said.
pub(crate) const REPLY: &str = "zalo-reply";

/// How long is waited with an answer to a picture: of an album each comes by itself, and people
/// are told once.
const PAUSE: TimeDelta = TimeDelta::seconds(4);
/// How long after a picture came intake is told what was said of it; longer than its own wait for a
/// word (`intake.offer_hours`).
const GIVEN_UP: TimeDelta = TimeDelta::days(31);
/// By how much a question comes after what else is said.
const LAST: TimeDelta = TimeDelta::seconds(2);
/// How long intake may be away before a picture is given up: those beside it are not asked about until
/// then.
const LONGEST: TimeDelta = TimeDelta::hours(24);
/// How long somebody who sends pictures in vain is not told so again, in seconds.
const HINT_EVERY: i64 = 600;

/// The talk, and what it works with.
#[derive(Clone)]
pub(crate) struct Talks {
    pub(crate) store: Store,
    pub(crate) senders: Senders,
    pub(crate) pictures: Pictures,
    pub(crate) replies: Replies,
    pub(crate) intake: Intake,
    pub(crate) talk: Arc<Talk>,
    pub(crate) clock: Arc<dyn Clock>,
}

impl Talks {
    /// Leaves something to be said. The same to the same person within some minutes is said once.
    async fn reply(
        &self,
        tx: &Tx,
        now: Timestamp,
        user: &str,
        reply: &Reply<'_>,
    ) -> Result<(), Fault> {
        let saying = Saying { user: user.to_owned(), text: reply.text() };
        let within = now.timestamp().div_euclid(HINT_EVERY).to_string();
        let id = named(&["reply", user, &saying.text, &within]);
        if self.replies.insert(tx, id, &saying, now).await? {
            tx.schedule(REPLY, id, now + PAUSE).await?;
        }
        Ok(())
    }

    /// Asks about the pictures of the dossier that the latest is for, once none of the sender's is on
    /// its way any more. One question is open at a time: what was asked about another dossier is asked
    /// again after it. `mine` are all of the sender, held.
    async fn ask(&self, tx: &Tx, now: Timestamp, mut mine: Vec<Picture>) -> Result<(), Fault> {
        if mine.iter().any(|picture| picture.stand == Stand::Heard) {
            return Ok(());
        }
        let open =
            |picture: &&Picture| matches!(picture.stand, Stand::Ready(..) | Stand::Asked(..));
        let Some(latest) = mine.iter().rfind(open).cloned() else { return Ok(()) };
        let of = latest.stand.dossier();
        let is_new = |picture: &Picture| {
            matches!(picture.stand, Stand::Ready(..)) && picture.stand.dossier() == of
        };
        if !mine.iter().any(is_new) {
            return Ok(());
        }
        let mut pictures = 0;
        for picture in &mut mine {
            let stand = match picture.stand {
                Stand::Ready(dossier, offer) | Stand::Asked(dossier, offer) => {
                    if Some(dossier) == of {
                        // Those asked about before too: one answer is for all.
                        pictures += 1;
                        Stand::Asked(dossier, offer)
                    } else {
                        Stand::Ready(dossier, offer)
                    }
                }
                stand @ (Stand::Heard | Stand::Waiting(..) | Stand::Answered(..)) => stand,
            };
            if stand != picture.stand {
                picture.stand = stand;
                self.pictures.save(tx, picture).await?;
            }
        }
        let (code, choices) = (&*latest.shot.code, &*latest.shot.choices);
        let ask = Reply::Ask { code, pictures, choices };
        self.reply(tx, now + LAST, &latest.shot.user, &ask).await
    }

    /// A cause made of what Zalo told: told again, it does nothing.
    fn ctx(&self, name: &'static str, id: Uuid) -> Ctx {
        let actor = Actor::System(System::service(self.store.service()));
        let cause = Cause::Due { name, id, generation: 0 };
        Ctx::new(actor, self.clock.now()).with_cause(cause)
    }
}

/// The number made of some texts: the same for the same ones, of version 4, so that it is a request's
/// too.
fn named(parts: &[&str]) -> Uuid {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update(part);
        hash.update([0]);
    }
    let octets = hash.finalize().first_chunk().copied().unwrap_or_default();
    uuid::Builder::from_random_bytes(octets).into_uuid()
}

/// Whether a dossier awaits no supplement, or none any more.
fn is_not_awaited(fault: &Fault) -> bool {
    fault.kind() == Kind::NotFound
        || matches!(
            fault.reason(),
            "NOT_AWAITING_SUPPLEMENT" | "SUPPLEMENT_EXPIRED" | "DOSSIER_ENDED"
        )
}
