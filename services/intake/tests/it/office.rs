//! A province at work: a catalog and a workflow played over the wire, citizens,
//! desks, officers, and dossiers on their way.

use std::sync::{Arc, Mutex};

use motcua_context::{Actor, Grant, Officer, Person, Role, System};
use motcua_ids::{AccountId, AgencyId, Uuid};
use motcua_intake::Intake;
use motcua_proto::{intake::v1 as proto, workflow::v1 as workflow};
use motcua_testkit::{Builder, Database, TestEnv};

use crate::neighbours::{play_catalog, play_workflow, struct_of};
use crate::support::{Answer, Client, pdf, request_id, upload};

pub(crate) const PROVINCE: u128 = 1;
pub(crate) const COMMUNE: u128 = 2;
pub(crate) const UNIT: u128 = 3;
pub(crate) const OTHER: u128 = 4;
pub(crate) const FORMER: u128 = 5;
pub(crate) const OTHER_UNIT: u128 = 6;

pub(crate) fn agency(n: u128) -> AgencyId {
    AgencyId::new(Uuid::from_u128(n))
}

pub(crate) fn account(n: u128) -> AccountId {
    AccountId::new(Uuid::from_u128(n))
}

pub(crate) fn procedure(n: u128) -> String {
    format!("procedures/{}", Uuid::from_u128(n))
}

pub(crate) fn citizen(n: u128) -> Actor {
    Actor::Person(Person::citizen(account(n)))
}

pub(crate) fn officer(n: u128, role: Role, at: u128) -> Actor {
    let grants = vec![Grant { role, agency: agency(at) }];
    Actor::Officer(Officer { account: account(n), grants })
}

/// Another system that works for an agency.
pub(crate) fn system(n: u128, at: Option<u128>, scopes: &[&str]) -> Actor {
    Actor::System(System {
        name: account(n).name(),
        service: false,
        scopes: scopes.iter().map(|scope| (*scope).to_owned()).collect(),
        agency: at.map(agency),
        on_behalf_of: None,
    })
}

/// Cán bộ một cửa of the commune.
pub(crate) fn desk() -> Actor {
    officer(51, Role::DeskOfficer, COMMUNE)
}

/// What the catalog publishes now, by procedure: 1 online with an e-form, 2 with
/// a national front door, 3 without a due date and asking the other commune, 4 with
/// an unknown limit and never by post.
#[derive(Default)]
pub(crate) struct World {
    /// Raised, a new version of procedure 1 asks for one paper more.
    pub(crate) revision: u128,
    pub(crate) abolished: bool,
    /// Citizens file at the national portal from now on.
    pub(crate) national: bool,
}

pub(crate) struct Province {
    pub(crate) env: TestEnv<Intake>,
    pub(crate) world: Arc<Mutex<World>>,
}

impl Province {
    /// Monday 2026-03-02, 09:00 in Viet Nam; Tuesday is a day off.
    pub(crate) async fn open(database: Database) -> Self {
        Self::open_with(database, |builder| builder).await
    }

    pub(crate) async fn open_with(
        database: Database,
        set: impl FnOnce(Builder<Intake>) -> Builder<Intake>,
    ) -> Self {
        let world = Arc::<Mutex<World>>::default();
        let builder = TestEnv::builder()
            .on(database)
            .neighbour("catalog", play_catalog(&world))
            .neighbour("workflow", play_workflow())
            // Facts of the catalog are asked anew, so that tests may change them.
            .set("intake.catalog_seconds=0");
        let province = Self { env: set(builder).start().await, world };
        // Users' tokens count once it is known what was revoked.
        let mut anybody = province.client(&citizen(99));
        let asked = proto::ListReusablePapersRequest::default;
        province
            .env
            .until(async || anybody.list_reusable_papers(asked()).await.ok().map(drop))
            .await;
        province
    }

    pub(crate) fn client(&self, actor: &Actor) -> Client {
        Client::new(self.env.wire(actor))
    }

    /// A draft as a citizen begins it, complete but for its papers.
    pub(crate) fn filled() -> proto::Dossier {
        proto::Dossier {
            procedure: procedure(1),
            filing_channel: proto::FilingChannel::Online.into(),
            competent_agency: agency(COMMUNE).name(),
            applicant: Some(proto::Party {
                full_name: "Nguyễn Thị Hoa".to_owned(),
                citizen_number: "072188001234".to_owned(),
                phone: "0912 345 678".to_owned(),
                address: "Ấp Long Hòa".to_owned(),
                ..Default::default()
            }),
            answers: Some(struct_of(&serde_json::json!({
                "child": { "name": "Trần Minh Khôi", "weight": 3200 },
                "father": { "name": "Trần Văn Bình" },
            }))),
            ..Default::default()
        }
    }

    pub(crate) async fn create(
        &self,
        actor: &Actor,
        dossier: proto::Dossier,
    ) -> Result<tonic::Response<proto::Dossier>, tonic::Status> {
        let request =
            proto::CreateDossierRequest { request_id: request_id(), dossier: Some(dossier) };
        self.client(actor).create_dossier(request).await
    }

