//! What the sender said to the pictures: they become papers of the dossier, or go.

use motcua_context::Ctx;
use motcua_fault::{Fault, Violations};
use motcua_ids::{DossierId, PaperOfferId};
use motcua_store::Tx;

use super::{App, Published, authority, submit, timer};
use crate::{
    domain::{Denial, Dossier, Offer, Paper, answers, checklist},
    store::{
        dossiers::{self, Changed, Loaded},
        offers, papers, supplements,
    },
};

/// Which pictures are meant, and for what.
pub(crate) struct AnswerOffers {
    pub(crate) dossier: DossierId,
    pub(crate) offers: Vec<PaperOfferId>,
    /// The component; `None`: they are not wanted.
    pub(crate) code: Option<String>,
}

/// What came of it.
pub(crate) struct Answered {
    /// Pictures that are papers now.
    pub(crate) bound: usize,
    /// The supplement is provided with them.
    pub(crate) provided: bool,
    /// What is missing still, for people.
    pub(crate) lacking: Vec<String>,
}

impl App {
    /// Binds pictures to the supplement that is awaited, or takes them away. What was asked for being
    /// there, the supplement is provided in the same write: whoever answers by telephone has no other
    /// button to press.
    pub(crate) async fn answer_offers(
        &self,
        ctx: &Ctx,
        asked: AnswerOffers,
    ) -> Result<Answered, Fault> {
        let known = dossiers::find(self.store.reader(), asked.dossier).await?.dossier;
        authority::by_zalo(ctx, &known)?;
        let published = self.catalog.version(ctx, known.filing.version).await?;
        let reply_due_at = self.reply_due(ctx, &known).await?;
        let written = self
            .store
            .write(ctx, asked.dossier.uuid(), async |tx| {
                let loaded = dossiers::lock(tx, asked.dossier).await?;
                authority::by_zalo(ctx, &loaded.dossier)?;
                let offered = offers::among(tx.db(), asked.dossier, &asked.offers).await?;
                let Some(code) = &asked.code else {
                    self.drop_offers(tx, ctx, &offered).await?;
                    return Ok(Answered { bound: 0, provided: false, lacking: Vec::new() });
                };
                let bound = self.bind(tx, ctx, &loaded, &published, offered, code).await?;
                let lacking = self.lacking(tx, &loaded, &published).await?;
                let mut dossier = loaded.dossier;
                let hand = dossier.by_zalo(ctx.now());
                dossier.take_pictures(&hand, bound.len())?;
                let provided = lacking.is_empty();
                if provided {
                    dossier.provide_supplement(&hand, reply_due_at)?;
                    papers::mark_filed(tx, dossier.id);
                }
                self.keep(tx, &mut dossier, Changed::default()).await?;
                let lacking = lacking.as_slice().iter().map(|wrong| wrong.text.clone()).collect();
                Ok(Answered { bound: bound.len(), provided, lacking })
            })
            .await?;
        written.or_reload(async |_| self.answered(&asked).await).await
    }

    /// The offers as papers of a component, which they are from now on.
    async fn bind(
        &self,
        tx: &Tx,
        ctx: &Ctx,
        loaded: &Loaded,
        published: &Published,
        offered: Vec<Offer>,
        code: &str,
    ) -> Result<Vec<Paper>, Fault> {
        let dossier = &loaded.dossier;
        let round = dossier.awaited(ctx.now())?.id;
        published.procedure.case(&dossier.filing.case)?.paper(code)?;
        // What was sent in answer to an earlier round answers nothing now.
        let (offered, late): (Vec<_>, Vec<_>) =
            offered.into_iter().partition(|offer| offer.round == round);
        self.drop_offers(tx, ctx, &late).await?;
        let ids: Vec<_> = offered.iter().map(|offer| offer.id).collect();
        let unscanned_too = self.serves_unscanned();
        let bound = offered.into_iter().map(|offer| offer.bind(code, unscanned_too, ctx.now()));
        let bound = bound.collect::<Result<Vec<_>, Denial>>()?;
        if bound.is_empty() {
            return Err(offers::unknown());
        }
        let mut given = papers::of_dossier(tx.db(), &self.keyring, dossier.id).await?;
        for paper in &bound {
            self.has_room(&given, code)?;
            given.push(paper.clone());
        }
        papers::insert(tx, &self.keyring, dossier.filing.account, &bound).await?;
        offers::remove(tx, &ids).await?;
        for id in ids {
            tx.unschedule(timer::OFFER, id.uuid()).await?;
        }
        Ok(bound)
    }

    /// What a supplement provided now would lack, checked as [`App::provide_supplement`] does.
    async fn lacking(
        &self,
        tx: &Tx,
        loaded: &Loaded,
        published: &Published,
    ) -> Result<Violations, Fault> {
        let dossier: &Dossier = &loaded.dossier;
        let (persons, now) = (loaded.persons(&self.keyring)?, loaded.answers(&self.keyring)?);
        let given = papers::of_dossier(tx.db(), &self.keyring, dossier.id).await?;
        let filed = submit::Filed { persons: &persons, answers: &now, papers: &given };
        let mut violations = Violations::default();
        submit::check(dossier, published, &filed, &mut violations)?;
        if let Some(asked) = dossier.open_round() {
            let case = published.procedure.case(&dossier.filing.case)?;
            let before = supplements::filed(tx, &self.keyring, asked.id).await?;
            let changed = answers::changed(&before.unwrap_or_default(), &now);
            checklist::check_supplement(asked, case, &given, &changed, &mut violations);
        }
        Ok(violations)
    }

    /// What a repeated request is answered: as things stand, since the first answer is not kept.
    async fn answered(&self, asked: &AnswerOffers) -> Result<Answered, Fault> {
        let db = self.store.reader();
        let dossier = dossiers::find(db, asked.dossier).await?.dossier;
        let given = papers::of_dossier(db, &self.keyring, asked.dossier).await?;
        let is_meant = |paper: &&Paper| asked.offers.iter().any(|id| id.uuid() == paper.id.uuid());
        let bound: Vec<_> = given.iter().filter(is_meant).collect();
        let provided = bound.first().is_some_and(|paper| paper.filed);
        let lacking = match dossier.open_round() {
            Some(_) if !bound.is_empty() && !provided => {
                vec!["Hồ sơ còn nội dung được yêu cầu chưa bổ sung.".to_owned()]
            }
            _ => Vec::new(),
        };
        Ok(Answered { bound: bound.len(), provided, lacking })
    }
}
