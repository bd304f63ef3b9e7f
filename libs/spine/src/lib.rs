//! The spine of the configuration: what every process is told that is no service's own.
//!
//! Each section is a type; [`Spine`] is all of them, and says at once everything
//! that production does not allow or that a process on its own cannot do. What is
//! opened by them is opened elsewhere.

mod audit;
mod server;
mod spine;
mod tls;

pub use audit::AuditSettings;
pub use server::{Mode, ServerSettings};
pub use spine::{
    BusSettings, CacheSettings, FilesSettings, KeysSettings, PeersSettings, Spine, StoreSettings,
    TelemetrySettings, declare_spine,
};
pub use tls::TlsSettings;
