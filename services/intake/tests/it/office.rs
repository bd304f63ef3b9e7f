//! A province at work: a catalog and a workflow played over the wire, citizens,
//! desks, officers, and dossiers on their way.

use std::sync::{Arc, Mutex};

use chrono::NaiveDate;
use motcua_clockwire as clockwire;
use motcua_context::{Actor, Grant, Officer, Person, Role};
use motcua_fault::Fault;
use motcua_ids::{AccountId, AgencyId, AgencyPath, Uuid};
use motcua_intake::Intake;
use motcua_proto::{
    catalog::v1 as catalog, intake::v1 as proto, r#type::v1 as clock, workflow::v1 as workflow,
};
use motcua_testkit::{Builder, Database, Neighbour, TestEnv};
use motcua_vn::{
    ClockPolicy, SupplementRegime, WorkingCalendar,
    calendar::{CalendarData, DayOff, OfficeHours, OfficeSpan},
    policy::{Fraction, Halving, RuleSources},
};

use crate::support::{Answer, Client, pdf, request_id, upload};

pub(crate) const PROVINCE: u128 = 1;
pub(crate) const COMMUNE: u128 = 2;
pub(crate) const UNIT: u128 = 3;
pub(crate) const OTHER: u128 = 4;
const FORMER: u128 = 5;

pub(crate) fn agency(n: u128) -> AgencyId {
    AgencyId::new(Uuid::from_u128(n))
}

pub(crate) fn account(n: u128) -> AccountId {
    AccountId::new(Uuid::from_u128(n))
}

pub(crate) fn procedure(n: u128) -> String {
    format!("procedures/{}", Uuid::from_u128(n))
}

fn path(n: u128) -> AgencyPath {
    let root = AgencyPath::root(agency(PROVINCE));
    match n {
        PROVINCE => root,
        UNIT => root.child(agency(COMMUNE)).child(agency(UNIT)),
        other => root.child(agency(other)),
    }
}

pub(crate) fn citizen(n: u128) -> Actor {
    Actor::Person(Person::citizen(account(n)))
}

pub(crate) fn officer(n: u128, role: Role, at: u128) -> Actor {
    let grants = vec![Grant { role, agency: agency(at) }];
    Actor::Officer(Officer { account: account(n), grants })
}

/// Cán bộ một cửa of the commune.
pub(crate) fn desk() -> Actor {
    officer(51, Role::DeskOfficer, COMMUNE)
}

/// What the catalog publishes now, by procedure: 1 online with an e-form, 2 with
/// a national front door, 3 without a due date, 4 with an unknown limit.
#[derive(Default)]
pub(crate) struct World {
    /// Raised, a new version of procedure 1 asks for one paper more.
    pub(crate) revision: u128,
    pub(crate) abolished: bool,
}

pub(crate) struct Province {
    pub(crate) env: TestEnv<Intake>,
    pub(crate) world: Arc<Mutex<World>>,
}

fn form() -> serde_json::Value {
    serde_json::json!({
        "type": "object",
        "required": ["child", "father"],
        "properties": {
            "child": {
                "type": "object", "title": "Trẻ", "required": ["name"],
                "properties": {
                    "name": { "type": "string", "minLength": 1, "title": "Họ tên trẻ" },
                    "weight": { "type": "integer", "minimum": 500, "title": "Cân nặng (gam)" },
                },
            },
            "father": {
                "type": "object", "title": "Cha", "required": ["name"],
                "properties": { "name": { "type": "string", "title": "Họ tên cha" } },
            },
        },
    })
}

fn paper(code: &str, need: catalog::PaperNeed) -> catalog::PaperRequirement {
    catalog::PaperRequirement {
        code: code.to_owned(),
        display_name: format!("Giấy {code}"),
        originals: 1,
        need: need.into(),
        ..Default::default()
    }
}

fn way(channel: catalog::WayChannel, limit: Option<u32>, known: bool) -> catalog::Way {
    use catalog::processing_limit::Rule;
    let rule = match limit {
        Some(amount) => Rule::Counted(clock::TimeLimit {
            amount,
            unit: clock::LimitUnit::WorkingDays.into(),
            source: "Điều 15 Luật Hộ tịch".to_owned(),
        }),
        None if known => Rule::NoDueDate(catalog::NoDueDate {}),
        None => Rule::Unknown(catalog::UnknownLimit {}),
    };
    catalog::Way {
        channel: channel.into(),
        limit: Some(catalog::ProcessingLimit { rule: Some(rule), ..Default::default() }),
        fees: vec![catalog::Fee {
            code: "le-phi".to_owned(),
            display_name: "Lệ phí".to_owned(),
            rule: catalog::FeeRule::Fixed.into(),
            amount_vnd: 20_000,
            ..Default::default()
        }],
        ..Default::default()
    }
}

