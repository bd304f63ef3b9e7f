//! The service through its own gRPC, in process.
#![cfg(test)]

mod access;
mod counterpart;
mod delivery;
mod gateways;
mod inbox;
mod magic;
mod mail;
mod preferences;
mod sealed;
mod shifts;
mod sms;
mod spool;
mod support;
mod telling;
mod templates;
mod zalo;
