//! One service's database: opened once, written through one door.
//!
//! [`Store::write`] is the only way to change anything. It begins, runs the rules,
//! claims the *cause* (a request, an event, a timer) with the rows and the events
//! they say, and commits. A cause that was claimed before changes nothing. SQLite and PostgreSQL behave alike; what differs is said here and
//! nowhere else. No table of a service and no rule may enter this crate.

mod audit;
mod audit_migration;
mod depths;
mod due;
mod examine;
mod house;
mod inbox;
mod lease;
mod log;
mod mending;
mod mending_migration;
mod migrate;
mod open;
mod outbox;
mod reading;
mod reseal;
mod retention_migration;
mod spine;
mod spine_migration;
mod trouble;
mod tx;
mod write;

pub use audit::{Audit, AuditEntry, AuditFilter, Broken, Damage, Head, Seal, SealEvery, Verified};
pub use depths::{Depths, Pool};
pub use due::{Alarm, DueQueue};
pub use examine::{Said, SaidAgain, Why};
pub use house::Cleared;
pub use inbox::{Inbox, InboxCounts, Letter};
pub use lease::{Held, Lease};
pub use log::{Log, LogPlace};
pub use mending::{Mended, Mending, ParkedLetter, Sought};
pub use migrate::{Migrations, SchemaState};
pub use open::{Store, StoreOptions};
pub use outbox::{Envelope, Outbox};
pub use reseal::{Blind, Blinded, IdKind, Place, Resealed, SealedColumn};
pub use trouble::OrFault;
pub use tx::Tx;
pub use write::Once;
