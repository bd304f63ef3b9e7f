//! The catalog's tables: rows to domain and back, and every question asked of
//! them. Reads take any connection; writes take the open write.

pub(crate) mod agencies;
pub(crate) mod clocks;
pub(crate) mod desks;
mod entity;
pub(crate) mod fields;
pub(crate) mod mark;
pub(crate) mod migrations;
pub(crate) mod procedures;
pub(crate) mod versions;
mod words;

use motcua_fault::{Fault, Kind};
/// Where rows are read: the database, or an open write.
pub(crate) use sea_orm::ConnectionTrait as Reads;
use sea_orm::UpdateResult;

/// Refuses a write on a state that somebody changed in between.
fn unchanged_before(result: &UpdateResult) -> Result<(), Fault> {
    if result.rows_affected == 1 {
        return Ok(());
    }
    Err(Fault::new(
        Kind::Aborted,
        "CONFLICT",
        "Dữ liệu vừa được người khác thay đổi, vui lòng tải lại và thực hiện lại.",
    ))
}
