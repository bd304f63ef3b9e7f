//! Calendars and policies: which hold, and publishing new ones.

use chrono::NaiveDate;
use motcua_context::Ctx;
use motcua_fault::{Fault, Violations};
use motcua_ids::{
    AgencyId, AgencyPath, CalendarId, PolicyId, ProcedureId, ProcedureVersionId, Uuid,
};
use motcua_store::Tx;

use super::{App, access, today};
use crate::{
    domain::{
        AgencyKind, Calendar, CalendarDraft, Place, Policy, PolicyDraft, Refusal, Subject,
        calendar_for, missed, policy_for,
    },
    events::publish,
    store::{agencies, clocks, mark, procedures, versions},
};

impl App {
    /// What a due time is counted by, for an agency and a procedure, on a day.
    pub(crate) async fn clock_rules(
        &self,
        ctx: &Ctx,
        agency: AgencyId,
        procedure: Option<ProcedureId>,
        version: Option<ProcedureVersionId>,
        day: Option<NaiveDate>,
    ) -> Result<(Calendar, Policy), Fault> {
        let day = day.unwrap_or_else(|| today(ctx));
        let (path, kind) = self.place(agency).await?;
        let subject = match (version, procedure) {
            (Some(version), of) => Some(self.filed_under(version, of).await?),
            (None, Some(id)) => Some(self.subject(id, day).await?),
            (None, None) => None,
        };
        let live = self.live.rules(&self.store, today(ctx)).await?;
        let calendar = calendar_for(&live.calendars, &path, day);
        let place = Place { path: &path, kind };
        let policy = policy_for(&live.policies, place, subject.as_ref(), day);
        match (calendar, policy) {
            (Some(calendar), Some(policy)) => {
                let mut policy = policy.clone();
                if let Some(subject) = &subject
                    && let Some(missed) = missed(&live.policies, place, subject, day, &policy)
                {
                    policy.data.unshortened = format!(
                        "Chưa rõ mức độ dịch vụ (1-4) của thủ tục nên không áp dụng «{}».",
                        missed.data.title
                    );
                }
                Ok((calendar.clone(), policy))
            }
            _ => Err(Refusal::ClockRulesMissing.into()),
        }
    }

    /// Where an agency stands, and what it is: a unit is what it belongs to.
    async fn place(&self, id: AgencyId) -> Result<(AgencyPath, AgencyKind), Fault> {
        let agency = agencies::get(self.store.reader(), id).await?;
        let kind = match agency.parent().filter(|_| agency.kind == AgencyKind::Unit) {
            Some(whole) => agencies::get(self.store.reader(), whole).await?.kind,
            None => agency.kind,
        };
        Ok((agency.path, kind))
    }

    /// Of the version a dossier was filed under: a later one rates it anew, not back.
    async fn filed_under(
        &self,
        id: ProcedureVersionId,
        of: Option<ProcedureId>,
    ) -> Result<Subject, Fault> {
        let version = self.load(id).await?;
        if version.is_draft() || of.is_some_and(|procedure| procedure != version.procedure) {
            return Err(versions::not_found());
        }
        let legacy_level = version.content.legacy_level;
        Ok(Subject { number: version.number.clone(), legacy_level })
    }

    async fn subject(&self, id: ProcedureId, day: NaiveDate) -> Result<Subject, Fault> {
        let db = self.store.reader();
        let number = procedures::get(db, id).await?.number;
        let legacy_level = match versions::in_force(db, id, day).await? {
            Some(version) => self.load(version).await?.content.legacy_level,
            None => None,
        };
        Ok(Subject { number, legacy_level })
    }

    /// A calendar by its id, in effect or not.
    pub(crate) async fn calendar(&self, id: CalendarId) -> Result<Calendar, Fault> {
        clocks::calendar(self.store.reader(), id).await
    }

    /// A policy by its id, in effect or not.
    pub(crate) async fn policy(&self, id: PolicyId) -> Result<Policy, Fault> {
        clocks::policy(self.store.reader(), id).await
    }

