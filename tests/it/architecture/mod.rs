//! The rules of ARCHITECTURE.md as tests: a rule that is not here is an opinion.

mod chart;
mod charters;
mod contracts;
mod dependency_law;
mod descriptors;
mod event_list;
pub(crate) mod events;
mod parsers;
mod rooms;
mod rust;
mod sizes;
mod texts;
mod tree;
