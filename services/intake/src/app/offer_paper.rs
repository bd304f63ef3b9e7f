//! A picture comes through Zalo while a supplement is awaited: kept and examined as any paper, and no
//! part of the dossier until its sender has confirmed it.

use std::borrow::Cow;

use bytes::Bytes;
use chrono::TimeDelta;
use futures::Stream;
use motcua_context::Ctx;
use motcua_fault::{Fault, Kind};
use motcua_files::{Limits, MediaType, Stored};
use motcua_ids::{DossierId, FileId, PaperOfferId};
use motcua_store::{Once, Tx};

use super::{App, authority, timer};
use crate::{
    domain::{Content, Denial, Offer, Scan},
    store::{dossiers, offers},
};

/// What a telephone's camera makes, and Zalo hands on.
const PICTURES: &[MediaType] = &[MediaType::Jpeg, MediaType::Png];

/// An offer, with what it may be for.
pub(crate) struct Offered {
    pub(crate) offer: Offer,
    /// Mã hồ sơ, once there is one.
    pub(crate) code: Option<String>,
    /// Codes and names.
    pub(crate) choices: Vec<(String, String)>,
}

impl App {
    /// Keeps a picture for the round that is open.
    pub(crate) async fn offer_paper(
        &self,
        ctx: &Ctx,
        id: DossierId,
        pieces: impl Stream<Item = Result<Bytes, Fault>>,
    ) -> Result<Offered, Fault> {
        let known = dossiers::find(self.store.reader(), id).await?.dossier;
        authority::by_zalo(ctx, &known)?;
        known.awaited(ctx.now())?;
        let file = ctx.new_id::<FileId>();
        self.expect_file(ctx, file).await?;
        let limits =
            Limits { max_bytes: self.config.max_paper_bytes(), accept: Cow::Borrowed(PICTURES) };
        let time = self.config.transfer_time(None);
        let stored = self.store_file(file, pieces, limits, time).await?;
        let ctx = &motcua_rpc::with_content(ctx, &stored.sha256);
        match self.keep_offer(ctx, id, file, stored).await {
            Ok(Once::Done(offer)) => self.offered(ctx, offer).await,
            Ok(Once::Already(first)) => {
                self.files.delete(file).await?;
                self.paper_offer(ctx, first.into()).await
            }
            Err(fault) => {
                // Whatever else is wrong, nothing may be left behind.
                self.unused_file(file).await?;
                Err(fault)
            }
        }
    }

    /// An offer as it stands.
    pub(crate) async fn paper_offer(&self, ctx: &Ctx, id: PaperOfferId) -> Result<Offered, Fault> {
        let offer = offers::find(self.store.reader(), id).await?;
        self.offered(ctx, offer).await
    }

    /// Nobody answered in time.
    pub(crate) async fn expire_offer(&self, ctx: &Ctx, id: PaperOfferId) -> Result<(), Fault> {
        self.store
            .write(ctx, id.uuid(), async |tx| {
                let Some(offer) = there(offers::find(tx.db(), id).await)? else { return Ok(()) };
                // Whoever makes a paper of it holds the dossier, and may just have done so.
                dossiers::lock(tx, offer.dossier).await?;
                let Some(offer) = there(offers::find(tx.db(), id).await)? else { return Ok(()) };
                self.drop_offers(tx, ctx, &[offer]).await
            })
            .await?;
        Ok(())
    }

    /// Takes offers away with their bytes.
    pub(super) async fn drop_offers(
        &self,
        tx: &Tx,
        ctx: &Ctx,
        offered: &[Offer],
    ) -> Result<(), Fault> {
        let ids: Vec<_> = offered.iter().map(|offer| offer.id).collect();
        offers::remove(tx, &ids).await?;
        for id in ids {
            tx.unschedule(timer::OFFER, id.uuid()).await?;
        }
        let files: Vec<_> = offered.iter().map(|offer| offer.content.file).collect();
        self.let_go(tx, ctx, files).await
    }

    async fn offered(&self, ctx: &Ctx, offer: Offer) -> Result<Offered, Fault> {
        let dossier = dossiers::find(self.store.reader(), offer.dossier).await?.dossier;
        authority::by_zalo(ctx, &dossier)?;
        let published = self.catalog.version(ctx, dossier.filing.version).await?;
        let case = published.procedure.case(&dossier.filing.case)?;
        let round = dossier.rounds.iter().find(|round| round.id == offer.round);
        let choices = round.map(|round| round.choices(case)).unwrap_or_default();
        Ok(Offered { offer, code: dossier.code, choices })
    }

    async fn keep_offer(
        &self,
        ctx: &Ctx,
        dossier: DossierId,
        file: FileId,
        stored: Stored,
    ) -> Result<Once<Offer>, Fault> {
        let verdict = self.quarantine.examine(file).await?;
        let subject = dossier.uuid();
        if let Some(unfit) = Scan::of(&verdict).unfit() {
            self.quarantine.hold(ctx, file, subject, &verdict, timer::FILE).await?;
            return Err(Denial::FileUnfit(unfit).into());
        }
        let id = ctx.new_id::<PaperOfferId>();
        let media_type = stored.media_type.to_string();
        let content = Content {
            file,
            file_name: Offer::file_name(&media_type),
            media_type,
            size: stored.size,
            sha256: stored.sha256.to_vec(),
            scan: Scan::of(&verdict),
        };
        let expires_at = ctx.now() + TimeDelta::hours(self.config.offer_hours.into());
        let most = self.config.max_files_per_paper;
        self.store
            .write(ctx, id.uuid(), async |tx| {
                let known = dossiers::lock(tx, dossier).await?.dossier;
                authority::by_zalo(ctx, &known)?;
                let round = known.awaited(ctx.now())?.id;
                if offers::count(tx.db(), dossier).await? >= u64::from(most) {
                    return Err(Denial::TooManyPapers { most: most as usize }.into());
                }
                let created_at = ctx.now();
                let offer = Offer { id, dossier, round, content, created_at, expires_at };
                offers::insert(tx, &offer).await?;
                tx.unschedule(timer::FILE, file.uuid()).await?;
                self.quarantine.keep(tx, file, subject, &verdict, ctx.now()).await?;
                tx.schedule(timer::OFFER, id.uuid(), expires_at).await?;
                Ok(offer)
            })
            .await
    }
}

/// None where it was answered or let go.
fn there(found: Result<Offer, Fault>) -> Result<Option<Offer>, Fault> {
    match found {
        Ok(offer) => Ok(Some(offer)),
        Err(fault) if fault.kind() == Kind::NotFound => Ok(None),
        Err(fault) => Err(fault),
    }
}
