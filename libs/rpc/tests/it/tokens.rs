//! Whose tokens count, where, and for how long.

use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use chrono::TimeDelta;
use futures::future::join_all;
use motcua_context::Actor;
use motcua_proto::identity::v1::{
    GetAccountRequest, GetContactRequest, GetJwksRequest, RegisterPersonRequest,
    account_service_client::AccountServiceClient, auth_service_client::AuthServiceClient,
};
use motcua_rpc::{Trust, Wire, bearer, fault};
use motcua_testkit::Tokens;
use tonic::{Code, Status};
use tower::{service_fn, util::BoxCloneSyncService};

use crate::support::{House, citizen};

async fn get_account(wire: Wire) -> Result<String, Status> {
    let got = AccountServiceClient::new(wire).get_account(GetAccountRequest::default()).await?;
    Ok(got.into_inner().name)
}

async fn get_contact(wire: Wire) -> Result<String, Status> {
    let got = AccountServiceClient::new(wire).get_contact(GetContactRequest::default()).await?;
    Ok(got.into_inner().display_name)
}

/// Tokens that do not count, each with the reason.
fn bad_tokens(house: &House) -> Vec<(String, &'static str)> {
    let good = house.token(&citizen());
    let (head, signature) = good.rsplit_once('.').unwrap();
    let mut flipped = signature.to_owned();
    flipped.replace_range(0..1, if signature.starts_with('A') { "B" } else { "A" });
    let stranger = Tokens::new("motcua-test");
    let elsewhere = Tokens::new("another deployment");
    vec![
        (format!("{head}.{flipped}"), "TOKEN_INVALID"),
        ("nonsense".to_owned(), "TOKEN_INVALID"),
        (String::new(), "TOKEN_INVALID"),
        (stranger.issue(&citizen(), house.now()).unwrap(), "TOKEN_INVALID"),
        (elsewhere.issue(&citizen(), house.now()).unwrap(), "TOKEN_INVALID"),
        (house.token_of(&citizen(), house.now() - TimeDelta::minutes(11)), "TOKEN_EXPIRED"),
        (house.token_of(&citizen(), house.now() + TimeDelta::minutes(5)), "TOKEN_EXPIRED"),
    ]
}

#[tokio::test]
async fn each_bad_token_is_refused_by_its_reason() {
    let house = House::open().await;
    for (token, reason) in bad_tokens(&house) {
        let status = get_account(bearer(house.local(), &token)).await.unwrap_err();
        assert_eq!(status.code(), Code::Unauthenticated);
        assert_eq!(fault(status).reason(), reason, "{token}");
    }
}

#[tokio::test]
async fn what_is_open_to_anybody_is_open_to_one_with_a_bad_token_too() {
    let house = House::open().await;
    let register = async |wire| {
        AuthServiceClient::new(wire).register_person(RegisterPersonRequest::default()).await
    };
    for (token, reason) in bad_tokens(&house) {
        let answer = register(bearer(house.local(), &token)).await.unwrap();
        assert_eq!(answer.metadata().get("x-motcua-token-ignored").unwrap(), reason);
        assert_eq!(answer.into_inner().name, format!("{:?}", Actor::Anonymous));
    }
    let answer = register(bearer(house.local(), &house.token(&citizen()))).await.unwrap();
    assert!(answer.metadata().get("x-motcua-token-ignored").is_none());
    assert_eq!(answer.into_inner().name, format!("{:?}", citizen()));
    // A service that stands for somebody does not stand for nobody instead.
    let late = house.now() - TimeDelta::minutes(11);
    let refused = house.register_for("intake", &house.token_of(&citizen(), late)).await;
    assert_eq!(fault(refused.unwrap_err()).reason(), "TOKEN_EXPIRED");
}

#[tokio::test]
async fn a_services_token_counts_at_the_service_it_was_made_for_alone() {
    let house = House::open().await;
    let intake = house.identity("intake");
    let token = |audience| intake.token(audience, house.now()).unwrap();
    get_contact(bearer(house.local(), &token("identity"))).await.unwrap();
    for audience in ["workflow", "intake", "motcua", ""] {
        let status = get_contact(bearer(house.local(), &token(audience))).await.unwrap_err();
        assert_eq!(fault(status).reason(), "TOKEN_INVALID", "{audience}");
    }
    let old = intake.token("identity", house.now() - TimeDelta::minutes(3)).unwrap();
    let status = get_contact(bearer(house.local(), &old)).await.unwrap_err();
    assert_eq!(fault(status).reason(), "TOKEN_EXPIRED");
}

#[tokio::test]
async fn a_services_token_is_made_once_a_minute_for_each_it_calls() {
    let house = House::open().await;
    let (intake, now) = (house.identity("intake"), house.now());
    let token = |audience, seconds| {
        intake.clone().token(audience, now + TimeDelta::seconds(seconds)).unwrap()
    };
    let first = token("identity", 0);
    assert!(Arc::ptr_eq(&first, &token("identity", 59)));
    assert_ne!(first, token("catalog", 0));
    let second = token("identity", 60);
    assert_ne!(first, second);
    // A clock that was set back gets a token of its own time.
    assert_ne!(second, token("identity", -600));
}

#[tokio::test]
async fn nobodys_token_counts_while_revocations_are_unknown() {
    let house = House::without_news().await;
    let wire = bearer(house.local(), &house.token(&citizen()));
    assert_eq!(get_account(wire).await.unwrap_err().code(), Code::Unavailable);
}

#[tokio::test]
async fn news_of_revocations_counts_for_a_minute() {
    let before = Instant::now();
    let house = House::open().await;
    let minute = Duration::from_mins(1);
    let until = house.trust.fresh_until().unwrap();
    assert!((before + minute..=Instant::now() + minute).contains(&until));
    house.trust.refresh().await.unwrap();
    assert!(house.trust.fresh_until().unwrap() > until);
}

#[tokio::test]
async fn tokens_of_unknown_keys_wait_little_and_ask_little() {
    let asked = Arc::new(AtomicUsize::new(0));
    let count = asked.clone();
    let silent = BoxCloneSyncService::new(service_fn(move |_: http::Request<_>| {
        count.fetch_add(1, Ordering::SeqCst);
        std::future::pending()
    }));
    let trust = Trust::new("motcua-test", &[]);
    trust.follow(silent);
    let now = "2026-03-02T02:00:00Z".parse().unwrap();
    let tokens: Vec<_> = (0..100).map(|_| Tokens::new("motcua-test")).collect();
    let began = Instant::now();
    let answers = join_all(tokens.iter().map(|tokens| {
        let token = tokens.issue(&citizen(), now).unwrap();
        let trust = trust.clone();
        async move { trust.user(&token, now).await.unwrap_err() }
    }));
    for answer in answers.await {
        assert_eq!(answer.reason(), "UNAVAILABLE");
    }
    assert_eq!(asked.load(Ordering::SeqCst), 1, "one asks for all");
    assert!(began.elapsed() < Duration::from_secs(3), "{:?}", began.elapsed());
}

#[tokio::test]
async fn public_methods_answer_while_identity_is_away() {
    let house = House::without_news().await;
    let wire = bearer(house.local(), &house.token(&citizen()));
    AuthServiceClient::new(wire).get_jwks(GetJwksRequest {}).await.unwrap();
}
