use std::{
    collections::{BTreeMap, BTreeSet},
    path::PathBuf,
    time::Duration,
};

use chrono::TimeDelta;
use motcua_bus::BusConfig;
use motcua_config::{ConfigError, Layers, SecretUrl, Section, Settings};
use motcua_files::ScanPolicy;
use motcua_store::DatabaseOptions;
use serde::{Deserialize, Serialize};

use crate::{AuditSettings, Mode, ServerSettings, TlsSettings};

/// `[store]`: where data is kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct StoreSettings {
    /// `sqlite:{data}/{service}.db`, or `postgres://{service}:…@host/motcua`:
    /// each service has its own file, or its own schema and login.
    pub url: SecretUrl,
    /// The address of a service that has one of its own.
    pub services: BTreeMap<String, SecretUrl>,
    /// Connections of one service in one process at the most.
    pub max_connections: u32,
    /// How long a caller waits for a connection, in seconds.
    pub acquire_timeout_s: u64,
    /// Whether `serve` brings the schema up to date by itself. Otherwise
    /// `motcua migrate` does, before.
    pub migrate_on_start: bool,
    /// How long what was said is kept to rebuild from, in days.
    pub log_days: u16,
}

impl Default for StoreSettings {
    fn default() -> Self {
        Self {
            url: SecretUrl::of("sqlite:{data}/{service}.db"),
            services: BTreeMap::new(),
            max_connections: 8,
            acquire_timeout_s: 5,
            migrate_on_start: true,
            log_days: 90,
        }
    }
}

impl Section for StoreSettings {
    fn validate(&self) -> Result<(), Vec<String>> {
        let wrong: Vec<_> = std::iter::once(("url".to_owned(), &self.url))
            .chain(self.services.iter().map(|(name, url)| (format!("services.{name}"), url)))
            .filter(|(_, url)| !matches!(url.scheme(), "sqlite" | "postgres" | "postgresql"))
            .map(|(key, _)| {
                format!("{key}: write sqlite:<file> or postgres://user:password@host/database")
            })
            .collect();
        if wrong.is_empty() { Ok(()) } else { Err(wrong) }
    }
}

/// `[bus]`: how events travel.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct BusSettings {
    /// `memory:` where all services share the process; `amqp://user:password@host/vhost` otherwise.
    pub url: SecretUrl,
    /// Put before the names of exchange and queues.
    pub prefix: String,
    /// Events in flight at once.
    pub window: u16,
}

impl Default for BusSettings {
    fn default() -> Self {
        Self { url: SecretUrl::of("memory:"), prefix: String::new(), window: 128 }
    }
}

impl Section for BusSettings {
    fn validate(&self) -> Result<(), Vec<String>> {
        match self.url.scheme() {
            "memory" | "amqp" | "amqps" => Ok(()),
            _ => Err(vec!["url: write memory: or amqp://user:password@host/vhost".to_owned()]),
        }
    }
}

impl StoreSettings {
    /// How long what was said is kept.
    pub fn log_kept(&self) -> TimeDelta {
        TimeDelta::days(self.log_days.into())
    }
}

impl BusSettings {
    /// Whether all services have to share this process.
    pub fn is_memory(&self) -> bool {
        self.url.scheme() == "memory"
    }

    /// How the bus is reached.
    pub fn config(&self) -> BusConfig {
        if self.is_memory() {
            return BusConfig::Memory;
        }
        BusConfig::Rabbit {
            url: self.url.expose().to_owned(),
            prefix: self.prefix.clone(),
            window: self.window,
        }
    }
}

/// `[cache]`: what may be lost, and limits on how often.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct CacheSettings {
    /// `memory:`, or `redis://host:6379/0` where a service has several pods.
    pub url: SecretUrl,
}

impl Default for CacheSettings {
    fn default() -> Self {
        Self { url: SecretUrl::of("memory:") }
    }
}

impl Section for CacheSettings {}

/// `[files]`: where papers and results are kept, and who examines them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct FilesSettings {
    /// `file:{data}/files/{service}`.
    pub url: String,
    /// `required`: nothing is served before the scanner has found it clean.
    /// `off`: the embedded demonstration alone.
    pub scan: ScanPolicy,
    /// ClamAV's daemon: `tcp://127.0.0.1:3310` or `unix:/run/clamav/clamd.ctl`.
    pub clamd: String,
    /// How long whoever sends a file waits for the scanner's verdict, in seconds; then
    /// the file waits alone.
    pub verdict_s: u32,
    /// How long what may never be served is kept for the security officer, in days.
    pub quarantine_days: u32,
}