    /// A draft the desk began of what was brought, posted or sent to it.
    pub(crate) async fn brought(&self, channel: proto::FilingChannel) -> proto::Dossier {
        let dossier =
            proto::Dossier { filing_channel: channel.into(), answers: None, ..Self::filled() };
        self.create(&desk(), dossier).await.done()
    }

    /// The same, with its papers, received and accepted.
    pub(crate) async fn received(&self, channel: proto::FilingChannel) -> proto::Dossier {
        let paper =
            |code: &str| proto::HandedInPaper { code: code.into(), originals: 1, copies: 0 };
        let request = proto::ReceiveDossierRequest {
            request_id: request_id(),
            name: self.brought(channel).await.name,
            handed_in: ["chung-sinh", "to-khai"].map(paper).to_vec(),
            ..Default::default()
        };
        self.client(&desk()).receive_dossier(request).await.done()
    }

    /// An online draft with everything it needs.
    pub(crate) async fn ready_draft(&self, actor: &Actor) -> proto::Dossier {
        let draft = self.create(actor, Self::filled()).await.done();
        let content = pdf("giấy chứng sinh");
        self.client(actor).upload_paper(upload(&draft.name, "chung-sinh", &content)).await.done();
        self.get(actor, &draft.name).await
    }

    pub(crate) async fn submitted(&self, actor: &Actor) -> proto::Dossier {
        let draft = self.ready_draft(actor).await;
        let request = proto::SubmitDossierRequest {
            request_id: request_id(),
            name: draft.name,
            ..Default::default()
        };
        self.client(actor).submit_dossier(request).await.done()
    }

    pub(crate) async fn accepted(&self, actor: &Actor) -> proto::Dossier {
        let filed = self.submitted(actor).await;
        self.accept(&desk(), &filed.name).await.done()
    }

    pub(crate) async fn accept(
        &self,
        actor: &Actor,
        name: &str,
    ) -> Result<tonic::Response<proto::Dossier>, tonic::Status> {
        let request =
            proto::AcceptDossierRequest { request_id: request_id(), name: name.to_owned() };
        self.client(actor).accept_dossier(request).await
    }

    /// Accepted, and taken up by the officers.
    pub(crate) async fn processing(&self, actor: &Actor) -> proto::Dossier {
        let accepted = self.accepted(actor).await;
        self.started(&accepted.name).await;
        self.get(actor, &accepted.name).await
    }

    pub(crate) async fn started(&self, name: &str) {
        let event =
            workflow::ProcessStarted { dossier: name.to_owned(), version: 1, ..Default::default() };
        assert_eq!(self.env.tell(key(name), &event).await, None);
    }

    /// The specialist asks the desk.
    pub(crate) async fn needed(&self, name: &str, version: i64) {
        let event = workflow::SupplementNeeded {
            dossier: name.to_owned(),
            version,
            ask: ask(version),
            ..Default::default()
        };
        assert_eq!(self.env.tell(key(name), &event).await, None);
    }

    pub(crate) async fn approved(&self, name: &str, version: i64) {
        let event = workflow::ResultApproved {
            dossier: name.to_owned(),
            version,
            result: format!("results/{}", Uuid::from_u128(66)),
            ..Default::default()
        };
        assert_eq!(self.env.tell(key(name), &event).await, None);
    }

    pub(crate) async fn get(&self, actor: &Actor, name: &str) -> proto::Dossier {
        let request = proto::GetDossierRequest { name: name.to_owned() };
        self.client(actor).get_dossier(request).await.done()
    }

    pub(crate) async fn state(&self, name: &str) -> proto::DossierState {
        self.get(&desk(), name).await.state()
    }

    /// The desk asks the citizen for a better paper.
    pub(crate) async fn ask_citizen(
        &self,
        name: &str,
        reason: &str,
    ) -> Result<tonic::Response<proto::Dossier>, tonic::Status> {
        let papers = if reason.is_empty() { Vec::new() } else { vec!["chung-sinh".to_owned()] };
        let request = proto::RequestSupplementRequest {
            request_id: request_id(),
            name: name.to_owned(),
            reason: reason.to_owned(),
            papers,
            ..Default::default()
        };
        self.client(&desk()).request_supplement(request).await
    }

    pub(crate) async fn provide(
        &self,
        actor: &Actor,
        name: &str,
    ) -> Result<tonic::Response<proto::Dossier>, tonic::Status> {
        let request = proto::ProvideSupplementRequest {
            request_id: request_id(),
            name: name.to_owned(),
            ..Default::default()
        };
        self.client(actor).provide_supplement(request).await
    }

    pub(crate) async fn withdraw(
        &self,
        actor: &Actor,
        name: &str,
    ) -> Result<tonic::Response<proto::Dossier>, tonic::Status> {
        let request = proto::RequestWithdrawalRequest {
            request_id: request_id(),
            name: name.to_owned(),
            reason: "Khai nhầm nơi đăng ký".to_owned(),
        };
        self.client(actor).request_withdrawal(request).await
    }
}

/// The ask a specialist makes with a version of the process.
pub(crate) fn ask(version: i64) -> String {
    let n = u128::try_from(version).unwrap();
    format!("supplements/{}", Uuid::from_u128(8000 + n))
}

/// The key events of a dossier travel by.
pub(crate) fn key(name: &str) -> Uuid {
    name.split('/').nth(1).unwrap().parse().unwrap()
}
