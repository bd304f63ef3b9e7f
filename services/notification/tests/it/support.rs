//! The service with an intake that answers, people, and events.

use motcua_context::{Actor, Grant, Officer, Person, Role, Timestamp};
use motcua_fault::Fault;
use motcua_ids::{AccountId, AgencyId, DossierId, Uuid};
use motcua_notification::Notification;
use motcua_proto::{
    catalog::v1::{Agency, AgencyKind, GetAgencyRequest},
    intake::v1::{self as intake, DossierContact, GetContactRequest},
    notification::v1::{self as proto, notification_service_client::NotificationServiceClient},
    workflow::v1 as workflow,
};
use motcua_rpc::Wire;
use motcua_testkit::{Builder, Database, Neighbour, TestEnv};
use sea_orm::{ConnectionTrait, Statement};

pub(crate) type Env = TestEnv<Notification>;
pub(crate) type Client = NotificationServiceClient<Wire>;

pub(crate) const CODE: &str = "H53.12-260302-0001";
pub(crate) const NAME: &str = "Trần Thị Đào";
pub(crate) const PHONE: &str = "0912345678";
pub(crate) const EMAIL: &str = "dao.tran@example.vn";

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

pub(crate) fn account() -> AccountId {
    AccountId::new(Uuid::from_u128(11))
}

pub(crate) fn owner() -> Actor {
    Actor::Person(Person::citizen(account()))
}

pub(crate) fn stranger() -> Actor {
    Actor::Person(Person::citizen(AccountId::new(Uuid::from_u128(12))))
}

pub(crate) fn province() -> AgencyId {
    AgencyId::new(Uuid::from_u128(100))
}

pub(crate) fn commune() -> AgencyId {
    AgencyId::new(Uuid::from_u128(101))
}

pub(crate) fn elsewhere() -> AgencyId {
    AgencyId::new(Uuid::from_u128(102))
}

pub(crate) fn officer(role: Role, agency: AgencyId) -> Actor {
    let grants = vec![Grant { role, agency }];
    Actor::Officer(Officer { account: AccountId::new(Uuid::from_u128(13)), grants })
}

pub(crate) fn dossier(n: u128) -> DossierId {
    DossierId::new(Uuid::from_u128(1_000 + n))
}

/// Somebody with an account, a mobile telephone and a mailbox.
pub(crate) fn contact() -> DossierContact {
    DossierContact {
        account: account().name(),
        full_name: NAME.into(),
        phone: PHONE.into(),
        email: EMAIL.into(),
    }
}

pub(crate) fn builder(
    database: Database,
    answer: impl Fn() -> Result<DossierContact, Fault> + Send + Sync + 'static,
) -> Builder<Notification> {
    let path = "/motcua.intake.v1.IntakeService/GetContact";
    let intake = Neighbour::new().on(path, move |_: GetContactRequest| answer());
    let path = "/motcua.catalog.v1.CatalogService/GetAgency";
    let catalog = Neighbour::new().on(path, |asked: GetAgencyRequest| agency(&asked));
    Env::builder().on(database).neighbour("intake", intake).neighbour("catalog", catalog)
}

/// The province with its commune, and a ministry's branch that is not below it.
pub(crate) fn agency(asked: &GetAgencyRequest) -> Result<Agency, Fault> {
    let known = [
        (AgencyKind::Province, vec![province()]),
        (AgencyKind::Commune, vec![province(), commune()]),
        (AgencyKind::MinistryBranch, vec![elsewhere()]),
    ];
    let mut known = known.into_iter();
    let found = known.find(|(_, path)| path.last().is_some_and(|last| last.name() == asked.name));
    let (kind, path) = found.ok_or_else(|| Fault::not_found("agency"))?;
    let path = path.into_iter().map(AgencyId::name).collect();
    Ok(Agency { name: asked.name.clone(), kind: kind.into(), path, ..Agency::default() })
}

pub(crate) async fn start(database: Database) -> Env {
    let env = builder(database, || Ok(contact())).start().await;
    ready(&env).await;
    env
}

