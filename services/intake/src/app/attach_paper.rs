//! A paper filed before is used again.

use motcua_context::{Actor, Ctx};
use motcua_fault::Fault;
use motcua_ids::{DossierId, PaperId};
use motcua_quarantine::Verdict;
use motcua_store::{Once, Tx};

use super::{App, authority};
use crate::{
    domain::{Denial, Paper, Scan, Source},
    store::{
        dossiers::{self, Changed, Loaded},
        papers,
    },
};

/// What to attach to what.
pub(crate) struct AttachPaper {
    pub(crate) dossier: DossierId,
    pub(crate) paper: PaperId,
    pub(crate) code: String,
}

impl App {
    /// Takes a paper over into another dossier of the same person.
    pub(crate) async fn attach_paper(
        &self,
        ctx: &Ctx,
        attach: AttachPaper,
    ) -> Result<Paper, Fault> {
        let db = self.store.reader();
        let known = dossiers::find(db, attach.dossier).await?;
        authority::filer_or_desk(ctx, &known.dossier)?;
        let id = ctx.new_id::<PaperId>();
        // What is wrong with it is said inside: a repeated request is answered as the first was.
        let paper = self.reused(ctx, &attach, &known, id).await;
        let written = self
            .store
            .write(ctx, id.uuid(), async |tx| {
                let paper = self.still_usable(tx, ctx, paper?).await?;
                let mut dossier = dossiers::lock(tx, attach.dossier).await?.dossier;
                authority::filer_or_desk(ctx, &dossier)?;
                dossier.edit()?;
                let given = papers::of_dossier(tx.db(), &self.keyring, dossier.id).await?;
                self.has_room(&given, &attach.code)?;
                let account = dossier.filing.account;
                papers::insert(tx, &self.keyring, account, std::slice::from_ref(&paper)).await?;
                self.keep(tx, &mut dossier, Changed::default()).await?;
                Ok(paper)
            })
            .await?;
        match written {
            Once::Done(paper) => Ok(paper),
            Once::Already(first) => papers::find(db, &self.keyring, first.into()).await,
        }
    }

    /// The paper as it joins the other dossier.
    async fn reused(
        &self,
        ctx: &Ctx,
        attach: &AttachPaper,
        to: &Loaded,
        id: PaperId,
    ) -> Result<Paper, Fault> {
        let db = self.store.reader();
        self.may_add(ctx, &to.dossier, &attach.code).await?;
        let filed = papers::find(db, &self.keyring, attach.paper).await?;
        let from = dossiers::find(db, filed.dossier).await?;
        self.same_person(ctx, &from, to)?;
        Ok(filed.reuse(id, attach.dossier, attach.code.clone(), ctx.now())?)
    }

    /// A verdict on the file that came meanwhile, or comes later, reaches this paper too.
    async fn still_usable(&self, tx: &Tx, ctx: &Ctx, mut paper: Paper) -> Result<Paper, Fault> {
        let (Source::Reused(from), Some(content)) = (paper.source, &mut paper.content) else {
            return Ok(paper);
        };
        if content.scan == Scan::Clean {
            return Ok(paper);
        }
        match self.quarantine.lock(tx, content.file).await?.map(|held| held.problem) {
            Some(Some(unfit)) => return Err(Denial::FileUnfit(unfit).into()),
            Some(None) => {}
            None => {
                let known = papers::find(tx.db(), &self.keyring, from).await?;
                content.scan = known.servable(true)?.scan;
                let (subject, verdict) = (paper.dossier.uuid(), Verdict::Unscanned);
                if content.scan != Scan::Clean {
                    self.quarantine.keep(tx, content.file, subject, &verdict, ctx.now()).await?;
                }
            }
        }
        Ok(paper)
    }

    /// A citizen reuses what they filed; a desk officer what the same applicant
    /// filed before, from the same account or through the officer's own desk.
    /// To others there is no such paper.
    fn same_person(&self, ctx: &Ctx, from: &Loaded, to: &Loaded) -> Result<(), Fault> {
        let account = from.dossier.filing.account;
        if account.is_some() && account == to.dossier.filing.account {
            return Ok(());
        }
        if matches!(ctx.actor().principal(), Actor::Officer(_))
            && authority::desk(ctx, &from.dossier).is_ok()
            && from.persons(&self.keyring)?.same_applicant(&to.persons(&self.keyring)?)
        {
            return Ok(());
        }
        Err(Fault::not_found("paper"))
    }
}
