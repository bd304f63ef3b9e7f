use motcua_context::Ctx;
use motcua_fault::{Fault, Kind};
use motcua_ids::{AgencyId, AgencyPath, DossierId};
use motcua_proto::{
    catalog::v1::{AgencyKind, GetAgencyRequest, catalog_service_client::CatalogServiceClient},
    intake::v1::{GetDossierRequest, intake_service_client::IntakeServiceClient},
};
use motcua_rpc::{Peers, Wire};

use crate::domain::Refusal;

/// What we ask of `catalog`.
#[derive(Clone)]
pub(crate) struct Catalog {
    wire: Wire,
}

/// Where an agency stands.
#[derive(Debug, Clone)]
pub(crate) struct Place {
    /// From the root to the agency.
    pub(crate) path: AgencyPath,
    /// Whether it is the province itself, the only one of its kind.
    pub(crate) is_province: bool,
}

impl Catalog {
    pub(crate) fn new(peers: &Peers) -> Self {
        Self { wire: peers.wire("catalog") }
    }

    /// Where an agency stands in the tree; `AGENCY_NOT_FOUND` if it stands nowhere.
    pub(crate) async fn place(&self, ctx: &Ctx, agency: AgencyId) -> Result<Place, Fault> {
        let asked = GetAgencyRequest { name: agency.name(), ..Default::default() };
        let answer = CatalogServiceClient::new(self.wire.clone())
            .get_agency(motcua_rpc::request(ctx, asked))
            .await
            .map_err(motcua_rpc::fault);
        let found = match answer {
            Ok(found) => found.into_inner(),
            Err(fault) if fault.kind() == Kind::NotFound => {
                return Err(Refusal::AgencyNotFound.into());
            }
            Err(fault) => return Err(fault),
        };
        let is_province = found.kind() == AgencyKind::Province;
        let path = found.path.iter().map(|name| AgencyId::from_name(name));
        let path = AgencyPath::new(path.collect::<Result<_, _>>().map_err(Fault::internal)?)
            .map_err(Fault::internal)?;
        Ok(Place { path, is_province })
    }
}

/// What we ask of `intake`.
#[derive(Clone)]
pub(crate) struct Dossiers {
    wire: Wire,
}

impl Dossiers {
    pub(crate) fn new(peers: &Peers) -> Self {
        Self { wire: peers.wire("intake") }
    }

    /// Whether the caller may see the dossier.
    pub(crate) async fn may_be_seen(&self, ctx: &Ctx, dossier: DossierId) -> Result<bool, Fault> {
        let asked = GetDossierRequest { name: dossier.name() };
        let answer = IntakeServiceClient::new(self.wire.clone())
            .get_dossier(motcua_rpc::request(ctx, asked))
            .await
            .map_err(motcua_rpc::fault);
        match answer {
            Ok(_) => Ok(true),
            Err(fault) if matches!(fault.kind(), Kind::NotFound | Kind::PermissionDenied) => {
                Ok(false)
            }
            Err(fault) => Err(fault),
        }
    }
}
