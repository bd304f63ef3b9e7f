//! Guessing: bounded, and answered alike whether or not the account exists.

use motcua_proto::identity::v1::ChangePasswordRequest;
use motcua_testkit::Database;

use crate::{
    keys::count,
    support::{PASSWORD, Province, answer, builder, refused, violations},
};

async fn unknown_wrong_and_barred_are_answered_with_the_same_words(database: Database) {
    let province = Province::start(database).await;
    let account = province.hoa().await;
    let wrong = province.sign_in("0912345678", "không phải thế").await.unwrap_err();
    let unknown = province.sign_in("0999999999", "không phải thế").await.unwrap_err();
    let nonsense = province.sign_in("???", "không phải thế").await.unwrap_err();
    crate::disabling::disable(&province, &account.name).await.unwrap();
    let barred = province.sign_in("0912345678", PASSWORD).await.unwrap_err();
    let endless = province.sign_in("0912345678", &"x".repeat(2_000)).await.unwrap_err();
    for fault in [&unknown, &nonsense, &barred, &endless] {
        assert_eq!(fault.to_string(), wrong.to_string());
        assert_eq!(fault.kind(), wrong.kind());
        assert!(fault.metadata().iter().all(|(key, _)| key != "account"));
    }
    assert_eq!(wrong.reason(), "SIGN_IN_REFUSED");
    province.env.stop().await;
}

async fn a_login_is_locked_after_wrong_tries_whether_or_not_it_exists(database: Database) {
    let province = Province::of(builder(database).set("identity.guessing.tries_per_login=3")).await;
    province.hoa().await;
    for login in ["0912345678", "0999999999"] {
        for _ in 0..3 {
            assert_eq!(refused(province.sign_in(login, "đoán bừa thôi").await), "SIGN_IN_REFUSED");
        }
        let locked = province.sign_in(login, PASSWORD).await.unwrap_err();
        assert_eq!(locked.reason(), "SIGN_IN_LOCKED", "even with the right password");
        assert!(locked.metadata().contains(&("retry_after_s".into(), "900".into())));
    }
    assert!(
        province.sign_in("hoa.nguyen@vidu.vn", PASSWORD).await.is_ok(),
        "another login is open"
    );
    province.minutes(15);
    assert!(province.sign_in("0912345678", PASSWORD).await.is_ok());
    province.env.stop().await;
}

async fn a_lock_does_not_need_the_cache(database: Database) {
    // Nobody answers there: whatever is kept in the cache is lost at once.
    let away = builder(database)
        .set("cache.url=redis://127.0.0.1:1/0")
        .set("identity.guessing.tries_per_login=3");
    let province = Province::of(away).await;
    province.hoa().await;
    for _ in 0..3 {
        let wrong = province.sign_in("0912345678", "đoán bừa thôi").await;
        assert_eq!(refused(wrong), "SIGN_IN_REFUSED");
    }
    for minute in 0..15 {
        let locked = province.sign_in("0912345678", PASSWORD).await.unwrap_err();
        assert_eq!(locked.reason(), "SIGN_IN_LOCKED", "in minute {minute}");
        province.minutes(1);
    }
    assert!(province.sign_in("0912345678", PASSWORD).await.is_ok());
    province.env.stop().await;
}

async fn another_spelling_of_a_login_buys_no_more_tries(database: Database) {
    let province = Province::of(builder(database).set("identity.guessing.tries_per_login=3")).await;
    province.hoa().await;
    for login in ["0912345678", "0912 345 678", "+84 912.345.678"] {
        assert_eq!(refused(province.sign_in(login, "đoán bừa thôi").await), "SIGN_IN_REFUSED");
    }
    assert_eq!(refused(province.sign_in("84912345678", PASSWORD).await), "SIGN_IN_LOCKED");
    province.env.stop().await;
}

async fn the_same_request_again_is_the_same_guess(database: Database) {
    let province = Province::of(builder(database).set("identity.guessing.tries_per_login=2")).await;
    province.hoa().await;
    let request = province.id();
    for _ in 0..5 {
        let again = province.sign_in_as(&request, "0912345678", "đoán bừa thôi").await;
        assert_eq!(refused(again), "SIGN_IN_REFUSED");
    }
    assert!(province.sign_in("0912345678", PASSWORD).await.is_ok());
    province.env.stop().await;
}

