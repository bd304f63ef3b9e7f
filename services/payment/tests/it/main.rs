//! The service through its own gRPC and HTTP, in process.
#![cfg(test)]

mod access;
mod assessing;
mod books;
mod gateway;
mod importing;
mod interleaving;
mod lists;
mod national;
mod notices;
mod once;
mod overlaps;
mod parity;
mod receipts;
mod refunds;
mod returning;
mod sealed;
mod statements;
mod support;
mod transfers;
mod unchanged;
mod waiting;
