//! What we ask of the catalog, answered in our own terms.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use motcua_clockwire as clockwire;
use motcua_context::Ctx;
use motcua_fault::{Fault, Kind};
use motcua_ids::{AgencyId, AgencyPath, ProcedureVersionId};
use motcua_proto::catalog::v1 as proto;
use motcua_proto::catalog::v1::catalog_service_client::CatalogServiceClient;
use motcua_rpc::Wire;
use motcua_vn::{ClockPolicy, WorkingCalendar};
use tonic::{Response, Status};

use super::convert::role_from_proto;
use crate::domain::{Place, Plan, PlannedConsult, PlannedStep, Quota};

/// The catalog, as our neighbour.
#[derive(Clone)]
pub(crate) struct Catalog {
    client: CatalogServiceClient<Wire>,
}

impl Catalog {
    pub(crate) fn new(wire: Wire) -> Self {
        Self { client: CatalogServiceClient::new(wire) }
    }

    /// The electronic process of a procedure version; none where it has none.
    pub(crate) async fn plan(
        &self,
        ctx: &Ctx,
        version: ProcedureVersionId,
    ) -> Result<Option<Plan>, Fault> {
        let asked =
            proto::GetProcedureVersionRequest { name: version.name(), ..Default::default() };
        let mut client = self.client.clone();
        let version = answer(client.get_procedure_version(motcua_rpc::request(ctx, asked)).await)?;
        version.content.and_then(|content| content.process).map(plan).transpose()
    }

    /// An agency with its units.
    pub(crate) async fn place(&self, ctx: &Ctx, agency: AgencyId) -> Result<Place, Fault> {
        let asked =
            proto::GetAgencyRequest { name: agency.name(), with_units: true, ..Default::default() };
        let mut client = self.client.clone();
        place(&answer(client.get_agency(motcua_rpc::request(ctx, asked)).await)?)
    }

    /// The agency with an identifier code, with its units; none if nobody has it.
    pub(crate) async fn place_by_code(
        &self,
        ctx: &Ctx,
        code: &str,
    ) -> Result<Option<Place>, Fault> {
        let asked = proto::GetAgencyRequest {
            identifier_code: code.to_owned(),
            with_units: true,
            ..Default::default()
        };
        let mut client = self.client.clone();
        match answer(client.get_agency(motcua_rpc::request(ctx, asked)).await) {
            Ok(agency) => place(&agency).map(Some),
            Err(fault) if fault.kind() == Kind::NotFound => Ok(None),
            Err(fault) => Err(fault),
        }
    }

    /// The calendar a dossier is counted on.
    pub(crate) async fn calendar(&self, ctx: &Ctx, name: &str) -> Result<WorkingCalendar, Fault> {
        let asked = proto::GetCalendarRequest { name: name.to_owned() };
        let mut client = self.client.clone();
        let calendar = answer(client.get_calendar(motcua_rpc::request(ctx, asked)).await)?;
        clockwire::calendar(&calendar.content.ok_or_else(|| gap("calendar.content"))?)
    }

    /// Whether an agency works on a day, by the calendar that holds there.
    pub(crate) async fn works(
        &self,
        ctx: &Ctx,
        agency: AgencyId,
        day: NaiveDate,
    ) -> Result<bool, Fault> {
        let (agency, date) = (agency.name(), day.to_string());
        let asked = proto::GetClockRulesRequest { agency, date, ..Default::default() };
        let mut client = self.client.clone();
        let rules = answer(client.get_clock_rules(motcua_rpc::request(ctx, asked)).await)?;
        let content = rules.calendar.and_then(|calendar| calendar.content);
        let calendar = clockwire::calendar(&content.ok_or_else(|| gap("calendar.content"))?)?;
        // Of a day that nobody planned yet nothing is known.
        Ok(calendar.covers(day) && calendar.kind(day).is_working())
    }

    /// The policy a dossier is counted by.
    pub(crate) async fn policy(&self, ctx: &Ctx, name: &str) -> Result<ClockPolicy, Fault> {
        let asked = proto::GetPolicyRequest { name: name.to_owned() };
        let mut client = self.client.clone();
        let policy = answer(client.get_policy(motcua_rpc::request(ctx, asked)).await)?;
        clockwire::policy(&policy.content.ok_or_else(|| gap("policy.content"))?)
    }
}

fn answer<T>(answer: Result<Response<T>, Status>) -> Result<T, Fault> {
    answer.map(Response::into_inner).map_err(motcua_rpc::fault)
}

fn gap(what: &str) -> Fault {
    Fault::internal(format!("the catalog answered without {what}"))
}

fn path(agency: &proto::Agency) -> Result<AgencyPath, Fault> {
    let agencies = agency.path.iter().map(|name| AgencyId::from_name(name));
    let agencies = agencies.collect::<Result<Vec<_>, _>>().map_err(Fault::internal)?;
    AgencyPath::new(agencies).map_err(Fault::internal)
}

fn place(agency: &proto::Agency) -> Result<Place, Fault> {
    let itself = path(agency)?;
    let units = agency
        .units
        .iter()
        .map(|unit| {
            let id = AgencyId::from_name(&unit.name).map_err(Fault::internal)?;
            Ok((unit.unit_code.clone(), itself.child(id)))
        })
        .collect::<Result<BTreeMap<_, _>, Fault>>()?;
    Ok(Place { agency: itself, units })
}

fn plan(process: proto::ElectronicProcess) -> Result<Plan, Fault> {
    Ok(Plan {
        source: process.source,
        steps: process.steps.into_iter().map(step).collect::<Result<_, _>>()?,
        groups: process.quota_groups.into_iter().map(|g| (g.code, g.quota_minutes)).collect(),
        base_minutes: process.base_minutes.max(0),
    })
}

fn step(step: proto::ProcessStep) -> Result<PlannedStep, Fault> {
    let role = role_from_proto(step.role()).ok_or_else(|| gap("step.role"))?;
    Ok(PlannedStep {
        role,
        code: step.code,
        name: step.display_name,
        agency: some(step.agency_code),
        unit: some(step.unit_code),
        quota: match some(step.quota_group) {
            Some(group) => Quota::Shared(group),
            None => Quota::Own(step.quota_minutes),
        },
        next: step.next,
        consults: step.consults.into_iter().map(consult).collect::<Result<_, _>>()?,
        drafts: step.drafts_result,
        approves: step.approves,
    })
}

fn consult(consult: proto::Consultation) -> Result<PlannedConsult, Fault> {
    let role = role_from_proto(consult.role()).ok_or_else(|| gap("consult.role"))?;
    Ok(PlannedConsult {
        role,
        code: consult.code,
        name: consult.display_name,
        agency: consult.agency_code,
        unit: some(consult.unit_code),
        quota: consult.quota_minutes,
    })
}

fn some(text: String) -> Option<String> {
    (!text.is_empty()).then_some(text)
}
