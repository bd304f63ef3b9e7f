//! What we ask of our neighbours, answered in our own words.

use motcua_context::Ctx;
use motcua_fault::Fault;
use motcua_ids::{AgencyId, AgencyPath, DossierId, ProcedureVersionId};
use motcua_proto::{
    catalog::v1::{
        self as catalog, FeeKind, FeeRule, GetAgencyRequest, GetProcedureVersionRequest,
        WayChannel, catalog_service_client::CatalogServiceClient,
    },
    intake::v1::{GetContactRequest, intake_service_client::IntakeServiceClient},
};
use motcua_rpc::Wire;
use motcua_vn::Vnd;

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
    pub(crate) lines: Vec<Line>,
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
}

impl Catalog {
    pub(crate) fn new(wire: Wire) -> Self {
        Self(CatalogServiceClient::new(wire))
    }

    /// What is charged in a case by a channel. What is free, or what no source knows, is no line.
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
        Ok(Fees { procedure: found.number, lines: fees.into_iter().filter_map(line).collect() })
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

    /// An agency or a unit of one.
    pub(crate) async fn agency(&self, ctx: &Ctx, id: AgencyId) -> Result<Agency, Fault> {
        let ask = GetAgencyRequest { name: id.name(), ..Default::default() };
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

fn line(fee: catalog::Fee) -> Option<Line> {
    let charge = match fee.rule() {
        FeeRule::Fixed if fee.amount_vnd > 0 => Some(Charge::full(Vnd::new(fee.amount_vnd))),
        FeeRule::SetByProvince | FeeRule::SeeNote => None,
        FeeRule::Fixed | FeeRule::Free | FeeRule::Unknown | FeeRule::Unspecified => return None,
    };
    let kind = match fee.kind() {
        FeeKind::Charge => ChargeKind::Charge,
        FeeKind::Fee | FeeKind::Unspecified => ChargeKind::Fee,
    };
    Some(Line { code: fee.code, name: fee.display_name, kind, charge, note: fee.note })
}
