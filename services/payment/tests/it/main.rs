//! The service through its own gRPC and HTTP, in process.
#![cfg(test)]

mod access;
mod assessing;
mod books;
mod gateway;
mod notices;
mod once;
mod refunds;
mod sealed;
mod support;
mod transfers;
