//! What is kept in memory: the search index, the calendars and the policies, as
//! of one generation and one day. Another process's change is seen with the
//! next call, because every call reads the generation.

use std::sync::{Arc, PoisonError, RwLock};

use chrono::NaiveDate;
use motcua_fault::Fault;
use motcua_store::Store;

use crate::{
    domain::{Calendar, Policy, search::Index},
    store::{clocks, mark, procedures, versions},
};

#[derive(Default)]
pub(super) struct Live {
    current: RwLock<Option<Arc<Snapshot>>>,
    /// One reads while the others wait.
    building: tokio::sync::Mutex<()>,
}

/// The catalog in memory.
pub(super) struct Snapshot {
    generation: i64,
    day: NaiveDate,
    pub(super) index: Index,
    pub(super) calendars: Vec<Calendar>,
    pub(super) policies: Vec<Policy>,
}

impl Live {
    /// The catalog as it stands now.
    pub(super) async fn snapshot(
        &self,
        store: &Store,
        day: NaiveDate,
    ) -> Result<Arc<Snapshot>, Fault> {
        let generation = mark::generation(store.reader()).await?;
        if let Some(snapshot) = self.kept(generation, day) {
            return Ok(snapshot);
        }
        let _turn = self.building.lock().await;
        if let Some(snapshot) = self.kept(generation, day) {
            return Ok(snapshot);
        }
        let snapshot = Arc::new(read(store, day).await?);
        *self.current.write().unwrap_or_else(PoisonError::into_inner) = Some(snapshot.clone());
        Ok(snapshot)
    }

    fn kept(&self, generation: i64, day: NaiveDate) -> Option<Arc<Snapshot>> {
        let current = self.current.read().unwrap_or_else(PoisonError::into_inner);
        current.clone().filter(|s| s.generation >= generation && s.day == day)
    }
}

async fn read(store: &Store, day: NaiveDate) -> Result<Snapshot, Fault> {
    let db = store.reader();
    // Read first: what commits meanwhile is read again, never missed.
    let generation = mark::generation(db).await?;
    let standing: std::collections::HashSet<_> = procedures::everything(db)
        .await?
        .into_iter()
        .filter(|procedure| procedure.stands_on(day))
        .map(|procedure| procedure.id)
        .collect();
    let mut entries = versions::searched(db, day).await?;
    entries.retain(|entry| standing.contains(&entry.procedure));
    Ok(Snapshot {
        generation,
        day,
        index: Index::build(entries),
        calendars: clocks::calendars(db).await?,
        policies: clocks::policies(db).await?,
    })
}
