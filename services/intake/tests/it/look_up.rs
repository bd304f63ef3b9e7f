use chrono::TimeDelta;
use motcua_context::Actor;
use motcua_proto::intake::v1::{self as proto, intake_service_client::IntakeServiceClient};
use motcua_testkit::Database;

use crate::{
    office::{Province, citizen},
    support::{Answer, on_both_databases},
};

on_both_databases!(
    the_code_and_four_digits_open_the_public_part,
    a_wrong_code_and_wrong_digits_are_answered_alike,
    guessing_is_slowed,
    a_day_has_an_end_to_guesses,
    time_tells_no_wrong_code_from_wrong_digits,
    who_asks_from_a_telephone_of_the_dossier_is_told,
);

fn ask(code: &str, last_digits: &str) -> proto::LookUpDossierRequest {
    proto::LookUpDossierRequest { code: code.to_owned(), last_digits: last_digits.to_owned() }
}

async fn the_code_and_four_digits_open_the_public_part(database: Database) {
    let province = Province::open(database).await;
    let accepted = province.accepted(&citizen(1)).await;
    let mut anybody = province.client(&Actor::Anonymous);
    for digits in ["5678", "1234"] {
        let found = anybody.look_up_dossier(ask(&accepted.code, digits)).await.done();
        assert_eq!(found.state(), proto::DossierState::Accepted);
        assert_eq!(found.promised_due_time, accepted.promised_due_time);
        assert_eq!(found.receiving_agency_name, "Cơ quan 2");
        assert_eq!(found.acts.len(), 3);
        assert!(!format!("{found:?}").contains("Hoa"), "nothing personal");
    }
    let lower = accepted.code.to_lowercase();
    anybody.look_up_dossier(ask(&lower, "5678")).await.done();
}

async fn a_wrong_code_and_wrong_digits_are_answered_alike(database: Database) {
    let province = Province::open(database).await;
    let filed = province.submitted(&citizen(1)).await;
    let mut anybody = province.client(&Actor::Anonymous);
    let unknown = anybody.look_up_dossier(ask("H53.12.05-260302-0999", "5678")).await.refused();
    let mismatch = anybody.look_up_dossier(ask(&filed.code, "0000")).await.refused();
    for fault in [&unknown, &mismatch] {
        assert_eq!(fault.reason(), "NOT_FOUND_OR_MISMATCH");
    }
    assert_eq!(unknown.text(), mismatch.text());
    assert_eq!(unknown.kind(), mismatch.kind());
    let wrong = anybody.look_up_dossier(ask("x", "12ă")).await.wrong();
    let fields: Vec<_> = wrong.iter().map(|(field, _)| field.as_str()).collect();
    assert_eq!(fields, ["code", "last_digits"]);
}

async fn guessing_is_slowed(database: Database) {
    let province = Province::open(database).await;
    let filed = province.submitted(&citizen(1)).await;
    let mut anybody = province.client(&Actor::Anonymous);
    for guess in 0..5 {
        let digits = format!("000{guess}");
        let answer = anybody.look_up_dossier(ask(&filed.code, &digits)).await;
        assert_eq!(answer.reason(), "NOT_FOUND_OR_MISMATCH");
    }
    let refused = anybody.look_up_dossier(ask(&filed.code, "5678")).await.refused();
    assert_eq!(refused.reason(), "RATE_LIMITED");
    assert!(refused.metadata().iter().any(|(key, _)| key == "retry_after_s"));
    // An unknown code is limited in the same way: the limit is no oracle either.
    for _ in 0..5 {
        let answer = anybody.look_up_dossier(ask("H53.12.05-260302-0998", "0000")).await;
        assert_eq!(answer.reason(), "NOT_FOUND_OR_MISMATCH");
    }
    let refused = anybody.look_up_dossier(ask("H53.12.05-260302-0998", "0000")).await;
    assert_eq!(refused.reason(), "RATE_LIMITED");
    province.env.clock.advance(TimeDelta::minutes(5));
}

