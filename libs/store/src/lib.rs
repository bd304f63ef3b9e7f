//! One service's database: opened once, written through one door.
//!
//! [`Store::write`] is the only way to change anything. It begins, runs the rules,
//! claims the *cause* (a request, an event, a timer) with the rows and the events
//! they say, and commits. A cause that was claimed before changes nothing. SQLite and PostgreSQL behave alike; what differs is said here and
//! nowhere else. No table of a service and no rule may enter this crate.

mod due;
mod house;
mod inbox;
mod lease;
mod log;
mod migrate;
mod open;
mod outbox;
mod reading;
mod retention_migration;
mod spine;
mod spine_migration;
mod trouble;
mod tx;
mod write;

pub use due::{Alarm, DueQueue};
pub use house::Cleared;
pub use inbox::{Inbox, InboxCounts, Letter, ParkedLetter};
pub use lease::{Held, Lease};
pub use log::Log;
pub use migrate::{Migrations, SchemaState};
pub use open::{Store, StoreOptions};
pub use outbox::{Envelope, Outbox};
pub use trouble::OrFault;
pub use tx::Tx;
pub use write::Once;
