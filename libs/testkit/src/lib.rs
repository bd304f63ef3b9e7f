//! What tests of a service stand on: the service itself in this process, on a
//! database of its own, with a clock that stands still, neighbours that a test
//! plays over the real wire, and callers with real tokens. Never shipped.
#![expect(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    clippy::missing_panics_doc,
    reason = "a test that cannot begin must fail"
)]

pub mod catalog;
pub mod clamd;
pub mod counterpart;
mod database;
mod env;
mod neighbour;
pub mod pdf;
mod plan;
mod scripts;
mod tokens;

pub use database::Database;
pub use env::{Builder, TestEnv, on_each_database};
pub use motcua_keys::ServiceKeys;
pub use neighbour::Neighbour;
pub use plan::plan;
pub use tokens::Tokens;
