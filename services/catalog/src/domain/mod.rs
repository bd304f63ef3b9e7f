//! What the catalog knows and refuses. Pure: time and ids are arguments.
//!
//! An [`Agency`] stands in a tree and never disappears. A [`Procedure`] is a
//! number and a history of [`Version`]s; a version is a draft until it is
//! [complete](Findings::complete), then published and never changed. Calendars
//! and policies are dated in the same way. [`search`] finds procedures as
//! people type.

mod agency;
mod check;
mod clock;
mod content;
mod desk;
mod event;
mod field;
mod number;
mod procedure;
mod refusal;
pub mod search;
mod version;

pub use agency::{Agency, AgencyFacts, AgencyKind, Validity};
pub use check::{Complete, Finding, Findings, Surroundings, check};
pub use clock::{
    Calendar, CalendarDraft, Place, Policy, PolicyDraft, PolicyScope, Subject, calendar_for,
    missed, policy_for,
};
pub use content::{
    Audience, Case, Channel, Consultation, Contact, Content, Fee, FeeKind, FeeRule, FormTemplate,
    FrontDoor, LegalBasis, Level, Limit, LimitRule, MINUTES_PER_DAY, Outcome, Paper, PaperNeed,
    Process, Publication, QuotaGroup, ServiceLevel, Step, StepRole, Supplement, Way,
};
pub use desk::Desk;
pub use event::Event;
pub use field::Field;
pub use number::{BadNumber, ProcedureNumber};
pub use procedure::{Abolition, Effect, Procedure};
pub use refusal::Refusal;
pub use version::{Version, VersionState};

#[cfg(test)]
mod samples;
