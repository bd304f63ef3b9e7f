//! A province in small: a root, two communes, an administrator; and sentences to act with.

use motcua_cache::Cache;
use motcua_context::{Actor, Cause, Ctx, Timestamp};
use motcua_fault::Fault;
use motcua_files::{Files, Scanner};
use motcua_identity::{
    FirstAdministrator, Identity, config::IdentityConfig, create_first_administrator,
};
use motcua_ids::{AccountId, AgencyId, Uuid};
use motcua_keys::ServiceKeys;
use motcua_proto::{
    access::v1::Role,
    catalog::v1::{Agency, AgencyKind, GetAgencyRequest},
    identity::v1::{
        Account, ChangePasswordRequest, Citizen, CreateOfficerRequest, Grant, Officer,
        RefreshTokenRequest, RegisterPersonRequest, SignInRequest, TokenPair,
        account_service_client::AccountServiceClient, auth_service_client::AuthServiceClient,
        register_person_request::Person,
    },
};
use motcua_rpc::{Pages, Peers, Wire};
use motcua_service::Env;
use motcua_store::OrFault;
use motcua_testkit::{Builder, Database, Neighbour, TestEnv};
use sea_orm::{ConnectionTrait, Statement};
use tonic::Status;

pub(crate) const PASSWORD: &str = "con mèo trèo cây cau";
pub(crate) const ISSUER: &str = "motcua-test";
const ADMIN: &str = "quan.tri";

pub(crate) fn root() -> AgencyId {
    AgencyId::new(Uuid::from_u128(1))
}

pub(crate) fn commune(n: u128) -> AgencyId {
    AgencyId::new(Uuid::from_u128(100 + n))
}

/// A ministry's branch that stands in no province's tree.
pub(crate) fn branch() -> AgencyId {
    AgencyId::new(Uuid::from_u128(2))
}

/// A catalog that knows the province, its communes and a branch.
fn catalog() -> Neighbour {
    Neighbour::new().on("/motcua.catalog.v1.CatalogService/GetAgency", |asked: GetAgencyRequest| {
        let agency = AgencyId::from_name(&asked.name).map_err(Fault::internal)?;
        let (kind, path) = match agency.uuid().as_u128() {
            1 => (AgencyKind::Province, vec![root().name()]),
            2 => (AgencyKind::MinistryBranch, vec![branch().name()]),
            101..=109 => (AgencyKind::Commune, vec![root().name(), agency.name()]),
            _ => return Err(Fault::not_found("agency")),
        };
        Ok(Agency { name: asked.name, kind: kind.into(), path, ..Agency::default() })
    })
}

/// The service with a catalog.
pub(crate) fn builder(database: Database) -> Builder<Identity> {
    TestEnv::<Identity>::builder()
        .on(database)
        .neighbour("catalog", catalog())
        .set("identity.hashing.memory_kib=64")
        .set("identity.hashing.passes=1")
        .set("identity.hashing.waiting=1000")
}

/// One deployment under test.
pub(crate) struct Province {
    pub(crate) env: TestEnv<Identity>,
    pub(crate) admin: AccountId,
}

impl Province {
    pub(crate) async fn start(database: Database) -> Self {
        Self::of(builder(database)).await
    }

    pub(crate) async fn of(builder: Builder<Identity>) -> Self {
        let env = builder.start().await;
        let admin = first_administrator(&env, ADMIN, root()).await.unwrap();
        Self { env, admin }
    }

    pub(crate) fn id(&self) -> String {
        self.env.request_id()
    }

    /// The public door.
    pub(crate) fn auth(&self) -> AuthServiceClient<Wire> {
        AuthServiceClient::new(self.env.wire(&motcua_context::Actor::Anonymous))
    }

    /// Accounts, as the holder of an access token sees them.
    pub(crate) fn accounts(&self, token: &str) -> AccountServiceClient<Wire> {
        AccountServiceClient::new(self.env.wire_with_token(token))
    }

