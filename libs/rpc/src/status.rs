use std::{collections::HashMap, time::Duration};

use motcua_fault::{Fault, Kind, Violations};
use tonic::{Code, Status};
use tonic_types::{ErrorDetails, StatusExt};

const DOMAIN: &str = "motcua";
const LOCALE: &str = "vi-VN";

/// A fault as a caller sees it: code, reason, Vietnamese text, fields to mend.
/// The cause of an internal fault is logged here, once, and stays here.
#[expect(clippy::needless_pass_by_value, reason = "a fault becomes a status: `map_err(status)`")]
pub fn status(fault: Fault) -> Status {
    if fault.kind() == Kind::Internal {
        let cause = std::error::Error::source(&fault).map(ToString::to_string);
        tracing::error!(reason = fault.reason(), cause, "request failed");
    }
    let metadata: HashMap<String, String> = fault.metadata().iter().cloned().collect();
    let mut details = ErrorDetails::new();
    if fault.is_transient() && fault.kind() != Kind::Internal {
        let after = metadata.get("retry_after_s").and_then(|s| s.parse().ok()).unwrap_or(1);
        details.set_retry_info(Some(Duration::from_secs(after)));
    }
    details
        .set_error_info(fault.reason(), DOMAIN, metadata)
        .set_localized_message(LOCALE, fault.text());
    for violation in fault.violations() {
        details.add_bad_request_violation_with_reason(violation);
    }
    Status::with_error_details(code(fault.kind()), fault.text(), details)
}

/// A neighbour's refusal as our own fault, its reason kept.
pub fn fault(status: Status) -> Fault {
    let details = status.get_error_details();
    if let Some(bad) = details.bad_request().filter(|bad| !bad.field_violations.is_empty()) {
        let mut violations = Violations::default();
        for field in &bad.field_violations {
            let (reason, text) = field
                .description
                .split_once(": ")
                .unwrap_or(("INVALID_ARGUMENT", &field.description));
            violations.add(&field.field, reason, text);
        }
        if let Err(fault) = violations.finish() {
            return fault;
        }
    }
    let kind = kind(status.code());
    let Some(info) = details.error_info() else {
        return match kind {
            Kind::Unavailable => Fault::unavailable("neighbour").because(status),
            Kind::Internal => Fault::internal(status),
            kind => Fault::new(kind, reason_of(status.code()), status.message()),
        };
    };
    let text = details.localized_message().map_or(status.message(), |m| &m.message);
    info.metadata
        .iter()
        .fold(Fault::new(kind, &info.reason, text), |fault, (key, value)| fault.with(key, value))
}

trait WithReason {
    fn add_bad_request_violation_with_reason(&mut self, violation: &motcua_fault::Violation);
}

impl WithReason for ErrorDetails {
    /// `google.rpc.BadRequest` of this version has no field for the reason: it leads the text.
    fn add_bad_request_violation_with_reason(&mut self, violation: &motcua_fault::Violation) {
        self.add_bad_request_violation(
            &violation.field,
            format!("{}: {}", violation.reason, violation.text),
        );
    }
}

const fn code(kind: Kind) -> Code {
    match kind {
        Kind::InvalidArgument => Code::InvalidArgument,
        Kind::Unauthenticated => Code::Unauthenticated,
        Kind::PermissionDenied => Code::PermissionDenied,
        Kind::NotFound => Code::NotFound,
        Kind::AlreadyExists => Code::AlreadyExists,
        Kind::FailedPrecondition => Code::FailedPrecondition,
        Kind::Aborted => Code::Aborted,
        Kind::ResourceExhausted => Code::ResourceExhausted,
        Kind::Unavailable => Code::Unavailable,
        Kind::DeadlineExceeded => Code::DeadlineExceeded,
        Kind::Internal => Code::Internal,
    }
}

const fn kind(code: Code) -> Kind {
    match code {
        Code::InvalidArgument | Code::OutOfRange => Kind::InvalidArgument,
        Code::Unauthenticated => Kind::Unauthenticated,
        Code::PermissionDenied => Kind::PermissionDenied,
        Code::NotFound => Kind::NotFound,
        Code::AlreadyExists => Kind::AlreadyExists,
        Code::FailedPrecondition => Kind::FailedPrecondition,
        Code::Aborted => Kind::Aborted,
        Code::ResourceExhausted => Kind::ResourceExhausted,
        Code::Unavailable => Kind::Unavailable,
        Code::DeadlineExceeded | Code::Cancelled => Kind::DeadlineExceeded,
        Code::Ok | Code::Unknown | Code::Unimplemented | Code::Internal | Code::DataLoss => {
            Kind::Internal
        }
    }
}

const fn reason_of(code: Code) -> &'static str {
    match kind(code) {
        Kind::InvalidArgument => "INVALID_ARGUMENT",
        Kind::Unauthenticated => "SIGN_IN_REQUIRED",
        Kind::PermissionDenied => "PERMISSION_DENIED",
        Kind::NotFound => "NOT_FOUND",
        Kind::AlreadyExists => "ALREADY_EXISTS",
        Kind::FailedPrecondition => "FAILED_PRECONDITION",
        Kind::Aborted => "CONFLICT",
        Kind::ResourceExhausted => "RESOURCE_EXHAUSTED",
        Kind::Unavailable => "UNAVAILABLE",
        Kind::DeadlineExceeded => "DEADLINE_EXCEEDED",
        Kind::Internal => "INTERNAL",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fault_survives_the_wire() {
        let sent = Fault::new(Kind::FailedPrecondition, "ALREADY_ACCEPTED", "Đã được tiếp nhận.")
            .with("by", "accounts/1");
        let got = fault(status(sent));
        assert_eq!(got.reason(), "ALREADY_ACCEPTED");
        assert_eq!(got.text(), "Đã được tiếp nhận.");
        assert_eq!(got.metadata(), [("by".to_owned(), "accounts/1".to_owned())]);
    }

    #[test]
    fn field_violations_survive_the_wire() {
        let mut violations = Violations::default();
        violations.add("answers.phone", "PHONE_INVALID", "Số điện thoại chưa đúng.");
        let got = fault(status(violations.finish().unwrap_err()));
        assert_eq!(got.violations()[0].field, "answers.phone");
        assert_eq!(got.violations()[0].reason, "PHONE_INVALID");
    }

    #[test]
    fn an_internal_cause_is_never_sent() {
        let sent = status(Fault::internal("secret in a query"));
        assert!(!format!("{sent:?}").contains("secret"));
    }
}
