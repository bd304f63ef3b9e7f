//! One behaviour, run against every backend.
//!
//! Redis is asked where `MOTCUA_TEST_REDIS` names one (`redis://127.0.0.1:6379/0`);
//! every test has a namespace of its own.

use std::{
    sync::atomic::{AtomicU32, Ordering},
    time::Duration,
};

use futures::future::join_all;
use motcua_fault::Kind;
use tokio::time::sleep;

use crate::Cache;

const MINUTE: Duration = Duration::from_mins(1);

async fn keeps_and_forgets(cache: Cache) {
    assert_eq!(cache.get("a").await, None);
    cache.set("a", "one", MINUTE).await;
    cache.set("b", vec![0, 255, 10], MINUTE).await;
    assert_eq!(cache.get("a").await.as_deref(), Some(&b"one"[..]));
    assert_eq!(cache.get("b").await.as_deref(), Some(&[0, 255, 10][..]), "any bytes");
    cache.set("a", "two", MINUTE).await;
    assert_eq!(cache.get("a").await.as_deref(), Some(&b"two"[..]));
    cache.delete("a").await;
    cache.delete("never there").await;
    assert_eq!(cache.get("a").await, None);
    assert!(cache.is_answering().await);
}

async fn values_end_with_their_time(cache: Cache) {
    cache.set("short", "x", Duration::from_millis(400)).await;
    cache.set("long", "x", MINUTE).await;
    cache.set("renewed", "x", Duration::from_millis(400)).await;
    cache.set("renewed", "y", MINUTE).await;
    assert!(cache.get("short").await.is_some());
    sleep(Duration::from_millis(600)).await;
    assert_eq!(cache.get("short").await, None);
    assert!(cache.get("long").await.is_some());
    assert!(cache.get("renewed").await.is_some());
}

async fn namespaces_are_apart(cache: Cache) {
    let (identity, intake) = (cache.within("identity"), cache.within("intake"));
    identity.set("a", "1", MINUTE).await;
    intake.set("a", "2", MINUTE).await;
    assert_eq!(identity.get("a").await.as_deref(), Some(&b"1"[..]));
    intake.delete("a").await;
    assert!(identity.get("a").await.is_some());
    identity.take("a", 1, MINUTE).await.unwrap();
    intake.take("a", 1, MINUTE).await.unwrap();
}

async fn a_bucket_gives_its_limit_and_says_when_to_return(cache: Cache) {
    for _ in 0..3 {
        cache.take("guess", 3, MINUTE).await.unwrap();
    }
    let refused = cache.take("guess", 3, MINUTE).await.unwrap_err();
    assert_eq!((refused.kind(), refused.reason()), (Kind::ResourceExhausted, "RATE_LIMITED"));
    let wait: u64 = refused.metadata()[0].1.parse().unwrap();
    assert_eq!(refused.metadata()[0].0, "retry_after_s");
    assert!((19..=20).contains(&wait), "a third of a minute, not {wait} s");
    cache.take("somebody else", 3, MINUTE).await.unwrap();
    assert!(cache.take("closed", 0, MINUTE).await.is_err());
}

async fn a_bucket_refills_evenly(cache: Cache) {
    let per = Duration::from_secs(2);
    cache.take("refill", 2, per).await.unwrap();
    cache.take("refill", 2, per).await.unwrap();
    cache.take("refill", 2, per).await.unwrap_err();
    sleep(Duration::from_millis(1100)).await;
    cache.take("refill", 2, per).await.unwrap();
    cache.take("refill", 2, per).await.unwrap_err();
}

async fn of_many_at_once_only_the_limit_gets_through(cache: Cache) {
    let tries = (0..50).map(|_| cache.take("rush", 10, MINUTE));
    let through = join_all(tries).await.into_iter().flatten().count();
    assert_eq!(through, 10);
}

/// A namespace nobody used before, in this run or another.
fn namespace() -> String {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    let number = NEXT.fetch_add(1, Ordering::Relaxed);
    let stamp = std::time::Instant::now();
    format!("test-{}-{number}-{stamp:?}", std::process::id())
}

/// The Redis to test with, if there is one.
pub(crate) fn test_redis() -> Option<String> {
    std::env::var_os("MOTCUA_TEST_REDIS")?.into_string().ok()
}

macro_rules! suite {
    ($($name:ident),+ $(,)?) => {
        mod memory {
            $(#[tokio::test]
            async fn $name() {
                super::$name(crate::Cache::open("memory:", &super::namespace()).await.unwrap()).await;
            })+
        }
        mod redis {
            $(#[tokio::test]
            async fn $name() {
                let Some(url) = super::test_redis() else { return };
                super::$name(crate::Cache::open(&url, &super::namespace()).await.unwrap()).await;
            })+
        }
    };
}

suite!(
    keeps_and_forgets,
    values_end_with_their_time,
    namespaces_are_apart,
    a_bucket_gives_its_limit_and_says_when_to_return,
    a_bucket_refills_evenly,
    of_many_at_once_only_the_limit_gets_through,
);
