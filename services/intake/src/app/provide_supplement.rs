//! Bổ sung hồ sơ: the citizen answers, or the desk for them.

use motcua_context::{Ctx, Timestamp};
use motcua_fault::{Fault, Violations};
use motcua_ids::DossierId;

use super::{
    App, HandedIn, View, authority,
    handed_in::as_papers,
    submit::{self, Filed},
};
use crate::{
    domain::{By, Dossier, Hand, answers, checklist, table::Command},
    store::{
        dossiers::{self, Changed},
        papers, supplements,
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
        let reply_due_at = self.reply_due(ctx, &known).await?;
        self.store
            .write(ctx, id.uuid(), async |tx| {
                let loaded = dossiers::lock(tx, id).await?;
                let persons = loaded.persons(&self.keyring)?;
                let now = loaded.answers(&self.keyring)?;
                let mut dossier = loaded.dossier;
                let by = authority::filer_or_desk(ctx, &dossier)?;
                dossier.may(Command::ProvideSupplement)?;
                dossier.matches(etag)?;
                let mut violations = Violations::default();
                if !handed_in.is_empty() && matches!(by, By::Filer(_)) {
                    let text = "Giấy tờ bản giấy chỉ được nhận tại bộ phận một cửa.";
                    violations.add("handed_in", "DESK_ONLY", text);
                }
                let case = published.procedure.case(&dossier.filing.case)?;
                let sheets = as_papers(ctx, &dossier, case, &handed_in, &mut violations);
                papers::insert(tx, &self.keyring, dossier.filing.account, &sheets).await?;
                let given = papers::of_dossier(tx.db(), &self.keyring, id).await?;
                let filed = Filed { persons: &persons, answers: &now, papers: &given };
                submit::check(&dossier, &published, &filed, &mut violations)?;
                if let Some(asked) = dossier.open_round() {
                    let before = supplements::filed(tx, &self.keyring, asked.id).await?;
                    let changed = answers::changed(&before.unwrap_or_default(), &now);
                    checklist::check_supplement(asked, case, &given, &changed, &mut violations);
                }
                violations.finish()?;
                let hand = Hand { by, at: ctx.now(), why: String::new() };
                dossier.provide_supplement(&hand, reply_due_at)?;
                papers::mark_filed(tx, id);
                self.keep(tx, &mut dossier, Changed::default()).await
            })
            .await?;
        self.answer(ctx, id.uuid(), method).await
    }

    /// Until when the desk must answer what is provided before acceptance.
    pub(super) async fn reply_due(
        &self,
        ctx: &Ctx,
        known: &Dossier,
    ) -> Result<Option<Timestamp>, Fault> {
        if known.acceptance.is_some() {
            return Ok(None);
        }
        let filing = &known.filing;
        let agency = filing.receiving.agency();
        let rules = self.catalog.clock_rules(ctx, agency, filing.version, ctx.now()).await?;
        Ok(Some(rules.reply_due(ctx.now(), filing.is_online())))
    }
}
