use chrono::TimeDelta;
use motcua_context::Ctx;
use motcua_fault::Fault;
use motcua_ids::Uuid;

use super::{HINT_EVERY, REPLY, Talks};
use crate::{
    domain::{Answer, Reply},
    store::TalkDays,
};

/// Tries to say something at the most: an answer that comes hours later helps nobody.
const TRIES: u16 = 8;
/// The wait after the first try; it doubles.
const FIRST_WAIT: TimeDelta = TimeDelta::seconds(15);

impl Talks {
    /// Says what is to be said, or notes when to try again.
    pub(crate) async fn say(&self, ctx: &Ctx, id: Uuid) -> Result<(), Fault> {
        let Some((saying, attempts)) = self.replies.get(self.store.reader(), id).await? else {
            return Ok(());
        };
        if attempts >= TRIES {
            // A hint whose time is over: it may be given again.
            let over = self.store.write(ctx, id, async |tx| self.replies.forget(tx, &[id]).await);
            return over.await.map(drop);
        }
        let attempts = attempts + 1;
        let answer = self.talk.say(ctx.now(), &saying.user, &saying.text).await;
        let again = match &answer {
            Answer::Later { wait, .. } if attempts < TRIES => {
                let own = FIRST_WAIT * 2_i32.pow(u32::from(attempts) - 1);
                Some(ctx.now() + wait.map_or(own, |asked| asked.max(own)))
            }
            _ => None,
        };
        if let Some(reason) = answer.reason().filter(|_| again.is_none()) {
            tracing::warn!(%reason, "an answer by Zalo is given up");
        }
        let noted = self.store.write(ctx, id, async |tx| {
            if matches!(answer, Answer::Taken(_)) {
                TalkDays::note(tx, ctx.now());
            }
            match again {
                Some(at) => {
                    self.replies.tried(tx, id, attempts).await?;
                    tx.schedule(REPLY, id, at).await
                }
                None if saying.text == Reply::Unknown.text() => {
                    self.replies.tried(tx, id, TRIES).await?;
                    tx.schedule(REPLY, id, ctx.now() + TimeDelta::seconds(HINT_EVERY)).await
                }
                None => self.replies.forget(tx, &[id]).await,
            }
        });
        noted.await.map(drop)
    }
}
