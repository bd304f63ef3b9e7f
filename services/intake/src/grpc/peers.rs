//! What we ask of our neighbours, answered in our own words.

use chrono::NaiveDate;
use motcua_context::Ctx;
use motcua_fault::Fault;
use motcua_ids::{AgencyId, AgencyPath, ProcedureId, ProcedureVersionId, SupplementId};
use motcua_proto::{
    catalog::v1::{
        self as catalog, GetAgencyRequest, GetClockRulesRequest, GetProcedureVersionRequest,
        catalog_service_client::CatalogServiceClient,
    },
    r#type::v1::SupplementRegime as Regime,
    workflow::v1::{GetSupplementAskRequest, workflow_service_client::WorkflowServiceClient},
};
use motcua_rpc::{Peers, Wire, json};
use motcua_vn::SupplementRegime;

use crate::{
    app::{Form, Published},
    domain::{
        Agency, AgencyKind, Case, ClockRules, Deciders, Fee, FrontDoor, Level, Limit, Need,
        Procedure, Requirement, Sum, Way, WayChannel,
    },
};

/// The neighbours this service asks.
pub(crate) struct Neighbours {
    catalog: CatalogServiceClient<Wire>,
    workflow: WorkflowServiceClient<Wire>,
}

/// A specialist's ask, in their words.
pub(crate) struct Ask {
    pub(crate) reason: String,
    /// Codes of the case's papers.
    pub(crate) papers: Vec<String>,
}

impl Neighbours {
    pub(crate) fn new(peers: &Peers) -> Self {
        Self {
            catalog: CatalogServiceClient::new(peers.wire("catalog")),
            workflow: WorkflowServiceClient::new(peers.wire("workflow")),
        }
    }

    /// The version in force today.
    pub(crate) async fn current(&self, ctx: &Ctx, id: ProcedureId) -> Result<Published, Fault> {
        let procedure = id.name();
        self.fetch(ctx, GetProcedureVersionRequest { procedure, ..Default::default() }).await
    }

    /// A version by its name.
    pub(crate) async fn version(
        &self,
        ctx: &Ctx,
        id: ProcedureVersionId,
    ) -> Result<Published, Fault> {
        let name = id.name();
        self.fetch(ctx, GetProcedureVersionRequest { name, ..Default::default() }).await
    }

    async fn fetch(
        &self,
        ctx: &Ctx,
        request: GetProcedureVersionRequest,
    ) -> Result<Published, Fault> {
        let answer = self
            .catalog
            .clone()
            .get_procedure_version(motcua_rpc::request(ctx, request))
            .await
            .map_err(motcua_rpc::fault)?;
        published(answer.into_inner())
    }

    /// An agency with its path.
    pub(crate) async fn agency(&self, ctx: &Ctx, id: AgencyId) -> Result<Agency, Fault> {
        self.place(ctx, GetAgencyRequest { name: id.name(), ..Default::default() }).await
    }

    /// The agency with an identifier code.
    pub(crate) async fn agency_by_code(&self, ctx: &Ctx, code: &str) -> Result<Agency, Fault> {
        let identifier_code = code.to_owned();
        self.place(ctx, GetAgencyRequest { identifier_code, ..Default::default() }).await
    }

    async fn place(&self, ctx: &Ctx, request: GetAgencyRequest) -> Result<Agency, Fault> {
        let answer = self
            .catalog
            .clone()
            .get_agency(motcua_rpc::request(ctx, request))
            .await
            .map_err(motcua_rpc::fault)?;
        agency(answer.into_inner())
    }

    /// The calendar and the policy that hold on a day.
    pub(crate) async fn clock_rules(
        &self,
        ctx: &Ctx,
        agency: AgencyId,
        version: ProcedureVersionId,
        day: NaiveDate,
    ) -> Result<ClockRules, Fault> {
        let request = GetClockRulesRequest {
            agency: agency.name(),
            date: day.to_string(),
            version: version.name(),
            ..Default::default()
        };
        let answer = self
            .catalog
            .clone()
            .get_clock_rules(motcua_rpc::request(ctx, request))
            .await
            .map_err(motcua_rpc::fault)?
            .into_inner();
        let calendar = answer.calendar.unwrap_or_default();
        let policy = answer.policy.unwrap_or_default();
        Ok(ClockRules {
            calendar_name: calendar.name,
            calendar: motcua_clockwire::calendar(&calendar.content.unwrap_or_default())?,
            policy_name: policy.name,
            policy: motcua_clockwire::policy(&policy.content.unwrap_or_default())?,
        })
    }

    /// A specialist's ask, in their words.
    pub(crate) async fn supplement_ask(&self, ctx: &Ctx, id: SupplementId) -> Result<Ask, Fault> {
        let request = GetSupplementAskRequest { name: id.name() };
        let answer = self
            .workflow
            .clone()
            .get_supplement_ask(motcua_rpc::request(ctx, request))
            .await
            .map_err(motcua_rpc::fault)?
            .into_inner();
        let mut reason = answer.reasons;
        let mut papers = Vec::new();
        for paper in answer.papers {
            if !paper.paper_code.is_empty() {
                papers.push(paper.paper_code);
            }
            // What is not in the list of the case, or needs a word more, is said in words.
            let words = [paper.display_name, paper.note];
            let words: Vec<_> = words.into_iter().filter(|word| !word.is_empty()).collect();
            if !words.is_empty() {
                reason.push_str("\n- ");
                reason.push_str(&words.join(": "));
            }
        }
        Ok(Ask { reason, papers })
    }
}

