//! Scratch.
#![cfg(test)]
#[path = "../it/faults/mod.rs"]
mod faults;
#[path = "../it/journey/mod.rs"]
mod journey;
