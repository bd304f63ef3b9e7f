//! `intake`: the citizen's dossier, from its draft to its end.

pub mod domain;
