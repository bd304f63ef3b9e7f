//! An agency at work: neighbours, officers, and dossiers that arrive.

use std::sync::Mutex;

use chrono::{DateTime, Duration, Utc};
use motcua_clockwire as clockwire;
use motcua_context::{Actor, Grant, Officer, Person, Role};
use motcua_ids::{AccountId, AgencyId, AgencyPath, Uuid};
use motcua_proto::catalog::v1 as catalog;
use motcua_proto::identity::v1::{Grant as GrantMessage, RolesChanged};
use motcua_proto::intake::v1 as intake;
use motcua_proto::workflow::v1 as proto;
use motcua_proto::workflow::v1::workflow_service_client::WorkflowServiceClient;
use motcua_rpc::Wire;
use motcua_testkit::{Builder, Database, TestEnv};
use motcua_vn::{Act, Clock, LimitUnit, SupplementRegime, Terms, TimeLimit};
use motcua_workflow::Workflow;
use tonic::{Code, Status};

use crate::neighbours::{Published, calendar, play_catalog, policy};
pub(crate) use crate::neighbours::{consulting_process, process};

/// Declares each behaviour as a test on SQLite and one on PostgreSQL.
macro_rules! on_both_databases {
    ($($behaviour:ident),+ $(,)?) => {
        mod sqlite {
            $(#[tokio::test]
            async fn $behaviour() {
                use motcua_testkit::{Database, on_each_database};
                on_each_database(Database::Sqlite, super::$behaviour).await;
            })+
        }
        mod postgres {
            $(#[tokio::test]
            async fn $behaviour() {
                use motcua_testkit::{Database, on_each_database};
                on_each_database(Database::Postgres, super::$behaviour).await;
            })+
        }
    };
}
pub(crate) use on_both_databases;

pub(crate) const PROVINCE: u128 = 1;
pub(crate) const COMMUNE: u128 = 2;
pub(crate) const UNIT: u128 = 3;
pub(crate) const DEPARTMENT: u128 = 4;
pub(crate) const OTHER_COMMUNE: u128 = 5;

pub(crate) fn agency(n: u128) -> AgencyId {
    AgencyId::new(Uuid::from_u128(n))
}

pub(crate) fn account(n: u128) -> AccountId {
    AccountId::new(Uuid::from_u128(n))
}

pub(crate) fn path(n: u128) -> AgencyPath {
    let root = AgencyPath::root(agency(PROVINCE));
    match n {
        PROVINCE => root,
        UNIT => root.child(agency(COMMUNE)).child(agency(UNIT)),
        other => root.child(agency(other)),
    }
}

pub(crate) fn officer(n: u128, role: Role, at: u128) -> Actor {
    let grants = vec![Grant { role, agency: agency(at) }];
    Actor::Officer(Officer { account: account(n), grants })
}

pub(crate) fn head() -> Actor {
    officer(11, Role::HeadOfUnit, UNIT)
}

pub(crate) fn specialist() -> Actor {
    officer(12, Role::Specialist, UNIT)
}

pub(crate) fn leader() -> Actor {
    officer(13, Role::Leader, COMMUNE)
}

pub(crate) fn citizen() -> Actor {
    Actor::Person(Person::citizen(account(99)))
}

/// The service with everything around it.
pub(crate) struct Office {
    pub(crate) env: TestEnv<Workflow>,
    published: Published,
    version: Mutex<i64>,
}

/// How a dossier was filed.
#[derive(Clone, Copy)]
pub(crate) struct Filed {
    pub(crate) n: u128,
    pub(crate) online: bool,
    /// Working days; none: no due date.
    pub(crate) days: Option<u32>,
    pub(crate) regime: SupplementRegime,
}

impl Filed {
    /// Online, three working days, shift.
    pub(crate) fn online(n: u128) -> Self {
        Self { n, online: true, days: Some(3), regime: SupplementRegime::Shift }
    }
}

pub(crate) fn dossier(n: u128) -> String {
    format!("dossiers/{}", Uuid::from_u128(1000 + n))
}

pub(crate) fn process_name(n: u128) -> String {
    dossier(n).replace("dossiers/", "processes/")
}

pub(crate) fn key(n: u128) -> Uuid {
    Uuid::from_u128(1000 + n)
}

#[expect(clippy::unnecessary_wraps, reason = "a message's field is optional")]
pub(crate) fn stamp(at: DateTime<Utc>) -> Option<prost_types::Timestamp> {
    Some(clockwire::instant_message(at))
}

