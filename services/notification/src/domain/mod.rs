//! Messages: what a person is told about a dossier, where, and how far it came.
//!
//! An event becomes [`News`]; a person's channels follow from the contact and
//! the [`Preferences`]; each channel gets one [`Message`], written from a
//! versioned template. A message in the inbox is delivered when it is written;
//! the others are handed over to a provider later, tried a bounded number of times,
//! and end with what the provider says became of them.

mod channel;
mod contact;
mod handover;
mod message;
mod news;
mod pass;
mod preferences;
mod quiet;
mod refusal;
mod routing;
mod sms;
mod template;
mod zns;

pub use channel::{Address, Channel};
pub use contact::Contact;
pub use handover::{Answer, Arrival, Handover, Reason, Receipt, Taken};
pub use message::{Attempt, Message, MessageState, Origin, RetryRule, Written};
pub use news::{Moved, News, Problem, StopCause, Topic, Way};
pub use pass::{Pass, Renewed};
pub use preferences::{ChannelUse, Preferences};
pub use quiet::QuietHours;
pub use refusal::Refusal;
pub use routing::{Candidate, Health, Shift, ShiftRule, Standing, choose};
pub use sms::{Alphabet, Parts, SMS_SEPTETS, parts, septets};
pub use template::{Template, Variant, current, template, templates};
pub use zns::{Fact, Facts, Zns, ZnsTemplate};