impl Default for FilesSettings {
    fn default() -> Self {
        Self {
            url: "file:{data}/files/{service}".to_owned(),
            scan: ScanPolicy::Off,
            clamd: "tcp://127.0.0.1:3310".to_owned(),
            verdict_s: 20,
            quarantine_days: 90,
        }
    }
}

impl Section for FilesSettings {
    fn validate(&self) -> Result<(), Vec<String>> {
        let none = || vec!["verdict_s: must be at least 1".to_owned()];
        (self.verdict_s > 0).then_some(()).ok_or_else(none)
    }
}

/// `[keys]`: what seals personal data, and by what services know each other.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct KeysSettings {
    /// The folder with the keys of the services that run here, and the public
    /// keys of all.
    pub dir: String,
    /// Whether missing keys are made. Never in production: a key made anew opens nothing.
    pub generate: bool,
}

impl Default for KeysSettings {
    fn default() -> Self {
        Self { dir: "{data}/keys".to_owned(), generate: true }
    }
}

impl Section for KeysSettings {}

/// `[peers]`: where the services are that do not run in this process.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct PeersSettings(pub BTreeMap<String, String>);

impl Section for PeersSettings {
    fn validate(&self) -> Result<(), Vec<String>> {
        let wrong: Vec<_> = self
            .0
            .iter()
            .filter(|(_, url)| !url.starts_with("https://") && !url.starts_with("http://"))
            .map(|(name, _)| format!("{name}: write https://host:50051"))
            .collect();
        if wrong.is_empty() { Ok(()) } else { Err(wrong) }
    }
}

/// `[telemetry]`: logs, traces, metrics.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct TelemetrySettings(pub motcua_telemetry::Options);

impl Section for TelemetrySettings {
    fn validate(&self) -> Result<(), Vec<String>> {
        self.0.validate()
    }
}

/// Everything of the configuration that is no service's own.
#[derive(Debug, Clone)]
pub struct Spine {
    /// `[server]`
    pub server: ServerSettings,
    /// `[store]`
    pub store: StoreSettings,
    /// `[bus]`
    pub bus: BusSettings,
    /// `[cache]`
    pub cache: CacheSettings,
    /// `[files]`
    pub files: FilesSettings,
    /// `[keys]`
    pub keys: KeysSettings,
    /// `[audit]`
    pub audit: AuditSettings,
    /// `[peers]`
    pub peers: PeersSettings,
    /// `[tls]`
    pub tls: TlsSettings,
    /// `[telemetry]`
    pub telemetry: TelemetrySettings,
}

/// Tells the configuration which sections are the spine's.
pub fn declare_spine(layers: Layers) -> Layers {
    layers
        .declare::<ServerSettings>("server")
        .declare::<StoreSettings>("store")
        .declare::<BusSettings>("bus")
        .declare::<CacheSettings>("cache")
        .declare::<FilesSettings>("files")
        .declare::<KeysSettings>("keys")
        .declare::<AuditSettings>("audit")
        .declare::<PeersSettings>("peers")
        .declare::<TlsSettings>("tls")
        .declare::<TelemetrySettings>("telemetry")
}

impl Spine {
    /// Reads the spine's sections.
    pub fn of(settings: &Settings) -> Result<Self, ConfigError> {
        Ok(Self {
            server: settings.section("server")?,
            store: settings.section("store")?,
            bus: settings.section("bus")?,
            cache: settings.section("cache")?,
            files: settings.section("files")?,
            keys: settings.section("keys")?,
            audit: settings.section("audit")?,
            peers: settings.section("peers")?,
            tls: settings.section("tls")?,
            telemetry: settings.section("telemetry")?,
        })
    }

