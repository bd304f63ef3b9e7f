//! Letters that come back: each goes out with a return address of its own, and what comes there
//! is fetched from its mailbox and read.

mod address;
mod mailbox;
mod report;

use std::sync::LazyLock;

use motcua_ids::MessageId;
use motcua_telemetry::{KeyValue, meter, metrics::Counter};

pub(crate) use self::{
    address::ReturnAddress,
    mailbox::{Mailbox, Opened},
};
use crate::domain::Bounce;

static BOUNCES: LazyLock<Counter<u64>> = LazyLock::new(|| {
    meter()
        .u64_counter("motcua.message.bounces")
        .with_unit("{letter}")
        .with_description("Letters that came to the return address, by what they say of ours.")
        .build()
});

/// What came to the return address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Returned {
    /// A report of one of our letters.
    Report(MessageId, Bounce),
    /// A report of a letter that is none of ours, as far as can be proved.
    Stranger,
    /// No report: an answer, by a machine or a person.
    Other,
}

impl Returned {
    /// Reads a letter, of which only the first part need be there.
    pub(crate) fn read(letter: &[u8], returns: &ReturnAddress) -> Self {
        let Some(bounce) = report::read(letter) else { return Self::Other };
        returns.find(letter).map_or(Self::Stranger, |message| Self::Report(message, bounce))
    }

    /// Counts it, once it is dealt with.
    pub(crate) fn count(self) {
        let word = match self {
            Self::Report(_, bounce) => bounce.word(),
            Self::Stranger => "stranger",
            Self::Other => "other",
        };
        BOUNCES.add(1, &[KeyValue::new("motcua.bounce", word)]);
    }
}

#[cfg(test)]
mod tests;
