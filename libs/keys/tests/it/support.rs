use motcua_context::{Actor, Cause, Ctx, Person, Timestamp};
use motcua_ids::Uuid;
use motcua_store::{DatabaseOptions, Store, schema};
use motcua_testkit::Database;
use tempfile::TempDir;

/// A store with the tables every service has, and nothing else.
pub(crate) struct Env {
    pub(crate) store: Store,
    options: DatabaseOptions,
    _dir: TempDir,
}

impl Env {
    /// The database as its owner sees it.
    #[expect(clippy::disallowed_methods, reason = "a test's own way in")]
    pub(crate) async fn raw(&self) -> sea_orm::DatabaseConnection {
        let mut options = sea_orm::ConnectOptions::new(&self.options.url);
        options.max_connections(1).set_schema_search_path("probe");
        sea_orm::Database::connect(options).await.unwrap()
    }
}

pub(crate) async fn env(database: Database) -> Env {
    let dir = tempfile::tempdir().unwrap();
    let url = database.url(dir.path()).await.replace("{service}", "probe");
    let options = DatabaseOptions::new(url);
    let store = Store::open("probe", &options).await.unwrap();
    store.migrate(&schema(Vec::new(), &[]), now()).await.unwrap();
    Env { store, options, _dir: dir }
}

pub(crate) fn now() -> Timestamp {
    "2026-03-02T02:00:00.123456Z".parse().unwrap()
}

pub(crate) fn uuid(n: u128) -> Uuid {
    Uuid::from_u128(n)
}

pub(crate) fn request(person: u128, request: u128, payload: u8) -> Ctx {
    let actor = Actor::Person(Person::citizen(uuid(person).into()));
    Ctx::new(actor, now()).with_cause(Cause::Request {
        method: "/probe/Do",
        request_id: uuid(request),
        payload: [payload; 16],
    })
}
