//! One service's database as it is: opened, brought up to date, held by one at a
//! time, and its errors said in the callers' words.
//!
//! SQLite and PostgreSQL behave alike; what differs is said here and nowhere
//! else. Only libs stand on it: a service has its [`Database`] through the store,
//! where every write goes through one door. No table's meaning may enter this crate.

mod lease;
mod migrate;
mod open;
mod padded;
mod pool;
mod trouble;

pub use lease::{Held, Lease};
pub use migrate::{Migrations, SchemaState};
pub use open::{Database, DatabaseOptions, immediate};
pub use padded::padded;
pub use pool::Pool;
pub use trouble::OrFault;
