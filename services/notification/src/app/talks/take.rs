use chrono::TimeDelta;
use motcua_context::Ctx;
use motcua_fault::{Fault, Kind};
use motcua_ids::Uuid;

use super::{LONGEST, PICTURE, Talks, is_not_awaited, named};
use crate::{
    domain::{Found, Offer, Picture, Reply, Stand, is_picture},
    providers::Miss,
};

/// Messages that are looked through for dossiers of a sender.
const LOOKED_THROUGH: u64 = 50;
/// Dossiers of one sender that are tried for a picture, the latest told first.
const TRIED: usize = 5;
/// How often it is looked whether the scanner has looked.
const LOOK_EVERY: TimeDelta = TimeDelta::seconds(30);

impl Talks {
    /// Brings a picture one step on. One that was filed or dropped meanwhile is left alone.
    pub(crate) async fn take(&self, ctx: &Ctx, id: Uuid) -> Result<(), Fault> {
        let Some(picture) = self.pictures.get(self.store.reader(), id).await? else {
            return Ok(());
        };
        match picture.stand {
            Stand::Heard => self.fetch(ctx, picture).await,
            Stand::Waiting(_, offer) => match self.intake.offered(ctx, offer).await {
                Ok(offer) => self.keep(ctx, picture, offer).await,
                Err(fault) if fault.kind() == Kind::NotFound => {
                    self.end(ctx, &picture, &Reply::Unreadable).await
                }
                Err(fault) if picture.is_older_than(LONGEST, ctx.now()) => {
                    self.end(ctx, &picture, &Reply::Refused(fault.text())).await
                }
                Err(fault) => Err(fault),
            },
            // Nobody answered in time: intake has let it go by itself.
            Stand::Ready(..) | Stand::Asked(..) => self.forget(ctx, &picture).await,
            Stand::Answered(..) => Ok(()),
        }
    }

    /// Fetches it, and gives it to intake for the dossier of which its sender was told last, among
    /// those that await something.
    async fn fetch(&self, ctx: &Ctx, mut picture: Picture) -> Result<(), Fault> {
        let db = self.store.reader();
        let asked = self.senders.asked(db, &picture.shot.user, LOOKED_THROUGH).await?;
        let url = picture.shot.url.clone().unwrap_or_default();
        let octets = match self.talk.fetch(&url).await {
            Ok(octets) if is_picture(&octets) => octets,
            Ok(_) | Err(Miss::Never) => return self.end(ctx, &picture, &Reply::Unreadable).await,
            Err(Miss::Later) => {
                let Some(at) = picture.miss(ctx.now()) else {
                    return self.end(ctx, &picture, &Reply::Unreadable).await;
                };
                let later = self.store.write(ctx, picture.id, async |tx| {
                    self.pictures.save(tx, &picture).await?;
                    tx.schedule(PICTURE, picture.id, at).await
                });
                return later.await.map(drop);
            }
        };
        let is_old = picture.is_older_than(LONGEST, ctx.now());
        for known in asked.iter().take(TRIED) {
            // One request for each: another dossier is another request.
            let request = named(&["offer", &picture.id.to_string(), &known.dossier.name()]);
            match self.intake.offer(ctx, request, known.dossier, &octets).await {
                Ok(offer) => return self.keep(ctx, picture, offer).await,
                Err(fault) if is_not_awaited(&fault) => {}
                Err(fault) if fault.is_transient() && !is_old => return Err(fault),
                Err(fault) => {
                    tracing::info!(reason = fault.reason(), "intake does not take a picture");
                    return self.end(ctx, &picture, &Reply::Refused(fault.text())).await;
                }
            }
        }
        self.end(ctx, &picture, &Reply::NothingAwaited).await
    }

    /// Notes that intake has it, and what the scanner found.
    async fn keep(&self, ctx: &Ctx, mut picture: Picture, offer: Offer) -> Result<(), Fault> {
        let (stand, at) = match &offer.found {
            Found::NotYet => (Stand::Waiting(offer.dossier, offer.id), ctx.now() + LOOK_EVERY),
            Found::Nothing => (Stand::Ready(offer.dossier, offer.id), offer.expires_at),
            Found::Unfit(why) => return self.end(ctx, &picture, &Reply::Refused(why)).await,
        };
        picture.offered(stand, offer.code, offer.choices);
        let kept = self.store.write(ctx, picture.id, async |tx| {
            let mut mine = self.pictures.lock(tx, &picture.shot.user).await?;
            let Some(known) = mine.iter_mut().find(|known| known.id == picture.id) else {
                return Ok(());
            };
            known.clone_from(&picture);
            self.pictures.save(tx, &picture).await?;
            tx.schedule(PICTURE, picture.id, at).await?;
            self.ask(tx, ctx.now(), mine).await
        });
        kept.await.map(drop)
    }

    /// Ends a picture that is not filed, and tells its sender; those beside it wait no longer for it.
    async fn end(&self, ctx: &Ctx, picture: &Picture, reply: &Reply<'_>) -> Result<(), Fault> {
        let user = &*picture.shot.user;
        let ended = self.store.write(ctx, picture.id, async |tx| {
            let mut mine = self.pictures.lock(tx, user).await?;
            self.pictures.forget(tx, &[picture.id]).await?;
            self.reply(tx, ctx.now(), user, reply).await?;
            mine.retain(|known| known.id != picture.id);
            self.ask(tx, ctx.now(), mine).await
        });
        ended.await.map(drop)
    }

    async fn forget(&self, ctx: &Ctx, picture: &Picture) -> Result<(), Fault> {
        let forgotten = self.store.write(ctx, picture.id, async |tx| {
            let mine = self.pictures.lock(tx, &picture.shot.user).await?;
            let still = |known: &&Picture| known.id == picture.id && known.stand == picture.stand;
            if !mine.iter().any(|known| still(&known)) {
                // It was answered a moment ago.
                return Ok(());
            }
            self.pictures.forget(tx, &[picture.id]).await?;
            let left = mine.into_iter().filter(|known| known.id != picture.id).collect();
            self.ask(tx, ctx.now(), left).await
        });
        forgotten.await.map(drop)
    }
}
