//! Calendars and clock policies.

use motcua_context::Ctx;
use motcua_fault::{Fault, both};
use motcua_ids::{AgencyId, CalendarId, PolicyId, ProcedureId, ProcedureVersionId};
use motcua_proto::catalog::v1 as proto;
use motcua_rpc as rpc;
use tonic::{Request, Response, Status};

use crate::grpc::{Service, convert};

impl Service {
    pub(in crate::grpc) async fn answer_get_clock_rules(
        &self,
        ctx: &Ctx,
        asked: proto::GetClockRulesRequest,
    ) -> Result<proto::ClockRules, Fault> {
        let agency = convert::id("agency", &asked.agency, AgencyId::from_name);
        let procedure = convert::maybe_id("procedure", &asked.procedure, ProcedureId::from_name);
        let version = convert::maybe_id("version", &asked.version, ProcedureVersionId::from_name);
        let day = convert::maybe_day("date", &asked.date);
        let ((agency, procedure), (version, day)) =
            both(both(agency, procedure), both(version, day))?;
        convert::rules(self.app.clock_rules(ctx, agency, procedure, version, day).await?)
    }

    pub(in crate::grpc) async fn answer_get_calendar(
        &self,
        _: &Ctx,
        asked: proto::GetCalendarRequest,
    ) -> Result<proto::Calendar, Fault> {
        let id = convert::id("name", &asked.name, CalendarId::from_name)?;
        convert::calendar(&self.app.calendar(id).await?)
    }

    pub(in crate::grpc) async fn answer_get_policy(
        &self,
        _: &Ctx,
        asked: proto::GetPolicyRequest,
    ) -> Result<proto::Policy, Fault> {
        let id = convert::id("name", &asked.name, PolicyId::from_name)?;
        Ok(convert::policy(&self.app.policy(id).await?))
    }

    pub(in crate::grpc) async fn answer_list_calendars(
        &self,
        ctx: &Ctx,
        asked: proto::ListCalendarsRequest,
    ) -> Result<proto::ListCalendarsResponse, Fault> {
        let filter =
            proto::ListCalendarsRequest { agency: asked.agency.clone(), ..Default::default() };
        let page = self.pages.open::<CalendarId>(ctx, &filter, asked.page_size, &asked.page_token);
        let agency = convert::maybe_id("agency", &asked.agency, AgencyId::from_name);
        let (page, agency) = both(page, agency)?;
        let mut rows = self.app.calendars(agency).await?;
        behind(&mut rows, page.after, |calendar| calendar.id);
        let next_page_token = self.cut(ctx, &filter, &mut rows, page.size, |c| c.id)?;
        let calendars = rows.iter().map(convert::calendar).collect::<Result<_, _>>()?;
        Ok(proto::ListCalendarsResponse { calendars, next_page_token })
    }

    pub(in crate::grpc) async fn answer_list_policies(
        &self,
        ctx: &Ctx,
        asked: proto::ListPoliciesRequest,
    ) -> Result<proto::ListPoliciesResponse, Fault> {
        let filter =
            proto::ListPoliciesRequest { agency: asked.agency.clone(), ..Default::default() };
        let page = self.pages.open::<PolicyId>(ctx, &filter, asked.page_size, &asked.page_token);
        let agency = convert::maybe_id("agency", &asked.agency, AgencyId::from_name);
        let (page, agency) = both(page, agency)?;
        let mut rows = self.app.policies(agency).await?;
        behind(&mut rows, page.after, |policy| policy.id);
        let next_page_token = self.cut(ctx, &filter, &mut rows, page.size, |p| p.id)?;
        let policies = rows.iter().map(convert::policy).collect();
        Ok(proto::ListPoliciesResponse { policies, next_page_token })
    }

    pub(in crate::grpc) async fn answer_publish_calendar(
        &self,
        request: Request<proto::PublishCalendarRequest>,
    ) -> Result<Response<proto::Calendar>, Status> {
        let (ctx, draft) =
            rpc::mutation(request, |_, asked| convert::calendar_draft(asked.calendar))?;
        let calendar = self.app.publish_calendar(&ctx, draft).await;
        rpc::reply(calendar.and_then(|calendar| convert::calendar(&calendar)))
    }

    pub(in crate::grpc) async fn answer_publish_policy(
        &self,
        request: Request<proto::PublishPolicyRequest>,
    ) -> Result<Response<proto::Policy>, Status> {
        let (ctx, draft) = rpc::mutation(request, |_, asked| convert::policy_draft(asked.policy))?;
        let policy = self.app.publish_policy(&ctx, draft).await;
        rpc::reply(policy.map(|policy| convert::policy(&policy)))
    }
}

/// What stands behind the last row of the page before. There are few rows.
fn behind<T, I: PartialEq>(rows: &mut Vec<T>, after: Option<I>, id: impl Fn(&T) -> I) {
    if let Some(after) = after
        && let Some(at) = rows.iter().position(|row| id(row) == after)
    {
        rows.drain(..=at);
    }
}
