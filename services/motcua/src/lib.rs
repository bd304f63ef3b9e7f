//! The one binary: every service, and the commands by which it is run.
//!
//! `motcua serve` runs all services in one process, `motcua serve --only intake`
//! one of them. Which services there are is said in `roles`, and nowhere else.

pub mod authority;
pub mod cli;
mod commands;
mod complaint;
pub mod demo;
mod doctor;
mod health;
pub mod roles;
pub mod sandbox;
pub mod settings;
