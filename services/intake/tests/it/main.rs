//! The service through its own gRPC, with neighbours played over the real wire.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test says what it expects")]

mod access;
mod desk;
mod facts;
mod feed;
mod filed;
mod lists;
mod look_up;
mod neighbours;
mod offers;
mod office;
mod papers;
mod result;
mod reuse;
mod scanning;
mod sealed;
mod submit;
mod supplement;
mod support;
mod transfer;
mod withdrawal;
