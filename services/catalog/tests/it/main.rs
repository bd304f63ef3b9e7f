//! The catalog through its own gRPC, in process, on each database that can be had.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on must fail")]

mod access;
mod builtin;
mod clocks;
mod drafts;
mod facts;
mod files;
mod once;
mod places;
mod publishing;
mod search;
mod slips;
mod support;
mod workbook;
