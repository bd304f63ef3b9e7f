//! Why a request was not done: one kind, one stable reason, and the fields to mend.
//!
//! A [`Fault`] is what every use case answers when it does not do what it was
//! asked. Programs act on [`Kind`] and [`Fault::reason`]; people read
//! [`Fault::text`], which is Vietnamese. The cause of an internal fault is kept
//! for the log and never leaves the process. Nothing about transports or
//! databases may enter this crate.

mod refusal;
mod violations;

use std::{error::Error, fmt};

pub use refusal::Refusal;
pub use violations::{Violation, Violations, both};

/// What a caller can do about a fault; maps one to one onto a gRPC code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// The request is wrong by itself: mend it and send it again.
    InvalidArgument,
    /// The caller has to sign in.
    Unauthenticated,
    /// The caller is known and may not do this.
    PermissionDenied,
    /// There is no such thing, or none the caller may know of.
    NotFound,
    /// There is one already.
    AlreadyExists,
    /// Right in itself, but not in the present state.
    FailedPrecondition,
    /// Somebody else was faster: read again and retry.
    Aborted,
    /// Too much or too often: wait.
    ResourceExhausted,
    /// Something we need is away: retry with delay.
    Unavailable,
    /// The caller's time ran out; whether it was done is not known.
    DeadlineExceeded,
    /// Our own failure.
    Internal,
}

impl Kind {
    /// Whether the same request may succeed later without anybody mending it.
    pub const fn is_transient(self) -> bool {
        matches!(
            self,
            Self::Aborted
                | Self::Unavailable
                | Self::DeadlineExceeded
                | Self::ResourceExhausted
                | Self::Internal
        )
    }
}

/// A request that was not done, and why.
#[derive(Debug)]
pub struct Fault(Box<Inner>);

#[derive(Debug)]
struct Inner {
    kind: Kind,
    reason: String,
    text: String,
    metadata: Vec<(String, String)>,
    violations: Vec<Violation>,
    source: Option<Box<dyn Error + Send + Sync>>,
}

impl Fault {
    /// A fault with its stable reason (`UPPER_SNAKE_CASE`) and its Vietnamese text.
    pub fn new(kind: Kind, reason: impl Into<String>, text: impl Into<String>) -> Self {
        Self(Box::new(Inner {
            kind,
            reason: reason.into(),
            text: text.into(),
            metadata: Vec::new(),
            violations: Vec::new(),
            source: None,
        }))
    }

    /// The caller may not do this.
    pub fn denied(reason: impl Into<String>, text: impl Into<String>) -> Self {
        Self::new(Kind::PermissionDenied, reason, text)
    }

    /// There is no such `what` (an English noun, for programs), or none the caller may know of.
    pub fn not_found(what: &str) -> Self {
        Self::new(Kind::NotFound, "NOT_FOUND", "Không tìm thấy thông tin được yêu cầu.")
            .with("resource", what)
    }

    /// Something we need does not answer.
    pub fn unavailable(what: &str) -> Self {
        Self::new(
            Kind::Unavailable,
            "UNAVAILABLE",
            "Hệ thống tạm thời gián đoạn, vui lòng thử lại sau ít phút.",
        )
        .with("dependency", what)
    }

    /// Our own failure; the cause is for the log alone.
    pub fn internal(cause: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self::new(
            Kind::Internal,
            "INTERNAL",
            "Hệ thống gặp sự cố, yêu cầu chưa được thực hiện. Vui lòng thử lại sau.",
        )
        .because(cause)
    }

    /// Adds a fact for programs. Never personal data: it is logged and sent.
    #[must_use]
    pub fn with(mut self, key: impl Into<String>, value: impl fmt::Display) -> Self {
        self.0.metadata.push((key.into(), value.to_string()));
        self
    }

    /// Keeps the cause for the log.
    #[must_use]
    pub fn because(mut self, cause: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        self.0.source = Some(cause.into());
        self
    }

    #[must_use]
    pub(crate) fn with_violations(mut self, violations: Vec<Violation>) -> Self {
        self.0.violations = violations;
        self
    }

    /// What the caller can do about it.
    pub fn kind(&self) -> Kind {
        self.0.kind
    }

    /// The stable code programs act on.
    pub fn reason(&self) -> &str {
        &self.0.reason
    }

    /// The Vietnamese sentence people read.
    pub fn text(&self) -> &str {
        &self.0.text
    }

    /// Facts for programs, in the order they were added.
    pub fn metadata(&self) -> &[(String, String)] {
        &self.0.metadata
    }

    /// The fields to mend, where the request itself is wrong.
    pub fn violations(&self) -> &[Violation] {
        &self.0.violations
    }

    /// Whether the same request may succeed later without anybody mending it.
    pub fn is_transient(&self) -> bool {
        self.0.kind.is_transient()
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.reason(), self.text())
    }
}

impl Error for Fault {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.0.source.as_deref().map(|e| e as &(dyn Error + 'static))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_internal_fault_keeps_its_cause_out_of_its_text() {
        let fault = Fault::internal("password=hunter2");
        assert!(!fault.to_string().contains("hunter2"));
        assert_eq!(fault.source().map(ToString::to_string), Some("password=hunter2".to_owned()));
    }

    #[test]
    fn violations_are_answered_together() {
        let mut violations = Violations::default();
        violations.add("phone", "PHONE_INVALID", "Số điện thoại chưa đúng.");
        violations.add("email", "EMAIL_INVALID", "Thư điện tử chưa đúng.");
        let fault = violations.finish().unwrap_err();
        assert_eq!(fault.kind(), Kind::InvalidArgument);
        assert_eq!(fault.violations().len(), 2);
    }

    #[test]
    fn what_is_wrong_with_two_parts_is_answered_together() {
        let wrong = |field: &str| {
            let mut violations = Violations::default();
            violations.add(field, "REQUIRED", "Vui lòng không để trống.");
            violations.finish().map(|()| field.to_owned())
        };
        let fields =
            |fault: Fault| fault.violations().iter().map(|v| v.field.clone()).collect::<Vec<_>>();
        assert_eq!(fields(both(wrong("a"), wrong("b")).unwrap_err()), ["a", "b"]);
        assert_eq!(fields(both(Ok(1), wrong("b")).unwrap_err()), ["b"]);
        assert_eq!(fields(both(wrong("a"), Ok(1)).unwrap_err()), ["a"]);
        assert_eq!(both(Ok(1), Ok(2)).unwrap(), (1, 2));
    }
}
