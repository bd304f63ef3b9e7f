//! Tiếp nhận: an online filing is accepted, and the appointment counted.

use motcua_context::Ctx;
use motcua_fault::{Fault, Violations};
use motcua_ids::DossierId;

use super::{App, Published, View, authority};
use crate::{
    domain::{Appointment, By, Dossier, Hand, checklist, table::Command},
    store::{
        dossiers::{self, Changed},
        papers,
    },
};

impl App {
    /// Accepts what was filed and can be read.
    pub(crate) async fn accept(
        &self,
        ctx: &Ctx,
        id: DossierId,
        method: &str,
    ) -> Result<View, Fault> {
        let known = dossiers::find(self.store.reader(), id).await?.dossier;
        let officer = authority::desk(ctx, &known)?;
        let published = self.catalog.version(ctx, known.filing.version).await?;
        let appointment = self.appoint(ctx, &known, &published).await?;
        let hand = Hand { by: By::Desk(officer), at: ctx.now(), why: String::new() };
        self.store
            .write(ctx, id.uuid(), async |tx| {
                let mut dossier = dossiers::lock(tx, id).await?.dossier;
                authority::desk(ctx, &dossier)?;
                dossier.may(Command::Accept)?;
                let papers = papers::of_dossier(tx.db(), &self.keyring, id).await?;
                let case = published.procedure.case(&dossier.filing.case)?;
                let mut violations = Violations::default();
                let unscanned_too = self.serves_unscanned();
                checklist::check_readable(case, &papers, unscanned_too, &mut violations);
                violations.finish()?;
                dossier.accept(officer, &hand, appointment)?;
                self.keep(tx, &mut dossier, Changed::default()).await
            })
            .await?;
        self.answer(ctx, id.uuid(), method).await
    }

    /// Counts the appointment by the rules of the competent agency, before the write.
    pub(super) async fn appoint(
        &self,
        ctx: &Ctx,
        dossier: &Dossier,
        published: &Published,
    ) -> Result<Appointment, Fault> {
        let filing = &dossier.filing;
        let procedure = &published.procedure;
        let limit = &procedure.case(&filing.case)?.way(filing.channel)?.limit;
        let agency = filing.competent.agency();
        let rules = self.catalog.clock_rules(ctx, agency, procedure.version, ctx.now()).await?;
        rules.appoint(limit, procedure.supplement_regime, filing.is_online(), ctx.now())
    }
}
