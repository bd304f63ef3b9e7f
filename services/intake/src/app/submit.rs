//! Nộp hồ sơ: an online draft is filed.

use std::collections::HashMap;

use motcua_context::Ctx;
use motcua_fault::{Fault, Violations};
use motcua_ids::DossierId;

use super::{App, Published, View, authority};
use crate::{
    domain::{By, Dossier, Hand, Illegal, Paper, Persons, Why, checklist, table::Command},
    store::{
        dossiers::{self, Changed},
        papers,
    },
};

impl App {
    /// Files a draft under the version in force, and mints its code.
    pub(crate) async fn submit(&self, ctx: &Ctx, id: DossierId, etag: &str) -> Result<View, Fault> {
        let known = dossiers::find(self.store.reader(), id).await?.dossier;
        let account = authority::filer(ctx, &known)?;
        let published = self.catalog.current(ctx, known.filing.procedure).await?;
        published.procedure.admits_online()?;
        let agency = known.filing.receiving.agency();
        let procedure = known.filing.procedure;
        let rules = self.catalog.clock_rules(ctx, agency, procedure, ctx.now()).await?;
        let reply_due_at = rules.reply_due(ctx.now(), true);
        let hand = Hand { by: By::Filer(account), at: ctx.now(), why: String::new() };
        let written = self
            .store
            .write(ctx, id.uuid(), async |tx| {
                let loaded = dossiers::lock(tx, id).await?;
                let persons = loaded.persons(&self.keyring)?;
                let answers = loaded.answers(&self.keyring)?;
                let mut dossier = loaded.dossier;
                authority::filer(ctx, &dossier)?;
                dossier.may(Command::Submit)?;
                if !dossier.filing.is_online() {
                    return Err(illegal(&dossier).into());
                }
                dossier.matches(etag)?;
                rebase(&mut dossier, &published)?;
                let papers = papers::of_dossier(tx.db(), &self.keyring, id).await?;
                check(&dossier, &published, &persons, &answers, &papers)?.finish()?;
                dossier.submit(&hand, reply_due_at)?;
                if papers.iter().any(|paper| !paper.filed) {
                    papers::mark_filed(tx, id).await?;
                }
                self.keep(tx, &mut dossier, Changed::default()).await?;
                let papers = papers.into_iter().map(|p| Paper { filed: true, ..p }).collect();
                Ok(View {
                    dossier,
                    persons,
                    answers,
                    papers,
                    reasons: HashMap::new(),
                    end_reason: String::new(),
                })
            })
            .await?;
        written.or_reload(async |first| self.answer(ctx, first, "").await).await
    }
}

/// Filed at a desk: the desk receives it.
fn illegal(dossier: &Dossier) -> Illegal {
    Illegal { why: Why::NotDraft, state: dossier.state, accepted: None }
}

/// A dossier is filed under the version in force, whichever it was begun under.
pub(super) fn rebase(dossier: &mut Dossier, published: &Published) -> Result<(), Fault> {
    let procedure = &published.procedure;
    let filing = &mut dossier.filing;
    let case = procedure.case(&filing.case)?;
    filing.finance = case.way(filing.channel)?.finance();
    if filing.version != procedure.version {
        filing.version = procedure.version;
        filing.name.clone_from(&procedure.name);
    }
    Ok(())
}

/// All that is missing or wrong: persons, answers by field, papers by code.
pub(super) fn check(
    dossier: &Dossier,
    published: &Published,
    persons: &Persons,
    answers: &serde_json::Value,
    papers: &[Paper],
) -> Result<Violations, Fault> {
    let filing = &dossier.filing;
    let online = filing.is_online();
    let mut violations = Violations::default();
    persons.check(online, &mut violations);
    if let Some(form) = published.form.as_ref().filter(|_| online || !answers.is_null()) {
        form.check(answers, &mut violations);
    }
    let case = published.procedure.case(&filing.case)?;
    let has_form = published.form.is_some();
    checklist::check(case, filing.channel, has_form, papers, &mut violations);
    Ok(violations)
}
