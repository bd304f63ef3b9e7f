//! Signing keys: announced before they sign, kept until their last token has expired, then destroyed.

use motcua_proto::identity::v1::{GetJwksRequest, Jwk};
use motcua_testkit::Database;

use crate::support::{PASSWORD, Province, Verifier, answer};

async fn keys(province: &Province) -> Vec<Jwk> {
    answer(province.auth().get_jwks(GetJwksRequest {}).await).unwrap().keys
}

async fn until_keys(province: &Province, count: usize) -> Vec<Jwk> {
    province.env.until(async || Some(keys(province).await).filter(|keys| keys.len() == count)).await
}

/// The key that a token names in its header.
fn kid(token: &str) -> String {
    use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
    let header = URL_SAFE_NO_PAD.decode(token.split('.').next().unwrap()).unwrap();
    let header: serde_json::Value = serde_json::from_slice(&header).unwrap();
    assert_eq!((&header["alg"], &header["typ"]), (&"EdDSA".into(), &"at+jwt".into()));
    header["kid"].as_str().unwrap().to_owned()
}

async fn keys_rotate_and_no_token_is_lost(database: Database) {
    let province = Province::start(database).await;
    province.hoa().await;
    let verifier = Verifier::of(&province).await;
    let [first] = &keys(&province).await[..] else { panic!("one key at first") };
    assert_eq!(first.x.len(), 32);

    province.env.clock.advance(chrono::TimeDelta::days(30));
    let both = until_keys(&province, 2).await;
    let next = both.iter().find(|key| key.kid != first.kid).unwrap();
    let announced = province.sign_in("0912345678", PASSWORD).await.unwrap();
    assert_eq!(kid(&announced.access_token), first.kid, "the new key is announced, not used");

    province.minutes(6);
    let signed = province.sign_in("0912345678", PASSWORD).await.unwrap();
    assert_eq!(kid(&signed.access_token), next.kid);
    assert_eq!(keys(&province).await.len(), 2, "the old key still proves its tokens");
    verifier.poll().await;
    for pair in [&announced, &signed] {
        verifier.actor(&pair.access_token, province.now()).await.unwrap();
    }

    province.minutes(12);
    let [only] = &until_keys(&province, 1).await[..] else { panic!("one key") };
    assert_eq!(only.kid, next.kid);
    let private_halves =
        province.env.until(async || Some(rows(&province).await).filter(|rows| *rows == 1)).await;
    assert_eq!(private_halves, 1, "the old private half is destroyed");
    province.env.stop().await;
}

async fn rows(province: &Province) -> i64 {
    use sea_orm::ConnectionTrait;
    let db = province.env.store.reader();
    let count = sea_orm::Statement::from_string(
        db.get_database_backend(),
        "SELECT count(*) AS n FROM signing_key",
    );
    db.query_one_raw(count).await.unwrap().unwrap().try_get("", "n").unwrap()
}

async fn keys_rotate_again_and_again(database: Database) {
    let province = Province::start(database).await;
    let mut seen = vec![keys(&province).await[0].kid.clone()];
    for _ in 0..3 {
        province.env.clock.advance(chrono::TimeDelta::days(30));
        let key = province
            .env
            .until(async || keys(&province).await.into_iter().find(|key| !seen.contains(&key.kid)))
            .await;
        seen.push(key.kid);
    }
    province.env.stop().await;
}

async fn an_ended_deployment_keeps_its_house(database: Database) {
    let province = Province::start(database).await;
    province.hoa().await;
    let pair = province.sign_in("0912345678", PASSWORD).await.unwrap();
    let asked = motcua_proto::identity::v1::SignOutRequest {
        request_id: province.id(),
        refresh_token: pair.refresh_token,
        everywhere: false,
    };
    province.auth().sign_out(asked).await.unwrap();
    assert_eq!(count(&province, "session").await, 1);
    assert_eq!(count(&province, "revocation").await, 1);
    province.env.clock.advance(chrono::TimeDelta::hours(7));
    province.env.until(async || (count(&province, "revocation").await == 0).then_some(())).await;
    assert_eq!(count(&province, "session").await, 1, "kept for the record");
    province.env.clock.advance(chrono::TimeDelta::days(91));
    province.env.until(async || (count(&province, "session").await == 0).then_some(())).await;
    assert_eq!(count(&province, "refresh_token").await, 0);
    province.env.stop().await;
}

pub(crate) async fn count(province: &Province, table: &str) -> i64 {
    use sea_orm::ConnectionTrait;
    let db = province.env.store.reader();
    let sql = format!("SELECT count(*) AS n FROM {table}");
    let statement = sea_orm::Statement::from_string(db.get_database_backend(), sql);
    db.query_one_raw(statement).await.unwrap().unwrap().try_get("", "n").unwrap()
}

crate::on_both!(
    keys_rotate_and_no_token_is_lost,
    keys_rotate_again_and_again,
    an_ended_deployment_keeps_its_house,
);
