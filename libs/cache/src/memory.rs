use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

use bytes::Bytes;
use moka::{Expiry, future::Cache as Moka};

use crate::bucket::Bucket;

/// Above this many bytes of keys and values, the least used are forgotten.
const CAPACITY: u64 = 64 * 1024 * 1024;

/// Everything in this process.
#[derive(Debug)]
pub(crate) struct Memory {
    values: Moka<String, (Bytes, Duration)>,
    buckets: Buckets,
}

impl Memory {
    pub(crate) fn new() -> Self {
        let values = Moka::builder()
            .max_capacity(CAPACITY)
            .weigher(|key: &String, (value, _): &(Bytes, Duration)| {
                u32::try_from(key.len() + value.len()).unwrap_or(u32::MAX)
            })
            .expire_after(OwnTime)
            .build();
        Self { values, buckets: Buckets::new() }
    }

    pub(crate) async fn get(&self, key: &str) -> Option<Bytes> {
        self.values.get(key).await.map(|(value, _)| value)
    }

    pub(crate) async fn set(&self, key: String, value: Bytes, ttl: Duration) {
        self.values.insert(key, (value, ttl)).await;
    }

    pub(crate) async fn delete(&self, key: &str) {
        self.values.invalidate(key).await;
    }

    pub(crate) fn take(&self, key: String, bucket: Bucket) -> Option<u64> {
        self.buckets.take(key, bucket)
    }
}

/// Every value carries how long it may stay.
struct OwnTime;

impl Expiry<String, (Bytes, Duration)> for OwnTime {
    fn expire_after_create(
        &self,
        _: &String,
        (_, ttl): &(Bytes, Duration),
        _: Instant,
    ) -> Option<Duration> {
        Some(*ttl)
    }

    fn expire_after_update(
        &self,
        _: &String,
        (_, ttl): &(Bytes, Duration),
        _: Instant,
        _: Option<Duration>,
    ) -> Option<Duration> {
        Some(*ttl)
    }
}

/// The buckets of this process; also what is counted with while Redis is away.
#[derive(Debug)]
pub(crate) struct Buckets {
    start: Instant,
    full_at: Mutex<Counted>,
}

#[derive(Debug)]
struct Counted {
    full_at: HashMap<String, u64>,
    /// At this many keys the full buckets are thrown out: they are as if never used.
    sweep_at: usize,
}

impl Buckets {
    pub(crate) fn new() -> Self {
        let counted = Counted { full_at: HashMap::new(), sweep_at: 1024 };
        Self { start: Instant::now(), full_at: Mutex::new(counted) }
    }

    /// Takes a token, or tells how many microseconds to wait for one.
    pub(crate) fn take(&self, key: String, bucket: Bucket) -> Option<u64> {
        let now = u64::try_from(self.start.elapsed().as_micros()).unwrap_or(u64::MAX / 2);
        let mut counted = self.full_at.lock().unwrap_or_else(PoisonError::into_inner);
        if counted.full_at.len() >= counted.sweep_at {
            counted.full_at.retain(|_, full_at| *full_at > now);
            counted.sweep_at = (counted.full_at.len() * 2).max(1024);
        }
        match bucket.take(now, counted.full_at.get(&key).copied().unwrap_or(0)) {
            Ok(full_at) => {
                counted.full_at.insert(key, full_at);
                None
            }
            Err(wait) => Some(wait),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn full_buckets_are_thrown_out() {
        let buckets = Buckets::new();
        let bucket = Bucket::new(1, Duration::from_micros(1));
        for number in 0..5000 {
            buckets.take(number.to_string(), bucket);
        }
        assert!(buckets.full_at.lock().unwrap().full_at.len() < 4000);
    }
}
