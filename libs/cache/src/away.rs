//! What happens while Redis is away, and when it comes back.

use std::time::{Duration, Instant};

use tokio::{
    io::copy_bidirectional,
    net::{TcpListener, TcpStream},
};

use crate::{Cache, OpenError, contract::test_redis};

const MINUTE: Duration = Duration::from_mins(1);

#[tokio::test]
async fn without_redis_nothing_is_kept_nobody_waits_and_buckets_still_hold() {
    // A port that was free a moment ago: nobody answers there.
    let free = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
    let cache = Cache::open(&format!("redis://{free}/0"), "away").await.unwrap();
    let start = Instant::now();
    cache.set("a", "1", MINUTE).await;
    assert_eq!(cache.get("a").await, None);
    cache.delete("a").await;
    cache.take("guess", 2, MINUTE).await.unwrap();
    cache.take("guess", 2, MINUTE).await.unwrap();
    assert_eq!(cache.take("guess", 2, MINUTE).await.unwrap_err().reason(), "RATE_LIMITED");
    assert!(!cache.is_answering().await);
    assert!(start.elapsed() < Duration::from_secs(1), "{:?}", start.elapsed());
}

#[tokio::test]
async fn a_redis_that_hangs_is_given_up_quickly() {
    let silent = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("redis://{}/0", silent.local_addr().unwrap());
    let start = Instant::now();
    let cache = Cache::open(&url, "hangs").await.unwrap();
    for _ in 0..100 {
        assert_eq!(cache.get("a").await, None);
    }
    assert!(start.elapsed() < Duration::from_secs(2), "{:?}", start.elapsed());
}

#[tokio::test]
async fn redis_is_used_again_as_soon_as_it_answers() {
    let Some(url) = test_redis() else { return };
    let address = url.trim_start_matches("redis://").split('/').next().unwrap().to_owned();
    let port = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
    let cache = Cache::open(&format!("redis://{port}/0"), "returns").await.unwrap();
    assert!(!cache.is_answering().await);

    let relay = relay(port, address.clone()).await;
    answers_within(&cache, true).await;
    cache.set("a", "1", MINUTE).await;
    assert!(cache.get("a").await.is_some());

    // Away in the middle of work …
    relay.abort();
    answers_within(&cache, false).await;
    assert_eq!(cache.get("a").await, None);
    // … and back, with what it kept.
    let _relay = self::relay(port, address).await;
    answers_within(&cache, true).await;
    assert!(cache.get("a").await.is_some());
}

#[tokio::test]
async fn addresses_of_something_else_are_refused() {
    assert!(matches!(Cache::open("amqp://h", "a").await, Err(OpenError::Scheme(_))));
    assert!(matches!(Cache::open("nothing", "a").await, Err(OpenError::Address(_))));
}

/// Hands connections on to Redis; when aborted, they are cut.
#[expect(clippy::disallowed_methods, reason = "a test's own task, which it aborts")]
async fn relay(port: std::net::SocketAddr, redis: String) -> tokio::task::JoinHandle<()> {
    let listener = TcpListener::bind(port).await.unwrap();
    tokio::spawn(async move {
        let mut open = tokio::task::JoinSet::new();
        while let Ok((mut from, _)) = listener.accept().await {
            let redis = redis.clone();
            open.spawn(async move {
                let mut to = TcpStream::connect(&redis).await.unwrap();
                let _ = copy_bidirectional(&mut from, &mut to).await;
            });
        }
    })
}

async fn answers_within(cache: &Cache, expected: bool) {
    for _ in 0..200 {
        if cache.is_answering().await == expected {
            return;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("after ten seconds the cache's answering is not {expected}");
}
