//! The rules, as tables: what each command does in each state, and every refusal.

mod deciding;
mod defining;
mod extending;
mod hearing;
mod holding;
mod measuring;
mod moving;
mod recalling;
mod refusals;
mod support;
mod wandering;