async fn a_day_has_an_end_to_guesses(database: Database) {
    let daily = |builder: motcua_testkit::Builder<_>| {
        builder.set("intake.look_ups_per_code=1000").set("intake.look_ups_per_code_daily=3")
    };
    let province = Province::open_with(database, daily).await;
    let filed = province.submitted(&citizen(1)).await;
    let mut anybody = province.client(&Actor::Anonymous);
    for guess in 0..3 {
        let answer = anybody.look_up_dossier(ask(&filed.code, &format!("000{guess}"))).await;
        assert_eq!(answer.reason(), "NOT_FOUND_OR_MISMATCH");
    }
    // Even the right digits are not told from wrong ones any more.
    let refused = anybody.look_up_dossier(ask(&filed.code, "5678")).await.refused();
    assert_eq!(refused.reason(), "RATE_LIMITED");
    let wait = refused.metadata().iter().find(|(key, _)| key == "retry_after_s").unwrap();
    assert!(wait.1.parse::<u32>().unwrap() > 3600, "a third of a day: {}", wait.1);
}

/// The same queries and the same hashing in both: of many tries, the fastest
/// ones take equally long. A dossier with all that one can hold is looked for.
async fn time_tells_no_wrong_code_from_wrong_digits(database: Database) {
    let unlimited = |builder: motcua_testkit::Builder<_>| {
        ["per_code", "per_code_daily", "per_address"]
            .into_iter()
            .fold(builder, |builder, key| builder.set(format!("intake.look_ups_{key}=1000000")))
    };
    let province = Province::open_with(database, unlimited).await;
    let mut large = Province::filled();
    large.subject = "việc ".repeat(190);
    large.answers = Some(crate::neighbours::struct_of(&serde_json::json!({
        "child": { "name": "Trần Minh Khôi ".repeat(5000) }, "father": { "name": "Bình" },
    })));
    let me = citizen(1);
    let draft = province.create(&me, large).await.done();
    let mut client = province.client(&me);
    let paper = crate::support::upload(&draft.name, "chung-sinh", &crate::support::pdf("x"));
    client.upload_paper(paper).await.done();
    let submit = proto::SubmitDossierRequest {
        request_id: crate::support::request_id(),
        name: draft.name,
        ..Default::default()
    };
    let filed = client.submit_dossier(submit).await.done();
    let mut anybody = province.client(&Actor::Anonymous);
    let mut fastest = [std::time::Duration::MAX; 2];
    for _ in 0..300 {
        let asked = [ask(&filed.code, "0000"), ask("H53.12.05-260302-0999", "0000")];
        for (fastest, asked) in fastest.iter_mut().zip(asked) {
            let begun = std::time::Instant::now();
            let answer = anybody.look_up_dossier(asked).await;
            *fastest = begun.elapsed().min(*fastest);
            assert_eq!(answer.reason(), "NOT_FOUND_OR_MISMATCH");
        }
    }
    let [digits, code] = fastest.map(|time| time.as_secs_f64());
    let ratio = digits.max(code) / digits.min(code);
    assert!(ratio < 1.25, "wrong digits {digits} s, wrong code {code} s");
}

async fn who_asks_from_a_telephone_of_the_dossier_is_told(database: Database) {
    let province = Province::open(database).await;
    let accepted = province.accepted(&citizen(1)).await;
    let mut notification = IntakeServiceClient::new(province.env.service("notification"));
    let ask = |code: &str, phone: &str| proto::LookUpByTelephoneRequest {
        code: code.to_owned(),
        phone: phone.to_owned(),
    };
    let phone = "0912345678".to_owned();
    let lower = accepted.code.to_lowercase();
    let found = notification.look_up_by_telephone(ask(&lower, &phone)).await.done();
    assert_eq!((&found.dossier, found.state()), (&accepted.name, proto::DossierState::Accepted));
    assert_eq!(found.promised_due_time, accepted.promised_due_time);
    let unknown = "H53.12.05-260302-0999";
    for (code, phone) in [(&*accepted.code, "0987654321"), (unknown, &*phone)] {
        let refused = notification.look_up_by_telephone(ask(code, phone)).await.refused();
        assert_eq!(refused.reason(), "NOT_FOUND_OR_MISMATCH");
    }
    let wrong = notification.look_up_by_telephone(ask("x", "1")).await.wrong();
    let fields: Vec<_> = wrong.iter().map(|(field, _)| field.as_str()).collect();
    assert_eq!(fields, ["code", "phone"]);
    let mut anybody = province.client(&Actor::Anonymous);
    let refused = anybody.look_up_by_telephone(ask(&accepted.code, &phone)).await.reason();
    assert_ne!(refused, "NOT_FOUND_OR_MISMATCH");
}
