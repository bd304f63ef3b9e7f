use motcua_fault::Fault;

use super::{ANSWER, PAUSE, PICTURE, Talks, named};
use crate::domain::{Did, Picture, Reply, Spoken, Stand, Word};

/// Pictures of one person on their way at the most.
const MOST: usize = 20;
/// Messages that came to somebody that are looked through.
const LOOKED_THROUGH: u64 = 200;

impl Talks {
    /// Takes what somebody did, durably. The same told twice is done once.
    pub(crate) async fn hear(&self, spoken: &Spoken) -> Result<(), Fault> {
        match &spoken.what {
            Did::Got => self.got(spoken).await,
            Did::Showed(urls) => self.showed(spoken, urls).await,
            Did::Said(text) => match Word::read(text) {
                Some(word) => self.said(spoken, word).await,
                // Whatever else people write is for those who answer there, and not kept here.
                None => Ok(()),
            },
        }
    }

    /// A message of ours came to their telephone: that telephone is known to intake as the dossier's,
    /// so whoever has it may answer for the dossier.
    async fn got(&self, spoken: &Spoken) -> Result<(), Fault> {
        if self.senders.is_beside(self.store.reader(), &spoken.message).await? {
            return Ok(());
        }
        let id = named(&["sender", &spoken.message, &spoken.user]);
        let ctx = self.ctx("zalo-got", id);
        let noted = self.store.write(&ctx, id, async |tx| {
            self.senders.note(tx, id, &spoken.user, &spoken.message, ctx.now()).await
        });
        noted.await.map(drop)
    }

    /// Pictures of whoever was asked for something are to be fetched; of others they are not kept.
    async fn showed(&self, spoken: &Spoken, urls: &[String]) -> Result<(), Fault> {
        let (user, db) = (&*spoken.user, self.store.reader());
        let known = !self.senders.asked(db, user, LOOKED_THROUGH).await?.is_empty();
        let id = named(&["showed", &spoken.message]);
        let ctx = self.ctx("zalo-showed", id);
        let now = ctx.now();
        let heard = self.store.write(&ctx, id, async |tx| {
            if !known {
                return self.reply(tx, now, user, &Reply::Unknown).await;
            }
            let mine = self.pictures.lock(tx, user).await?;
            if mine.len() + urls.len() > MOST {
                return self.reply(tx, now, user, &Reply::TooMany).await;
            }
            for (n, url) in urls.iter().enumerate() {
                let id = named(&["picture", &spoken.message, &n.to_string()]);
                let picture = Picture::heard(id, user.to_owned(), url.clone(), now);
                self.pictures.insert(tx, &picture).await?;
                tx.schedule(PICTURE, id, now + PAUSE).await?;
            }
            Ok(())
        });
        heard.await.map(drop)
    }

    /// A word is about the pictures that its sender was asked about last.
    async fn said(&self, spoken: &Spoken, word: Word) -> Result<(), Fault> {
        let user = &*spoken.user;
        if self.pictures.count(self.store.reader(), user).await? == 0 {
            return Ok(());
        }
        let id = named(&["said", &spoken.message]);
        let ctx = self.ctx("zalo-said", id);
        let now = ctx.now();
        let answered = self.store.write(&ctx, id, async |tx| {
            let mine = self.pictures.lock(tx, user).await?;
            let is_asked = |picture: &&Picture| matches!(picture.stand, Stand::Asked(..));
            let Some(asked) = mine.iter().find(is_asked) else { return Ok(()) };
            let Ok(choice) = asked.meant(word) else {
                return self.reply(tx, now, user, &Reply::Which(&asked.shot.choices)).await;
            };
            let of = asked.stand.dossier();
            // What would be filed now may be the whole supplement: nothing could follow it.
            let comes = |picture: &Picture| match picture.stand {
                Stand::Heard => true,
                Stand::Waiting(dossier, _) => Some(dossier) == of,
                Stand::Ready(..) | Stand::Asked(..) | Stand::Answered(..) => false,
            };
            if choice.is_some() && mine.iter().any(comes) {
                return self.reply(tx, now, user, &Reply::StillComing).await;
            }
            let choices: Vec<_> = choice.cloned().into_iter().collect();
            for picture in mine.iter().filter(|picture| picture.stand.dossier() == of) {
                let Stand::Asked(dossier, offer) = picture.stand else { continue };
                let mut picture = picture.clone();
                picture.stand = Stand::Answered(dossier, offer, id);
                picture.shot.choices.clone_from(&choices);
                self.pictures.save(tx, &picture).await?;
                tx.unschedule(PICTURE, picture.id).await?;
            }
            tx.schedule(ANSWER, id, now).await
        });
        answered.await.map(drop)
    }
}
