//! Who may sign in, as what, and until when.

pub mod config;
pub mod domain;
