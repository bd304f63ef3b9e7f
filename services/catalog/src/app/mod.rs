//! Use cases, one family a file: load, may this actor, decide, save, publish.

mod access;
mod agencies;
mod clocks;
mod desks;
mod drafts;
mod fields;
mod find;
mod forms;
pub(crate) mod import;
mod live;
mod publishing;
mod read;

use std::sync::Arc;

use chrono::NaiveDate;
use moka::future::Cache;
use motcua_context::Ctx;
use motcua_ids::ProcedureVersionId;
use motcua_store::Store;

pub(crate) use agencies::NewAgency;
pub(crate) use desks::NewDesk;
pub(crate) use find::{After, Hit};
pub(crate) use read::Seen;

pub(crate) use crate::store::agencies::Wanted as WantedAgencies;
use crate::{config::Config, domain::Version};

/// What the catalog can do.
pub(crate) struct App {
    store: Store,
    /// Published versions: they never change.
    versions: Cache<ProcedureVersionId, Arc<Version>>,
    live: live::Live,
    forms: forms::Forms,
    import_limit: usize,
}

impl App {
    /// The catalog over its database.
    pub(crate) fn new(config: &Config, store: Store) -> Self {
        Self {
            store,
            versions: Cache::new(config.versions_in_memory),
            live: live::Live::default(),
            forms: forms::Forms::default(),
            import_limit: config.import_limit_mib * 1024 * 1024,
        }
    }
}

impl App {
    /// The largest file that is imported, in bytes.
    pub(crate) fn import_limit(&self) -> usize {
        self.import_limit
    }
}

/// Today, in Viet Nam.
fn today(ctx: &Ctx) -> NaiveDate {
    motcua_vn::local::day(ctx.now())
}
