//! The service through its own gRPC, in process.
#![cfg(test)]

mod access;
mod delivery;
mod inbox;
mod preferences;
mod sealed;
mod spool;
mod support;
mod telling;
mod templates;
