//! Tiếp nhận trực tiếp: what came to the desk is filed and accepted at once.

use motcua_context::Ctx;
use motcua_fault::Fault;
use motcua_ids::DossierId;

use super::{App, HandedIn, View, authority, handed_in::as_papers, submit};
use crate::{
    domain::{By, Denial, Hand, Paper, table::Command},
    store::{
        dossiers::{self, Changed},
        papers,
    },
};

impl App {
    /// Files and accepts a draft of the desk.
    pub(crate) async fn receive(
        &self,
        ctx: &Ctx,
        id: DossierId,
        etag: &str,
        handed_in: Vec<HandedIn>,
        method: &str,
    ) -> Result<View, Fault> {
        let known = dossiers::find(self.store.reader(), id).await?.dossier;
        let officer = authority::desk(ctx, &known)?;
        let published = self.catalog.current(ctx, known.filing.procedure).await?;
        let appointment = self.appoint(ctx, &known, &published).await?;
        let hand = Hand { by: By::Desk(officer), at: ctx.now(), why: String::new() };
        self.store
            .write(ctx, id.uuid(), async |tx| {
                let loaded = dossiers::lock(tx, id).await?;
                let persons = loaded.persons(&self.keyring)?;
                let answers = loaded.answers(&self.keyring)?;
                let mut dossier = loaded.dossier;
                authority::desk(ctx, &dossier)?;
                dossier.may(Command::Receive)?;
                if dossier.filing.is_online() {
                    return Err(Denial::NotDeskFiled.into());
                }
                dossier.matches(etag)?;
                submit::rebase(&mut dossier, &published)?;
                let case = published.procedure.case(&dossier.filing.case)?;
                let sheets = as_papers(ctx, &dossier, case, &handed_in)?;
                papers::insert(tx, &self.keyring, None, &sheets).await?;
                let mut given = papers::of_dossier(tx.db(), &self.keyring, id).await?;
                given.retain(Paper::counts);
                submit::check(&dossier, &published, &persons, &answers, &given)?.finish()?;
                dossier.receive(officer, &hand, appointment)?;
                papers::mark_filed(tx, id).await?;
                self.keep(tx, &mut dossier, Changed::default()).await
            })
            .await?;
        self.answer(ctx, id.uuid(), method).await
    }
}
