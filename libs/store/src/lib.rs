//! One service's database: opened once, written through one door.
//!
//! [`Store::write`] is the only way to change anything. It begins, runs the rules,
//! claims the *cause* (a request, an event, a timer) with the rows and the events
//! they say, and commits. A cause that was claimed before changes nothing. What a
//! service said, heard and has to do at a time stands in tables that every service
//! has. No table of a service and no rule may enter this crate.

mod count;
mod depths;
mod due;
mod examine;
mod house;
mod mending_migration;
mod open;
mod reading;
mod retention_migration;
mod spine;
mod spine_migration;
mod timers_migration;
mod tx;
mod write;

pub use depths::Depths;
pub use due::{Alarm, DueQueue};
pub use house::Cleared;
pub use motcua_audit::Noted;
pub use motcua_database::{
    DatabaseOptions, Held, Lease, Migrations, OrFault, Pool, SchemaState, padded,
};
pub use open::Store;
pub use spine_migration::schema;
pub use tx::Tx;
pub use write::Once;
