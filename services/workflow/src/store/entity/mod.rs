//! The tables as sea-orm sees them; no logic.
#![expect(unreachable_pub, reason = "the entity derive wants public models")]

pub(crate) mod act;
pub(crate) mod ask;
pub(crate) mod officer;
pub(crate) mod process;
pub(crate) mod result;
pub(crate) mod task;
