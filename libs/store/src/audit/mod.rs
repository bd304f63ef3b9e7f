//! Who did what: one row for each write and each reading of personal data.
//!
//! A row is stored with the write it tells of, in `audit_new`. The holder of a
//! lease moves it into `audit`: there it has the next position, and a hash over
//! itself and the row before. Every so often the newest hash is signed with the
//! service's key, which no database holds, and told in the log, which no
//! database keeps: what is changed, taken away, put in or cut off afterwards
//! does not fit any more, and [`Audit::verify`] names the first such position.

mod chain;
mod entry;
mod list;
mod seal;
mod tables;
mod verify;

use motcua_context::Timestamp;
use motcua_fault::Fault;
use sea_orm::{DatabaseConnection, EntityTrait, PaginatorTrait, QueryOrder, QuerySelect};

use crate::{OrFault, Store};

pub use entry::AuditEntry;
pub use list::AuditFilter;
pub use seal::{Head, Seal, SealEvery};
pub use verify::{Broken, Damage, Verified};

pub(crate) use entry::{Noted, draft};
pub(crate) use tables::insert;

/// The record of one service.
#[derive(Debug, Clone)]
pub struct Audit {
    service: &'static str,
    reader: DatabaseConnection,
    writer: DatabaseConnection,
}

impl Store {
    /// The record of who did what here.
    pub fn audit(&self) -> Audit {
        Audit {
            service: self.service(),
            reader: self.reader().clone(),
            writer: self.writer().clone(),
        }
    }
}

impl Audit {
    /// How many rows wait to be chained, and since when the oldest does.
    pub async fn lag(&self) -> Result<(u64, Option<Timestamp>), Fault> {
        let count = tables::new::Entity::find().count(&self.reader).await.or_fault()?;
        let oldest = tables::new::Entity::find()
            .order_by_asc(tables::new::Column::At)
            .limit(1)
            .one(&self.reader)
            .await
            .or_fault()?;
        Ok((count, oldest.map(|row| row.at)))
    }
}
