use motcua_bus::Bus;
use motcua_cache::Cache;
use motcua_files::{ScanPolicy, Scanner};
use motcua_store::{Migrations, SchemaState, Store};

use crate::{Host, Module};

/// What an examination found: one line for an operator.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// What was examined: `store.intake`, `bus`, …
    pub what: String,
    /// What is wrong and what to do; `None` if all is well.
    pub wrong: Option<String>,
}

impl Finding {
    fn new(what: impl Into<String>, wrong: Option<String>) -> Self {
        Self { what: what.into(), wrong }
    }
}

/// Examines what all services of this process need besides their databases.
pub async fn probe(host: &Host) -> Vec<Finding> {
    let spine = &host.spine;
    let bus = Bus::new(&spine.bus.config()).ping().await.err().map(|_| {
        "the broker does not answer: is bus.url right, is RabbitMQ running, may this user use \
         the virtual host?"
            .to_owned()
    });
    let cache = match Cache::open(spine.cache.url.expose(), "motcua").await {
        Ok(cache) if cache.is_answering().await => None,
        Ok(_) => Some(
            "Redis does not answer: is cache.url right, is it running? Work goes on without it, \
             with limits on guessing kept by each process"
                .to_owned(),
        ),
        Err(error) => Some(error.to_string()),
    };
    let scanner = match (spine.files.scan, Scanner::clamd(&spine.files.clamd)) {
        (ScanPolicy::Off, _) => None,
        (ScanPolicy::Required, Ok(scanner)) if scanner.is_answering().await => None,
        (ScanPolicy::Required, Ok(_)) => Some(
            "ClamAV's daemon does not answer: is files.clamd right, has it loaded its \
             signatures? Papers wait unserved until it does"
                .to_owned(),
        ),
        (ScanPolicy::Required, Err(error)) => Some(error.to_string()),
    };
    vec![
        Finding::new("bus", bus),
        Finding::new("cache", cache),
        Finding::new("files.scanner", scanner),
    ]
}

impl Host {
    /// Examines the database of a module.
    pub async fn probe<M: Module>(&self) -> Finding {
        let what = format!("store.{}", M::NAME);
        let store = match Store::open(M::NAME, &self.spine.store_options(M::NAME)).await {
            Ok(store) => store,
            Err(fault) => {
                let cause = std::error::Error::source(&fault).map(ToString::to_string);
                return Finding::new(
                    what,
                    Some(format!(
                        "the database does not open ({}): is store.url right, is PostgreSQL \
                         running, may the login use the schema?",
                        cause.unwrap_or_default()
                    )),
                );
            }
        };
        let migrations = Migrations::new(M::migrations(), M::contracts());
        let wrong = match store.schema_state(&migrations).await {
            Ok(SchemaState::Ready) => None,
            Ok(SchemaState::Pending(names)) => {
                Some(format!("{} migrations are pending: run `motcua migrate`", names.len()))
            }
            Ok(SchemaState::TooNew { since }) => Some(format!(
                "the schema has {since}, which this version cannot run with: upgrade it"
            )),
            Err(fault) => Some(fault.to_string()),
        };
        Finding::new(what, wrong)
    }
}