fn published(message: catalog::ProcedureVersion) -> Result<Published, Fault> {
    let content = message.content.ok_or_else(|| bad("content"))?;
    let form = content.form.map(json::from_struct).as_ref().map(Form::compile).transpose()?;
    let front_door = match catalog::FrontDoor::try_from(content.front_door) {
        Ok(catalog::FrontDoor::National) => {
            FrontDoor::National { url: content.publication.map(|p| p.url).unwrap_or_default() }
        }
        _ => FrontDoor::Local,
    };
    let deciders = if content.agencies.is_empty() {
        Deciders::Level(level(content.level)?)
    } else {
        let ids = content.agencies.iter().map(|name| AgencyId::from_name(name));
        Deciders::Agencies(ids.collect::<Result<_, _>>().map_err(Fault::internal)?)
    };
    let supplement = content.supplement.unwrap_or_default();
    Ok(Published {
        procedure: Procedure {
            id: ProcedureId::from_name(&message.procedure).map_err(Fault::internal)?,
            version: ProcedureVersionId::from_name(&message.name).map_err(Fault::internal)?,
            number: message.number,
            name: content.display_name,
            front_door,
            deciders,
            takes_part: content.process.map(others).unwrap_or_default(),
            cases: content.cases.into_iter().map(case).collect(),
            supplement_regime: match Regime::try_from(supplement.regime) {
                Ok(Regime::Shift) => Some(SupplementRegime::Shift),
                Ok(Regime::Restart) => Some(SupplementRegime::Restart),
                _ => None,
            },
            supplement_days: u32::try_from(supplement.days).ok().filter(|days| *days > 0),
        },
        form,
    })
}

/// The agencies of a process beside the competent one.
fn others(process: catalog::ElectronicProcess) -> Vec<String> {
    let mut codes: Vec<_> = process
        .steps
        .into_iter()
        .flat_map(|step| {
            let asked = step.consults.into_iter().map(|consult| consult.agency_code);
            asked.chain([step.agency_code])
        })
        .filter(|code| !code.is_empty())
        .collect();
    codes.sort_unstable();
    codes.dedup();
    codes
}

fn level(level: i32) -> Result<Level, Fault> {
    match catalog::ProcedureLevel::try_from(level) {
        Ok(catalog::ProcedureLevel::Ministry) => Ok(Level::Ministry),
        Ok(catalog::ProcedureLevel::Province) => Ok(Level::Province),
        Ok(catalog::ProcedureLevel::District) => Ok(Level::District),
        Ok(catalog::ProcedureLevel::Commune) => Ok(Level::Commune),
        _ => Err(bad("level")),
    }
}

fn case(message: catalog::Case) -> Case {
    Case {
        code: message.code,
        papers: message.papers.into_iter().map(requirement).collect(),
        ways: message.ways.into_iter().filter_map(way).collect(),
    }
}

fn requirement(message: catalog::PaperRequirement) -> Requirement {
    use catalog::PaperNeed as N;
    Requirement {
        code: message.code,
        name: message.display_name,
        originals: u32::try_from(message.originals).unwrap_or_default(),
        copies: u32::try_from(message.copies).unwrap_or_default(),
        need: match N::try_from(message.need) {
            Ok(N::Conditional) => Need::Conditional,
            Ok(N::Shown) => Need::Shown,
            Ok(N::OnlineForm) => Need::OnlineForm,
            _ => Need::Always,
        },
    }
}

/// A way by a channel of a newer contract is none of ours.
fn way(message: catalog::Way) -> Option<Way> {
    use catalog::{WayChannel as C, processing_limit::Rule};
    let channel = match C::try_from(message.channel) {
        Ok(C::Online) => WayChannel::Online,
        Ok(C::Desk) => WayChannel::Desk,
        Ok(C::Post) => WayChannel::Post,
        _ => return None,
    };
    let limit = match message.limit.and_then(|limit| limit.rule) {
        Some(Rule::Counted(counted)) => match motcua_clockwire::limit(&counted) {
            Some(limit) => Limit::Counted { limit, source: counted.source },
            None => Limit::Unknown,
        },
        Some(Rule::NoDueDate(_)) => Limit::NoDueDate,
        Some(Rule::Unknown(_)) | None => Limit::Unknown,
    };
    Some(Way { channel, limit, fees: message.fees.into_iter().map(fee).collect() })
}

fn fee(message: catalog::Fee) -> Fee {
    use catalog::FeeRule as R;
    Fee {
        name: message.display_name,
        sum: match R::try_from(message.rule) {
            Ok(R::Fixed) => Sum::Fixed(message.amount_vnd),
            Ok(R::Free) => Sum::Free,
            Ok(R::SetByProvince | R::SeeNote | R::Table) => Sum::Variable,
            _ => Sum::Unknown,
        },
        note: message.note,
    }
}

fn agency(message: catalog::Agency) -> Result<Agency, Fault> {
    use catalog::AgencyKind as K;
    let ids = message.path.iter().map(|name| AgencyId::from_name(name));
    let ids = ids.collect::<Result<Vec<_>, _>>().map_err(Fault::internal)?;
    Ok(Agency {
        path: AgencyPath::new(ids).map_err(Fault::internal)?,
        code: message.identifier_code,
        name: message.display_name,
        kind: match K::try_from(message.kind) {
            Ok(K::Province) => AgencyKind::Province,
            Ok(K::Department) => AgencyKind::Department,
            Ok(K::MinistryBranch) => AgencyKind::MinistryBranch,
            Ok(K::District) => AgencyKind::District,
            Ok(K::Commune) => AgencyKind::Commune,
            _ => AgencyKind::Unit,
        },
        valid_from: message.valid_from.parse().ok(),
        valid_to: message.valid_to.parse().ok(),
    })
}

fn bad(field: &'static str) -> Fault {
    Fault::internal(format!("the catalog's version has no {field}"))
}
