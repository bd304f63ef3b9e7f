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

struct Answers<K, V> {
    known: HashMap<K, Known<V>>,
    /// How often everything was forgotten.
    forgotten: u64,
}

/// Answers by question. Concurrent askers may ask twice; both hear the same.
pub(super) struct Remembered<K, V> {
    answers: RwLock<Answers<K, V>>,
    /// `None`: what is asked never changes.
    keep: Option<TimeDelta>,
}

impl<K: Eq + Hash + Clone, V> Remembered<K, V> {
    pub(super) fn new(keep: Option<TimeDelta>) -> Self {
        Self { answers: RwLock::new(Answers { known: HashMap::new(), forgotten: 0 }), keep }
    }

    /// The answer remembered, or the one `ask` brings.
    pub(super) async fn get(
        &self,
        key: K,
        now: DateTime<Utc>,
        ask: impl AsyncFnOnce(&K) -> Result<V, Fault>,
    ) -> Result<Arc<V>, Fault> {
        let forgotten = match self.read(&key, now) {
            Ok(known) => return Ok(known),
            Err(forgotten) => forgotten,
        };
        let answer = Arc::new(ask(&key).await?);
        let mut answers = self.answers.write().unwrap_or_else(PoisonError::into_inner);
        // What was asked before all was forgotten may be what had to be forgotten.
        if answers.forgotten == forgotten {
            if answers.known.len() >= MOST {
                answers.known.clear();
            }
            answers.known.insert(key, (now, answer.clone()));
        }
        Ok(answer)
    }

    /// Forgets everything.
    pub(super) fn forget(&self) {
        let mut answers = self.answers.write().unwrap_or_else(PoisonError::into_inner);
        answers.known.clear();
        answers.forgotten += 1;
    }

    /// The answer, if it is fresh; else how often everything was forgotten until now.
    fn read(&self, key: &K, now: DateTime<Utc>) -> Result<Arc<V>, u64> {
        let answers = self.answers.read().unwrap_or_else(PoisonError::into_inner);
        let fresh = |since: DateTime<Utc>| self.keep.is_none_or(|keep| (now - since).abs() < keep);
        match answers.known.get(key) {
            Some((since, answer)) if fresh(*since) => Ok(answer.clone()),
            _ => Err(answers.forgotten),
        }
    }
}
