//! The tests of the whole system, as one binary.

#![cfg(test)]

mod architecture;
mod journey;
mod keeper;
