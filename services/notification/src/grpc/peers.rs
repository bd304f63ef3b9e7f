use chrono::DateTime;
use motcua_context::Ctx;
use motcua_fault::Fault;
use motcua_ids::{AccountId, AgencyId, AgencyPath, DossierId, PaperOfferId, Uuid};
use motcua_proto::{
    catalog::v1::{GetAgencyRequest, catalog_service_client::CatalogServiceClient},
    intake::v1::{
        AnswerPaperOffersRequest, GetContactRequest, GetPaperOfferRequest, OfferPaperRequest,
        PaperOffer, PaperOfferHeader, ScanState, intake_service_client::IntakeServiceClient,
        offer_paper_request::Part,
    },
};
use motcua_rpc::Wire;
use motcua_vn::{EmailAddress, PhoneNumber};

use crate::domain::{Choice, Contact, Found, Offer, Outcome};

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
        let sent = futures::stream::iter(std::iter::once(first).chain(rest));
        let answer = self.0.clone().offer_paper(motcua_rpc::request(ctx, sent)).await;
        offer(answer.map_err(motcua_rpc::fault)?.into_inner())
    }

    /// A picture as it stands, or `NOT_FOUND`.
    pub(crate) async fn offered(&self, ctx: &Ctx, id: PaperOfferId) -> Result<Offer, Fault> {
        let ask = GetPaperOfferRequest { name: id.name() };
        let answer = self.0.clone().get_paper_offer(motcua_rpc::request(ctx, ask)).await;
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
        let answer = self.0.clone().answer_paper_offers(motcua_rpc::request(ctx, ask)).await;
        let answer = answer.map_err(motcua_rpc::fault)?.into_inner();
        Ok(Outcome {
            bound: usize::try_from(answer.bound_count).unwrap_or_default(),
            provided: answer.provided,
            lacking: answer.lacking,
        })
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
    let expires_at = message.expire_time.and_then(|at| {
        DateTime::from_timestamp(at.seconds, u32::try_from(at.nanos).unwrap_or_default())
    });
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
