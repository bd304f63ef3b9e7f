//! The service with a catalog that answers, people, events, and a gateway of the same protocol.

use std::sync::{Arc, Mutex};

use axum::{Json, Router, extract::State, routing::post};
use motcua_context::{Actor, Grant, Officer, Person, Role};
use motcua_fault::Fault;
use motcua_ids::{AccountId, AgencyId, DossierId, FeeOrderId, Uuid};
use motcua_payment::Payment;
use motcua_paywire::{Notice, Secrets, Terminal};
use motcua_proto::{
    catalog::v1::{
        Agency, Calendar, Case, ClockRules, Fee, FeeAnswer, FeeAnswerKind, FeeKind, FeeRow,
        FeeRule, FeeShare, FeeTable, GetAgencyRequest, GetClockRulesRequest,
        GetProcedureVersionRequest, ProcedureVersion, VersionContent, Way, WayChannel,
    },
    intake::v1 as intake,
    payment::v1::{self as proto, payment_service_client::PaymentServiceClient},
};
use motcua_rpc::Wire;
use motcua_testkit::{Builder, Database, Neighbour, TestEnv};
use motcua_vn::Vnd;
use serde_json::Value;

pub(crate) type Env = TestEnv<Payment>;
pub(crate) type Client = PaymentServiceClient<Wire>;

pub(crate) const CODE: &str = "H53.41-260302-0001";
pub(crate) const SECRET: &str = "SANDBOXSECRET";
pub(crate) const TERMINAL: &str = "MOTCUA01";
/// Lệ phí of 50,000 and phí of 20,000.
pub(crate) const ALL: i64 = 70_000;