async fn tries_are_forgotten_when_they_no_longer_matter(database: Database) {
    let province = Province::of(builder(database).set("identity.guessing.tries_per_login=1")).await;
    for n in 0..3 {
        let login = format!("nv.{n}");
        for _ in 0..2 {
            assert!(province.sign_in(&login, "đoán bừa thôi").await.is_err());
        }
    }
    assert_eq!(count(&province, "sign_in_try").await, 3);
    province.env.clock.advance(chrono::TimeDelta::hours(7));
    province.env.until(async || (count(&province, "sign_in_try").await == 0).then_some(())).await;
    province.env.stop().await;
}

async fn a_right_password_forgets_the_wrong_ones_before_it(database: Database) {
    let province = Province::of(builder(database).set("identity.guessing.tries_per_login=2")).await;
    province.hoa().await;
    for _ in 0..4 {
        assert_eq!(
            refused(province.sign_in("0912345678", "đoán bừa thôi").await),
            "SIGN_IN_REFUSED"
        );
        province.sign_in("0912345678", PASSWORD).await.unwrap();
    }
    province.env.stop().await;
}

async fn many_guesses_at_once_are_bounded_like_one_by_one(database: Database) {
    let province = Province::of(builder(database).set("identity.guessing.tries_per_login=5")).await;
    province.hoa().await;
    let guess = |n: usize| {
        let province = &province;
        async move { refused(province.sign_in("0912345678", &format!("lần đoán {n}")).await) }
    };
    let answers = futures::future::join_all((0..40).map(guess)).await;
    let looked_at = answers.iter().filter(|reason| *reason == "SIGN_IN_REFUSED").count();
    assert!(looked_at <= 5, "{looked_at} guesses were looked at");
    assert!(answers.iter().any(|reason| reason == "SIGN_IN_LOCKED"));
    province.env.stop().await;
}

async fn change(
    province: &Province,
    password: &str,
    new_password: &str,
) -> Result<(), motcua_fault::Fault> {
    let asked = ChangePasswordRequest {
        request_id: province.id(),
        login: "0912345678".into(),
        password: password.into(),
        new_password: new_password.into(),
    };
    answer(province.auth().change_password(asked).await).map(|_| ())
}

async fn a_new_password_that_cannot_be_costs_no_try(database: Database) {
    let province = Province::of(builder(database).set("identity.guessing.tries_per_login=2")).await;
    province.hoa().await;
    for _ in 0..5 {
        let weak = change(&province, PASSWORD, "1234567890").await;
        assert_eq!(violations(weak), [("new_password".into(), "PASSWORD_TOO_COMMON".into())]);
    }
    change(&province, PASSWORD, "mật khẩu mới này").await.unwrap();
    assert!(province.sign_in("0912345678", "mật khẩu mới này").await.is_ok());
    province.env.stop().await;
}

async fn a_changed_password_ends_every_session(database: Database) {
    let province = Province::start(database).await;
    province.hoa().await;
    let old = province.sign_in("0912345678", PASSWORD).await.unwrap();
    assert_eq!(
        refused(change(&province, "không phải", "mật khẩu mới này").await),
        "SIGN_IN_REFUSED"
    );
    assert_eq!(refused(change(&province, PASSWORD, PASSWORD).await), "PASSWORD_UNCHANGED");
    let weak = change(&province, PASSWORD, "1234567890").await;
    assert_eq!(violations(weak), [("new_password".into(), "PASSWORD_TOO_COMMON".into())]);
    change(&province, PASSWORD, "mật khẩu mới này").await.unwrap();
    assert_eq!(refused(province.refresh(&old.refresh_token).await), "REFRESH_REFUSED");
    assert_eq!(refused(province.sign_in("0912345678", PASSWORD).await), "SIGN_IN_REFUSED");
    assert!(province.sign_in("0912345678", "mật khẩu mới này").await.is_ok());
    province.env.stop().await;
}

async fn a_repeated_sign_in_answers_the_same_session(database: Database) {
    let province = Province::start(database).await;
    province.hoa().await;
    let request = province.id();
    let first = province.sign_in_as(&request, "0912345678", PASSWORD).await.unwrap();
    let again = province.sign_in_as(&request, "0912345678", PASSWORD).await.unwrap();
    assert_eq!(first, again);
    province.refresh(&first.refresh_token).await.unwrap();
    let late = province.sign_in_as(&request, "0912345678", PASSWORD).await;
    assert_eq!(refused(late), "REFRESH_REFUSED", "its first token was used");
    province.env.stop().await;
}

