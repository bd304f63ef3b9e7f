use std::{
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};

use bytes::Bytes;
use redis::{
    Client, Cmd, FromRedisValue, RedisError, RedisResult, Script,
    aio::{ConnectionManager, ConnectionManagerConfig},
    cmd,
};

use crate::{bucket::Bucket, memory::Buckets};

/// A cache that takes longer than this costs more than it saves.
const PATIENCE: Duration = Duration::from_millis(250);
/// After a failure Redis is left alone this long, so that nobody waits for it.
const REST: Duration = Duration::from_secs(1);

/// [`Bucket::take`] where all processes see one clock and one bucket: Redis' own.
const TAKE: &str = r"
local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]
local interval, per = tonumber(ARGV[1]), tonumber(ARGV[2])
local full_at = tonumber(redis.call('GET', KEYS[1]) or 0)
full_at = math.min(math.max(full_at, now), now + per)
local next = full_at + interval
if next - now > per then return next - now - per end
redis.call('SET', KEYS[1], string.format('%.0f', next), 'PX', math.ceil((next - now) / 1000))
return 0
";

/// Redis, which may be away at any moment.
pub(crate) struct Redis {
    manager: ConnectionManager,
    take: Script,
    away: AtomicBool,
    resting_until: Mutex<Option<Instant>>,
    /// What is counted with meanwhile.
    buckets: Buckets,
}

impl Redis {
    pub(crate) fn open(url: &str) -> RedisResult<Self> {
        let config = ConnectionManagerConfig::new()
            .set_number_of_retries(1)
            .set_max_delay(REST)
            .set_connection_timeout(Some(PATIENCE))
            .set_response_timeout(Some(PATIENCE));
        Ok(Self {
            manager: ConnectionManager::new_lazy_with_config(Client::open(url)?, config)?,
            take: Script::new(TAKE),
            away: AtomicBool::new(false),
            resting_until: Mutex::new(None),
            buckets: Buckets::new(),
        })
    }

    pub(crate) async fn ping(&self) -> bool {
        self.ask::<String>(&cmd("PING")).await.is_some()
    }

    pub(crate) async fn get(&self, key: &str) -> Option<Bytes> {
        self.ask::<Option<Vec<u8>>>(cmd("GET").arg(key)).await.flatten().map(Bytes::from)
    }

    pub(crate) async fn set(&self, key: &str, value: &Bytes, ttl: Duration) {
        let millis = u64::try_from(ttl.as_millis()).unwrap_or(u64::MAX).clamp(1, 1 << 42);
        self.ask::<()>(cmd("SET").arg(key).arg(&value[..]).arg("PX").arg(millis)).await;
    }

    pub(crate) async fn delete(&self, key: &str) {
        self.ask::<()>(cmd("DEL").arg(key)).await;
    }

    /// Takes a token, or tells how many microseconds to wait for one.
    pub(crate) async fn take(&self, key: String, bucket: Bucket) -> Option<u64> {
        let answer = self
            .within_patience(async |mut manager| {
                let mut call = self.take.key(&key);
                call.arg(bucket.interval).arg(bucket.per).invoke_async::<u64>(&mut manager).await
            })
            .await;
        match answer {
            Some(0) => None,
            Some(wait) => Some(wait),
            None => self.buckets.take(key, bucket),
        }
    }

    async fn ask<T: FromRedisValue>(&self, cmd: &Cmd) -> Option<T> {
        self.within_patience(async |mut manager| cmd.query_async(&mut manager).await).await
    }

    async fn within_patience<T>(
        &self,
        work: impl AsyncFnOnce(ConnectionManager) -> RedisResult<T>,
    ) -> Option<T> {
        let resting = *self.resting_until.lock().unwrap_or_else(PoisonError::into_inner);
        if resting.is_some_and(|until| Instant::now() < until) {
            return None;
        }
        match tokio::time::timeout(PATIENCE, work(self.manager.clone())).await {
            Ok(Ok(answer)) => {
                if self.away.swap(false, Ordering::Relaxed) {
                    tracing::info!("the cache answers again");
                }
                Some(answer)
            }
            Ok(Err(error)) => self.rest(Some(&error)),
            Err(_) => self.rest(None),
        }
    }

    /// Told once, not at every request.
    fn rest<T>(&self, error: Option<&RedisError>) -> Option<T> {
        let until = Instant::now() + REST;
        *self.resting_until.lock().unwrap_or_else(PoisonError::into_inner) = Some(until);
        if !self.away.swap(true, Ordering::Relaxed) {
            let cause = error.map_or_else(|| "no answer in time".to_owned(), ToString::to_string);
            tracing::warn!(cause, "the cache is away: working without it");
        }
        None
    }
}

impl std::fmt::Debug for Redis {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Redis").field("away", &self.away).finish_non_exhaustive()
    }
}
