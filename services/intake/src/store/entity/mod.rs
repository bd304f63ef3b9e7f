//! Rows as the database keeps them. No rule lives here.
#![expect(unreachable_pub, reason = "the entity derive wants public models")]

pub(crate) mod act;
pub(crate) mod code_counter;
pub(crate) mod dossier;
pub(crate) mod paper;
pub(crate) mod paper_offer;
pub(crate) mod supplement;
