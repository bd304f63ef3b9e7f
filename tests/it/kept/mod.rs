//! What is kept for long: the record of who did what, and what is sealed by keys.

#![expect(clippy::large_futures, reason = "a test awaits a whole story, once")]

mod audit;
mod damage;
mod keys;
