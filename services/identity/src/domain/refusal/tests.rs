use motcua_fault::Fault;

use super::*;

#[test]
fn each_has_its_kind_its_reason_and_a_sentence() {
    let all = [
        (Refusal::AccountExists, Kind::AlreadyExists, "ACCOUNT_EXISTS"),
        (Refusal::AccountNotFound, Kind::NotFound, "ACCOUNT_NOT_FOUND"),
        (Refusal::SignInRefused, Kind::Unauthenticated, "SIGN_IN_REFUSED"),
        (Refusal::SignInLocked { retry_after_s: 900 }, Kind::ResourceExhausted, "SIGN_IN_LOCKED"),
        (Refusal::PasswordChangeRequired, Kind::FailedPrecondition, "PASSWORD_CHANGE_REQUIRED"),
        (Refusal::PasswordUnchanged, Kind::FailedPrecondition, "PASSWORD_UNCHANGED"),
        (Refusal::Busy, Kind::Unavailable, "BUSY"),
        (Refusal::RefreshRefused, Kind::Unauthenticated, "REFRESH_REFUSED"),
        (Refusal::ScopeRefused("a.b".into()), Kind::PermissionDenied, "SCOPE_REFUSED"),
        (Refusal::OutOfReach, Kind::PermissionDenied, "OUT_OF_REACH"),
        (Refusal::AgencyNotFound, Kind::NotFound, "AGENCY_NOT_FOUND"),
        (Refusal::NotTheProvince, Kind::FailedPrecondition, "NOT_THE_PROVINCE"),
        (Refusal::NotASystem, Kind::FailedPrecondition, "NOT_A_SYSTEM"),
        (Refusal::NoPassword, Kind::FailedPrecondition, "NO_PASSWORD"),
        (Refusal::NotAnOfficer, Kind::FailedPrecondition, "NOT_AN_OFFICER"),
        (Refusal::GrantRepeated, Kind::AlreadyExists, "GRANT_REPEATED"),
        (Refusal::GrantNotFound, Kind::NotFound, "GRANT_NOT_FOUND"),
        (Refusal::LastAdministrator, Kind::FailedPrecondition, "LAST_ADMINISTRATOR"),
        (Refusal::AdministratorExists, Kind::FailedPrecondition, "ADMINISTRATOR_EXISTS"),
        (Refusal::OwnAccount, Kind::FailedPrecondition, "OWN_ACCOUNT"),
        (Refusal::AccountDisabled, Kind::FailedPrecondition, "ACCOUNT_DISABLED"),
        (Refusal::AccountActive, Kind::FailedPrecondition, "ACCOUNT_ACTIVE"),
        (Refusal::CitizenNumberSet, Kind::FailedPrecondition, "CITIZEN_NUMBER_SET"),
        (Refusal::EtagStale, Kind::Aborted, "ETAG_STALE"),
    ];
    for (refusal, kind, reason) in all {
        let text = refusal.to_string();
        let fault = Fault::from(refusal);
        assert_eq!((fault.kind(), fault.reason()), (kind, reason));
        assert!(text.ends_with('.') && fault.text() == text, "{text}");
    }
}

#[test]
fn programs_learn_when_to_come_back_and_which_scope_was_refused() {
    let fault = Fault::from(Refusal::SignInLocked { retry_after_s: 900 });
    assert_eq!(fault.metadata(), [("retry_after_s".to_owned(), "900".to_owned())]);
    let fault = Fault::from(Refusal::ScopeRefused("a.b".into()));
    assert_eq!(fault.metadata(), [("scope".to_owned(), "a.b".to_owned())]);
}
