//! Nộp hồ sơ: an online draft is filed.

use std::{collections::HashMap, sync::Arc};

use motcua_context::{Ctx, Timestamp};
use motcua_fault::{Fault, Violations};
use motcua_ids::DossierId;

use super::{App, Published, View, authority};
use crate::{
    domain::{By, Dossier, Hand, Paper, Persons, checklist, table::Command},
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
        // What is wrong with them is said inside: a repeated request is answered as the first was.
        let facts = self.filing_facts(ctx, &known).await;
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
                dossier.matches(etag)?;
                let (published, reply_due_at) = facts?;
                rebase(&mut dossier, &published)?;
                let papers = papers::of_dossier(tx.db(), &self.keyring, id).await?;
                let mut violations = Violations::default();
                let filed = Filed { persons: &persons, answers: &answers, papers: &papers };
                check(&dossier, &published, &filed, &mut violations)?;
                violations.finish()?;
                dossier.submit(&hand, reply_due_at)?;
                if papers.iter().any(|paper| !paper.filed) {
                    papers::mark_filed(tx, id);
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

    /// The version in force, and until when the desk must answer.
    async fn filing_facts(
        &self,
        ctx: &Ctx,
        known: &Dossier,
    ) -> Result<(Arc<Published>, Timestamp), Fault> {
        let procedure = known.filing.procedure;
        let published = self.catalog.current(ctx, procedure).await?;
        published.procedure.admits_online()?;
        let agency = known.filing.receiving.agency();
        let rules = self.catalog.clock_rules(ctx, agency, procedure, ctx.now()).await?;
        Ok((published, rules.reply_due(ctx.now(), true)))
    }
}

/// What a filing consists of.
pub(super) struct Filed<'a> {
    pub(super) persons: &'a Persons,
    pub(super) answers: &'a serde_json::Value,
    pub(super) papers: &'a [Paper],
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

/// Notes all that is missing or wrong: persons, answers by field, papers by code.
pub(super) fn check(
    dossier: &Dossier,
    published: &Published,
    filed: &Filed<'_>,
    violations: &mut Violations,
) -> Result<(), Fault> {
    let filing = &dossier.filing;
    let online = filing.is_online();
    filed.persons.check(online, violations);
    let has_answers = !filed.answers.is_null();
    if let Some(form) = published.form.as_ref().filter(|_| online || has_answers) {
        form.check(filed.answers, violations);
    }
    let case = published.procedure.case(&filing.case)?;
    let has_form = published.form.is_some();
    checklist::check(case, filing.channel, has_form, filed.papers, violations);
    Ok(())
}
