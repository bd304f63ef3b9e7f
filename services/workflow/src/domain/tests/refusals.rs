use std::collections::BTreeSet;

use motcua_fault::{Fault, Kind, Refusal as _};

use motcua_quarantine::Unfit;

use super::support::{account, at, result};
use crate::domain::Refusal;

/// One of each; the match makes a new refusal fail to compile until it is here.
fn all() -> Vec<Refusal> {
    let time = at("2025-08-20 09:15");
    let steps = vec!["ky".to_owned(), "van-thu".to_owned()];
    let list = vec![
        Refusal::DefinitionUnusable { flaw: "no_end".into() },
        Refusal::ProcessUnknown,
        Refusal::ResultUnknown,
        Refusal::AskUnknown,
        Refusal::NotYourAgency,
        Refusal::EtagMismatch { current: 3 },
        Refusal::AssigneeUnsuitable,
        Refusal::FileUnfit(Unfit::Infected),
        Refusal::FileUnfit(Unfit::Encrypted),
        Refusal::ResultNotScanned,
        Refusal::TaskUnknown,
        Refusal::TaskDone,
        Refusal::TaskTaken { by: account(1) },
        Refusal::TaskNotHeld { by: Some(account(1)) },
        Refusal::DossierWaiting,
        Refusal::ProcessEnded,
        Refusal::StepNotNext { allowed: steps.clone() },
        Refusal::StepNotBefore { allowed: steps.clone() },
        Refusal::NotForwarded,
        Refusal::RecallTooLate { by: Some(account(1)) },
        Refusal::ResultNotDrafted,
        Refusal::ResultNotApproved,
        Refusal::ApprovalNeeded,
        Refusal::SupplementPending,
        Refusal::ConsultPending { consults: steps },
        Refusal::AlreadyDecided,
        Refusal::NotAConsult,
        Refusal::IsAConsult,
        Refusal::StepDoesNotDraft,
        Refusal::StepDoesNotApprove,
        Refusal::OwnDraft,
        Refusal::DraftChanged { current: result(1) },
        Refusal::AlreadyExtended { at: time },
        Refusal::ExtensionTooLate { due: time },
        Refusal::ExtensionNotLater { due: time },
        Refusal::ExtensionOutsideHours { next: time },
        Refusal::NoDueDate,
    ];
    assert!(list.iter().all(known));
    list
}

fn known(refusal: &Refusal) -> bool {
    match refusal {
        Refusal::DefinitionUnusable { .. }
        | Refusal::ProcessUnknown
        | Refusal::ResultUnknown
        | Refusal::AskUnknown
        | Refusal::NotYourAgency
        | Refusal::EtagMismatch { .. }
        | Refusal::AssigneeUnsuitable
        | Refusal::FileUnfit(_)
        | Refusal::ResultNotScanned
        | Refusal::TaskUnknown
        | Refusal::TaskDone
        | Refusal::TaskTaken { .. }
        | Refusal::TaskNotHeld { .. }
        | Refusal::DossierWaiting
        | Refusal::ProcessEnded
        | Refusal::StepNotNext { .. }
        | Refusal::StepNotBefore { .. }
        | Refusal::NotForwarded
        | Refusal::RecallTooLate { .. }
        | Refusal::ResultNotDrafted
        | Refusal::ResultNotApproved
        | Refusal::ApprovalNeeded
        | Refusal::SupplementPending
        | Refusal::ConsultPending { .. }
        | Refusal::AlreadyDecided
        | Refusal::NotAConsult
        | Refusal::IsAConsult
        | Refusal::StepDoesNotDraft
        | Refusal::StepDoesNotApprove
        | Refusal::OwnDraft
        | Refusal::DraftChanged { .. }
        | Refusal::AlreadyExtended { .. }
        | Refusal::ExtensionTooLate { .. }
        | Refusal::ExtensionNotLater { .. }
        | Refusal::ExtensionOutsideHours { .. }
        | Refusal::NoDueDate => true,
    }
}

#[test]
fn every_refusal_has_its_own_reason_and_a_sentence() {
    let reasons: BTreeSet<_> = all().iter().map(motcua_fault::Refusal::reason).collect();
    assert_eq!(reasons.len(), all().len());
    for refusal in all() {
        assert!(refusal.to_string().ends_with('.'), "{refusal:?}");
        assert!(refusal.reason().chars().all(|c| c.is_ascii_uppercase() || c == '_'));
    }
}

#[test]
fn a_refusal_tells_programs_what_they_need() {
    let fault = Fault::from(Refusal::StepNotNext { allowed: vec!["ky".into(), "tra".into()] });
    assert_eq!(fault.kind(), Kind::FailedPrecondition);
    assert_eq!(fault.metadata(), [("allowed".to_owned(), "ky,tra".to_owned())]);
    let fault = Fault::from(Refusal::TaskTaken { by: account(7) });
    assert_eq!(fault.metadata(), [("by".to_owned(), account(7).name())]);
    assert_eq!(Refusal::TaskUnknown.kind(), Kind::NotFound);
}
