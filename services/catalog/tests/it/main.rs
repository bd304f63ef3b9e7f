//! The catalog through its own gRPC, in process.

mod builtin;
mod support;