/// Versions are numbered `procedure * 100 + revision`.
fn version(world: &World, asked: &catalog::GetProcedureVersionRequest) -> Option<u128> {
    let uuid = |name: &str| name.split('/').nth(1)?.parse::<Uuid>().ok().map(|id| id.as_u128());
    if asked.name.is_empty() {
        let procedure = uuid(&asked.procedure)?;
        let open = (1..=4).contains(&procedure) && !world.abolished;
        return open.then_some(procedure * 100 + if procedure == 1 { world.revision } else { 0 });
    }
    uuid(&asked.name)
}

fn version_message(n: u128) -> catalog::ProcedureVersion {
    use catalog::{PaperNeed as Need, WayChannel as Channel};
    let (number, revision) = (n / 100, n % 100);
    let limit = if number <= 2 { Some(4) } else { None };
    let known = number != 4;
    let mut papers = vec![
        paper("chung-sinh", Need::Always),
        paper("to-khai", Need::OnlineForm),
        paper("uy-quyen", Need::Conditional),
    ];
    if revision > 0 {
        papers.push(paper("moi", Need::Always));
    }
    let ways = [Channel::Online, Channel::Desk, Channel::Post];
    catalog::ProcedureVersion {
        name: format!("procedureVersions/{}", Uuid::from_u128(n)),
        procedure: procedure(number),
        number: format!("1.00119{number}"),
        content: Some(catalog::VersionContent {
            display_name: "Đăng ký khai sinh".to_owned(),
            level: catalog::ProcedureLevel::Commune.into(),
            front_door: if number == 2 {
                catalog::FrontDoor::National
            } else {
                catalog::FrontDoor::Local
            }
            .into(),
            publication: Some(catalog::Publication {
                url: "https://example.vn/thu-tuc".to_owned(),
                ..Default::default()
            }),
            cases: vec![catalog::Case {
                code: "default".to_owned(),
                papers,
                ways: ways.map(|channel| way(channel, limit, known)).to_vec(),
                ..Default::default()
            }],
            form: Some(struct_of(&form())),
            ..Default::default()
        }),
        ..Default::default()
    }
}

/// A struct of JSON, as a foreign client makes it.
pub(crate) fn struct_of(value: &serde_json::Value) -> prost_types::Struct {
    fn value_of(value: &serde_json::Value) -> prost_types::Value {
        use prost_types::value::Kind;
        let kind = match value {
            serde_json::Value::Null => Kind::NullValue(0),
            serde_json::Value::Bool(flag) => Kind::BoolValue(*flag),
            serde_json::Value::Number(number) => Kind::NumberValue(number.as_f64().unwrap()),
            serde_json::Value::String(text) => Kind::StringValue(text.clone()),
            serde_json::Value::Array(list) => Kind::ListValue(prost_types::ListValue {
                values: list.iter().map(value_of).collect(),
            }),
            serde_json::Value::Object(_) => Kind::StructValue(struct_of(value)),
        };
        prost_types::Value { kind: Some(kind) }
    }
    let fields = value.as_object().unwrap();
    prost_types::Struct { fields: fields.iter().map(|(k, v)| (k.clone(), value_of(v))).collect() }
}

fn agency_message(n: u128) -> catalog::Agency {
    let (kind, code) = match n {
        PROVINCE => (catalog::AgencyKind::Province, "H53"),
        COMMUNE => (catalog::AgencyKind::Commune, "H53.12.05"),
        OTHER => (catalog::AgencyKind::Commune, "H53.12.06"),
        FORMER => (catalog::AgencyKind::District, "H53.12"),
        _ => (catalog::AgencyKind::Unit, ""),
    };
    catalog::Agency {
        name: agency(n).name(),
        identifier_code: code.to_owned(),
        display_name: format!("Cơ quan {n}"),
        kind: kind.into(),
        path: path(n).agencies().iter().map(|agency| agency.name()).collect(),
        valid_to: if n == FORMER { "2025-06-30".to_owned() } else { String::new() },
        ..Default::default()
    }
}

