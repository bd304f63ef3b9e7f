//! The officers' processing of accepted dossiers: steps and tasks, the clock,
//! the control slip, and the result until it is at the desk.

pub mod domain;