    /// Accounts, as the first administrator sees them.
    pub(crate) async fn as_admin(&self) -> AccountServiceClient<Wire> {
        let pair = self.sign_in(ADMIN, PASSWORD).await.unwrap();
        self.accounts(&pair.access_token)
    }

    pub(crate) async fn sign_in(&self, login: &str, password: &str) -> Result<TokenPair, Fault> {
        self.sign_in_as(&self.id(), login, password).await
    }

    pub(crate) async fn sign_in_as(
        &self,
        request_id: &str,
        login: &str,
        password: &str,
    ) -> Result<TokenPair, Fault> {
        let asked = SignInRequest {
            request_id: request_id.into(),
            login: login.into(),
            password: password.into(),
        };
        answer(self.auth().sign_in(asked).await)
    }

    pub(crate) async fn refresh(&self, token: &str) -> Result<TokenPair, Fault> {
        self.refresh_as(&self.id(), token).await
    }

    pub(crate) async fn refresh_as(
        &self,
        request_id: &str,
        token: &str,
    ) -> Result<TokenPair, Fault> {
        let asked =
            RefreshTokenRequest { request_id: request_id.into(), refresh_token: token.into() };
        answer(self.auth().refresh_token(asked).await)
    }

    pub(crate) async fn register(&self, citizen: Citizen) -> Result<Account, Fault> {
        let asked = RegisterPersonRequest {
            request_id: self.id(),
            person: Some(Person::Citizen(citizen)),
            password: PASSWORD.into(),
        };
        answer(self.auth().register_person(asked).await)
    }

    /// Hoa, who signs in with 0912345678.
    pub(crate) async fn hoa(&self) -> Account {
        self.register(hoa()).await.unwrap()
    }

    /// An officer with a password of their own.
    pub(crate) async fn officer(&self, username: &str, home: AgencyId, roles: &[Role]) -> Account {
        let created =
            self.as_admin().await.create_officer(self.new_officer(username, home, roles)).await;
        let account = answer(created).unwrap();
        let change = ChangePasswordRequest {
            request_id: self.id(),
            login: username.into(),
            password: "mật khẩu tạm thời".into(),
            new_password: PASSWORD.into(),
        };
        self.auth().change_password(change).await.unwrap();
        account
    }

    pub(crate) fn new_officer(
        &self,
        username: &str,
        home: AgencyId,
        roles: &[Role],
    ) -> CreateOfficerRequest {
        let grant =
            |role: &Role| Grant { role: (*role).into(), agency: home.name(), ..Grant::default() };
        CreateOfficerRequest {
            request_id: self.id(),
            officer: Some(Officer {
                username: username.into(),
                full_name: "Trần Văn An".into(),
                position: "Chuyên viên".into(),
                agency: home.name(),
                grants: roles.iter().map(grant).collect(),
                ..Officer::default()
            }),
            password: "mật khẩu tạm thời".into(),
        }
    }

    /// Accounts, as an officer with these roles at home sees them.
    pub(crate) async fn as_officer(
        &self,
        username: &str,
        home: AgencyId,
        roles: &[Role],
    ) -> AccountServiceClient<Wire> {
        self.officer(username, home, roles).await;
        self.accounts(&self.sign_in(username, PASSWORD).await.unwrap().access_token)
    }

    /// The administrator's role where the province's own administrator does not reach.
    pub(crate) async fn grant_directly(&self, account: &str, agency: AgencyId) {
        let account = AccountId::from_name(account).unwrap();
        let ctx = Ctx::new(Actor::Anonymous, self.now());
        let ctx = ctx.clone().with_cause(Cause::Command { id: Uuid::from_bytes(ctx.random()) });
        let granted = self.env.store.write(&ctx, account.uuid(), async |tx| {
            let (sql, values) = (
                "INSERT INTO role_grant (account, role, agency, granted_at) \
                 VALUES ($1, 'administrator', $2, $3)",
                [account.uuid().into(), agency.uuid().into(), self.now().into()],
            );
            let backend = tx.db().get_database_backend();
            tx.db()
                .execute_raw(Statement::from_sql_and_values(backend, sql, values))
                .await
                .or_fault()
        });
        granted.await.unwrap();
    }

