//! A catalog under test, its callers, and sentences to act with.

use motcua_catalog::{Catalog, builtin};
use motcua_context::{Actor, Grant, Officer, Person, Role};
use motcua_ids::{AccountId, AgencyId, Uuid};
use motcua_proto::catalog::v1::{self as proto, catalog_service_client::CatalogServiceClient};
use motcua_rpc::Wire;
use motcua_testkit::{Database, TestEnv};
use tonic::Status;
use tonic_types::StatusExt;

/// Declares each behaviour as a test on SQLite and one on PostgreSQL, where there is one.
macro_rules! on_both_databases {
    ($($behaviour:ident),+ $(,)?) => {
        mod sqlite {
            $(#[tokio::test(flavor = "multi_thread")]
            async fn $behaviour() {
                use motcua_testkit::{Database, on_each_database};
                on_each_database(Database::Sqlite, super::$behaviour).await;
            })+
        }
        mod postgres {
            $(#[tokio::test(flavor = "multi_thread")]
            async fn $behaviour() {
                use motcua_testkit::{Database, on_each_database};
                on_each_database(Database::Postgres, super::$behaviour).await;
            })+
        }
    };
}
pub(crate) use on_both_databases;

pub(crate) type Client = CatalogServiceClient<Wire>;

/// The catalog of this repository, imported through its own RPC.
pub(crate) struct Stage {
    pub(crate) env: TestEnv<Catalog>,
    pub(crate) province: AgencyId,
}

/// A catalog with nothing in it.
pub(crate) async fn empty(database: Database) -> TestEnv<Catalog> {
    let env = TestEnv::<Catalog>::builder().on(database).start().await;
    // Tokens are trusted once the first answer of `identity` is there.
    env.until(async || {
        let asked = proto::ListProceduresRequest::default();
        client(&env, &founder()).list_procedures(asked).await.ok()
    })
    .await;
    env
}

pub(crate) fn officer(role: Role, agency: AgencyId) -> Actor {
    let account = AccountId::new(Uuid::from_u128(77));
    Actor::Officer(Officer { account, grants: vec![Grant { role, agency }] })
}

pub(crate) fn citizen() -> Actor {
    Actor::Person(Person::citizen(AccountId::new(Uuid::from_u128(5))))
}

pub(crate) fn client(env: &TestEnv<Catalog>, actor: &Actor) -> Client {
    CatalogServiceClient::new(env.wire(actor)).max_decoding_message_size(64 * 1024 * 1024)
}

/// An administrator of a province that is not made yet.
pub(crate) fn founder() -> Actor {
    officer(Role::Administrator, AgencyId::new(Uuid::nil()))
}

/// Enough procedures to tell apart; all of them are imported by one test.
const FEW: [&str; 8] = [
    "1.001193", "1.000894", "1.004873", "1.013225", "1.012644", "1.012994", "2.000815", "2.000424",
];

fn few() -> String {
    let wanted = |document: &&str| {
        let number = document.lines().find_map(|line| line.strip_prefix("number: "));
        number.is_none_or(|number| FEW.contains(&number.trim().trim_matches('"')))
    };
    builtin().split("\n---\n").filter(wanted).collect::<Vec<_>>().join("\n---\n")
}

impl Stage {
    /// The sample province with a few procedures.
    pub(crate) async fn open(database: Database) -> Self {
        Self::with(database, few()).await
    }

    pub(crate) async fn with(database: Database, file: String) -> Self {
        let env = empty(database).await;
        let yaml = proto::ImportFormat::Yaml;
        let answer = import(&env, &founder(), yaml, file.into_bytes(), true).await.unwrap();
        let bad: Vec<_> = answer.rows.iter().filter(|r| !r.error.is_empty()).collect();
        assert!(answer.imported, "{bad:#?}");
        let asked = proto::GetAgencyRequest { identifier_code: "H53".into(), ..Default::default() };
        let province = client(&env, &Actor::Anonymous).get_agency(asked).await.unwrap();
        let province = AgencyId::from_name(&province.into_inner().name).unwrap();
        Self { env, province }
    }

