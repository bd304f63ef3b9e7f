use motcua_context::Ctx;
use motcua_fault::{Fault, Kind};
use motcua_ids::{AccountId, AgencyId, AgencyPath, DossierId};
use motcua_proto::{
    catalog::v1::{GetAgencyRequest, catalog_service_client::CatalogServiceClient},
    identity::v1::{
        GetContactRequest as ContactOfAccount, account_service_client::AccountServiceClient,
    },
    intake::v1::{GetContactRequest, intake_service_client::IntakeServiceClient},
};
use motcua_rpc::Wire;
use motcua_vn::{EmailAddress, PhoneNumber};

use crate::domain::Contact;

/// What we ask of intake.
#[derive(Clone)]
pub(crate) struct Intake(IntakeServiceClient<Wire>);

impl Intake {
    pub(crate) fn new(wire: Wire) -> Self {
        Self(IntakeServiceClient::new(wire))
    }

    /// Whom to tell about a dossier. A telephone or address that cannot be one
    /// is left out: the others are told all the same.
    pub(crate) async fn contact(&self, ctx: &Ctx, dossier: DossierId) -> Result<Contact, Fault> {
        let ask = GetContactRequest { dossier: dossier.name() };
        let mut client = self.0.clone();
        let answer =
            client.get_contact(motcua_rpc::request(ctx, ask)).await.map_err(motcua_rpc::fault)?;
        let contact = answer.into_inner();
        let account = match contact.account.as_str() {
            "" => None,
            name => Some(AccountId::from_name(name).map_err(Fault::internal)?),
        };
        Ok(Contact {
            account,
            full_name: contact.full_name,
            phone: PhoneNumber::parse(&contact.phone).ok(),
            email: EmailAddress::parse(&contact.email).ok(),
        })
    }
}

/// What we ask of identity.
#[derive(Clone)]
pub(crate) struct Identity(AccountServiceClient<Wire>);

impl Identity {
    pub(crate) fn new(wire: Wire) -> Self {
        Self(AccountServiceClient::new(wire))
    }

    /// How to reach an officer; none where there is no such account any more. What cannot be a
    /// telephone or an address is left out. Identity records the reading.
    pub(crate) async fn contact(
        &self,
        ctx: &Ctx,
        account: AccountId,
    ) -> Result<Option<Contact>, Fault> {
        let ask = ContactOfAccount { name: account.name(), purpose: "officer_digest".to_owned() };
        let answer = self.0.clone().get_contact(motcua_rpc::request(ctx, ask)).await;
        let contact = match answer.map_err(motcua_rpc::fault) {
            Ok(contact) => contact.into_inner(),
            Err(fault) if fault.kind() == Kind::NotFound => return Ok(None),
            Err(fault) => return Err(fault),
        };
        Ok(Some(Contact {
            account: Some(account),
            full_name: contact.display_name,
            phone: PhoneNumber::parse(&contact.phone).ok(),
            email: EmailAddress::parse(&contact.email).ok(),
        }))
    }
}

/// What we ask of catalog.
#[derive(Clone)]
pub(crate) struct Catalog(CatalogServiceClient<Wire>);

impl Catalog {
    pub(crate) fn new(wire: Wire) -> Self {
        Self(CatalogServiceClient::new(wire))
    }

    /// Where an agency stands.
    pub(crate) async fn path(&self, ctx: &Ctx, id: AgencyId) -> Result<AgencyPath, Fault> {
        let ask = GetAgencyRequest { name: id.name(), ..Default::default() };
        let answer = self.0.clone().get_agency(motcua_rpc::request(ctx, ask)).await;
        let path = answer.map_err(motcua_rpc::fault)?.into_inner().path;
        let path = path.iter().map(|name| AgencyId::from_name(name));
        let path = path.collect::<Result<Vec<_>, _>>().map_err(Fault::internal)?;
        AgencyPath::new(path).map_err(Fault::internal)
    }
}