fn calendar() -> WorkingCalendar {
    let day = |m, d| NaiveDate::from_ymd_opt(2026, m, d).unwrap();
    let spans = vec![OfficeSpan { open: 420, close: 690 }, OfficeSpan { open: 810, close: 1020 }];
    use chrono::Weekday::{Fri, Mon, Thu, Tue, Wed};
    let week = [Mon, Tue, Wed, Thu, Fri];
    WorkingCalendar::new(CalendarData {
        name: calendar_name(),
        version: "2026.1".to_owned(),
        title: "Lịch thử".to_owned(),
        valid_from: day(1, 1),
        valid_to: None,
        office_hours: week.map(|weekday| OfficeHours { weekday, spans: spans.clone() }).to_vec(),
        office_hours_source: "Nội quy".to_owned(),
        weekly_rest_source: "Bộ luật Lao động".to_owned(),
        days_off: vec![DayOff {
            date: day(3, 3),
            title: "Ngày nghỉ thử".to_owned(),
            source: "Bộ luật Lao động".to_owned(),
        }],
        make_up_days: Vec::new(),
    })
    .unwrap()
}

pub(crate) fn calendar_name() -> String {
    format!("calendars/{}", Uuid::from_u128(701))
}

fn policy() -> ClockPolicy {
    let source = || "Căn cứ thử".to_owned();
    ClockPolicy {
        name: format!("policies/{}", Uuid::from_u128(702)),
        version: "1".to_owned(),
        title: "Quy tắc thử".to_owned(),
        valid_from: NaiveDate::from_ymd_opt(2026, 1, 1).unwrap(),
        valid_to: None,
        minutes_per_working_day: 480,
        halving: Some(Halving {
            minimum_working_days: 2,
            factor: Fraction { numerator: 1, denominator: 2 },
            units: vec![motcua_vn::LimitUnit::WorkingDays],
            source: "Quyết định của tỉnh".to_owned(),
        }),
        supplement_regime: SupplementRegime::Shift,
        supplement_days: 30,
        same_day_cut_off_minute: 900,
        online_notice_minutes: 480,
        other_notice_minutes: 480,
        sources: RuleSources {
            limit: source(),
            start: source(),
            working_day: source(),
            calendar_day: source(),
            month: source(),
            ends_on_day_off: source(),
            same_day: source(),
            supplement: source(),
            payment: source(),
            withdrawal: source(),
            extension: source(),
            notice: source(),
        },
    }
}

fn play_catalog(world: &Arc<Mutex<World>>) -> Neighbour {
    const SERVICE: [&str; 3] = [
        "/motcua.catalog.v1.CatalogService/GetProcedureVersion",
        "/motcua.catalog.v1.CatalogService/GetAgency",
        "/motcua.catalog.v1.CatalogService/GetClockRules",
    ];
    let world = world.clone();
    Neighbour::new()
        .on(SERVICE[0], move |asked: catalog::GetProcedureVersionRequest| {
            let found = version(&world.lock().unwrap(), &asked);
            found.map(version_message).ok_or_else(|| Fault::not_found("procedure"))
        })
        .on(SERVICE[1], |asked: catalog::GetAgencyRequest| {
            [PROVINCE, COMMUNE, UNIT, OTHER, FORMER]
                .into_iter()
                .find(|n| agency(*n).name() == asked.name)
                .map(agency_message)
                .ok_or_else(|| Fault::not_found("agency"))
        })
        .on(SERVICE[2], |_: catalog::GetClockRulesRequest| {
            Ok(catalog::ClockRules {
                calendar: Some(catalog::Calendar {
                    name: calendar_name(),
                    content: Some(clockwire::calendar_message(&calendar())),
                    ..Default::default()
                }),
                policy: Some(catalog::Policy {
                    name: policy().name,
                    content: Some(clockwire::policy_message(&policy())),
                    ..Default::default()
                }),
            })
        })
}

fn play_workflow() -> Neighbour {
    let asked = |_: workflow::GetSupplementAskRequest| {
        Ok(workflow::SupplementAsk {
            reasons: "Giấy chứng sinh mờ, không đọc được.".to_owned(),
            papers: vec![workflow::AskedPaper {
                paper_code: "chung-sinh".to_owned(),
                note: "bản rõ hơn".to_owned(),
                ..Default::default()
            }],
            ..Default::default()
        })
    };
    Neighbour::new().on("/motcua.workflow.v1.WorkflowService/GetSupplementAsk", asked)
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
    pub(crate) fn filled(&self) -> proto::Dossier {
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

    /// An online draft with everything it needs.
    pub(crate) async fn ready_draft(&self, actor: &Actor) -> proto::Dossier {
        let draft = self.create(actor, self.filled()).await.done();
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
