//! The catalog.
pub mod domain;
