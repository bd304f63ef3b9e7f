//! How much a fee is, where that depends on what people answered in the e-form: a table whose
//! rows hold a condition and a formula each, in the Common Expression Language (CEL). What a
//! version says is checked when it is published ([`Table::check`]) and reckoned when a dossier is
//! accepted ([`Table::reckon`]).
//!
//! The price of copies, 2.000 đồng for each of the first two pages, 1.000 for those after, at most
//! 200.000 a copy (Thông tư 226/2016/TT-BTC), is one row:
//!
//! ```text
//! ban * min(200000, trang <= 2 ? 2000 * trang : 4000 + 1000 * (trang - 2))
//! ```

mod check;
mod reckon;
mod table;
mod wire;

pub use check::Wrong;
pub use reckon::{Reckoned, Unknown};
pub use table::{Answer, AnswerKind, Row, Share, Table};
pub use wire::{read_share, read_table, share_message, table_message};

#[cfg(test)]
mod tests;
