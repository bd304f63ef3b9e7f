use std::sync::Arc;

use motcua_cache::Cache;
use motcua_context::Clock;
use motcua_files::Files;
use motcua_rpc::{Pages, Peers};
use motcua_sealing::Keyring;
use motcua_spine::FilesSettings;
use motcua_store::Store;

/// What a host gives a service. There is no bus in it: a service says things by
/// storing them.
#[derive(Clone)]
pub struct Env {
    /// Its database.
    pub store: Store,
    /// Where "now" comes from; contexts carry it already.
    pub clock: Arc<dyn Clock>,
    /// What may be lost, and limits on how often.
    pub cache: Cache,
    /// Its files.
    pub files: Files,
    /// How files are examined and kept.
    pub files_settings: FilesSettings,
    /// Its keys: what seals personal data.
    pub keyring: Arc<Keyring>,
    /// Page tokens.
    pub pages: Pages,
    /// Its neighbours.
    pub peers: Peers,
    /// Who issues users' tokens: `iss`.
    pub issuer: String,
}
