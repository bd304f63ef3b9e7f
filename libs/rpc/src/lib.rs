//! How a call comes in and goes out: one door for both, in one process or across two.
//!
//! A server is a [`Door`]: it knows the caller, the rule of the method, the
//! deadline and the trace before a handler runs. A neighbour is a [`Wire`],
//! whether it lives in this process or elsewhere. Services know each other by tokens
//! made once a minute for the one that is called, and over [`Tls`] by certificates too. Handlers translate with
//! [`query`], [`mutation`] and [`reply`]. No service's messages and no rule of
//! the domain may enter this crate.

mod access;
mod again;
mod bounded;
mod call;
mod deadline;
mod door;
pub mod json;
mod origin;
mod outgoing;
mod pages;
#[cfg(test)]
mod parsers_tests;
mod proxies;
mod revoked;
mod service_token;
mod shares;
mod status;
mod timed;
mod tls;
mod token;
mod trust;
mod unreadable;
mod wire;

pub use access::admits;
pub use again::patient;
pub use call::{mutation, query, reply, request, upload, with_content};
pub use door::{Door, DoorOptions};
pub use origin::{Origin, Proven};
pub use outgoing::{bearer, outgoing};
pub use pages::{Page, Pages};
pub use proxies::Proxies;
pub use service_token::{ServiceIdentity, audience};
pub use status::{fault, status};
pub use timed::Pace;
pub use tls::{ClientCertificates, OwnFiles, Tls, TlsError, TlsOptions};
pub use token::{GrantClaim, UserClaims};
pub use trust::Trust;
pub use unreadable::unread;
pub use wire::{LateWire, Peers, Wire, local, remote, remote_trusting};
