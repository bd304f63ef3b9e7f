//! What an ID token must be: each way in which it can be wrong is refused by its own name.

use motcua_testkit::Database;
use serde_json::{Value, json};

use super::{
    World, minh,
    provider::{APP, CLIENT, Key, forged, parameters},
};
use crate::{keys::count, support::refused};

/// A token made of good claims.
type Made = Box<dyn Fn(&World, Value) -> String>;

/// Signed by the provider, with one claim changed.
fn with(name: &'static str, value: Value) -> Made {
    Box::new(move |world, mut claims| {
        claims[name] = value.clone();
        world.provider.key().sign(&claims)
    })
}

/// Good claims under another's hand.
fn under(sign: impl Fn(&World, &Value) -> String + 'static) -> Made {
    Box::new(move |world, claims| sign(world, &claims))
}

async fn a_wrong_token_is_refused_by_what_is_wrong_and_opens_nothing(database: Database) {
    let world = World::start(database).await;
    let now = world.province.now().timestamp();
    let header = |alg: &str| json!({"alg": alg, "kid": "k1"});
    let table: Vec<(&str, Made)> = vec![
        ("ID_TOKEN_ISSUER_WRONG", with("iss", json!("https://sso.example.vn"))),
        ("ID_TOKEN_AUDIENCE_WRONG", with("aud", json!("another"))),
        ("ID_TOKEN_AUDIENCE_WRONG", with("aud", json!(APP))),
        ("ID_TOKEN_AUDIENCE_WRONG", with("aud", json!([CLIENT, "another"]))),
        ("ID_TOKEN_AUDIENCE_WRONG", with("azp", json!("another"))),
        ("ID_TOKEN_EXPIRED", with("exp", json!(now - 60))),
        ("ID_TOKEN_NOT_YET_VALID", with("nbf", json!(now + 61))),
        ("ID_TOKEN_NOT_YET_VALID", with("iat", json!(now + 61))),
        ("ID_TOKEN_TOO_OLD", with("iat", json!(now - 660))),
        ("ID_TOKEN_NONCE_WRONG", with("nonce", json!("another"))),
        ("ID_TOKEN_HASH_WRONG", with("at_hash", json!("another"))),
        ("CLAIM_MISSING", with("sub", json!(""))),
        ("CLAIM_MISSING", with("citizen_id", json!("12"))),
        ("ID_TOKEN_MALFORMED", with("exp", json!("soon"))),
        ("ID_TOKEN_MALFORMED", under(|_, _| "not.a.token".into())),
        (
            "ID_TOKEN_ALGORITHM_REFUSED",
            under(move |_, claims| forged(&header("none"), claims, b"")),
        ),
        // The oldest trick: the public key as a shared secret.
        (
            "ID_TOKEN_ALGORITHM_REFUSED",
            under(move |_, claims| forged(&header("HS256"), claims, &[7; 32])),
        ),
        ("ID_TOKEN_SIGNATURE_WRONG", under(|_, claims| Key::ed("k1").sign(claims))),
        ("ID_TOKEN_KEY_UNKNOWN", under(|_, claims| Key::ec("k1").sign(claims))),
        ("ID_TOKEN_KEY_UNKNOWN", under(|_, claims| Key::ed("k9").sign(claims))),
        (
            "ID_TOKEN_SIGNATURE_WRONG",
            under(|world, claims| {
                let (token, mut other) = (world.provider.key().sign(claims), claims.clone());
                other["sub"] = json!("s-hoa");
                let (_, signature) = token.rsplit_once('.').unwrap();
                let forged = forged(&json!({"alg": "EdDSA", "kid": "k1"}), &other, b"");
                format!("{forged}{signature}")
            }),
        ),
    ];
    for (number, (reason, make)) in (1..).zip(&table) {
        let begun = world.begin().await.unwrap();
        let nonce = &parameters(&begun.authorization_url)["nonce"];
        let token = make(&world, world.provider.claims(world.province.now(), nonce, &minh()));
        let came = world.back_with(begun, &token);
        assert_eq!(refused(world.complete(came).await), *reason, "row {number}");
        let tables = ["external_link", "external_sign_in", "session"];
        for table in tables {
            assert_eq!(count(&world.province, table).await, 0, "row {number}: {table}");
        }
    }
    assert!(world.sign_in(&minh()).await.is_ok(), "the right one is taken");
    world.stop().await;
}

async fn clocks_may_differ_by_the_skew_and_no_more(database: Database) {
    let world = World::with(database, &["clock_skew_s=30"]).await;
    let now = world.province.now().timestamp();
    let shifted = |iat: i64, exp: i64| {
        let mut about = minh();
        (about["iat"], about["exp"]) = (json!(now + iat), json!(now + exp));
        about
    };
    assert!(world.sign_in(&shifted(30, 300)).await.is_ok());
    assert!(world.sign_in(&shifted(-60, -29)).await.is_ok());
    assert_eq!(refused(world.sign_in(&shifted(31, 300)).await), "ID_TOKEN_NOT_YET_VALID");
    assert_eq!(refused(world.sign_in(&shifted(-60, -30)).await), "ID_TOKEN_EXPIRED");
    world.stop().await;
}

async fn a_provider_changes_its_keys_and_nobody_notices(database: Database) {
    let world = World::start(database).await;
    let (old, new) = (world.provider.key(), Key::ec("k2"));
    let signed = |key: &Key| {
        let mut claims = world.provider.claims(world.province.now(), "app", &minh());
        claims["aud"] = json!(APP);
        // Each token differs from those before it.
        claims["jti"] = json!(world.province.id());
        key.sign(&claims)
    };
    world.exchange(&signed(&old)).await.unwrap();
    world.province.minutes(1);
    world.provider.publish(&[&new, &old]);
    world.exchange(&signed(&new)).await.unwrap();
    world.exchange(&signed(&old)).await.unwrap();
    assert_eq!(world.provider.asked("keys"), 2);
    // A key that was withdrawn counts until the keys are old.
    world.provider.publish(&[&new]);
    world.exchange(&signed(&old)).await.unwrap();
    world.province.minutes(60);
    assert_eq!(refused(world.exchange(&signed(&old)).await), "ID_TOKEN_KEY_UNKNOWN");
    world.exchange(&signed(&new)).await.unwrap();
    world.stop().await;
}

async fn unknown_keys_by_the_thousand_make_us_ask_once(database: Database) {
    let world = World::start(database).await;
    let claims =
        world.provider.claims(world.province.now(), "app", &json!({"sub": "1", "aud": APP}));
    let (honest, forger) = (world.app_token(&minh()), Key::ed("k9"));
    world.exchange(&honest).await.unwrap();
    for _ in 0..2 {
        world.province.env.clock.advance(chrono::TimeDelta::seconds(11));
        let before = world.provider.asked("keys");
        let token = forger.sign(&claims);
        for answer in futures::future::join_all((0..30).map(|_| world.exchange(&token))).await {
            assert_eq!(refused(answer), "ID_TOKEN_KEY_UNKNOWN");
        }
        assert_eq!(world.provider.asked("keys") - before, 1);
    }
    world.stop().await;
}

crate::on_both!(
    a_wrong_token_is_refused_by_what_is_wrong_and_opens_nothing,
    clocks_may_differ_by_the_skew_and_no_more,
    a_provider_changes_its_keys_and_nobody_notices,
    unknown_keys_by_the_thousand_make_us_ask_once,
);
