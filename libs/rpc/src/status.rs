use std::{collections::HashMap, time::Duration};

use motcua_fault::{Fault, Kind, Violation, Violations};
use tonic::{Code, Status};
use tonic_types::{ErrorDetails, ErrorInfo, StatusExt};

const DOMAIN: &str = "motcua";
const LOCALE: &str = "vi-VN";
/// Octets of a text, a field's path or a fact that a refusal may hold: they can repeat what
/// the caller sent.
const LONGEST: usize = 300;
/// Octets of all violations together. A refusal travels in headers, of which clients take
/// 8 KiB, and grows by a third on the way; one that is longer breaks the connection.
const ALL_VIOLATIONS: usize = 4_800;
/// What a violation takes besides its words.
const ONE_VIOLATION: usize = 8;
/// How many violations were left out for want of room.
const MORE: &str = "more_violations";

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
    let left_out = tell(fault.violations(), &mut details);
    if left_out > 0 {
        // A neighbour may have left some out already.
        let before: usize = metadata.get(MORE).and_then(|n| n.parse().ok()).unwrap_or_default();
        metadata.insert(MORE.to_owned(), (before + left_out).to_string());
    }
    let text = cut(fault.text());
    details.set_error_info(fault.reason(), DOMAIN, metadata).set_localized_message(LOCALE, text);
    Status::with_error_details(code(fault.kind()), text, details)
}

/// Tells as many violations as there is room for, each by its field and reason, and with
/// its text as long as there is room for texts. Answers how many were left out.
///
/// `google.rpc.BadRequest` of this version has no field for the reason: it leads the text.
fn tell(violations: &[Violation], details: &mut ErrorDetails) -> usize {
    let mut room = ALL_VIOLATIONS;
    let bare = |v: &&Violation| {
        let left = room.checked_sub(cut(&v.field).len() + v.reason.len() + ONE_VIOLATION);
        left.map(|left| room = left).is_some()
    };
    let told: Vec<_> = violations.iter().take_while(bare).collect();
    for violation in &told {
        let text = cut(&violation.text);
        let description = match room.checked_sub(text.len() + 2) {
            Some(left) if !text.is_empty() => {
                room = left;
                format!("{}: {text}", violation.reason)
            }
            _ => violation.reason.clone(),
        };
        details.add_bad_request_violation(cut(&violation.field), description);
    }
    violations.len() - told.len()
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
            let (reason, text) = reason_and_text(&field.description);
            violations.add(&field.field, reason, text);
        }
        if let Err(fault) = violations.finish() {
            return with_facts(fault, details.error_info());
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
    with_facts(Fault::new(kind, &info.reason, text), Some(info))
}

fn with_facts(fault: Fault, info: Option<&ErrorInfo>) -> Fault {
    let facts = info.into_iter().flat_map(|info| &info.metadata);
    facts.fold(fault, |fault, (key, value)| fault.with(key, value))
}

/// The two halves of what [`tell`] makes of a violation; others know texts alone.
fn reason_and_text(description: &str) -> (&str, &str) {
    let is_reason = |word: &str| {
        !word.is_empty()
            && word.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit() || b == b'_')
    };
    match description.split_once(": ") {
        Some((reason, text)) if is_reason(reason) => (reason, text),
        _ if is_reason(description) => (description, ""),
        _ => ("INVALID_ARGUMENT", description),
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

    /// So many empty fields of a form, as they are told.
    fn empty_fields(count: usize) -> Fault {
        let mut violations = Violations::default();
        for n in 0..count {
            let text = "Mục «Họ, chữ đệm, tên người yêu cầu» chưa điền.";
            violations.add(format!("answers.requester.item_{n}"), "REQUIRED", text);
        }
        violations.finish().unwrap_err()
    }

    #[test]
    fn every_field_of_a_long_form_is_told_and_the_last_ones_without_their_texts() {
        let sent = status(empty_fields(60));
        let headers: http::HeaderMap = sent.clone().into_http::<()>().headers().clone();
        let size: usize = headers.iter().map(|(k, v)| k.as_str().len() + v.len() + 32).sum();
        assert!(size < 8 * 1024, "{size}");
        let got = fault(sent);
        assert_eq!(got.violations().len(), 60);
        assert!(got.violations().iter().all(|v| v.reason == "REQUIRED"));
        let with_text = got.violations().iter().filter(|v| !v.text.is_empty()).count();
        assert!((20..60).contains(&with_text), "{with_text}");
        assert_eq!(got.metadata(), []);
        // A form as long as the longest of the catalog keeps all its texts.
        let short = fault(status(empty_fields(36)));
        assert!(short.violations().iter().all(|v| v.text.contains("chưa điền")));
    }

    #[test]
    fn what_was_left_out_is_counted_from_service_to_service() {
        let got = fault(status(empty_fields(200)));
        let told = got.violations().len();
        let left_out = (200 - told).to_string();
        assert_eq!(got.metadata(), [(MORE.to_owned(), left_out.clone())]);
        let again = fault(status(got));
        assert_eq!(again.violations().len(), told);
        assert_eq!(again.metadata(), [(MORE.to_owned(), left_out)]);
    }

    #[test]
    fn a_text_with_a_colon_is_no_reason() {
        assert_eq!(reason_and_text("WRONG: a: b"), ("WRONG", "a: b"));
        assert_eq!(reason_and_text("REQUIRED"), ("REQUIRED", ""));
        assert_eq!(reason_and_text("Ngày: chưa đúng"), ("INVALID_ARGUMENT", "Ngày: chưa đúng"));
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
