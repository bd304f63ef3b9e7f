//! The service through its own gRPC, in process.
#![cfg(test)]

mod access;
mod bounces;
mod costs;
mod delivery;
mod digest;
mod gateways;
mod inbox;
mod inquiries;
mod limits;
mod magic;
mod mail;
mod pictures;
mod preferences;
mod reminders;
mod sealed;
mod shifts;
mod sms;
mod spool;
mod statuses;
mod support;
mod telling;
mod templates;
mod turns;
mod unsubscribe;
mod webhooks;
mod zalo;

use motcua_testkit::counterpart;
