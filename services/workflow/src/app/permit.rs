//! Who may do what, asked where the object is.

use motcua_context::{Officer, Role as Held};
use motcua_ids::AgencyPath;

use crate::domain::{Process, Refusal, Role, Task};

const PARTIES: [Held; 5] =
    [Held::DeskOfficer, Held::Specialist, Held::HeadOfUnit, Held::Leader, Held::Auditor];

/// A role of a step as officers hold it.
pub(super) const fn held(role: Role) -> Held {
    match role {
        Role::DeskOfficer => Held::DeskOfficer,
        Role::Specialist => Held::Specialist,
        Role::HeadOfUnit => Held::HeadOfUnit,
        Role::Leader => Held::Leader,
    }
}

/// Officers with the task's role at its post; a leader above may stand in for a head.
pub(super) fn works(officer: &Officer, task: &Task) -> Result<(), Refusal> {
    let stands_in = task.role == Role::HeadOfUnit && officer.may(Held::Leader, &task.post);
    allow(stands_in || officer.may(held(task.role), &task.post))
}

/// The head of the post, or a leader at or above it.
pub(super) fn leads(officer: &Officer, post: &AgencyPath) -> Result<(), Refusal> {
    allow(officer.may_any(&[Held::HeadOfUnit, Held::Leader], post))
}

/// The leader of the competent agency, or the head whose unit works on the dossier.
pub(super) fn extends(officer: &Officer, process: &Process) -> Result<(), Refusal> {
    let heads = process
        .open_tasks()
        .any(|task| task.consult.is_none() && officer.may(Held::HeadOfUnit, &task.post));
    allow(heads || leads(officer, &process.filing.competent).is_ok())
}

/// Officers of any agency or unit that takes part. To others the process does not exist.
pub(super) fn sees(officer: &Officer, process: &Process) -> Result<(), Refusal> {
    let party = process.posts().any(|post| officer.may_any(&PARTIES, post));
    if party { Ok(()) } else { Err(Refusal::ProcessUnknown) }
}

fn allow(allowed: bool) -> Result<(), Refusal> {
    if allowed { Ok(()) } else { Err(Refusal::NotYourAgency) }
}
