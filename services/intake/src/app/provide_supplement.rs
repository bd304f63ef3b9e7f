//! Bổ sung hồ sơ: the citizen answers, or the desk for them.

use motcua_context::Ctx;
use motcua_fault::Fault;
use motcua_ids::DossierId;

use super::{App, HandedIn, View, authority, handed_in::as_papers, submit};
use crate::{
    domain::{By, Denial, Hand, checklist, table::Command},
    store::{
        dossiers::{self, Changed},
        papers,
    },
};

impl App {
    /// Sends what was asked for, checked as a filing is.
    pub(crate) async fn provide_supplement(
        &self,
        ctx: &Ctx,
        id: DossierId,
        etag: &str,
        handed_in: Vec<HandedIn>,
        method: &str,
    ) -> Result<View, Fault> {
        let known = dossiers::find(self.store.reader(), id).await?.dossier;
        authority::filer_or_desk(ctx, &known)?;
        let published = self.catalog.version(ctx, known.filing.version).await?;
        self.store
            .write(ctx, id.uuid(), async |tx| {
                let loaded = dossiers::lock(tx, id).await?;
                let persons = loaded.persons(&self.keyring)?;
                let answers = loaded.answers(&self.keyring)?;
                let mut dossier = loaded.dossier;
                let by = authority::filer_or_desk(ctx, &dossier)?;
                dossier.may(Command::ProvideSupplement)?;
                dossier.matches(etag)?;
                if !handed_in.is_empty() && matches!(by, By::Filer(_)) {
                    return Err(Denial::NotDeskFiled.into());
                }
                let case = published.procedure.case(&dossier.filing.case)?;
                let sheets = as_papers(ctx, &dossier, case, &handed_in)?;
                papers::insert(tx, &self.keyring, dossier.filing.account, &sheets).await?;
                let given = papers::of_dossier(tx.db(), &self.keyring, id).await?;
                let mut violations =
                    submit::check(&dossier, &published, &persons, &answers, &given)?;
                if let Some(asked) = dossier.open_round() {
                    checklist::check_supplement(asked, case, &given, &mut violations);
                }
                violations.finish()?;
                let hand = Hand { by, at: ctx.now(), why: String::new() };
                dossier.provide_supplement(&hand)?;
                papers::mark_filed(tx, id).await?;
                self.keep(tx, &mut dossier, Changed::default()).await
            })
            .await?;
        self.answer(ctx, id.uuid(), method).await
    }
}
