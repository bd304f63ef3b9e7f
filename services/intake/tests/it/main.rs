//! The service through its own gRPC, with neighbours played over the real wire.

mod access;
mod desk;
mod facts;
mod lists;
mod look_up;
mod office;
mod papers;
mod result;
mod sealed;
mod submit;
mod supplement;
mod support;
mod withdrawal;