async fn hashes_of_another_cost_are_made_anew(database: Database) {
    // The administrator's hash was made by the command at one pass; the service asks two.
    let province = Province::of(builder(database).set("identity.hashing.passes=2")).await;
    let hash = async || {
        let row = sea_orm::ConnectionTrait::query_one_raw(
            province.env.store.reader(),
            sea_orm::Statement::from_string(
                sea_orm::ConnectionTrait::get_database_backend(province.env.store.reader()),
                "SELECT password_hash FROM account",
            ),
        );
        row.await.unwrap().unwrap().try_get::<String>("", "password_hash").unwrap()
    };
    assert!(hash().await.contains("t=1"));
    province.as_admin().await;
    assert!(hash().await.contains("t=2"));
    province.as_admin().await;
    province.env.stop().await;
}

async fn an_unknown_login_takes_as_long_as_a_known_one(database: Database) {
    // A real hash takes tens of milliseconds; an answer without one would take one or two.
    let costly = builder(database)
        .set("identity.hashing.memory_kib=19456")
        .set("identity.guessing.tries_per_login=1000");
    let province = Province::of(costly).await;
    province.hoa().await;
    let time = async |login: &str| {
        let start = std::time::Instant::now();
        assert_eq!(refused(province.sign_in(login, "đoán bừa thôi").await), "SIGN_IN_REFUSED");
        start.elapsed()
    };
    let (mut known, mut unknown) = (Vec::new(), Vec::new());
    for _ in 0..9 {
        known.push(time("0912345678").await);
        unknown.push(time("0999999999").await);
    }
    // The fastest of each: what else the machine does only makes slower.
    let (known, unknown) = (known.iter().min().unwrap(), unknown.iter().min().unwrap());
    let ratio = known.as_secs_f64() / unknown.as_secs_f64();
    assert!((0.25..4.0).contains(&ratio), "known {known:?}, unknown {unknown:?}");
    province.env.stop().await;
}

async fn hashing_does_not_hold_up_the_rest(database: Database) {
    let costly = builder(database)
        .set("identity.hashing.memory_kib=19456")
        .set("identity.hashing.at_once=1")
        .set("identity.guessing.tries_per_login=1000");
    let province = Province::of(costly).await;
    let rush = async {
        futures::future::join_all((0..12).map(|_| province.sign_in("0912345678", "sai"))).await;
        std::time::Instant::now()
    };
    let meanwhile = async {
        tokio::time::sleep(std::time::Duration::from_millis(1)).await;
        let asked = motcua_proto::identity::v1::GetJwksRequest {};
        province.auth().get_jwks(asked).await.unwrap();
        std::time::Instant::now()
    };
    let (rush, meanwhile) = tokio::join!(rush, meanwhile);
    assert!(meanwhile < rush, "the keys were answered before the rush of sign-ins was over");
    province.env.stop().await;
}

async fn a_rush_beyond_the_queue_is_told_to_come_back(database: Database) {
    let narrow = builder(database)
        .set("identity.hashing.memory_kib=19456")
        .set("identity.hashing.passes=20")
        .set("identity.hashing.at_once=1")
        .set("identity.hashing.waiting=2")
        .set("identity.guessing.tries_per_login=1000");
    let province = Province::of(narrow).await;
    let rush = (0..12).map(|_| province.sign_in("0912345678", "sai"));
    let answers = futures::future::join_all(rush).await;
    let busy = answers.into_iter().filter(|answer| {
        answer.as_ref().is_err_and(|fault| fault.reason() == "BUSY" && fault.is_transient())
    });
    assert!(busy.count() >= 1);
    province.env.stop().await;
}

crate::on_both!(
    unknown_wrong_and_barred_are_answered_with_the_same_words,
    a_login_is_locked_after_wrong_tries_whether_or_not_it_exists,
    a_right_password_forgets_the_wrong_ones_before_it,
    a_lock_does_not_need_the_cache,
    another_spelling_of_a_login_buys_no_more_tries,
    the_same_request_again_is_the_same_guess,
    tries_are_forgotten_when_they_no_longer_matter,
    many_guesses_at_once_are_bounded_like_one_by_one,
    a_new_password_that_cannot_be_costs_no_try,
    a_changed_password_ends_every_session,
    a_repeated_sign_in_answers_the_same_session,
    hashes_of_another_cost_are_made_anew,
    an_unknown_login_takes_as_long_as_a_known_one,
    hashing_does_not_hold_up_the_rest,
    a_rush_beyond_the_queue_is_told_to_come_back,
);
