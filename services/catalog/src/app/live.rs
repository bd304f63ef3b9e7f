//! What is kept in memory: the search index, and beside it calendars and
//! policies. Every call reads the catalog's generation, so that another
//! process's change is seen with the next call. A change costs what it changed:
//! versions that came and went are exchanged in the index, and who asks by which
//! calendar to count never waits for it.

use std::{
    collections::HashSet,
    sync::{Arc, PoisonError, RwLock},
};

use chrono::NaiveDate;
use motcua_fault::Fault;
use motcua_store::Store;

use crate::{
    domain::{Calendar, Policy, search::Index},
    store::{clocks, mark, procedures, versions},
};

/// The catalog in memory.
#[derive(Default)]
pub(super) struct Live {
    index: Kept<Index>,
    rules: Kept<Rules>,
}

/// All calendars and policies.
#[derive(Default)]
pub(super) struct Rules {
    pub(super) calendars: Vec<Calendar>,
    pub(super) policies: Vec<Policy>,
}

impl Live {
    /// What can be searched on a day.
    pub(super) async fn index(&self, store: &Store, day: NaiveDate) -> Result<Arc<Index>, Fault> {
        self.index.as_of(store, day, async |before| changed(store, day, before).await).await
    }

    /// Calendars and policies, in effect or not.
    pub(super) async fn rules(&self, store: &Store, day: NaiveDate) -> Result<Arc<Rules>, Fault> {
        let read = async |_| {
            let db = store.reader();
            let (calendars, policies) = (clocks::calendars(db).await?, clocks::policies(db).await?);
            Ok(Rules { calendars, policies })
        };
        self.rules.as_of(store, day, read).await
    }
}

/// The index with the versions that came into force since, without those that left.
async fn changed(store: &Store, day: NaiveDate, before: Arc<Index>) -> Result<Index, Fault> {
    let db = store.reader();
    let abolished = procedures::gone_by(db, day).await?;
    let mut standing = versions::in_force_on(db, day, None).await?;
    standing.retain(|procedure, _| !abolished.contains(procedure));
    let now: HashSet<_> = standing.into_values().collect();
    let known: HashSet<_> = before.versions().collect();
    let gone = known.difference(&now).copied().collect();
    let come: Vec<_> = now.difference(&known).copied().collect();
    let come = versions::entries(db, &come).await?;
    let mut index = Arc::unwrap_or_clone(before);
    index.change(&gone, come);
    Ok(index)
}

/// One thing in memory, as of one generation and one day.
struct Kept<T> {
    current: RwLock<Option<Current<T>>>,
    /// One reads while the others wait.
    reading: tokio::sync::Mutex<()>,
}

struct Current<T> {
    generation: i64,
    day: NaiveDate,
    thing: Arc<T>,
}

impl<T> Default for Kept<T> {
    fn default() -> Self {
        Self { current: RwLock::default(), reading: tokio::sync::Mutex::default() }
    }
}

impl<T: Default> Kept<T> {
    async fn as_of(
        &self,
        store: &Store,
        day: NaiveDate,
        read: impl AsyncFnOnce(Arc<T>) -> Result<T, Fault>,
    ) -> Result<Arc<T>, Fault> {
        let generation = mark::generation(store.reader()).await?;
        if let Some(thing) = self.good_for(generation, day) {
            return Ok(thing);
        }
        let _turn = self.reading.lock().await;
        if let Some(thing) = self.good_for(generation, day) {
            return Ok(thing);
        }
        // Before the reading: what commits meanwhile is read again, never missed.
        let generation = mark::generation(store.reader()).await?;
        let before = self.current().as_ref().map(|current| current.thing.clone());
        let thing = Arc::new(read(before.unwrap_or_default()).await?);
        let current = Current { generation, day, thing: thing.clone() };
        *self.current.write().unwrap_or_else(PoisonError::into_inner) = Some(current);
        Ok(thing)
    }

    fn current(&self) -> std::sync::RwLockReadGuard<'_, Option<Current<T>>> {
        self.current.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn good_for(&self, generation: i64, day: NaiveDate) -> Option<Arc<T>> {
        let current = self.current();
        let good = current.as_ref().filter(|c| c.generation >= generation && c.day == day);
        good.map(|c| c.thing.clone())
    }
}
