use futures::stream;
use motcua_context::Ctx;
use motcua_fault::{Fault, Kind};
use motcua_ids::{AccountId, AgencyId, AgencyPath, DossierId, PaperOfferId, Uuid};
use motcua_proto::{
    catalog::v1::{AgencyKind, GetAgencyRequest, catalog_service_client::CatalogServiceClient},
    identity::v1::{GetContactRequest, account_service_client::AccountServiceClient},
    intake::v1::{
        AnswerPaperOffersRequest, DossierState, GetPaperOfferRequest, LookUpByTelephoneRequest,
        OfferPaperRequest, PaperOffer, PaperOfferHeader, ScanState,
        intake_service_client::IntakeServiceClient, offer_paper_request::Part,
    },
};
use motcua_rpc::Wire;
use motcua_vn::PhoneNumber;

use super::contacts::Contacts;
use crate::{
    domain::{Choice, Contact, Finding, Found, Offer, Outcome, Progress},
    events::instant,
};

/// What we ask of intake.
#[derive(Clone)]
pub(crate) struct Intake {
    client: IntakeServiceClient<Wire>,
    contacts: Contacts,
}

impl Intake {
    pub(crate) fn new(wire: Wire) -> Self {
        let client = IntakeServiceClient::new(wire);
        Self { contacts: Contacts::new(client.clone()), client }
    }

    /// Whom to tell about a dossier.
    pub(crate) async fn contact(&self, ctx: &Ctx, dossier: DossierId) -> Result<Contact, Fault> {
        self.contacts.of(ctx, dossier).await
    }

    /// A dossier and where it stands, if the telephone stands in it.
    pub(crate) async fn look_up(
        &self,
        ctx: &Ctx,
        code: &str,
        phone: &PhoneNumber,
    ) -> Result<Option<(DossierId, Finding)>, Fault> {
        let ask = LookUpByTelephoneRequest { code: code.to_owned(), phone: phone.national() };
        let answer = self.client.clone().look_up_by_telephone(motcua_rpc::request(ctx, ask)).await;
        let found = match answer.map_err(motcua_rpc::fault) {
            Ok(answer) => answer.into_inner(),
            Err(fault) if fault.reason() == "NOT_FOUND_OR_MISMATCH" => return Ok(None),
            Err(fault) => return Err(fault),
        };
        let dossier = DossierId::from_name(&found.dossier).map_err(Fault::internal)?;
        let due = instant(found.promised_due_time.as_ref());
        let reply = progress(found.state()).map(|progress| Finding::Found { progress, due });
        Ok(reply.map(|reply| (dossier, reply)))
    }
}

/// Octets of a picture in one message.
const PIECE: usize = 256 * 1024;

impl Intake {
    /// Gives intake a picture for a dossier that awaits a supplement.
    pub(crate) async fn offer(
        &self,
        ctx: &Ctx,
        request_id: Uuid,
        dossier: DossierId,
        octets: &[u8],
    ) -> Result<Offer, Fault> {
        let header = Part::Header(PaperOfferHeader { dossier: dossier.name() });
        let request_id = request_id.to_string();
        let first = OfferPaperRequest { request_id, part: Some(header) };
        let pieces: Vec<_> = octets.chunks(PIECE).map(<[u8]>::to_vec).collect();
        let rest = pieces.into_iter().map(|piece| OfferPaperRequest {
            request_id: String::new(),
            part: Some(Part::Chunk(piece)),
        });
        let sent = stream::iter(std::iter::once(first).chain(rest));
        let answer = self.client.clone().offer_paper(motcua_rpc::request(ctx, sent)).await;
        offer(answer.map_err(motcua_rpc::fault)?.into_inner())
    }

    /// A picture as it stands, or `NOT_FOUND`.
    pub(crate) async fn offered(&self, ctx: &Ctx, id: PaperOfferId) -> Result<Offer, Fault> {
        let ask = GetPaperOfferRequest { name: id.name() };
        let answer = self.client.clone().get_paper_offer(motcua_rpc::request(ctx, ask)).await;
        offer(answer.map_err(motcua_rpc::fault)?.into_inner())
    }

    /// Says what the sender of pictures said to them; no component: they are not wanted.
    pub(crate) async fn answer(
        &self,
        ctx: &Ctx,
        request_id: Uuid,
        dossier: DossierId,
        offers: &[PaperOfferId],
        component: Option<&str>,
    ) -> Result<Outcome, Fault> {
        let ask = AnswerPaperOffersRequest {
            request_id: request_id.to_string(),
            dossier: dossier.name(),
            offers: offers.iter().map(|offer| offer.name()).collect(),
            paper_code: component.unwrap_or_default().to_owned(),
        };
        let answer = self.client.clone().answer_paper_offers(motcua_rpc::request(ctx, ask)).await;
        let answer = answer.map_err(motcua_rpc::fault)?.into_inner();
        Ok(Outcome {
            bound: usize::try_from(answer.bound_count).unwrap_or_default(),
            provided: answer.provided,
            lacking: answer.lacking,
        })
    }
}

