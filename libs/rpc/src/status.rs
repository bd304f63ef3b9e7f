use std::{collections::HashMap, time::Duration};

use motcua_fault::{Fault, Kind, Violations};
use tonic::{Code, Status};
use tonic_types::{ErrorDetails, StatusExt};

const DOMAIN: &str = "motcua";
const LOCALE: &str = "vi-VN";
/// Octets of a text, a field's path or a fact that a refusal may hold: they can repeat what
/// the caller sent.
const LONGEST: usize = 300;
/// Octets of all violations together. A refusal travels in headers, of which clients take
/// 8 KiB, and grows by a third on the way; one that is longer breaks the connection.
const ALL_VIOLATIONS: usize = 4_500;

/// A fault as a caller sees it: code, reason, Vietnamese text, fields to mend.
/// The cause of an internal fault is logged here, once, and stays here.
#[expect(clippy::needless_pass_by_value, reason = "a fault becomes a status: `map_err(status)`")]
pub fn status(fault: Fault) -> Status {
    if fault.kind() == Kind::Internal {
        let cause = std::error::Error::source(&fault).map(ToString::to_string);
        tracing::error!(reason = fault.reason(), cause, "request failed");
    }
    let facts = fault.metadata().iter().map(|(key, value)| (key.clone(), cut(value).to_owned()));
    let mut metadata: HashMap<String, String> = facts.collect();
    let mut details = ErrorDetails::new();
    if fault.is_transient() && fault.kind() != Kind::Internal {
        let after = metadata.get("retry_after_s").and_then(|s| s.parse().ok()).unwrap_or(1);
        details.set_retry_info(Some(Duration::from_secs(after)));
    }
    let mut room = ALL_VIOLATIONS;
    for (told, violation) in fault.violations().iter().enumerate() {
        let field = cut(&violation.field);
        // `google.rpc.BadRequest` of this version has no field for the reason: it leads the text.
        let description = format!("{}: {}", violation.reason, cut(&violation.text));
        let Some(left) = room.checked_sub(field.len() + description.len()) else {
            let more = fault.violations().len() - told;
            metadata.insert("more_violations".to_owned(), more.to_string());
            break;
        };
        room = left;
        details.add_bad_request_violation(field, description);
    }
    let text = cut(fault.text());
    details.set_error_info(fault.reason(), DOMAIN, metadata).set_localized_message(LOCALE, text);
    Status::with_error_details(code(fault.kind()), text, details)
}

/// The beginning of a text, in whole characters.
fn cut(text: &str) -> &str {
    &text[..text.floor_char_boundary(LONGEST)]
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
    fn a_refusal_fits_into_headers_whatever_was_sent() {
        let mut violations = Violations::default();
        for n in 0..200 {
            violations.add(format!("answers.{n}.{}", "ệ".repeat(40_000)), "WRONG", "Chưa đúng.");
        }
        let sent = status(violations.finish().unwrap_err().with("echo", "ệ".repeat(40_000)));
        let headers: http::HeaderMap = sent.into_http::<()>().headers().clone();
        let size: usize = headers.iter().map(|(k, v)| k.as_str().len() + v.len() + 32).sum();
        assert!(size < 8 * 1024, "{size}");
        let details = Status::from_header_map(&headers).unwrap().get_error_details();
        let told = details.bad_request().unwrap().field_violations.len();
        assert!(told > 10, "{told}");
        let more = &details.error_info().unwrap().metadata["more_violations"];
        assert_eq!(more.parse::<usize>().unwrap() + told, 200);
    }

    #[test]
    fn an_internal_cause_is_never_sent() {
        let sent = status(Fault::internal("secret in a query"));
        assert!(!format!("{sent:?}").contains("secret"));
    }
}
