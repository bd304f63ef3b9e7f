//! The rules of a dossier. Pure: time, ids and what other services know are
//! arguments; what happened is the answer.
//!
//! [`table`] says what may follow what, [`Dossier`] works from it and keeps the
//! facts, [`checklist`] compares papers, [`answers`] answers, [`ClockRules`]
//! counts the appointment.

mod agency;
pub mod answers;
mod appointment;
pub mod checklist;
mod dossier;
mod event;
mod facts;
mod filing;
mod offer;
mod paper;
mod party;
mod payment;
mod procedure;
mod quarantine;
mod reading;
mod refusal;
mod state;
mod supplement;
pub mod table;

pub use agency::{Agency, AgencyKind};
pub use appointment::{Appointment, ClockRules};
pub use dossier::{Acceptance, Dossier, PaymentWait, Returned, Withdrawal};
pub use event::{By, Event, Hand, Happened, StopCause, public_text};
pub use facts::Fact;
pub use filing::{Channel, DeliveryState, Filing, Finance};
pub use motcua_quarantine::{Scan, Unfit};
pub use offer::Offer;
pub use paper::{Content, Paper, Source};
pub use party::{Basis, Delivery, Party, PartyKind, Persons, Representative, ReturnWay, masked};
pub use payment::PaymentFact;
pub use procedure::{
    Case, Deciders, Fee, FrontDoor, Level, Limit, Need, Procedure, Requirement, Sum, Way,
    WayChannel,
};
pub use reading::{Act, Filter, Summary};
pub use refusal::{Denial, Illegal, Why};
pub use state::{NationalStatus, Running, State};
pub use supplement::{RoundState, Supplement};

#[cfg(test)]
mod life_tests;