    /// What production does not allow, and what a process on its own cannot do.
    /// Everything that is wrong, at once.
    pub fn refuse_unsafe(&self, roles: &[&str], all: &[&str]) -> Result<(), Vec<String>> {
        let mut wrong = Vec::new();
        let alone = roles.len() < all.len();
        if alone && self.bus.is_memory() {
            wrong.push(
                "bus.url: memory: joins services of one process only; write amqp://… to run \
                 some of them here"
                    .to_owned(),
            );
        }
        for key in self.on_sqlite(roles).filter(|_| alone) {
            wrong.push(format!(
                "{key}: sqlite: is for one process with all services; write postgres://…"
            ));
        }
        if alone {
            wrong.extend(
                all.iter()
                    .filter(|name| !roles.contains(name) && !self.peers.0.contains_key(**name))
                    .map(|name| format!("peers.{name}: say where it is, https://{name}:50051")),
            );
        }
        wrong.extend(self.refuse_plain(roles, all));
        if self.server.mode == Mode::Production {
            if self.files.scan == ScanPolicy::Off {
                wrong.push("files.scan: off is refused in production; write required".to_owned());
            }
            if self.keys.generate {
                wrong.push(
                    "keys.generate: true is refused in production; make the keys once with \
                     `motcua keys init`"
                        .to_owned(),
                );
            }
            for key in self.on_sqlite(roles) {
                wrong.push(format!("{key}: sqlite: is refused in production"));
            }
        }
        if wrong.is_empty() { Ok(()) } else { Err(wrong) }
    }

    /// The settings by which one of these services would be on SQLite, each once.
    fn on_sqlite(&self, roles: &[&str]) -> impl Iterator<Item = String> {
        let keys: BTreeSet<_> = roles
            .iter()
            .map(|role| match self.store.services.get(*role) {
                Some(url) => (format!("store.services.{role}"), url),
                None => ("store.url".to_owned(), &self.store.url),
            })
            .filter(|(_, url)| url.scheme() == "sqlite")
            .map(|(key, _)| key)
            .collect();
        keys.into_iter()
    }

    /// A setting with `{data}` and `{service}` filled in.
    pub(crate) fn fill(&self, text: &str, service: &str) -> String {
        text.replace("{data}", &self.server.data.to_string_lossy()).replace("{service}", service)
    }

    /// The folder of keys.
    pub fn keys_dir(&self) -> PathBuf {
        self.fill(&self.keys.dir, "").into()
    }

    /// Where the files of a service are kept.
    pub fn files_url(&self, service: &str) -> String {
        self.fill(&self.files.url, service)
    }

    /// How the database of a service is opened.
    pub fn store_options(&self, service: &str) -> DatabaseOptions {
        let url = self.store.services.get(service).unwrap_or(&self.store.url);
        DatabaseOptions {
            url: self.fill(url.expose(), service),
            max_connections: self.store.max_connections,
            acquire_timeout: Duration::from_secs(self.store.acquire_timeout_s),
        }
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    const ALL: [&str; 2] = ["identity", "intake"];

    pub(crate) fn spine(change: impl FnOnce(&mut Spine)) -> Spine {
        let mut spine = Spine {
            server: ServerSettings::default(),
            store: StoreSettings::default(),
            bus: BusSettings::default(),
            cache: CacheSettings::default(),
            files: FilesSettings::default(),
            keys: KeysSettings::default(),
            audit: AuditSettings::default(),
            peers: PeersSettings::default(),
            tls: TlsSettings::default(),
            telemetry: TelemetrySettings::default(),
        };
        change(&mut spine);
        spine
    }

    #[test]
    fn the_defaults_are_good_for_everything_in_one_process() {
        assert_eq!(spine(|_| {}).refuse_unsafe(&ALL, &ALL), Ok(()));
    }

    #[test]
    fn a_part_of_the_services_needs_a_bus_a_server_and_addresses() {
        let wrong = spine(|_| {}).refuse_unsafe(&["intake"], &ALL).unwrap_err();
        let keys: Vec<_> = wrong.iter().filter_map(|w| w.split(':').next()).collect();
        assert_eq!(keys, ["bus.url", "store.url", "peers.identity"]);
    }

    #[test]
    fn production_generates_nothing_and_leaves_nothing_out() {
        let production = spine(|s| s.server.mode = Mode::Production);
        let wrong = production.refuse_unsafe(&ALL, &ALL).unwrap_err();
        let keys: Vec<_> = wrong.iter().filter_map(|w| w.split(':').next()).collect();
        assert_eq!(keys, ["files.scan", "keys.generate", "store.url"]);
    }

    #[test]
    fn a_database_is_found_by_service() {
        let spine = spine(|s| {
            s.store.url = SecretUrl::of("postgres://{service}:pw@db/motcua");
            s.store.services.insert("intake".into(), SecretUrl::of("postgres://i:pw@other/motcua"));
        });
        assert_eq!(spine.store_options("identity").url, "postgres://identity:pw@db/motcua");
        assert_eq!(spine.store_options("intake").url, "postgres://i:pw@other/motcua");
    }
}
