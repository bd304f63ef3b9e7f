//! Who may do what, asked of the running product for every method its contracts
//! declare: a new method is in these tests before anybody thinks of them.

mod barred;
mod callers;
mod certificates;
mod forge;
mod headers;
mod health;
mod hostile;
mod matrix;
mod pages;
mod raw;
mod rotation;
mod rules;
mod twins;

pub(crate) use callers::organisation_of;

use motcua_rpc::Wire;
use motcua_tests::sandbox::Sandbox;

/// The way into the one process.
fn doors(sandbox: &Sandbox) -> Wire {
    motcua_rpc::remote(&sandbox.address("motcua")).unwrap()
}

/// Fails with everything that is wrong at once.
#[track_caller]
fn none(what: &str, broken: &[String]) {
    assert!(broken.is_empty(), "{what} ({}):\n  {}", broken.len(), broken.join("\n  "));
}