    pub(crate) fn public(&self) -> Client {
        client(&self.env, &Actor::Anonymous)
    }

    pub(crate) fn editor(&self) -> Client {
        client(&self.env, &officer(Role::CatalogEditor, self.province))
    }

    pub(crate) fn admin(&self) -> Client {
        client(&self.env, &officer(Role::Administrator, self.province))
    }

    /// The administrator of one agency alone.
    pub(crate) fn admin_of(&self, agency: &str) -> Client {
        let agency = AgencyId::from_name(agency).unwrap();
        client(&self.env, &officer(Role::Administrator, agency))
    }

    pub(crate) fn id(&self) -> String {
        self.env.request_id()
    }

    pub(crate) async fn agency(&self, code: &str) -> proto::Agency {
        let asked = proto::GetAgencyRequest {
            identifier_code: code.into(),
            with_units: true,
            ..Default::default()
        };
        self.public().get_agency(asked).await.unwrap().into_inner()
    }

    pub(crate) async fn procedure(&self, number: &str) -> proto::Procedure {
        let asked = proto::GetProcedureRequest { number: number.into(), ..Default::default() };
        self.public().get_procedure(asked).await.unwrap().into_inner()
    }

    pub(crate) async fn version(&self, name: &str) -> proto::ProcedureVersion {
        let asked = proto::GetProcedureVersionRequest { name: name.into(), ..Default::default() };
        self.public().get_procedure_version(asked).await.unwrap().into_inner()
    }

    /// A draft of the version in force, as an editor has it.
    pub(crate) async fn draft(&self, number: &str) -> proto::ProcedureVersion {
        let procedure = self.procedure(number).await.name;
        let asked = proto::CreateDraftRequest { request_id: self.id(), procedure };
        self.editor().create_draft(asked).await.unwrap().into_inner()
    }

    pub(crate) async fn find(&self, query: &str) -> Vec<String> {
        let asked = proto::SearchProceduresRequest { query: query.into(), ..Default::default() };
        let found = self.public().search_procedures(asked).await.unwrap().into_inner();
        found.hits.into_iter().filter_map(|hit| Some(hit.procedure?.number)).collect()
    }
}

/// Sends a file in chunks.
pub(crate) async fn import(
    env: &TestEnv<Catalog>,
    actor: &Actor,
    format: proto::ImportFormat,
    file: Vec<u8>,
    publish: bool,
) -> Result<proto::ImportProceduresResponse, Status> {
    let head = proto::ImportProceduresRequest {
        request_id: env.request_id(),
        format: format as i32,
        publish,
        ..Default::default()
    };
    send(env, actor, head, file).await
}

pub(crate) async fn send(
    env: &TestEnv<Catalog>,
    actor: &Actor,
    head: proto::ImportProceduresRequest,
    file: Vec<u8>,
) -> Result<proto::ImportProceduresResponse, Status> {
    let chunks: Vec<_> = file
        .chunks(64 * 1024)
        .map(|chunk| proto::ImportProceduresRequest { chunk: chunk.to_vec(), ..Default::default() })
        .collect();
    let messages = futures::stream::iter(std::iter::once(head).chain(chunks));
    Ok(client(env, actor).import_procedures(messages).await?.into_inner())
}

/// The stable reason of a refusal.
pub(crate) fn reason(status: &Status) -> String {
    status.get_details_error_info().map(|info| info.reason).unwrap_or_default()
}

/// The paths and reasons of everything wrong with a request.
pub(crate) fn violations(status: &Status) -> Vec<String> {
    let bad = status.get_details_bad_request().map(|bad| bad.field_violations);
    bad.unwrap_or_default().into_iter().map(|v| v.field).collect()
}
