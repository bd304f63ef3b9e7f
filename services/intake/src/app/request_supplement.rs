//! Yêu cầu bổ sung: the desk asks the citizen, in its own words or forwarding
//! the specialist's.

use std::sync::Arc;

use motcua_context::Ctx;
use motcua_fault::{Fault, Violations};
use motcua_ids::{DossierId, SupplementId};

use super::{App, Published, View, authority, submit};
use crate::{
    domain::{By, Denial, Dossier, Hand, RoundState, State, Supplement, table::Command},
    store::dossiers::{self, Changed},
};

/// What the citizen is asked.
pub(crate) struct RequestSupplement {
    pub(crate) id: DossierId,
    /// Empty: the specialist's words.
    pub(crate) reason: String,
    /// Empty: the specialist's.
    pub(crate) papers: Vec<String>,
    pub(crate) answers: Vec<String>,
    /// `None`: by the procedure, then by the policy.
    pub(crate) days: Option<u32>,
}

/// What is said to the citizen, by the version the dossier is filed under.
struct Words {
    why: String,
    round: Supplement,
    published: Arc<Published>,
}

impl App {
    /// Asks the citizen.
    pub(crate) async fn request_supplement(
        &self,
        ctx: &Ctx,
        request: RequestSupplement,
        method: &str,
    ) -> Result<View, Fault> {
        let known = dossiers::find(self.store.reader(), request.id).await?.dossier;
        let officer = authority::desk(ctx, &known)?;
        // What is wrong with them is said inside: a repeated request is answered as the first was.
        let words = self.word(ctx, &known, &request).await;
        let most = self.config.supplement_rounds;
        self.store
            .write(ctx, request.id.uuid(), async |tx| {
                let loaded = dossiers::lock(tx, request.id).await?;
                authority::desk(ctx, &loaded.dossier)?;
                self.put_on_record(tx, &loaded)?;
                let answers = loaded.answers(&self.keyring)?;
                let mut dossier = loaded.dossier;
                // The words were fetched for this ask and no other.
                if dossier.pending_ask != known.pending_ask {
                    return Err(Denial::EtagMismatch.into());
                }
                dossier.may(Command::RequestSupplement)?;
                let Words { why, round, published } = words?;
                if dossier.state == State::Draft {
                    submit::rebase(&mut dossier, &published)?;
                }
                let hand = Hand { by: By::Desk(officer), at: ctx.now(), why };
                dossier.request_supplement(&hand, round, most)?;
                let changed = Changed { filed: Some(&answers), ..Changed::default() };
                self.keep(tx, &mut dossier, changed).await
            })
            .await?;
        self.answer(ctx, request.id.uuid(), method).await
    }

    /// The words and the deadline, checked against the case's papers.
    async fn word(
        &self,
        ctx: &Ctx,
        dossier: &Dossier,
        request: &RequestSupplement,
    ) -> Result<Words, Fault> {
        let filing = &dossier.filing;
        let published = if dossier.state == State::Draft {
            self.catalog.current(ctx, filing.procedure).await?
        } else {
            self.catalog.version(ctx, filing.version).await?
        };
        let procedure = &published.procedure;
        let (mut reason, mut papers) = (request.reason.clone(), request.papers.clone());
        if let Some(ask) = dossier.pending_ask {
            let asked = self.neighbours.supplement_ask(ctx, ask).await?;
            if reason.is_empty() {
                reason = asked.reason;
            }
            if papers.is_empty() {
                papers = asked.papers;
            }
        }
        let mut violations = Violations::default();
        if reason.is_empty() {
            violations.add("reason", "REQUIRED", "Vui lòng ghi rõ nội dung cần bổ sung.");
        }
        let case = procedure.case(&filing.case)?;
        for (i, code) in papers.iter().enumerate() {
            violations.take(format!("papers.{i}"), case.paper(code));
        }
        for (i, path) in request.answers.iter().enumerate() {
            if !published.form.as_ref().is_some_and(|form| form.asks(path)) {
                let text = "Tờ khai của thủ tục không có mục này.";
                violations.add(format!("answers.{i}"), "ANSWER_UNKNOWN", text);
            }
        }
        violations.finish()?;
        let agency = filing.competent.agency();
        let rules = self.catalog.clock_rules(ctx, agency, procedure.version, ctx.now()).await?;
        let days = request.days.or(procedure.supplement_days);
        let round = Supplement {
            id: ctx.new_id::<SupplementId>(),
            round: 0,
            state: RoundState::Requested,
            before_acceptance: false,
            papers,
            answers: request.answers.clone(),
            ask: None,
            requested_at: ctx.now(),
            deadline: rules.supplement_due(ctx.now(), days),
            ended_at: None,
        };
        Ok(Words { why: reason, round, published })
    }
}
