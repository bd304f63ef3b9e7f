//! The officers' work on an accepted dossier, as rules.
//!
//! A [`Process`] follows the [`Definition`] its dossier was filed under: one
//! step at a time, each a [`Task`] in the queue of a role and an agency, with
//! other agencies' opinions beside it. One officer holds a task, and nobody
//! else may work on it meanwhile. The result is drafted, approved by a leader,
//! and goes to the desk; before the approval the citizen may withdraw, after it
//! not. A supplement goes from the specialist to the desk and from the desk to
//! the citizen; meanwhile the [`DossierClock`] stands still, and afterwards the
//! step and the person come back. Working time is recorded as acts and counted
//! anew from them whenever it is asked for.

mod act;
mod alarm;
mod clock;
mod consult;
mod decide;
mod definition;
mod digest;
mod event;
mod extend;
mod forward;
mod hear;
mod hold;
mod officer;
mod plan;
mod process;
mod quota;
mod recall;
mod records;
mod refusal;
mod role;
mod start;
mod supplement;
mod task;

pub use act::{ActKind, ActLine};
pub use clock::{DossierClock, Due};
pub use definition::{Consult, Definition, Quota, Step};
pub use digest::{Digest, DigestHours, Load, Morning, OfficerDigest, Pressing};
pub use event::{Decision, DueDateChange, Event, Outcome, StopCause};
pub use forward::Onward;
pub use hear::Fact;
pub use officer::{KnownGrant, KnownOfficer};
pub use plan::{Place, Places, Plan, PlannedConsult, PlannedStep};
pub use process::{Draft, Filing, NewTaskId, PendingAsk, Process, Progress, State};
pub use records::{
    Act, Ask, AskState, AskWords, AskedPaper, ResultRecord, ResultWords, TaskFacts, TaskView,
};
pub use refusal::Refusal;
pub use role::Role;
pub use task::{Ending, Hold, Task, TaskDue, TaskEnd, TaskState, Timeliness};

#[cfg(test)]
mod tests;
