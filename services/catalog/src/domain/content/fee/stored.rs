//! A table as it is stored. While pods are exchanged, and after a step back, versions are read by
//! programs that know nothing of rows' legal bases and refuse a row with a field that they do not
//! know. Beside the table they pass over what they do not know, so there the bases stand.

use motcua_fees::Table;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

#[derive(Serialize, Deserialize)]
struct Stored {
    table: Table,
    /// One for each row; none where no row has one.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    legal_bases: Vec<Option<String>>,
}

pub(super) fn serialize<S: Serializer>(table: &Table, to: S) -> Result<S::Ok, S::Error> {
    let mut table = table.clone();
    let mut legal_bases: Vec<_> = table.rows.iter_mut().map(|row| row.legal_basis.take()).collect();
    if legal_bases.iter().all(Option::is_none) {
        legal_bases.clear();
    }
    Stored { table, legal_bases }.serialize(to)
}

pub(super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Table, D::Error> {
    let Stored { mut table, legal_bases } = Stored::deserialize(from)?;
    for (row, basis) in table.rows.iter_mut().zip(legal_bases) {
        row.legal_basis = basis;
    }
    Ok(table)
}
