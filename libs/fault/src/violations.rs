use crate::{Fault, Kind};

/// One field of a request that is wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Violation {
    /// The path from the request: `answers.father.name`, `papers.to-khai`.
    pub field: String,
    /// The stable code programs act on.
    pub reason: String,
    /// What is wrong and how to mend it, in Vietnamese.
    pub text: String,
}

/// Collects everything that is wrong with a request, so that it is answered at once.
#[derive(Debug, Default)]
pub struct Violations(Vec<Violation>);

impl Violations {
    /// Notes one more field.
    pub fn add(
        &mut self,
        field: impl Into<String>,
        reason: impl Into<String>,
        text: impl Into<String>,
    ) {
        self.0.push(Violation { field: field.into(), reason: reason.into(), text: text.into() });
    }

    /// Takes the value of a parsed field, or notes why it could not be parsed.
    pub fn take<T, E: crate::Refusal>(
        &mut self,
        field: impl Into<String>,
        parsed: Result<T, E>,
    ) -> Option<T> {
        match parsed {
            Ok(value) => Some(value),
            Err(refusal) => {
                self.add(field, refusal.reason(), refusal.to_string());
                None
            }
        }
    }

    /// Takes over what another part of the request found, below `prefix`.
    pub fn nest(&mut self, prefix: &str, inner: Self) {
        self.0.extend(
            inner.0.into_iter().map(|v| Violation { field: format!("{prefix}.{}", v.field), ..v }),
        );
    }

    /// Whether nothing was wrong so far.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// What was found so far.
    pub fn as_slice(&self) -> &[Violation] {
        &self.0
    }

    /// Refuses the request if anything was wrong.
    pub fn finish(self) -> Result<(), Fault> {
        if self.0.is_empty() {
            return Ok(());
        }
        Err(Fault::new(
            Kind::InvalidArgument,
            "INVALID_ARGUMENT",
            "Thông tin chưa đúng hoặc chưa đủ, vui lòng xem từng mục.",
        )
        .with_violations(self.0))
    }
}

/// Both parts of a request, or everything that is wrong with either.
pub fn both<A, B>(a: Result<A, Fault>, b: Result<B, Fault>) -> Result<(A, B), Fault> {
    match (a, b) {
        (Ok(a), Ok(b)) => Ok((a, b)),
        (Err(mut a), Err(b)) => {
            a.0.violations.extend(b.0.violations);
            Err(a)
        }
        (Err(wrong), Ok(_)) | (Ok(_), Err(wrong)) => Err(wrong),
    }
}
