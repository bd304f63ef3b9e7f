use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use motcua_context::Ctx;
use motcua_fault::Fault;
use motcua_ids::{AccountId, ProcessId};
use motcua_vn::Terms;

use super::{App, record::Done};
use crate::domain::{DossierClock, Filing, Places, Plan, Process};

/// An accepted dossier.
#[derive(Debug, Clone)]
pub(crate) struct Start {
    /// What was filed.
    pub(crate) filing: Filing,
    /// The dossier's version.
    pub(crate) version: i64,
    /// The officer who accepted it.
    pub(crate) accepted_by: Option<AccountId>,
    /// The calendar its appointment was counted on.
    pub(crate) calendar: String,
    /// The policy it was counted by.
    pub(crate) policy: String,
    /// The limit; absent: there is no due date.
    pub(crate) terms: Option<Terms>,
    /// The appointment the applicant was given.
    pub(crate) promised: Option<DateTime<Utc>>,
}

impl App {
    /// Begins to process an accepted dossier by the version it was filed under.
    /// A dossier that has a process already is left alone.
    pub(crate) async fn start(&self, ctx: &Ctx, start: Start) -> Result<(), Fault> {
        let Start { filing, version, accepted_by, calendar, policy, terms, promised } = start;
        let id = ProcessId::new(filing.dossier.uuid());
        if self.processes.find(self.store.reader(), id).await?.is_some() {
            return Ok(());
        }
        let published = self.catalog.plan(ctx, filing.procedure_version).await?;
        let plan = published.map_or_else(Plan::plain, Ok).map_err(Fault::internal)?;
        let calendar = self.catalog.calendar(ctx, &calendar).await?;
        let policy = self.catalog.policy(ctx, &policy).await?;
        let clock = DossierClock::start(calendar, policy, terms, filing.accepted_at)?;
        let counted = clock.due().map(|due| due.promised);
        if counted != promised {
            tracing::error!(process = %id, ?counted, ?promised, "appointment differs from intake's");
        }
        let limit = counted.map(|due| clock.minutes_between(filing.accepted_at, due));
        let places = self.places(ctx, &filing, &plan).await?;
        let definition = plan.place(&places, limit);
        self.store
            .write(ctx, id.uuid(), async |tx| {
                if self.processes.try_lock(tx, id).await?.is_some() {
                    return Ok(());
                }
                let new_id = &mut || ctx.new_id();
                let (process, events) = Process::start(filing, definition, clock, version, new_id)?;
                let held = self.processes.insert(tx, process).await?;
                let done = Done { by: accepted_by, at: ctx.now(), reason: None };
                self.record(tx, ctx, &held, &events, done).await
            })
            .await?;
        Ok(())
    }

    async fn places(&self, ctx: &Ctx, filing: &Filing, plan: &Plan) -> Result<Places, Fault> {
        let mut others = BTreeMap::new();
        for code in plan.agencies() {
            if let Some(place) = self.catalog.place_by_code(ctx, code).await? {
                others.insert(code.to_owned(), place);
            } else {
                tracing::error!(code, "a process names an agency nobody knows");
            }
        }
        Ok(Places {
            receiving: filing.receiving.clone(),
            competent: self.catalog.place(ctx, filing.competent.agency()).await?,
            others,
        })
    }
}
