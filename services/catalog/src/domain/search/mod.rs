//! Finds procedures as people type: without marks, with slips, in any order.
//!
//! Each word of a name is cut into trigrams (`cap` gives `␣␣c ␣ca cap ap␣`), so
//! a slip spoils a few of them and the order of words none; pairs of
//! neighbouring words tell apart names that share their words. Rare pieces
//! weigh more. All is kept in memory: a few thousand names take milliseconds to
//! read and a fraction of one to search, the same on every database.

mod grams;
mod index;

pub use index::{Entry, Found, Index, Wanted};

#[cfg(test)]
mod tests;
