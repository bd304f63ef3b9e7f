//! What we ask of our neighbours, answered in our own words.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use motcua_context::Ctx;
use motcua_fault::{Fault, Violations};
use motcua_fees::Table;
use motcua_ids::{AgencyId, AgencyPath, DossierId, ProcedureVersionId};
use motcua_proto::{
    catalog::v1::{
        self as catalog, FeeKind, FeeRule, GetAgencyRequest, GetClockRulesRequest,
        GetProcedureVersionRequest, WayChannel, catalog_service_client::CatalogServiceClient,
    },
    intake::v1::{
        GetAnswersRequest, GetContactRequest, intake_service_client::IntakeServiceClient,
    },
};
use motcua_rpc::{Wire, json};
use motcua_vn::{Vnd, WorkingCalendar};

use crate::{
    app::Channel,
    domain::{Charge, ChargeKind, Line},
};

/// What we ask of catalog.
#[derive(Clone)]
pub(crate) struct Catalog(CatalogServiceClient<Wire>);

/// What a procedure's version charges.
#[derive(Debug, Clone)]
pub(crate) struct Fees {
    /// The procedure's national number.
    pub(crate) procedure: String,
    pub(crate) fees: Vec<Listed>,
}

/// One fee of a version, before it is known for whom.
#[derive(Debug, Clone)]
pub(crate) struct Listed {
    /// Without its shares, and without a sum where a table or an officer says it.
    pub(crate) line: Line,
    /// What says the sum by the answers.
    pub(crate) table: Option<Table>,
    pub(crate) shares: Vec<motcua_fees::Share>,
}

/// An agency.
#[derive(Debug, Clone)]
pub(crate) struct Agency {
    pub(crate) path: AgencyPath,
    /// Its identifier code.
    pub(crate) code: String,
    pub(crate) name: String,
}

/// What we ask of intake.
#[derive(Clone)]
pub(crate) struct Intake(IntakeServiceClient<Wire>);

impl Intake {
    pub(crate) fn new(wire: Wire) -> Self {
        Self(IntakeServiceClient::new(wire))
    }

    /// Who filed a dossier: the name that a receipt bears.
    pub(crate) async fn applicant(&self, ctx: &Ctx, id: DossierId) -> Result<String, Fault> {
        let ask = GetContactRequest { dossier: id.name() };
        let answer = self.0.clone().get_contact(motcua_rpc::request(ctx, ask)).await;
        Ok(answer.map_err(motcua_rpc::fault)?.into_inner().full_name)
    }

    /// Single answers of a dossier's e-form, as far as they were given, by which fees are reckoned.
    pub(crate) async fn answers(
        &self,
        ctx: &Ctx,
        id: DossierId,
        fields: Vec<String>,
    ) -> Result<BTreeMap<String, serde_json::Value>, Fault> {
        let ask = GetAnswersRequest { dossier: id.name(), fields };
        let answer = self.0.clone().get_answers(motcua_rpc::request(ctx, ask)).await;
        let answers = answer.map_err(motcua_rpc::fault)?.into_inner().answers;
        Ok(answers.into_iter().map(|(field, value)| (field, json::from_value(value))).collect())
    }
}

impl Catalog {
    pub(crate) fn new(wire: Wire) -> Self {
        Self(CatalogServiceClient::new(wire))
    }

    /// What is charged in a case by a channel. What is free is no line.
    pub(crate) async fn fees(
        &self,
        ctx: &Ctx,
        version: ProcedureVersionId,
        case: &str,
        channel: Channel,
    ) -> Result<Fees, Fault> {
        let found = self.version(ctx, version).await?;
        let channel = match channel {
            Channel::Online => WayChannel::Online,
            Channel::Desk => WayChannel::Desk,
            Channel::Post => WayChannel::Post,
        };
        let cases = found.content.unwrap_or_default().cases;
        let case = cases.into_iter().find(|one| case.is_empty() || one.code == case);
        let ways = case.map(|case| case.ways).unwrap_or_default();
        let way = ways.into_iter().find(|way| way.channel() == channel);
        let fees = way.map(|way| way.fees).unwrap_or_default();
        let fees = fees.into_iter().map(listed).collect::<Result<Vec<_>, _>>()?;
        Ok(Fees { procedure: found.number, fees: fees.into_iter().flatten().collect() })
    }

