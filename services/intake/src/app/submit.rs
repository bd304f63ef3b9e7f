//! Nộp hồ sơ: an online draft is filed.

use std::{collections::HashMap, sync::Arc};

use motcua_context::{Ctx, Timestamp};
use motcua_fault::{Fault, Violations};
use motcua_ids::DossierId;
use motcua_vn::local;

use super::{App, Published, View, authority};
use crate::{
    domain::{Agency, By, Denial, Dossier, Hand, Paper, Persons, checklist, table::Command},
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
                let FilingFacts { published, places, reply_due_at } = facts?;
                places.hold(&dossier, &published, ctx)?;
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
                    rounds: HashMap::new(),
                    end_reason: String::new(),
                })
            })
            .await?;
        written.or_reload(async |first| self.answer(ctx, first, "").await).await
    }

    /// The version in force, and until when the desk must answer.
    async fn filing_facts(&self, ctx: &Ctx, known: &Dossier) -> Result<FilingFacts, Fault> {
        let filing = &known.filing;
        let published = self.catalog.current(ctx, filing.procedure).await?;
        published.procedure.admits_online(&filing.case)?;
        let places = self.places(ctx, known).await?;
        let agency = filing.receiving.agency();
        let version = published.procedure.version;
        let rules = self.catalog.clock_rules(ctx, agency, version, ctx.now()).await?;
        Ok(FilingFacts { published, places, reply_due_at: rules.reply_due(ctx.now(), true) })
    }

    /// The agencies a draft names, as they are now.
    pub(super) async fn places(&self, ctx: &Ctx, known: &Dossier) -> Result<Places, Fault> {
        let filing = &known.filing;
        let receiving = self.catalog.agency(ctx, filing.receiving.agency()).await?;
        let competent = self.catalog.agency(ctx, filing.competent.agency()).await?;
        Ok(Places { receiving, competent })
    }
}

/// By what a filing is judged.
struct FilingFacts {
    published: Arc<Published>,
    places: Places,
    reply_due_at: Timestamp,
}

/// Where a dossier goes.
pub(super) struct Places {
    receiving: Arc<Agency>,
    competent: Arc<Agency>,
}

impl Places {
    /// A draft may be months old: agencies merge, and competence moves.
    pub(super) fn hold(
        &self,
        dossier: &Dossier,
        published: &Published,
        ctx: &Ctx,
    ) -> Result<(), Denial> {
        let filing = &dossier.filing;
        let named = (filing.receiving.agency(), filing.competent.agency());
        if named != (self.receiving.path.agency(), self.competent.path.agency()) {
            // Changed between the look at it and its lock.
            return Err(Denial::EtagMismatch);
        }
        let day = local::day(ctx.now());
        self.receiving.receives(day)?;
        self.competent.decides(&published.procedure, day)
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