/// As people are told; none of what is not filed.
fn progress(state: DossierState) -> Option<Progress> {
    Some(match state {
        DossierState::Unspecified | DossierState::Draft => return None,
        DossierState::Submitted => Progress::Submitted,
        DossierState::AwaitingCompletion => Progress::AwaitingCompletion,
        DossierState::Accepted => Progress::Accepted,
        // The desk has not asked for it yet.
        DossierState::Processing | DossierState::SupplementNeeded => Progress::Processing,
        DossierState::AwaitingSupplement => Progress::AwaitingSupplement,
        DossierState::AwaitingPayment => Progress::AwaitingPayment,
        DossierState::WithdrawalRequested => Progress::WithdrawalRequested,
        DossierState::Stopping | DossierState::Stopped => Progress::Stopped,
        DossierState::Rejected => Progress::Rejected,
        DossierState::ResultReady => Progress::ResultReady,
        DossierState::Returned | DossierState::Closed => Progress::Returned,
    })
}

/// What we ask of identity.
#[derive(Clone)]
pub(crate) struct Identity(AccountServiceClient<Wire>);

impl Identity {
    pub(crate) fn new(wire: Wire) -> Self {
        Self(AccountServiceClient::new(wire))
    }

    /// How to reach an officer; none where there is no such account any more. Identity records the
    /// reading.
    pub(crate) async fn contact(
        &self,
        ctx: &Ctx,
        account: AccountId,
    ) -> Result<Option<Contact>, Fault> {
        let ask = GetContactRequest { name: account.name(), purpose: "officer_digest".to_owned() };
        let answer = self.0.clone().get_contact(motcua_rpc::request(ctx, ask)).await;
        let contact = match answer.map_err(motcua_rpc::fault) {
            Ok(contact) => contact.into_inner(),
            Err(fault) if fault.kind() == Kind::NotFound => return Ok(None),
            Err(fault) => return Err(fault),
        };
        let name = contact.display_name;
        Ok(Some(Contact::new(Some(account), name, &contact.phone, &contact.email)))
    }
}

fn offer(message: PaperOffer) -> Result<Offer, Fault> {
    let found = match message.scan_state() {
        ScanState::Waiting => Found::NotYet,
        // Of a deployment that does not scan; another asks until it was looked at.
        ScanState::Clean | ScanState::Unscanned => Found::Nothing,
        ScanState::Infected | ScanState::Unscannable | ScanState::Unspecified => {
            Found::Unfit(message.problem_text.clone())
        }
    };
    let expires_at = instant(message.expire_time.as_ref());
    Ok(Offer {
        id: PaperOfferId::from_name(&message.name).map_err(Fault::internal)?,
        dossier: DossierId::from_name(&message.dossier).map_err(Fault::internal)?,
        code: message.code,
        found,
        choices: message
            .choices
            .into_iter()
            .map(|choice| Choice { code: choice.code, title: choice.title })
            .collect(),
        expires_at: expires_at.ok_or_else(|| Fault::internal("an offer without an end"))?,
    })
}

/// An agency, as far as we ask.
pub(crate) struct Agency {
    /// Where it stands.
    pub(crate) path: AgencyPath,
    /// Whether it is the province itself; a ministry's branch may be a root beside it.
    pub(crate) is_province: bool,
}

/// What we ask of catalog.
#[derive(Clone)]
pub(crate) struct Catalog(CatalogServiceClient<Wire>);

impl Catalog {
    pub(crate) fn new(wire: Wire) -> Self {
        Self(CatalogServiceClient::new(wire))
    }

    /// What an agency is, or `NOT_FOUND`.
    pub(crate) async fn agency(&self, ctx: &Ctx, id: AgencyId) -> Result<Agency, Fault> {
        let ask = GetAgencyRequest { name: id.name(), ..Default::default() };
        let answer = self.0.clone().get_agency(motcua_rpc::request(ctx, ask)).await;
        let answer = answer.map_err(motcua_rpc::fault)?.into_inner();
        let path = answer.path.iter().map(|name| AgencyId::from_name(name));
        let path = path.collect::<Result<Vec<_>, _>>().map_err(Fault::internal)?;
        Ok(Agency {
            path: AgencyPath::new(path).map_err(Fault::internal)?,
            is_province: answer.kind() == AgencyKind::Province,
        })
    }
}
