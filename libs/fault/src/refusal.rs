use std::fmt::Display;

use crate::{Fault, Kind};

/// A rule's "no". Its `Display` is the Vietnamese sentence people read.
pub trait Refusal: Display {
    /// What the caller can do about it.
    fn kind(&self) -> Kind;

    /// The stable code programs act on, `UPPER_SNAKE_CASE`.
    fn reason(&self) -> &'static str;

    /// Facts for programs; never personal data.
    fn metadata(&self) -> Vec<(&'static str, String)> {
        Vec::new()
    }
}

impl<R: Refusal> From<R> for Fault {
    fn from(refusal: R) -> Self {
        refusal.metadata().into_iter().fold(
            Self::new(refusal.kind(), refusal.reason(), refusal.to_string()),
            |fault, (key, value)| fault.with(key, value),
        )
    }
}
