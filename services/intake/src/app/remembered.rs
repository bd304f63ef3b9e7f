//! What a neighbour said, remembered in this process for a while.

use std::{
    collections::HashMap,
    hash::Hash,
    sync::{Arc, PoisonError, RwLock},
};

use chrono::{DateTime, TimeDelta, Utc};
use motcua_fault::Fault;

/// More than this is forgotten all at once: it is asked for again.
const MOST: usize = 8192;

/// An answer, and since when it is known.
type Known<V> = (DateTime<Utc>, Arc<V>);

/// Answers by question. Concurrent askers may ask twice; both hear the same.
pub(super) struct Remembered<K, V> {
    answers: RwLock<HashMap<K, Known<V>>>,
    /// `None`: what is asked never changes.
    keep: Option<TimeDelta>,
}

impl<K: Eq + Hash + Clone, V> Remembered<K, V> {
    pub(super) fn new(keep: Option<TimeDelta>) -> Self {
        Self { answers: RwLock::default(), keep }
    }

    /// The answer remembered, or the one `ask` brings.
    pub(super) async fn get(
        &self,
        key: K,
        now: DateTime<Utc>,
        ask: impl AsyncFnOnce(&K) -> Result<V, Fault>,
    ) -> Result<Arc<V>, Fault> {
        let known = self.read(&key, now);
        if let Some(known) = known {
            return Ok(known);
        }
        let answer = Arc::new(ask(&key).await?);
        let mut answers = self.answers.write().unwrap_or_else(PoisonError::into_inner);
        if answers.len() >= MOST {
            answers.clear();
        }
        answers.insert(key, (now, answer.clone()));
        Ok(answer)
    }

    /// Forgets everything.
    pub(super) fn forget(&self) {
        self.answers.write().unwrap_or_else(PoisonError::into_inner).clear();
    }

    fn read(&self, key: &K, now: DateTime<Utc>) -> Option<Arc<V>> {
        let answers = self.answers.read().unwrap_or_else(PoisonError::into_inner);
        let (since, answer) = answers.get(key)?;
        let fresh = self.keep.is_none_or(|keep| (now - since).abs() < keep);
        fresh.then(|| answer.clone())
    }
}
