//! The spine: what a service is, and the process that hosts one or all of them.
//!
//! A service is a [`Module`]: a name, a configuration, a schema, and what it
//! mounts. A [`Host`] opens what modules need, gives each an [`Env`], and runs
//! their RPCs, events and timers until it is told to stop. The same modules run
//! in one process or in ten; nothing in them knows which.

mod audit;
mod controls;
mod env;
mod health;
mod host;
mod incoming;
mod keys;
mod module;
mod rotation;
mod running;
mod settings;
mod tasks;
mod tls;
mod upkeep;
mod watch;

pub use audit::AuditSettings;
pub use controls::{ShiftedClock, TestControls};
pub use env::Env;
pub use host::Host;
pub use keys::{KeyError, ServiceKeys};
pub use module::{Module, Mounted};
pub use motcua_telemetry::Gauge;
pub use running::Running;
pub use settings::{
    BusSettings, CacheSettings, FilesSettings, KeysSettings, Mode, PeersSettings, ServerSettings,
    Spine, StoreSettings, TelemetrySettings, declare_spine,
};
pub use tls::{RENEW_BEFORE, TlsSettings};
pub use watch::Lookout;
