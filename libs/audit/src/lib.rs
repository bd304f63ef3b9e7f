//! Who did what: one row for each write and each reading of personal data, in a
//! chain that betrays every change.
//!
//! A row is stored with the write it tells of, in `audit_new`. The holder of a
//! lease moves it into `audit`: there it has the next position, and a hash over
//! itself and the row before. Every so often the newest hash is signed with the
//! service's key, which no database holds, and told in the log, which no
//! database keeps: what is changed, taken away, put in or cut off afterwards
//! does not fit any more, and [`Audit::verify`] names the first such position. No
//! personal data and no service's words may enter this crate.

mod chain;
mod entry;
mod keep;
mod list;
mod migration;
mod seal;
mod tables;
mod verify;

use motcua_context::Timestamp;
use motcua_database::{Database, OrFault};
use motcua_fault::Fault;
use sea_orm::{DatabaseConnection, EntityTrait, PaginatorTrait, QueryOrder, QuerySelect};

pub use entry::{AuditEntry, Noted};
pub use keep::Keeper;
pub use list::AuditFilter;
pub use migration::Tables;
pub use seal::{Head, Seal, SealEvery};
pub use verify::{Broken, Damage, Verified};

/// The record of one service.
#[derive(Debug, Clone)]
pub struct Audit {
    database: Database,
}

impl Audit {
    /// The record that stands in this database.
    pub const fn new(database: Database) -> Self {
        Self { database }
    }

    /// How many rows wait to be chained, and since when the oldest does.
    pub async fn lag(&self) -> Result<(u64, Option<Timestamp>), Fault> {
        let count = tables::new::Entity::find().count(self.reader()).await.or_fault()?;
        let oldest = tables::new::Entity::find()
            .order_by_asc(tables::new::Column::At)
            .limit(1)
            .one(self.reader())
            .await
            .or_fault()?;
        Ok((count, oldest.map(|row| row.at)))
    }

    fn service(&self) -> &'static str {
        self.database.service()
    }

    fn reader(&self) -> &DatabaseConnection {
        self.database.reader()
    }
}
