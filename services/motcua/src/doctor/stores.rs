use std::path::Path;

use motcua_service::Module;
use motcua_spine::Spine;
use motcua_store::{SchemaState, Store, schema};
use url::Url;

use super::{Finding, cause, takes_connections};

/// The database of a service, as far as it is examined.
pub(crate) async fn examine<M: Module>(spine: &Spine, chosen: &[&str]) -> Option<Finding> {
    if !chosen.contains(&M::NAME) {
        return None;
    }
    let what = format!("store.{}", M::NAME);
    let options = spine.store_options(M::NAME);
    let serve_migrates = spine.store.migrate_on_start;
    match missing(&options.url).await {
        Some(Missing::File(_)) if serve_migrates => {
            return Some(Finding::note(what, "made at the first start"));
        }
        Some(Missing::File(file)) => {
            return Some(Finding::wrong(what, format!("{file} is missing: run `motcua migrate`")));
        }
        Some(Missing::Server(place)) => {
            let wrong =
                format!("nobody answers at {place}: is PostgreSQL running, is store.url right?");
            return Some(Finding::wrong(what, wrong));
        }
        None => {}
    }
    let store = match Store::open(M::NAME, &options).await {
        Ok(store) => store,
        Err(fault) => {
            let wrong = if options.url.starts_with("sqlite:") {
                "is the file a database, may this user read and write it?"
            } else {
                "are user, password and database in store.url right?"
            };
            return Some(Finding::wrong(what, format!("{}: {wrong}", cause(&fault))));
        }
    };
    let migrations = schema(M::migrations(), M::contracts());
    Some(match store.schema_state(&migrations).await {
        Ok(SchemaState::Ready) => Finding::well(what),
        Ok(SchemaState::Pending(names)) if serve_migrates => Finding::note(
            what,
            format!("{} migrations are pending: `serve` runs them", names.len()),
        ),
        Ok(SchemaState::Pending(names)) => Finding::wrong(
            what,
            format!("{} migrations are pending: run `motcua migrate`", names.len()),
        ),
        Ok(SchemaState::TooNew { since }) => Finding::wrong(
            what,
            format!("the schema has {since}, which this version cannot run with: upgrade it"),
        ),
        Err(fault) => Finding::wrong(
            what,
            format!("{}: may this login use the schema {}?", cause(&fault), M::NAME),
        ),
    })
}

enum Missing {
    /// SQLite's file.
    File(String),
    /// Nobody is at this address.
    Server(String),
}

/// What is looked at before the database is opened: opening makes a file, and
/// waits long for a server that is away.
async fn missing(url: &str) -> Option<Missing> {
    if let Some(rest) = url.strip_prefix("sqlite:") {
        let path = rest.trim_start_matches("//").split('?').next().unwrap_or_default();
        return (!Path::new(path).exists()).then(|| Missing::File(path.to_owned()));
    }
    let url = Url::parse(url).ok()?;
    // Without a host it is a socket in the file system.
    let (host, port) = (url.host_str()?, url.port().unwrap_or(5432));
    if takes_connections(host, port).await {
        return None;
    }
    Some(Missing::Server(format!("{host}:{port}")))
}
