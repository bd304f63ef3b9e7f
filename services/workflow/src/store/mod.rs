//! Rows and back. Reading takes any connection, writing an open [`Tx`] alone.
//!
//! [`Tx`]: motcua_store::Tx

mod acts;
mod asks;
pub(crate) mod consistency;
mod entity;
mod loads;
mod lookouts;
mod migrations;
mod officers;
mod processes;
mod queue;
mod results;
mod rows;
mod words;

pub(crate) use acts::Acts;
pub(crate) use asks::Asks;
pub(crate) use loads::Loads;
pub(crate) use lookouts::lookouts;
pub(crate) use migrations::all as migrations;
pub(crate) use officers::Officers;
pub(crate) use processes::{Locked, Processes};
pub(crate) use queue::{Position, Queue, Which};
pub(crate) use results::Results;