    pub(crate) fn minutes(&self, n: i64) {
        self.env.clock.advance(chrono::TimeDelta::minutes(n));
    }

    pub(crate) fn now(&self) -> Timestamp {
        self.env.now()
    }
}

pub(crate) fn hoa() -> Citizen {
    Citizen {
        full_name: "Nguyễn Thị Hoa".into(),
        citizen_number: "001199012345".into(),
        phone: "0912 345 678".into(),
        email: "Hoa.Nguyen@vidu.vn".into(),
    }
}

/// What a command on the server has: the running service's own database and keys.
async fn on_the_server(env: &TestEnv<Identity>) -> (IdentityConfig, Env) {
    let keyring = ServiceKeys::new(env.dir().join("keys"), false).keyring("identity").unwrap();
    let files = format!("file:{}/files", env.dir().display());
    let given = Env {
        store: env.store.clone(),
        clock: env.clock.clone(),
        cache: Cache::open("memory:", "command").await.unwrap(),
        files: Files::at(&files, keyring.clone(), Scanner::off()).unwrap(),
        files_settings: motcua_spine::FilesSettings::default(),
        pages: Pages::new(keyring.clone()),
        keyring,
        peers: Peers::new([("catalog".to_owned(), catalog().wire())]),
        issuer: ISSUER.to_owned(),
    };
    let mut config = IdentityConfig::default();
    config.hashing.memory_kib = 64;
    config.hashing.passes = 1;
    (config, given)
}

/// The command that makes the first administrator.
pub(crate) async fn first_administrator(
    env: &TestEnv<Identity>,
    username: &str,
    agency: AgencyId,
) -> Result<AccountId, Fault> {
    let (config, given) = on_the_server(env).await;
    let first = FirstAdministrator {
        username: username.to_owned(),
        full_name: "Lê Quản Trị".to_owned(),
        agency,
        password: PASSWORD.to_owned(),
    };
    create_first_administrator(config, &given, first).await
}

/// The command for an administrator who lost the password.
pub(crate) async fn reset_administrator_password(
    env: &TestEnv<Identity>,
    username: &str,
    password: &str,
) -> Result<AccountId, Fault> {
    let (config, given) = on_the_server(env).await;
    motcua_identity::reset_administrator_password(config, &given, username, password).await
}

/// What a call answered, or the fault it was refused with.
pub(crate) fn answer<T>(response: Result<tonic::Response<T>, Status>) -> Result<T, Fault> {
    response.map(tonic::Response::into_inner).map_err(motcua_rpc::fault)
}

/// The reason of a refusal.
pub(crate) fn refused<T>(answered: Result<T, Fault>) -> String {
    match answered {
        Ok(_) => "it was done".to_owned(),
        Err(fault) => fault.reason().to_owned(),
    }
}

/// The reasons of all wrong fields, in order.
pub(crate) fn violations<T>(answered: Result<T, Fault>) -> Vec<(String, String)> {
    let Err(fault) = answered else { return Vec::new() };
    fault.violations().iter().map(|v| (v.field.clone(), v.reason.clone())).collect()
}

/// Who a token says its holder is, to a neighbour that trusts this identity.
pub(crate) struct Verifier(motcua_rpc::Trust);

impl Verifier {
    pub(crate) async fn of(province: &Province) -> Self {
        let trust = motcua_rpc::Trust::new(ISSUER, &[]);
        trust.follow(province.env.service("intake"));
        let verifier = Self(trust);
        verifier.poll().await;
        verifier
    }

    /// What every service does each twenty seconds.
    pub(crate) async fn poll(&self) {
        self.0.refresh().await.unwrap();
    }

    pub(crate) async fn actor(
        &self,
        token: &str,
        now: Timestamp,
    ) -> Result<motcua_context::Actor, Fault> {
        self.0.user(token, now).await
    }
}
