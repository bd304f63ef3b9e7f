//! The tests of the whole system, as one binary.

#![cfg(test)]

mod access;
mod architecture;
mod faults;
mod foreign;
mod journey;
mod keeper;
mod kept;
mod limits;
mod magic;
mod observed;
mod oidc;
mod up;
