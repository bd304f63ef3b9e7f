//! The tables, as rows. No logic.
#![expect(unreachable_pub, reason = "the entity derive wants public models")]

pub(super) mod agency;
pub(super) mod calendar;
pub(super) mod desk;
pub(super) mod field;
pub(super) mod mark;
pub(super) mod policy;
pub(super) mod procedure;
pub(super) mod version;
