//! The catalog through its own gRPC, in process.

mod access;
mod builtin;
mod clocks;
mod drafts;
mod files;
mod once;
mod places;
mod publishing;
mod search;
mod support;
