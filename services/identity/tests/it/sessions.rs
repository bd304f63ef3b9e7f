//! Refresh tokens: good once, repeatable for thirty seconds, and a thief's undoing.

use motcua_context::{Actor, PersonKind};
use motcua_proto::identity::v1::{
    GetJwksRequest, RefreshTokenRequest, SignOutRequest, auth_service_client::AuthServiceClient,
};
use motcua_testkit::Database;

use crate::support::{PASSWORD, Province, Verifier, answer, refused};

async fn a_token_says_who_its_holder_is_and_ends_after_ten_minutes(database: Database) {
    let province = Province::start(database).await;
    let account = province.hoa().await;
    let verifier = Verifier::of(&province).await;
    let pair = province.sign_in("0912345678", PASSWORD).await.unwrap();
    let actor = verifier.actor(&pair.access_token, province.now()).await.unwrap();
    let Actor::Person(person) = actor else { panic!("a person") };
    assert_eq!((person.account.name(), person.kind), (account.name, PersonKind::Citizen));
    province.minutes(11);
    let late = verifier.actor(&pair.access_token, province.now()).await;
    assert_eq!(refused(late), "TOKEN_EXPIRED");
    province.env.stop().await;
}

async fn a_refresh_token_is_good_once(database: Database) {
    let province = Province::start(database).await;
    province.hoa().await;
    let first = province.sign_in("0912345678", PASSWORD).await.unwrap();
    province.minutes(9);
    let second = province.refresh(&first.refresh_token).await.unwrap();
    assert_ne!(second.refresh_token, first.refresh_token);
    assert_eq!(second.session, first.session);
    province.minutes(9);
    let third = province.refresh(&second.refresh_token).await.unwrap();
    assert!(province.refresh(&third.refresh_token).await.is_ok());
    province.env.stop().await;
}

async fn an_expired_access_token_beside_it_hinders_no_refresh(database: Database) {
    let province = Province::start(database).await;
    province.hoa().await;
    let first = province.sign_in("0912345678", PASSWORD).await.unwrap();
    province.minutes(11);
    // A client that shows its token with every call.
    let mut auth = AuthServiceClient::new(province.env.wire_with_token(&first.access_token));
    let asked = RefreshTokenRequest {
        request_id: province.id(),
        refresh_token: first.refresh_token.clone(),
    };
    let second = answer(auth.refresh_token(asked).await).unwrap();
    let asked = SignOutRequest {
        request_id: province.id(),
        refresh_token: second.refresh_token,
        everywhere: false,
    };
    answer(auth.sign_out(asked).await).unwrap();
    assert!(answer(auth.get_jwks(GetJwksRequest {}).await).is_ok());
    province.env.stop().await;
}

async fn the_same_refresh_repeated_within_thirty_seconds_answers_the_same(database: Database) {
    let province = Province::start(database).await;
    province.hoa().await;
    let first = province.sign_in("0912345678", PASSWORD).await.unwrap();
    let request = province.id();
    let second = province.refresh_as(&request, &first.refresh_token).await.unwrap();
    for _ in 0..3 {
        province.env.clock.advance(chrono::TimeDelta::seconds(10));
        let again = province.refresh_as(&request, &first.refresh_token).await.unwrap();
        assert_eq!(again, second);
    }
    assert!(province.refresh(&second.refresh_token).await.is_ok(), "the session lives on");
    province.env.stop().await;
}

async fn a_spent_token_shown_by_another_ends_the_session(database: Database) {
    let province = Province::start(database).await;
    province.hoa().await;
    let verifier = Verifier::of(&province).await;
    let first = province.sign_in("0912345678", PASSWORD).await.unwrap();
    let other_device = province.sign_in("0912345678", PASSWORD).await.unwrap();
    let second = province.refresh(&first.refresh_token).await.unwrap();
    // A thief who copied the first token comes within the thirty seconds, with a request of their own.
    assert_eq!(refused(province.refresh(&first.refresh_token).await), "REFRESH_REFUSED");
    assert_eq!(refused(province.refresh(&second.refresh_token).await), "REFRESH_REFUSED");
    verifier.poll().await;
    for token in [&first.access_token, &second.access_token] {
        assert_eq!(refused(verifier.actor(token, province.now()).await), "TOKEN_REVOKED");
    }
    assert!(verifier.actor(&other_device.access_token, province.now()).await.is_ok());
    assert!(province.refresh(&other_device.refresh_token).await.is_ok());
    province.env.stop().await;
}

