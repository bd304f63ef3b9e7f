//! A provider that does not answer as it should disturbs nobody but those who come through it.

use std::time::{Duration, Instant};

use motcua_testkit::Database;

use super::{World, minh, provider::Mood};
use crate::support::{PASSWORD, refused};

const BAD: [Mood; 5] = [Mood::Away, Mood::Slow, Mood::Huge, Mood::Other, Mood::Open];

async fn a_provider_that_is_away_is_told_and_soon(database: Database) {
    for mood in BAD {
        let world = World::start(database).await;
        world.province.hoa().await;
        world.provider.feels(mood);
        let begun = Instant::now();
        let fault = world.begin().await.unwrap_err();
        assert_eq!(fault.reason(), "PROVIDER_UNAVAILABLE", "{mood:?}");
        assert!(fault.is_transient() && begun.elapsed() < Duration::from_secs(10), "{mood:?}");
        let asked = world.provider.asked("discovery");
        assert_eq!(refused(world.exchange("a.b.c").await), "ID_TOKEN_MALFORMED");
        let token = world.app_token(&minh());
        assert_eq!(refused(world.exchange(&token).await), "PROVIDER_UNAVAILABLE");
        assert_eq!(world.provider.asked("discovery"), asked, "it is left alone for a while");
        assert!(world.province.sign_in("0912345678", PASSWORD).await.is_ok());
        world.provider.feels(Mood::Well);
        world.province.minutes(1);
        assert!(world.sign_in(&minh()).await.is_ok(), "{mood:?}");
        world.stop().await;
    }
}

async fn a_code_waits_for_a_provider_that_comes_back(database: Database) {
    let world = World::start(database).await;
    let came = world.come_back(&minh()).await;
    for mood in [Mood::Away, Mood::Slow, Mood::Huge] {
        world.provider.feels(mood);
        let answer = world.complete(came.clone()).await;
        assert_eq!(refused(answer), "PROVIDER_UNAVAILABLE", "{mood:?}");
    }
    world.provider.feels(Mood::Well);
    assert!(world.complete(came).await.is_ok());
    world.stop().await;
}

crate::on_both!(
    a_provider_that_is_away_is_told_and_soon,
    a_code_waits_for_a_provider_that_comes_back
);
