//! What may be lost: copies that save a question, and buckets that slow guessing.
//!
//! The address chooses the backend: `memory:` keeps everything in this
//! process, `redis://…` shares it between processes. Both behave alike, which
//! one suite checks. Nothing may be kept here that is not also somewhere else:
//! when Redis is away, reading misses, writing is forgotten, and buckets are
//! counted in this process, so nothing is lost and nobody gets in.
//!
//! ```
//! # #[tokio::main(flavor = "current_thread")] async fn main() -> anyhow::Result<()> {
//! use std::time::Duration;
//! use motcua_cache::Cache;
//!
//! let cache = Cache::open("memory:", "motcua").await?.within("identity");
//! cache.set("token/9f8e", "an answer", Duration::from_secs(60)).await;
//! assert_eq!(cache.get("token/9f8e").await.as_deref(), Some(&b"an answer"[..]));
//!
//! // Five guesses a minute, whoever asks.
//! for _ in 0..5 { cache.take("guess/018f", 5, Duration::from_secs(60)).await?; }
//! let refused = cache.take("guess/018f", 5, Duration::from_secs(60)).await.unwrap_err();
//! assert_eq!(refused.reason(), "RATE_LIMITED");
//! # Ok(()) }
//! ```
//!
//! Keys hold no personal data (use a blind index): Redis and its log are not sealed.

#[cfg(test)]
mod away;
mod bucket;
#[cfg(test)]
mod contract;
mod memory;
mod redis_backend;

use std::{sync::Arc, time::Duration};

use bytes::Bytes;
use motcua_fault::Fault;
use url::Url;

use crate::{bucket::Bucket, memory::Memory, redis_backend::Redis};

/// A cache, or a part of one. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Cache {
    namespace: Arc<str>,
    backend: Backend,
}

#[derive(Debug, Clone)]
enum Backend {
    Memory(Arc<Memory>),
    Redis(Arc<Redis>),
}

/// Why an address opens no cache.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// Not an address at all.
    #[error("the cache's address cannot be read ({0}): write memory: or redis://host:6379/0")]
    Address(#[from] url::ParseError),
    /// An address of something else.
    #[error("there is no cache «{0}:»: write memory: or redis://host:6379/0")]
    Scheme(String),
    /// Redis' own client refuses the address.
    #[error("the cache's address is not one of Redis: {0}")]
    Redis(#[from] redis::RedisError),
}

impl Cache {
    /// Opens `memory:`, `redis://…` or `rediss://…`; all keys begin with `namespace`.
    ///
    /// Redis need not be there: it is used as soon as it answers.
    pub async fn open(url: &str, namespace: &str) -> Result<Self, OpenError> {
        let backend = match Url::parse(url)?.scheme() {
            "memory" => Backend::Memory(Arc::new(Memory::new())),
            "redis" | "rediss" | "redis+unix" | "unix" => {
                let redis = Redis::open(url)?;
                redis.ping().await;
                Backend::Redis(Arc::new(redis))
            }
            other => return Err(OpenError::Scheme(other.to_owned())),
        };
        Ok(Self { namespace: namespace.into(), backend })
    }

    /// The same cache seen through a narrower namespace: one service, one purpose.
    #[must_use]
    pub fn within(&self, part: &str) -> Self {
        Self { namespace: self.key(part).into(), backend: self.backend.clone() }
    }

    /// What was set under `key`, unless its time is over or it was lost.
    pub async fn get(&self, key: &str) -> Option<Bytes> {
        match &self.backend {
            Backend::Memory(memory) => memory.get(&self.key(key)).await,
            Backend::Redis(redis) => redis.get(&self.key(key)).await,
        }
    }

    /// Keeps `value` for at most `ttl` (whole milliseconds). It may be lost earlier.
    pub async fn set(&self, key: &str, value: impl Into<Bytes> + Send, ttl: Duration) {
        match &self.backend {
            Backend::Memory(memory) => memory.set(self.key(key), value.into(), ttl).await,
            Backend::Redis(redis) => redis.set(&self.key(key), &value.into(), ttl).await,
        }
    }

    /// Forgets `key`. While Redis is away an old value may come back until its
    /// time is over: choose times one can live with.
    pub async fn delete(&self, key: &str) {
        match &self.backend {
            Backend::Memory(memory) => memory.delete(&self.key(key)).await,
            Backend::Redis(redis) => redis.delete(&self.key(key)).await,
        }
    }

    /// Takes one token from the bucket `key`, which holds `limit` and refills evenly in `per`.
    ///
    /// Refused with `RATE_LIMITED` (resource exhausted) and `retry_after_s`,
    /// whole seconds, when the bucket is empty. Being refused costs nothing.
    pub async fn take(&self, key: &str, limit: u32, per: Duration) -> Result<(), Fault> {
        let bucket = Bucket::new(limit, per);
        let wait = match &self.backend {
            Backend::Memory(memory) => memory.take(self.key(key), bucket),
            Backend::Redis(redis) => redis.take(self.key(key), bucket).await,
        };
        wait.map_or(Ok(()), |wait| Err(bucket::refused(wait)))
    }

    /// Whether the backend answers now; for health pages and `motcua doctor`.
    pub async fn is_answering(&self) -> bool {
        match &self.backend {
            Backend::Memory(_) => true,
            Backend::Redis(redis) => redis.ping().await,
        }
    }

    fn key(&self, key: &str) -> String {
        format!("{}:{key}", self.namespace)
    }
}