pub(crate) fn utc(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

impl Office {
    /// Monday 2026-03-02, 09:00 in Viet Nam.
    pub(crate) async fn open(database: Database) -> Self {
        Self::open_with(database, |builder| builder).await
    }

    /// The same, set up otherwise.
    pub(crate) async fn open_with(
        database: Database,
        set: impl FnOnce(Builder<Workflow>) -> Builder<Workflow>,
    ) -> Self {
        let published = Published::default();
        *published.lock().unwrap() = Some(process());
        let builder =
            TestEnv::builder().on(database).neighbour("catalog", play_catalog(&published));
        let env = set(builder).start().await;
        Self { env, published, version: Mutex::new(3) }
    }

    /// The catalog publishes another process for versions asked for from here on.
    pub(crate) fn publish(&self, process: Option<catalog::ElectronicProcess>) {
        *self.published.lock().unwrap() = process;
    }

    pub(crate) fn client(&self, actor: &Actor) -> WorkflowServiceClient<Wire> {
        WorkflowServiceClient::new(self.env.wire(actor))
    }

    /// The next version of any dossier.
    pub(crate) fn next_version(&self) -> i64 {
        let mut version = self.version.lock().unwrap();
        *version += 1;
        *version
    }

    /// What intake says when a dossier is accepted now.
    pub(crate) fn acceptance(&self, filed: Filed) -> intake::DossierAccepted {
        let at = self.env.now();
        let limit = filed.days.map(|days| TimeLimit::new(days, LimitUnit::WorkingDays));
        let due = limit.map(|limit| {
            let terms = Terms {
                limit,
                limit_source: String::new(),
                filed_online: filed.online,
                regime: filed.regime,
            };
            let (calendar, policy, acts) = (calendar(), policy(), [Act::Started { at }]);
            Clock::new(&calendar, &policy, &terms, &acts).unwrap().due()
        });
        let channel =
            if filed.online { intake::FilingChannel::Online } else { intake::FilingChannel::Desk };
        intake::DossierAccepted {
            dossier: dossier(filed.n),
            code: format!("H53.05-260302-{:04}", filed.n),
            version: 3,
            procedure: format!("procedures/{}", Uuid::from_u128(901)),
            procedure_version: format!("procedureVersions/{}", Uuid::from_u128(902)),
            case_code: "default".to_owned(),
            filing_channel: channel.into(),
            receiving_agency: agency(OTHER_COMMUNE).name(),
            receiving_path: path(OTHER_COMMUNE).text(),
            competent_agency: agency(COMMUNE).name(),
            competent_path: path(COMMUNE).text(),
            applicant: account(99).name(),
            submit_time: stamp(at),
            accept_time: stamp(at),
            accepted_by: account(61).name(),
            legal_due_time: due.and_then(|due| stamp(due.legal)),
            promised_due_time: due.and_then(|due| stamp(due.promised)),
            calendar: calendar().name().to_owned(),
            policy: policy().name,
            limit: limit.map(|limit| clockwire::limit_message(limit, "")),
            supplement_regime: clockwire::regime_message(filed.regime).into(),
            ..Default::default()
        }
    }

    /// A dossier is accepted, and its process began.
    pub(crate) async fn accept(&self, filed: Filed) {
        let parked = self.env.tell(key(filed.n), &self.acceptance(filed)).await;
        assert_eq!(parked, None);
    }

    pub(crate) async fn process(&self, n: u128) -> proto::Process {
        let asked = proto::GetProcessRequest { name: process_name(n) };
        self.client(&leader()).get_process(asked).await.unwrap().into_inner()
    }

    /// The open task of a step or a consult.
    pub(crate) async fn task(&self, n: u128, code: &str) -> proto::Task {
        let process = self.process(n).await;
        let found = process.tasks.iter().find(|task| {
            let name =
                if task.consult_code.is_empty() { &task.step_code } else { &task.consult_code };
            task.state() != proto::TaskState::Done && name == code
        });
        found.unwrap_or_else(|| panic!("no open task {code}")).clone()
    }

    pub(crate) async fn take(
        &self,
        n: u128,
        code: &str,
        by: &Actor,
    ) -> Result<proto::Task, Status> {
        let request = proto::TakeTaskRequest {
            request_id: self.env.request_id(),
            name: self.task(n, code).await.name,
            etag: String::new(),
        };
        Ok(self.client(by).take_task(request).await?.into_inner())
    }

    pub(crate) async fn forward(
        &self,
        n: u128,
        code: &str,
        by: &Actor,
    ) -> Result<proto::Process, Status> {
        let request = proto::ForwardTaskRequest {
            request_id: self.env.request_id(),
            name: self.task(n, code).await.name,
            ..Default::default()
        };
        Ok(self.client(by).forward_task(request).await?.into_inner())
    }

    pub(crate) async fn draft(
        &self,
        n: u128,
        by: &Actor,
        bytes: &[u8],
    ) -> Result<proto::Result, Status> {
        let task = self.task(n, "tham-dinh").await.name;
        self.draft_in(&task, by, bytes).await
    }

    pub(crate) async fn draft_in(
        &self,
        task: &str,
        by: &Actor,
        bytes: &[u8],
    ) -> Result<proto::Result, Status> {
        let stream = futures::stream::iter(upload(self.env.request_id(), task, None, bytes));
        Ok(self.client(by).draft_result(stream).await?.into_inner())
    }

    pub(crate) async fn approve(&self, n: u128, by: &Actor) -> Result<proto::Process, Status> {
        let process = self.process(n).await;
        let request = proto::ApproveResultRequest {
            request_id: self.env.request_id(),
            name: self.task(n, "ky").await.name,
            result: process.result.map(|result| result.name).unwrap_or_default(),
            ..Default::default()
        };
        Ok(self.client(by).approve_result(request).await?.into_inner())
    }

    /// The specialist holds the appraisal.
    pub(crate) async fn to_specialist(&self, n: u128) {
        self.take(n, "phan-cong", &head()).await.unwrap();
        self.forward(n, "phan-cong", &head()).await.unwrap();
        self.take(n, "tham-dinh", &specialist()).await.unwrap();
    }

    /// The leader holds the approval, with a draft.
    pub(crate) async fn to_leader(&self, n: u128) {
        self.to_specialist(n).await;
        self.draft(n, &specialist(), PDF).await.unwrap();
        self.forward(n, "tham-dinh", &specialist()).await.unwrap();
        self.take(n, "ky", &leader()).await.unwrap();
    }

    /// The result is at the desk.
    pub(crate) async fn to_desk(&self, n: u128) {
        self.to_leader(n).await;
        self.approve(n, &leader()).await.unwrap();
    }

    /// Officers as identity tells of them.
    pub(crate) async fn told_of(&self, actor: &Actor, version: i64) {
        let Actor::Officer(officer) = actor else { panic!("not an officer") };
        let grants = officer.grants.iter().map(|grant| GrantMessage {
            role: grant.role.to_proto().into(),
            agency: grant.agency.name(),
            ..Default::default()
        });
        let event = RolesChanged {
            account: officer.account.name(),
            version,
            grants: grants.collect(),
            change_time: stamp(self.env.now()),
        };
        assert_eq!(self.env.tell(officer.account.uuid(), &event).await, None);
    }

    /// The desk asks the citizen now.
    pub(crate) async fn request_supplement(&self, n: u128, ask: &str) {
        let event = intake::SupplementRequested {
            dossier: dossier(n),
            version: self.next_version(),
            supplement: format!("supplements/{}", Uuid::from_u128(50)),
            ask: ask.to_owned(),
            request_time: stamp(self.env.now()),
            requested_by: account(61).name(),
            ..Default::default()
        };
        assert_eq!(self.env.tell(key(n), &event).await, None);
    }

    /// The citizen answers now.
    pub(crate) async fn provide_supplement(&self, n: u128, ask: &str) {
        let event = intake::SupplementProvided {
            dossier: dossier(n),
            version: self.next_version(),
            ask: ask.to_owned(),
            provide_time: stamp(self.env.now()),
            ..Default::default()
        };
        assert_eq!(self.env.tell(key(n), &event).await, None);
    }

    pub(crate) fn advance(&self, hours: i64) {
        self.env.clock.advance(Duration::hours(hours));
    }
}

/// A draft with its bytes, as it is sent.
pub(crate) fn upload(
    request_id: String,
    task: &str,
    time_limit: Option<prost_types::Duration>,
    bytes: &[u8],
) -> Vec<proto::DraftResultRequest> {
    use proto::draft_result_request::Part;
    let head = proto::DraftResultHead {
        task: task.to_owned(),
        outcome: proto::Outcome::Granted.into(),
        text: "Cấp cho bà Nguyễn Thị Hoa".to_owned(),
        file_name: "ket-qua-nguyen-thi-hoa.pdf".to_owned(),
        time_limit,
        ..Default::default()
    };
    let first = proto::DraftResultRequest { request_id, part: Some(Part::Head(head)) };
    let chunks = bytes.chunks(1000).map(|chunk| proto::DraftResultRequest {
        request_id: String::new(),
        part: Some(Part::Chunk(chunk.to_vec())),
    });
    std::iter::once(first).chain(chunks).collect()
}

/// A file that is what it says.
pub(crate) const PDF: &[u8] =
    b"%PDF-1.7 K\xe1\xba\xbft qu\xe1\xba\xa3 Nguy\xe1\xbb\x85n Th\xe1\xbb\x8b Hoa";

/// The stable reason and the code of a refusal.
pub(crate) fn reason(status: &Status) -> (Code, String) {
    let fault = motcua_rpc::fault(status.clone());
    (status.code(), fault.reason().to_owned())
}

/// What a refusal tells programs under a key.
pub(crate) fn told(status: &Status, key: &str) -> String {
    let fault = motcua_rpc::fault(status.clone());
    let found = fault.metadata().iter().find(|(name, _)| name == key);
    found.map(|(_, value)| value.clone()).unwrap_or_default()
}
