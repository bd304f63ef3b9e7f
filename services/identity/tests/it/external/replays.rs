//! What was shown once opens one session: tickets, codes and tokens.

use motcua_proto::identity::v1::CompleteSignInRequest;
use motcua_testkit::Database;
use serde_json::json;

use super::{World, hoa, minh, provider::BACK, provider::CLIENT, provider::parameters};
use crate::{keys::count, support::refused};

async fn a_sign_in_is_done_once_and_answered_again(database: Database) {
    let world = World::start(database).await;
    let came = world.come_back(&minh()).await;
    let first = world.complete(came.clone()).await.unwrap();
    let redeemed = world.provider.asked("token");
    assert_eq!(world.complete(came.clone()).await.unwrap(), first, "the answer was lost");
    let other = CompleteSignInRequest { request_id: world.province.id(), ..came.clone() };
    assert_eq!(refused(world.complete(other).await), "SIGN_IN_REPLAYED");
    assert_eq!(world.provider.asked("token"), redeemed, "a spent ticket is not taken further");
    world.province.refresh(&first.refresh_token).await.unwrap();
    assert_eq!(refused(world.complete(came).await), "REFRESH_REFUSED", "its first token was used");
    assert_eq!(count(&world.province, "session").await, 1);
    world.stop().await;
}

async fn many_at_once_with_one_ticket_are_one_session(database: Database) {
    let world = World::start(database).await;
    let came = world.come_back(&minh()).await;
    let calls = (0..8).map(|_| {
        world.complete(CompleteSignInRequest { request_id: world.province.id(), ..came.clone() })
    });
    let answers = futures::future::join_all(calls).await;
    assert_eq!(answers.iter().filter(|answer| answer.is_ok()).count(), 1, "{answers:?}");
    assert_eq!(count(&world.province, "session").await, 1);
    world.stop().await;
}

async fn what_belongs_to_another_sign_in_is_not_taken(database: Database) {
    let world = World::start(database).await;
    let (mine, theirs) = (world.come_back(&minh()).await, world.come_back(&hoa()).await);
    let change = |state: &str, code: &str, ticket: &str| CompleteSignInRequest {
        request_id: world.province.id(),
        state: state.into(),
        code: code.into(),
        ticket: ticket.into(),
        issuer: String::new(),
    };
    let table = [
        // Somebody is lured to the way back of another's sign-in.
        (change(&theirs.state, &theirs.code, &mine.ticket), "STATE_WRONG"),
        (change("", &mine.code, &mine.ticket), "STATE_WRONG"),
        (change(&mine.state, &theirs.code, &mine.ticket), "CODE_REFUSED"),
        (change(&mine.state, "made-up", &mine.ticket), "CODE_REFUSED"),
        (change(&mine.state, &mine.code, "made-up"), "SIGN_IN_EXPIRED"),
        (change(&mine.state, &mine.code, ""), "SIGN_IN_EXPIRED"),
    ];
    for (number, (came, reason)) in (1..).zip(table) {
        assert_eq!(refused(world.complete(came).await), reason, "row {number}");
    }
    let from_another = CompleteSignInRequest { issuer: "https://a".into(), ..mine.clone() };
    assert_eq!(refused(world.complete(from_another).await), "ID_TOKEN_ISSUER_WRONG");
    let named = CompleteSignInRequest { issuer: world.provider.issuer(), ..mine };
    assert!(world.complete(named).await.is_ok(), "none of this has spent it");
    world.stop().await;
}

/// The provider of these tests redeems a code as often as it is shown, and for whatever token.
async fn a_token_of_another_sign_in_is_not_taken_even_from_the_provider(database: Database) {
    let world = World::start(database).await;
    let (first, second) = (world.begin().await.unwrap(), world.begin().await.unwrap());
    let nonce = &parameters(&first.authorization_url)["nonce"];
    let claims = world.provider.claims(world.province.now(), nonce, &minh());
    let token = world.provider.key().sign(&claims);
    let (first, second) = (world.back_with(first, &token), world.back_with(second, &token));
    assert_eq!(refused(world.complete(second).await), "ID_TOKEN_NONCE_WRONG");
    assert!(world.complete(first).await.is_ok());
    world.stop().await;
}

async fn whoever_takes_too_long_begins_again(database: Database) {
    let world = World::start(database).await;
    let came = world.come_back(&minh()).await;
    world.province.minutes(10);
    assert_eq!(refused(world.complete(came).await), "SIGN_IN_EXPIRED");
    world.stop().await;
}

async fn people_are_sent_where_the_province_says_alone(database: Database) {
    let world = World::start(database).await;
    for back in ["", "https://dichvucong.example.vn/back/", "https://evil.example", "javascript:1"]
    {
        assert_eq!(refused(world.begin_at("vneid", back).await), "REDIRECT_URI_REFUSED", "{back}");
    }
    assert_eq!(refused(world.begin_at("another", BACK).await), "PROVIDER_UNKNOWN");
    let begun = world.begin().await.unwrap();
    let asked = parameters(&begun.authorization_url);
    assert_eq!(asked["ui"], "vi", "what the provider's own address says stays");
    assert_eq!(asked["scope"], "openid");
    assert!(!begun.ticket.contains(&asked["state"]) && asked["nonce"] != asked["state"]);
    world.stop().await;
}

async fn an_apps_token_is_exchanged_once(database: Database) {
    let world = World::start(database).await;
    let token = world.app_token(&minh());
    let request = world.province.id();
    let pair = world.exchange_as(&request, &token).await.unwrap();
    assert_eq!(world.exchange_as(&request, &token).await.unwrap(), pair);
    assert_eq!(refused(world.exchange(&token).await), "SIGN_IN_REPLAYED");
    // Long after it has expired it is forgotten, and refused for its age.
    world.province.env.clock.advance(chrono::TimeDelta::hours(7));
    let forgotten = async || count(&world.province, "external_sign_in").await == 0;
    world.province.env.until(async || forgotten().await.then_some(())).await;
    assert_eq!(refused(world.exchange(&token).await), "ID_TOKEN_EXPIRED");
    world.stop().await;
}

/// What was made for the web page has a nonce that only the page's sign-in knows.
async fn a_token_for_the_web_page_is_not_exchanged(database: Database) {
    let world = World::start(database).await;
    let mut about = minh();
    about["aud"] = json!(CLIENT);
    let claims = world.provider.claims(world.province.now(), "n", &about);
    let token = world.provider.key().sign(&claims);
    assert_eq!(refused(world.exchange(&token).await), "ID_TOKEN_AUDIENCE_WRONG");
    world.stop().await;
}

async fn without_apps_nothing_is_exchanged(database: Database) {
    let world = World::with(database, &["audiences=[]"]).await;
    assert_eq!(refused(world.exchange(&world.app_token(&minh())).await), "EXCHANGE_REFUSED");
    world.stop().await;
}

crate::on_both!(
    a_sign_in_is_done_once_and_answered_again,
    many_at_once_with_one_ticket_are_one_session,
    what_belongs_to_another_sign_in_is_not_taken,
    a_token_of_another_sign_in_is_not_taken_even_from_the_provider,
    whoever_takes_too_long_begins_again,
    people_are_sent_where_the_province_says_alone,
    an_apps_token_is_exchanged_once,
    a_token_for_the_web_page_is_not_exchanged,
    without_apps_nothing_is_exchanged,
);
