use motcua_context::Ctx;
use motcua_fault::Fault;
use motcua_ids::{AccountId, DossierId};
use motcua_proto::intake::v1::{GetContactRequest, intake_service_client::IntakeServiceClient};
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
