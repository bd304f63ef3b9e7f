use std::time::Duration;

use motcua_testkit::Database;

use crate::{on_both, support::env};

on_both!(one_holds_it_and_another_takes_over_when_it_ends, a_release_is_no_wait);

async fn one_holds_it_and_another_takes_over_when_it_ends(database: Database) {
    let env = env(database).await;
    let lease = |holder: &str| env.store.lease("work", holder, Duration::from_millis(300));
    let first = lease("a").acquire().await.unwrap().unwrap();
    assert_eq!(lease("a").acquire().await.unwrap(), Some(first.clone()), "renewed");
    assert_eq!(lease("b").acquire().await.unwrap(), None);
    tokio::time::sleep(Duration::from_millis(400)).await;
    let second = lease("b").acquire().await.unwrap().unwrap();
    assert_ne!(first, second, "a later holder has a later token");
    assert_eq!(lease("a").acquire().await.unwrap(), None);
}

async fn a_release_is_no_wait(database: Database) {
    let env = env(database).await;
    let lease = |holder: &str| env.store.lease("work", holder, Duration::from_mins(1));
    lease("a").acquire().await.unwrap().unwrap();
    lease("a").release().await.unwrap();
    assert!(lease("b").acquire().await.unwrap().is_some());
}