async fn the_same_refresh_after_thirty_seconds_is_a_theft(database: Database) {
    let province = Province::start(database).await;
    province.hoa().await;
    let first = province.sign_in("0912345678", PASSWORD).await.unwrap();
    let request = province.id();
    let second = province.refresh_as(&request, &first.refresh_token).await.unwrap();
    province.env.clock.advance(chrono::TimeDelta::seconds(31));
    let late = province.refresh_as(&request, &first.refresh_token).await;
    assert_eq!(refused(late), "REFRESH_REFUSED");
    assert_eq!(refused(province.refresh(&second.refresh_token).await), "REFRESH_REFUSED");
    province.env.stop().await;
}

async fn one_of_many_at_once_refreshes_and_the_rest_end_the_session(database: Database) {
    let province = Province::start(database).await;
    province.hoa().await;
    let first = province.sign_in("0912345678", PASSWORD).await.unwrap();
    let refresh = |_| province.refresh(&first.refresh_token);
    let answers = futures::future::join_all((0..8).map(refresh)).await;
    let given: Vec<_> = answers.into_iter().filter_map(Result::ok).collect();
    assert_eq!(given.len(), 1, "the chain never forks");
    assert_eq!(refused(province.refresh(&given[0].refresh_token).await), "REFRESH_REFUSED");
    province.env.stop().await;
}

async fn invented_tokens_are_refused_and_touch_nothing(database: Database) {
    let province = Province::start(database).await;
    province.hoa().await;
    let pair = province.sign_in("0912345678", PASSWORD).await.unwrap();
    for invented in ["", "abc", &pair.access_token, &pair.refresh_token[1..]] {
        assert_eq!(refused(province.refresh(invented).await), "REFRESH_REFUSED");
    }
    assert!(province.refresh(&pair.refresh_token).await.is_ok());
    province.env.stop().await;
}

async fn sign_out(province: &Province, token: &str, everywhere: bool) {
    let asked =
        SignOutRequest { request_id: province.id(), refresh_token: token.into(), everywhere };
    province.auth().sign_out(asked).await.unwrap();
}

async fn signing_out_ends_this_session_or_all(database: Database) {
    let province = Province::start(database).await;
    province.hoa().await;
    let verifier = Verifier::of(&province).await;
    let mut pairs = Vec::new();
    for _ in 0..3 {
        pairs.push(province.sign_in("0912345678", PASSWORD).await.unwrap());
    }
    sign_out(&province, &pairs[0].refresh_token, false).await;
    sign_out(&province, "invented", true).await;
    verifier.poll().await;
    let counts =
        async |pair: usize| verifier.actor(&pairs[pair].access_token, province.now()).await.is_ok();
    assert!(!counts(0).await && counts(1).await && counts(2).await);
    sign_out(&province, &pairs[0].refresh_token, true).await;
    verifier.poll().await;
    assert!(counts(1).await, "an ended session ends no other");
    sign_out(&province, &pairs[1].refresh_token, true).await;
    verifier.poll().await;
    assert!(!counts(1).await && !counts(2).await);
    assert_eq!(refused(province.refresh(&pairs[2].refresh_token).await), "REFRESH_REFUSED");
    let fresh = province.sign_in("0912345678", PASSWORD).await.unwrap();
    verifier.poll().await;
    assert!(verifier.actor(&fresh.access_token, province.now()).await.is_ok());
    province.env.stop().await;
}

async fn an_idle_session_lapses(database: Database) {
    let province = Province::start(database).await;
    province.hoa().await;
    let pair = province.sign_in("0912345678", PASSWORD).await.unwrap();
    province.env.clock.advance(chrono::TimeDelta::days(14));
    assert_eq!(refused(province.refresh(&pair.refresh_token).await), "REFRESH_REFUSED");
    province.env.stop().await;
}

crate::on_both!(
    a_token_says_who_its_holder_is_and_ends_after_ten_minutes,
    a_refresh_token_is_good_once,
    an_expired_access_token_beside_it_hinders_no_refresh,
    the_same_refresh_repeated_within_thirty_seconds_answers_the_same,
    a_spent_token_shown_by_another_ends_the_session,
    the_same_refresh_after_thirty_seconds_is_a_theft,
    one_of_many_at_once_refreshes_and_the_rest_end_the_session,
    invented_tokens_are_refused_and_touch_nothing,
    signing_out_ends_this_session_or_all,
    an_idle_session_lapses,
);