/// How many rows answer, in the service's own store.
pub(crate) async fn count(env: &Env, from: &str) -> i64 {
    let db = env.store.reader();
    let text = format!("SELECT count(*) AS n FROM {from}");
    let statement = Statement::from_string(db.get_database_backend(), text);
    let row = db.query_one_raw(statement).await.unwrap().unwrap();
    row.try_get("", "n").unwrap()
}

/// Waits until the service has learnt from identity whose tokens are good.
pub(crate) async fn ready(env: &Env) {
    env.until(async || {
        let asked = proto::GetPreferencesRequest {};
        let answer = client(env, &owner()).get_preferences(asked).await;
        (answer.map(drop).map_err(|status| status.code()) != Err(tonic::Code::Unavailable))
            .then_some(())
    })
    .await;
}

pub(crate) fn client(env: &Env, actor: &Actor) -> Client {
    Client::new(env.wire(actor))
}

fn instant(text: &str) -> prost_types::Timestamp {
    let at: Timestamp = text.parse().unwrap();
    std::time::SystemTime::from(at).into()
}

fn path() -> String {
    format!("/{}/{}/", province().uuid(), commune().uuid())
}

pub(crate) fn rejected(n: u128, version: i64) -> intake::DossierRejected {
    intake::DossierRejected {
        dossier: dossier(n).name(),
        code: CODE.into(),
        version,
        receiving_path: path(),
        rejected_by: "accounts/00000000-0000-0000-0000-00000000000d".into(),
        ..Default::default()
    }
}

pub(crate) fn submitted(n: u128) -> intake::DossierSubmitted {
    intake::DossierSubmitted {
        dossier: dossier(n).name(),
        code: CODE.into(),
        version: 2,
        receiving_agency: commune().name(),
        receiving_path: path(),
        reply_due_time: Some(instant("2026-03-03T02:00:00Z")),
        ..Default::default()
    }
}

pub(crate) fn accepted(n: u128) -> intake::DossierAccepted {
    intake::DossierAccepted {
        dossier: dossier(n).name(),
        code: CODE.into(),
        version: 3,
        receiving_agency: commune().name(),
        receiving_path: path(),
        promised_due_time: Some(instant("2026-03-06T10:00:00Z")),
        ..Default::default()
    }
}

pub(crate) fn extended(n: u128, version: i64) -> workflow::DueDateChanged {
    workflow::DueDateChanged {
        dossier: dossier(n).name(),
        code: CODE.into(),
        version,
        change: workflow::DueDateChange::Extension.into(),
        promised_due_time: Some(instant("2026-03-10T10:00:00Z")),
        ..Default::default()
    }
}

pub(crate) fn overdue(n: u128, version: i64) -> workflow::DossierOverdue {
    workflow::DossierOverdue {
        dossier: dossier(n).name(),
        code: CODE.into(),
        version,
        due_time: Some(instant("2026-03-06T10:00:00Z")),
        ..Default::default()
    }
}

/// The whole inbox of the owner, newest first.
pub(crate) async fn inbox(env: &Env) -> Vec<proto::Message> {
    let asked = proto::ListMessagesRequest { page_size: 100, ..Default::default() };
    client(env, &owner()).list_messages(asked).await.unwrap().into_inner().messages
}

/// All that went out within the province, newest first.
pub(crate) async fn spool(env: &Env) -> Vec<proto::Message> {
    let asked = proto::ListSpoolRequest { page_size: 100, ..Default::default() };
    let auditor = officer(Role::Auditor, province());
    client(env, &auditor).list_spool(asked).await.unwrap().into_inner().messages
}

/// Waits until nothing of the spool waits any more.
pub(crate) async fn settled(env: &Env, count: usize) -> Vec<proto::Message> {
    env.until(async || {
        let all = spool(env).await;
        let waits = all.iter().any(|m| m.state() == proto::MessageState::Queued);
        (all.len() == count && !waits).then_some(all)
    })
    .await
}