/// Every test of a list runs on each database that can be had here.
macro_rules! on_both {
    ($($(#[$doc:meta])* $name:ident;)+) => {$(
        mod $name {
            #[tokio::test]
            async fn sqlite() {
                motcua_testkit::on_each_database(motcua_testkit::Database::Sqlite, super::$name).await;
            }

            #[tokio::test]
            async fn postgres() {
                motcua_testkit::on_each_database(motcua_testkit::Database::Postgres, super::$name).await;
            }
        }
    )+};
}
pub(crate) use on_both;

pub(crate) fn id(n: u128) -> Uuid {
    Uuid::from_u128(n)
}

pub(crate) fn payer() -> Actor {
    Actor::Person(Person::citizen(AccountId::new(id(11))))
}

pub(crate) fn stranger() -> Actor {
    Actor::Person(Person::citizen(AccountId::new(id(12))))
}

pub(crate) fn province() -> AgencyId {
    AgencyId::new(id(100))
}

pub(crate) fn ward() -> AgencyId {
    AgencyId::new(id(101))
}

pub(crate) fn elsewhere() -> AgencyId {
    AgencyId::new(id(102))
}

/// A unit of the ward, where specialists are.
pub(crate) fn unit() -> AgencyId {
    AgencyId::new(id(103))
}

pub(crate) fn officer(n: u128, role: Role, agency: AgencyId) -> Actor {
    let grants = vec![Grant { role, agency }];
    Actor::Officer(Officer { account: AccountId::new(id(n)), grants })
}

pub(crate) fn desk() -> Actor {
    officer(21, Role::DeskOfficer, ward())
}

pub(crate) fn leader() -> Actor {
    officer(22, Role::Leader, ward())
}

pub(crate) fn accountant() -> Actor {
    officer(23, Role::Accountant, province())
}

pub(crate) fn dossier(n: u128) -> DossierId {
    DossierId::new(id(1_000 + n))
}

pub(crate) fn order_name(n: u128) -> String {
    FeeOrderId::new(dossier(n).uuid()).name()
}

fn fee(code: &str, kind: FeeKind, rule: FeeRule, amount_vnd: i64) -> Fee {
    Fee {
        code: code.into(),
        display_name: format!("Khoản {code}"),
        kind: kind.into(),
        rule: rule.into(),
        amount_vnd,
        ..Fee::default()
    }
}

/// The price of copies by the answers, of which the agency that decides has 30 percent and another
/// one 15.
fn copies() -> Fee {
    let answer = |name: &str| FeeAnswer {
        name: name.into(),
        field: format!("ban_sao.{name}"),
        kind: FeeAnswerKind::Integer.into(),
    };
    let row = |when: &str, amount: &str| FeeRow {
        when: when.into(),
        amount: amount.into(),
        ..FeeRow::default()
    };
    let table = FeeTable {
        answers: vec![answer("trang"), answer("ban")],
        rows: vec![
            row("trang <= 2", "ban * 2000 * trang"),
            row("trang < 1000", "ban * min(200000, 4000 + 1000 * (trang - 2))"),
        ],
    };
    let share = |agency_code: &str, percent| FeeShare { agency_code: agency_code.into(), percent };
    Fee {
        table: Some(table),
        shares: vec![share("", 30), share("H53.42", 15)],
        ..fee("phi", FeeKind::Charge, FeeRule::Table, 0)
    }
}

/// Nothing for whom a text exempts, by a table.
fn exempt() -> Fee {
    let mut fee = copies();
    if let Some(table) = &mut fee.table {
        let row = FeeRow {
            when: "trang > 2".into(),
            amount: "0".into(),
            legal_basis: "Nghị quyết 12/2025/NQ-HĐND".into(),
        };
        table.rows.insert(0, row);
    }
    fee
}

/// What the case charges: `fixed` both sums, `open` one that an officer assesses, `unknown` one of which no
/// source says how much, `copies` by a table, `exempt` nothing by one, `free` nothing.
fn case(code: &str) -> Case {
    let fees = match code {
        "fixed" => vec![
            fee("le-phi", FeeKind::Fee, FeeRule::Fixed, 50_000),
            fee("phi", FeeKind::Charge, FeeRule::Fixed, 20_000),
        ],
        "copies" => vec![copies()],
        "exempt" => vec![exempt()],
        "unknown" => vec![fee("le-phi", FeeKind::Fee, FeeRule::Unknown, 0)],
        "open" => vec![fee("le-phi", FeeKind::Fee, FeeRule::SetByProvince, 0)],
        _ => vec![fee("le-phi", FeeKind::Fee, FeeRule::Free, 0)],
    };
    let channels = [WayChannel::Online, WayChannel::Desk];
    let way = |channel: WayChannel| Way {
        channel: channel.into(),
        fees: fees.clone(),
        online_payment: true,
        ..Way::default()
    };
    Case { code: code.into(), ways: channels.map(way).into(), ..Case::default() }
}

fn agency(asked: &GetAgencyRequest) -> Result<Agency, Fault> {
    let path = |ids: &[AgencyId]| ids.iter().map(|id| id.name()).collect::<Vec<_>>();
    let known = [
        (province(), path(&[province()]), "H53"),
        (ward(), path(&[province(), ward()]), "H53.41"),
        (elsewhere(), path(&[province(), elsewhere()]), "H53.42"),
        (unit(), path(&[province(), ward(), unit()]), "H53.41.1"),
    ];
    let found = known.into_iter().find(|(id, _, code)| {
        id.name() == asked.name || (asked.name.is_empty() && *code == asked.identifier_code)
    });
    let (id, path, code) = found.ok_or_else(|| Fault::not_found("agency"))?;
    Ok(Agency { name: id.name(), path, identifier_code: code.into(), ..Agency::default() })
}

fn catalog() -> Neighbour {
    Neighbour::new()
        .on("/motcua.catalog.v1.CatalogService/GetAgency", |asked: GetAgencyRequest| agency(&asked))
        .on(
            "/motcua.catalog.v1.CatalogService/GetProcedureVersion",
            |_: GetProcedureVersionRequest| {
                let cases =
                    ["fixed", "open", "free", "copies", "exempt", "unknown"].map(case).into();
                Ok(ProcedureVersion {
                    number: "1.001193".into(),
                    content: Some(VersionContent { cases, ..VersionContent::default() }),
                    ..ProcedureVersion::default()
                })
            },
        )
        .on("/motcua.catalog.v1.CatalogService/GetClockRules", |_: GetClockRulesRequest| {
            // A Monday off, behind the second weekend.
            let content = motcua_testkit::catalog::calendar("2026-03-16".parse().unwrap());
            let content = Some(motcua_clockwire::calendar_message(&content));
            let calendar = Some(Calendar { content, ..Calendar::default() });
            Ok(ClockRules { calendar, ..ClockRules::default() })
        })
}

/// In whose name the dossiers are.
#[derive(Clone)]
pub(crate) struct Name(Arc<Mutex<&'static str>>);

impl Name {
    pub(crate) fn correct(&self, name: &'static str) {
        *self.0.lock().unwrap() = name;
    }
}

fn intake(name: Name) -> Neighbour {
    let contact = move |_: intake::GetContactRequest| {
        let full_name = (*name.0.lock().unwrap()).to_owned();
        Ok(intake::DossierContact { full_name, ..Default::default() })
    };
    Neighbour::new()
        .on("/motcua.intake.v1.IntakeService/GetContact", contact)
        .on("/motcua.intake.v1.IntakeService/GetAnswers", |asked| Ok(answers(&asked)))
}

/// Dossier 1 is of four copies of three pages; of others nobody said how many.
fn answers(asked: &intake::GetAnswersRequest) -> intake::GetAnswersResponse {
    let given = [("ban_sao.trang", 3.0), ("ban_sao.ban", 4.0)];
    let known = if asked.dossier == dossier(1).name() { 2 } else { 1 };
    let found = given[..known].iter().filter(|(field, _)| asked.fields.iter().any(|f| f == field));
    let answers = found.map(|(field, number)| {
        let kind = Some(prost_types::value::Kind::NumberValue(*number));
        ((*field).to_owned(), prost_types::Value { kind })
    });
    intake::GetAnswersResponse { answers: answers.collect() }
}

/// A gateway that answers questions and refunds over HTTP as it was told to.
#[derive(Clone, Default)]
pub(crate) struct Api(Arc<Mutex<Inner>>);

#[derive(Default)]
struct Inner {
    answer: Option<Answer>,
    hangs: bool,
    asked: Vec<Value>,
}

type Answer = Box<dyn Fn(&Value) -> Value + Send>;

impl Api {
    /// What it answers from now on; nothing: an error.
    pub(crate) fn answers(&self, answer: impl Fn(&Value) -> Value + Send + 'static) {
        self.0.lock().unwrap().answer = Some(Box::new(answer));
    }

    /// From now on it takes questions and answers none.
    pub(crate) fn hangs(&self) {
        self.0.lock().unwrap().hangs = true;
    }

    /// What it was asked.
    pub(crate) fn asked(&self) -> Vec<Value> {
        self.0.lock().unwrap().asked.clone()
    }

    /// What it answers to a question; nothing: it never does.
    fn hear(&self, body: &Value) -> Option<Value> {
        let mut inner = self.0.lock().unwrap();
        inner.asked.push(body.clone());
        let answer = inner.answer.as_ref().map_or(Value::Null, |answer| answer(body));
        (!inner.hangs).then_some(answer)
    }

    #[expect(clippy::disallowed_methods, reason = "it ends with the test")]
    pub(crate) async fn serve(self) -> String {
        let router = Router::new().route("/api", post(answer)).with_state(self);
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        tokio::spawn(async move { axum::serve(listener, router).await });
        format!("http://{address}/api")
    }
}

async fn answer(State(api): State<Api>, Json(body): Json<Value>) -> Json<Value> {
    match api.hear(&body) {
        Some(answer) => Json(answer),
        None => std::future::pending().await,
    }
}

/// The gateway's own end of the protocol.
pub(crate) fn terminal() -> Terminal {
    Terminal { code: TERMINAL.into(), secrets: Secrets::new(SECRET, []) }
}

/// The service with a gateway and a collecting account.
pub(crate) struct Office {
    pub(crate) env: Env,
    pub(crate) api: Api,
    pub(crate) name: Name,
}

pub(crate) fn plain(database: Database) -> (Builder<Payment>, Name) {
    let name = Name(Arc::new(Mutex::new("Nguyễn Văn An")));
    let env = Env::builder().on(database).neighbour("catalog", catalog());
    (env.neighbour("intake", intake(name.clone())), name)
}

pub(crate) async fn open(database: Database) -> Office {
    let api = Api::default();
    let api_url = api.clone().serve().await;
    let (env, name) = plain(database);
    let env = env
        .set("payment.vnpay.pay_url=https://gateway.example.vn/pay")
        .set(format!("payment.vnpay.api_url={api_url}"))
        .set("payment.vnpay.return_url=https://cong.example.vn/thanh-toan")
        .set(format!("payment.vnpay.terminal={TERMINAL}"))
        .set(format!("payment.vnpay.secret={SECRET}"))
        .set("payment.vnpay.server_address=203.0.113.7")
        .set("payment.books_check_s=1")
        .set("payment.transfer.bank=970418")
        .set("payment.transfer.account=1234567890")
        .start()
        .await;
    ready(&env).await;
    Office { env, api, name }
}

/// Waits until the service has learnt from identity whose tokens are good.
pub(crate) async fn ready(env: &Env) {
    env.until(async || {
        let asked = proto::GetFeeOrderRequest { name: order_name(99) };
        let answer = PaymentServiceClient::new(env.wire(&payer())).get_fee_order(asked).await;
        (answer.map(drop).map_err(|status| status.code()) != Err(tonic::Code::Unavailable))
            .then_some(())
    })
    .await;
}

impl Office {
    pub(crate) fn client(&self, actor: &Actor) -> Client {
        PaymentServiceClient::new(self.env.wire(actor))
    }

    /// A dossier was accepted.
    pub(crate) async fn accepted(&self, n: u128, case: &str) {
        self.env.tell(dossier(n).uuid(), &accepted(n, case)).await;
    }

    pub(crate) async fn order(&self, n: u128) -> proto::FeeOrder {
        self.order_as(n, &desk()).await.unwrap()
    }

    pub(crate) async fn order_as(
        &self,
        n: u128,
        actor: &Actor,
    ) -> Result<proto::FeeOrder, tonic::Status> {
        let asked = proto::GetFeeOrderRequest { name: order_name(n) };
        Ok(self.client(actor).get_fee_order(asked).await?.into_inner())
    }

    pub(crate) async fn begin(
        &self,
        n: u128,
        method: proto::PaymentMethod,
    ) -> Result<proto::Payment, tonic::Status> {
        let asked = proto::BeginPaymentRequest {
            request_id: self.env.request_id(),
            name: order_name(n),
            method: method.into(),
            english: false,
        };
        Ok(self.client(&payer()).begin_payment(asked).await?.into_inner())
    }

    pub(crate) async fn collect(
        &self,
        n: u128,
        amount_vnd: i64,
    ) -> Result<proto::FeeOrder, tonic::Status> {
        let asked = proto::CollectPaymentRequest {
            request_id: self.env.request_id(),
            name: order_name(n),
            etag: String::new(),
            method: proto::PaymentMethod::Cash.into(),
            amount_vnd,
        };
        Ok(self.client(&desk()).collect_payment(asked).await?.into_inner())
    }

    /// What the books say: account → debit less credit.
    pub(crate) async fn books(&self) -> std::collections::BTreeMap<String, i64> {
        let asked = proto::ListBalancesRequest {
            page_size: 100,
            agency: province().name(),
            ..Default::default()
        };
        let answer = self.client(&accountant()).list_balances(asked).await.unwrap().into_inner();
        let mut books = std::collections::BTreeMap::new();
        for balance in answer.balances {
            *books.entry(balance.account).or_default() += balance.debit_vnd - balance.credit_vnd;
        }
        assert_eq!(books.values().sum::<i64>(), 0, "{books:?}");
        books
    }

    /// What the gateway tells by itself, and what it is answered.
    pub(crate) async fn notice(&self, query: &str) -> String {
        let address = format!("http://{}/payment/vnpay/ipn?{query}", self.env.http());
        let answer = get(&address).await;
        let answer: Value = serde_json::from_str(&answer).unwrap();
        answer["RspCode"].as_str().unwrap().to_owned()
    }
}

/// A GET by hand: one request, one answer.
async fn get(address: &str) -> String {
    ask("GET", address, "").await
}

/// A POST of JSON by hand.
pub(crate) async fn tell(address: &str, body: &str) -> String {
    ask("POST", address, body).await
}

async fn ask(method: &str, address: &str, body: &str) -> String {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    let rest = address.strip_prefix("http://").unwrap();
    let (host, path) = rest.split_once('/').unwrap();
    let mut stream = tokio::net::TcpStream::connect(host).await.unwrap();
    let request = format!(
        "{method} /{path} HTTP/1.1\r\nhost: {host}\r\nconnection: close\r\n\
         content-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    );
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    answer.split_once("\r\n\r\n").unwrap().1.to_owned()
}

pub(crate) fn accepted(n: u128, case: &str) -> intake::DossierAccepted {
    let path = format!("/{}/{}/", province().uuid(), ward().uuid());
    intake::DossierAccepted {
        dossier: dossier(n).name(),
        code: CODE.into(),
        version: 3,
        procedure_version: format!("procedureVersions/{}", id(7)),
        case_code: case.into(),
        filing_channel: intake::FilingChannel::Online.into(),
        receiving_path: path.clone(),
        competent_path: path,
        applicant: AccountId::new(id(11)).name(),
        ..Default::default()
    }
}

/// A notice of the gateway about an attempt, signed.
pub(crate) fn notice(payment: &proto::Payment, amount_vnd: i64, response: &str) -> String {
    terminal().told(&said(&payment.reference, amount_vnd, response))
}

/// What the gateway says of an attempt.
pub(crate) fn said(reference: &str, amount_vnd: i64, response: &str) -> Notice {
    Notice {
        reference: reference.into(),
        amount: Vnd::new(amount_vnd),
        response: response.into(),
        status: if response == "00" { "00" } else { "02" }.into(),
        kind: String::new(),
        transaction: "14226112".into(),
        bank: "NCB".into(),
        paid: None,
    }
}

pub(crate) fn reason<T: std::fmt::Debug>(answer: Result<T, tonic::Status>) -> String {
    motcua_rpc::fault(answer.unwrap_err()).reason().to_owned()
}