    /// Calendars, the newest day of effect first; of one agency if asked.
    pub(crate) async fn calendars(&self, of: Option<AgencyId>) -> Result<Vec<Calendar>, Fault> {
        let mut all = clocks::calendars(self.store.reader()).await?;
        all.retain(|calendar| of.is_none_or(|agency| calendar.agencies.contains(&agency)));
        Ok(all)
    }

    /// Policies, the newest day of effect first; of one agency if asked.
    pub(crate) async fn policies(&self, of: Option<AgencyId>) -> Result<Vec<Policy>, Fault> {
        let mut all = clocks::policies(self.store.reader()).await?;
        all.retain(|policy| of.is_none_or(|agency| policy.scope.agencies.contains(&agency)));
        Ok(all)
    }

    /// Publishes a calendar.
    pub(crate) async fn publish_calendar(
        &self,
        ctx: &Ctx,
        draft: CalendarDraft,
    ) -> Result<Calendar, Fault> {
        let id: CalendarId = ctx.new_id();
        let published = self.store.write(ctx, id.uuid(), async |tx| {
            administer_all(ctx, tx, &draft.agencies).await?;
            // A revision under another's code would hold theirs up.
            if let Some(newest) = clocks::newest_calendar(tx.db(), &draft.code).await? {
                administer_all(ctx, tx, &newest.agencies).await?;
            }
            let calendar = publish_calendar(tx, ctx, id, draft).await?;
            mark::advance(tx).await?;
            Ok(calendar)
        });
        published.await?.or_reload(async |id: Uuid| self.calendar(id.into()).await).await
    }

    /// Publishes a clock policy.
    pub(crate) async fn publish_policy(
        &self,
        ctx: &Ctx,
        draft: PolicyDraft,
    ) -> Result<Policy, Fault> {
        let id: PolicyId = ctx.new_id();
        let published = self.store.write(ctx, id.uuid(), async |tx| {
            administer_all(ctx, tx, &draft.scope.agencies).await?;
            if let Some(newest) = clocks::newest_policy(tx.db(), &draft.code).await? {
                administer_all(ctx, tx, &newest.scope.agencies).await?;
            }
            let policy = publish_policy(tx, ctx, id, draft).await?;
            mark::advance(tx).await?;
            Ok(policy)
        });
        published.await?.or_reload(async |id: Uuid| self.policy(id.into()).await).await
    }
}

async fn administer_all(ctx: &Ctx, tx: &Tx, all: &[AgencyId]) -> Result<(), Fault> {
    for agency in all {
        access::administer(ctx, &agencies::get(tx.db(), *agency).await?.path)?;
    }
    Ok(())
}

/// Publishes a calendar in an open write.
pub(super) async fn publish_calendar(
    tx: &Tx,
    ctx: &Ctx,
    id: CalendarId,
    draft: CalendarDraft,
) -> Result<Calendar, Fault> {
    let newest = clocks::newest_calendar(tx.db(), &draft.code).await?;
    let (calendar, event) = Calendar::publish(id, newest.as_ref(), draft, ctx.now())?;
    let problems = calendar.data.problems();
    refuse("calendar.content", "CALENDAR_INVALID", problems.iter().map(ToString::to_string))?;
    clocks::insert_calendar(tx, &calendar).await?;
    publish(tx, event);
    Ok(calendar)
}

/// Publishes a policy in an open write.
pub(super) async fn publish_policy(
    tx: &Tx,
    ctx: &Ctx,
    id: PolicyId,
    draft: PolicyDraft,
) -> Result<Policy, Fault> {
    let newest = clocks::newest_policy(tx.db(), &draft.code).await?;
    let (policy, event) = Policy::publish(id, newest.as_ref(), draft, ctx.now())?;
    let problems = policy.data.problems();
    refuse("policy.content", "POLICY_INVALID", problems.iter().map(ToString::to_string))?;
    clocks::insert_policy(tx, &policy).await?;
    publish(tx, event);
    Ok(policy)
}

fn refuse(field: &str, reason: &str, problems: impl Iterator<Item = String>) -> Result<(), Fault> {
    let mut violations = Violations::default();
    for problem in problems {
        violations.add(field, reason, problem);
    }
    violations.finish()
}
