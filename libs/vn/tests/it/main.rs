//! Working time: the rules by name, their properties, and an independent oracle.
#![cfg(test)]

mod calendar;
mod golden;
mod oracle;
mod parsers;
mod pauses;
mod properties;
mod rows;
mod support;
mod units;
