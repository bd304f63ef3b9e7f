//! A service's post: what it says leaves by the outbox, what it is told waits in the inbox.
//!
//! Both are tables of the service's own database. The [`Outbox`] is kept as a
//! [`Log`] to read on from; the [`Inbox`] keeps each key's order, and what a person
//! has to look at. Nothing here speaks to a broker, and no event's meaning may enter
//! this crate.

mod inbox;
mod log;
mod mending;
mod outbox;
mod said;
mod tables;

pub use inbox::{Inbox, InboxCounts, Letter, Why};
pub use log::{Log, LogPlace};
pub use mending::{Mended, Mending, ParkedLetter, Sought};
pub use outbox::{Envelope, Outbox};
pub use said::{Said, SaidAgain};
