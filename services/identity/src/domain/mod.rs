//! Who may sign in, as what, and until when.
//!
//! An [`Account`] is one holder's: a citizen, an organisation, an officer or
//! another system. Signing in opens a [`Session`], which lives through a chain
//! of refresh tokens, each good once. What was taken back before its time is a
//! [`Revocation`]. Nothing here knows a database, a clock or a source of chance:
//! time, ids and hashes are arguments.

mod account;
mod change;
mod credential;
mod event;
pub mod external;
mod holder;
mod identifier;
mod malformed;
mod officer;
mod password;
mod reading;
mod refusal;
mod revocation;
mod session;
mod signing_key;
mod tries;
mod value;

pub use account::{Account, State};
pub use change::Change;
pub use credential::{Credential, Previous};
pub use event::Event;
pub use holder::{Citizen, Contacts, Holder, Kind, Organisation, SystemClient};
pub use identifier::Identifier;
pub use malformed::Malformed;
pub use officer::{Granted, Officer};
pub use password::{Password, Secret};
pub use reading::{Reading, Subject};
pub use refusal::Refusal;
pub use revocation::{Revocation, Revoked};
pub use session::{End, Presented, RefreshToken, Session, SessionLimits};
pub use signing_key::{KeyTimes, SigningKey};
pub use tries::{Tries, TryLimits};
pub use value::{Handle, Name, Scope, TaxCode};
