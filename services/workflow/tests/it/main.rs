//! The service through its own gRPC, in process, on both databases.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test says what it expects")]

mod access;
mod alarms;
mod consults;
mod digest;
mod due_dates;
mod endings;
mod living;
mod neighbours;
mod officers;
mod once;
mod queue;
mod recalls;
mod results;
mod steps;
mod supplements;
mod support;
mod transfers;