    /// What a procedure is called.
    pub(crate) async fn procedure_name(
        &self,
        ctx: &Ctx,
        version: ProcedureVersionId,
    ) -> Result<String, Fault> {
        Ok(self.version(ctx, version).await?.content.unwrap_or_default().display_name)
    }

    async fn version(
        &self,
        ctx: &Ctx,
        version: ProcedureVersionId,
    ) -> Result<catalog::ProcedureVersion, Fault> {
        let ask = GetProcedureVersionRequest { name: version.name(), ..Default::default() };
        let answer = self.0.clone().get_procedure_version(motcua_rpc::request(ctx, ask)).await;
        Ok(answer.map_err(motcua_rpc::fault)?.into_inner())
    }

    /// The working calendar that holds at an agency on a day; none where nobody has set one up.
    pub(crate) async fn calendar(
        &self,
        ctx: &Ctx,
        agency: AgencyId,
        day: NaiveDate,
    ) -> Result<Option<WorkingCalendar>, Fault> {
        let (agency, date) = (agency.name(), day.to_string());
        let ask = GetClockRulesRequest { agency, date, ..Default::default() };
        let answer = self.0.clone().get_clock_rules(motcua_rpc::request(ctx, ask)).await;
        let rules = match answer.map_err(motcua_rpc::fault) {
            Ok(rules) => rules.into_inner(),
            Err(fault) if fault.reason() == "CLOCK_RULES_MISSING" => return Ok(None),
            Err(fault) => return Err(fault),
        };
        let content = rules.calendar.and_then(|calendar| calendar.content);
        content.map(|content| motcua_clockwire::calendar(&content)).transpose()
    }

    /// An agency or a unit of one.
    pub(crate) async fn agency(&self, ctx: &Ctx, id: AgencyId) -> Result<Agency, Fault> {
        self.place(ctx, GetAgencyRequest { name: id.name(), ..Default::default() }).await
    }

    /// The agency that bears an identifier code.
    pub(crate) async fn agency_by_code(&self, ctx: &Ctx, code: &str) -> Result<Agency, Fault> {
        let identifier_code = code.to_owned();
        self.place(ctx, GetAgencyRequest { identifier_code, ..Default::default() }).await
    }

    async fn place(&self, ctx: &Ctx, ask: GetAgencyRequest) -> Result<Agency, Fault> {
        let answer = self.0.clone().get_agency(motcua_rpc::request(ctx, ask)).await;
        let agency = answer.map_err(motcua_rpc::fault)?.into_inner();
        let path = agency.path.iter().map(|name| AgencyId::from_name(name));
        let path = path.collect::<Result<Vec<_>, _>>().map_err(Fault::internal)?;
        Ok(Agency {
            path: AgencyPath::new(path).map_err(Fault::internal)?,
            code: agency.identifier_code,
            name: agency.display_name,
        })
    }
}

fn listed(mut fee: catalog::Fee) -> Result<Option<Listed>, Fault> {
    let mut table = None;
    let charge = match fee.rule() {
        FeeRule::Fixed if fee.amount_vnd > 0 => Some(Charge::full(Vnd::new(fee.amount_vnd))),
        // That no source says how much is no word that it costs nothing.
        FeeRule::SetByProvince | FeeRule::SeeNote | FeeRule::Unknown => None,
        FeeRule::Table => {
            let mut wrong = Violations::default();
            table =
                motcua_fees::read_table(&mut wrong, "table", fee.table.take().unwrap_or_default());
            wrong.finish()?;
            None
        }
        FeeRule::Fixed | FeeRule::Free | FeeRule::Unspecified => return Ok(None),
    };
    let kind = match fee.kind() {
        FeeKind::Charge => ChargeKind::Charge,
        FeeKind::Fee | FeeKind::Unspecified => ChargeKind::Fee,
    };
    let shares = std::mem::take(&mut fee.shares).into_iter().map(motcua_fees::read_share).collect();
    let (code, name, note) = (fee.code, fee.display_name, fee.note);
    let line = Line { code, name, kind, charge, note, shares: Vec::new() };
    Ok(Some(Listed { line, table, shares }))
}
