//! Messages: what a person is told about a dossier, or an officer of a morning, where, and how far
//! it came.
//!
//! An event becomes [`News`]; a person's channels follow from the contact and
//! the [`Preferences`]; each channel gets one [`Message`], written from a
//! versioned template. A message in the inbox is delivered when it is written;
//! the others are handed over to a provider later, all at once or in turn as the
//! [`ClassRule`] says, tried a bounded number of times, and end with what the
//! provider says became of them.

mod bounce;
mod channel;
mod class;
mod contact;
mod digest;
mod handover;
mod inquiry;
mod language;
mod limits;
mod message;
mod news;
mod pass;
mod preferences;
mod progress;
mod quiet;
mod refusal;
mod reminder;
mod routing;
mod sms;
mod status;
mod talk;
mod tariff;
mod template;
mod unsubscribe;
mod webhook;
mod zns;

pub use bounce::{Bounce, LetterRule, MailStatus};
pub use channel::{Address, Channel};
pub use class::{Class, ClassRule, ClassRules};
pub use contact::Contact;
pub use digest::{Digest, Load, Urgent};
pub use handover::{Answer, Arrival, Handover, MAILBOX, Reason, Receipt, Taken};
pub use inquiry::{Finding, Inquiry, Question, Said};
pub use language::Language;
pub use limits::Limits;
pub use message::{Attempt, Message, MessageState, Origin, RetryRule, Spare, Terms, Written};
pub use news::{Moved, News, Problem, StopCause, Topic, Way};
pub use pass::{Pass, Renewed};
pub use preferences::{ChannelUse, Preferences};
pub use progress::Progress;
pub use quiet::QuietHours;
pub use refusal::Refusal;
pub use reminder::{Awaited, Leads, Reminder};
pub use routing::{Candidate, Health, Shift, ShiftRule, Standing, choose};
pub use sms::{Alphabet, Marks, Parts, SMS_SEPTETS, gsm7_text, parts, septets};
pub use status::{Stage, Status};
pub use talk::{
    Asked, Choice, Did, Found, Offer, Outcome, Picture, Reply, Shot, Spoken, Stand, TALK, Unclear,
    Word, is_picture,
};
pub use tariff::{Per, Price, Tariff, Thousandths};
pub use template::{Template, Variant, current, template, templates};
pub use webhook::{
    Hook, Lost, Off, OffCause, Patience, Secret, Shared, WEBHOOK_GONE, WEBHOOKS, Webhook, envelope,
    trial,
};
pub use zns::{Fact, Facts, Zns, ZnsTemplate};
