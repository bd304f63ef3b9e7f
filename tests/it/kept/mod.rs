//! What is kept for long: the record of who did what, and what is sealed by keys.

mod audit;
mod damage;
mod keys;
