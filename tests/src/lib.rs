//! What the tests of the whole system stand on: private servers that live as
//! long as one test run, and a runner that counts the tests which used them.
//! `scripts/up` lets developers use the same servers, with data that stays.

pub mod keeper;
pub mod runner;
pub mod sandbox;
pub mod servers;
pub mod up;
