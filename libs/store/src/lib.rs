//! One service's database: opened once, written through one door.
//!
//! [`Store::write`] is the only way to change anything. It begins, claims the
//! *cause* (a request, an event, a timer), runs the rules, stores the rows and
//! the events they say, and commits. A cause that was claimed before changes
//! nothing. SQLite and PostgreSQL behave alike; what differs is said here and
//! nowhere else. No table of a service and no rule may enter this crate.

mod due;
mod inbox;
mod lease;
mod migrate;
mod open;
mod outbox;
mod reading;
mod spine;
mod spine_migration;
mod trouble;
mod tx;
mod write;

pub use due::{Alarm, DueQueue};
pub use inbox::{Inbox, InboxCounts, Letter, ParkedLetter};
pub use lease::{Held, Lease};
pub use migrate::{Migrations, SchemaState};
pub use open::{Store, StoreOptions};
pub use outbox::{Envelope, Outbox};
pub use trouble::OrFault;
pub use tx::Tx;
pub use write::Once;
