//! Who acts, why, and when: the argument that travels first through every use case.
//!
//! A [`Ctx`] is made at a door (an RPC, an event, a due job) and never changed
//! afterwards, so that a rule sees one instant and one actor throughout. Nothing
//! about transports or databases may enter this crate.

mod actor;
mod cause;
mod clock;
mod ctx;

pub use actor::{Actor, Grant, Officer, Person, PersonKind, Role, System};
pub use cause::{Cause, Key};
pub use clock::{Clock, ManualClock, SystemClock, Timestamp, whole_micros};
pub use ctx::Ctx;
