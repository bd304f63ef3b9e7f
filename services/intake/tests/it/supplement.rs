use motcua_proto::intake::v1::{
    self as proto, DossierRejected, DossierState, DossierStopped, SupplementDeclined,
    SupplementExpired, SupplementProvided, SupplementRequested,
};
use motcua_testkit::Database;

use crate::{
    office::{Province, ask, citizen, desk, key},
    support::{Answer, on_both_databases, pdf, request_id, upload},
};

on_both_databases!(
    the_desk_asks_before_acceptance_twice_and_no_more,
    the_specialists_words_reach_the_citizen,
    a_supplement_asked_twice_during_processing,
    the_desk_declines,
    what_was_asked_for_must_come,
    answers_are_corrected_and_persons_are_settled,
    asked_answers_must_change_and_all_changes_are_shown,
    a_missed_deadline_rejects_or_stops,
    a_repeated_forwarding_is_answered_as_the_first_was,
);

async fn add_paper(province: &Province, name: &str) {
    let content = pdf("bản rõ");
    province.client(&citizen(1)).upload_paper(upload(name, "chung-sinh", &content)).await.done();
}

async fn the_desk_asks_before_acceptance_twice_and_no_more(database: Database) {
    let province = Province::open(database).await;
    let me = citizen(1);
    let filed = province.submitted(&me).await;
    for round in 1..=2 {
        let asked = province.ask_citizen(&filed.name, "Thiếu trang 2").await.done();
        assert_eq!(asked.state(), DossierState::AwaitingCompletion);
        assert_eq!(asked.national_status(), proto::NationalStatus::Supplement);
        assert_eq!(asked.clock(), proto::ClockRunning::NotStarted);
        assert_eq!(province.accept(&desk(), &filed.name).await.reason(), "AWAITING_CITIZEN");
        assert_eq!(province.ask_citizen(&filed.name, "nữa").await.reason(), "ALREADY_ASKED");
        add_paper(&province, &filed.name).await;
        let provided = province.provide(&me, &filed.name).await.done();
        assert_eq!(provided.state(), DossierState::Submitted);
        assert_eq!(provided.supplements.len(), round);
        assert_eq!(provided.supplements[round - 1].reason, "Thiếu trang 2");
        assert_eq!(provided.supplements[round - 1].state(), proto::SupplementState::Provided);
    }
    assert_eq!(province.ask_citizen(&filed.name, "nữa").await.reason(), "TOO_MANY_ROUNDS");
    let said = province.env.said::<SupplementRequested>().await;
    assert!(said.iter().all(|event| event.before_acceptance && event.ask.is_empty()));
    province.accept(&desk(), &filed.name).await.done();
}

async fn the_specialists_words_reach_the_citizen(database: Database) {
    let province = Province::open(database).await;
    let me = citizen(1);
    let dossier = province.processing(&me).await;
    assert_eq!(
        province.ask_citizen(&dossier.name, "tự ý").await.reason(),
        "NOT_ASKED_BY_SPECIALIST"
    );
    province.needed(&dossier.name, 2).await;
    assert_eq!(province.state(&dossier.name).await, DossierState::SupplementNeeded);
    let asked = province.ask_citizen(&dossier.name, "").await.done();
    let round = &asked.supplements[0];
    assert!(round.reason.starts_with("Giấy chứng sinh mờ") && round.reason.contains("bản rõ hơn"));
    assert_eq!(
        (round.papers.as_slice(), round.ask.as_str()),
        (["chung-sinh".to_owned()].as_slice(), ask(2).as_str(),)
    );
    assert_eq!(asked.clock(), proto::ClockRunning::Stopped);
    let said = province.env.said::<SupplementRequested>().await;
    assert_eq!((said[0].ask.as_str(), said[0].round), (ask(2).as_str(), 1));
    assert!(!said[0].before_acceptance);
    // Thirty calendar days end on Wednesday 2026-04-01 at the close.
    let deadline = motcua_clockwire::instant(&said[0].deadline.unwrap()).unwrap();
    assert_eq!(deadline.to_rfc3339(), "2026-04-01T10:00:00+00:00");
}

async fn a_supplement_asked_twice_during_processing(database: Database) {
    let province = Province::open(database).await;
    let me = citizen(1);
    let dossier = province.processing(&me).await;
    for version in [2, 3] {
        province.needed(&dossier.name, version).await;
        province.ask_citizen(&dossier.name, "").await.done();
        add_paper(&province, &dossier.name).await;
        let provided = province.provide(&me, &dossier.name).await.done();
        assert_eq!(provided.state(), DossierState::Processing);
    }
    let said = province.env.said::<SupplementProvided>().await;
    let asks: Vec<_> = said.iter().map(|event| (event.ask.clone(), event.round)).collect();
    assert_eq!(asks, [(ask(2), 1), (ask(3), 2)]);
}

async fn the_desk_declines(database: Database) {
    let province = Province::open(database).await;
    let dossier = province.processing(&citizen(1)).await;
    let decline = || proto::DeclineSupplementRequest {
        request_id: request_id(),
        name: dossier.name.clone(),
        reason: "Đã có trong cơ sở dữ liệu.".to_owned(),
    };
    let mut client = province.client(&desk());
    assert_eq!(client.decline_supplement(decline()).await.reason(), "NOT_ASKED_BY_SPECIALIST");
    province.needed(&dossier.name, 2).await;
    let declined = client.decline_supplement(decline()).await.done();
    assert_eq!(declined.state(), DossierState::Processing);
    let said = province.env.said::<SupplementDeclined>().await;
    assert_eq!(said[0].ask, ask(2));
}

async fn what_was_asked_for_must_come(database: Database) {
    let province = Province::open(database).await;
    let me = citizen(1);
    let filed = province.submitted(&me).await;
    assert_eq!(province.provide(&me, &filed.name).await.reason(), "NOT_AWAITING_SUPPLEMENT");
    province.env.clock.set("2026-03-04T02:00:00Z".parse().unwrap());
    let asked = province.ask_citizen(&filed.name, "Ảnh mờ").await.done();
    assert!(asked.reply_due_time.is_none(), "the desk has answered");
    let wrong = province.provide(&me, &filed.name).await.wrong();
    assert_eq!(wrong, [("papers.chung-sinh".to_owned(), "SUPPLEMENT_MISSING".to_owned())]);
    // What was filed before stays in the record.
    let remove =
        proto::RemovePaperRequest { request_id: request_id(), name: filed.papers[0].name.clone() };
    assert_eq!(province.client(&me).remove_paper(remove).await.reason(), "PAPER_FILED");
    // Sheets are counted where they are handed over.
    let sheets = vec![proto::HandedInPaper { code: "chung-sinh".to_owned(), ..Default::default() }];
    let by_themselves = proto::ProvideSupplementRequest {
        request_id: request_id(),
        name: filed.name.clone(),
        handed_in: sheets,
        ..Default::default()
    };
    let wrong = province.client(&me).provide_supplement(by_themselves).await.wrong();
    assert!(wrong.contains(&("handed_in".to_owned(), "DESK_ONLY".to_owned())), "{wrong:?}");
    // The desk may bring it in for them.
    let brought = proto::ProvideSupplementRequest {
        request_id: request_id(),
        name: filed.name.clone(),
        handed_in: vec![proto::HandedInPaper {
            code: "chung-sinh".to_owned(),
            originals: 1,
            copies: 0,
        }],
        ..Default::default()
    };
    let provided = province.client(&desk()).provide_supplement(brought).await.done();
    assert_eq!(provided.papers.len(), 2);
    // Asked and answered at nine: the desk has its eight working hours anew.
    let due = motcua_clockwire::instant(&provided.reply_due_time.unwrap()).unwrap();
    assert_eq!(due.to_rfc3339(), "2026-03-05T02:00:00+00:00");
    let unknown = proto::RequestSupplementRequest {
        request_id: request_id(),
        name: filed.name,
        reason: "x".to_owned(),
        papers: vec!["lạ".to_owned()],
        ..Default::default()
    };
    let unknown = proto::RequestSupplementRequest {
        answers: ["answers.father.name", "father.name"].map(ToOwned::to_owned).into(),
        ..unknown
    };
    let wrong = province.client(&desk()).request_supplement(unknown).await.wrong();
    let wrong: Vec<_> = wrong.iter().map(|(f, r)| (f.as_str(), r.as_str())).collect();
    assert_eq!(wrong, [("answers.1", "ANSWER_UNKNOWN"), ("papers.0", "PAPER_UNKNOWN")]);
}

async fn answers_are_corrected_and_persons_are_settled(database: Database) {
    let province = Province::open(database).await;
    let me = citizen(1);
    let filed = province.submitted(&me).await;
    province.ask_citizen(&filed.name, "Sai tên trẻ").await.done();
    let change = |path: &str| proto::UpdateDossierRequest {
        request_id: request_id(),
        dossier: Some(proto::Dossier {
            name: filed.name.clone(),
            answers: Some(crate::neighbours::struct_of(&serde_json::json!({
                "child": { "name": "Trần Minh Khang" }, "father": {},
            }))),
            ..Default::default()
        }),
        update_mask: Some(prost_types::FieldMask { paths: vec![path.to_owned()] }),
    };
    let mut client = province.client(&me);
    assert_eq!(client.update_dossier(change("applicant")).await.reason(), "NOT_EDITABLE");
    let by_desk = province.client(&desk()).update_dossier(change("answers")).await;
    assert_eq!(by_desk.reason(), "CITIZENS_OWN");
    client.update_dossier(change("answers")).await.done();
    add_paper(&province, &filed.name).await;
    let wrong = province.provide(&me, &filed.name).await.wrong();
    assert_eq!(wrong, [("answers.father.name".to_owned(), "REQUIRED".to_owned())]);
}

async fn asked_answers_must_change_and_all_changes_are_shown(database: Database) {
    let province = Province::open(database).await;
    let me = citizen(1);
    let filed = province.submitted(&me).await;
    let ask = |path: &str| proto::RequestSupplementRequest {
        request_id: request_id(),
        name: filed.name.clone(),
        reason: "Sai chính tả".to_owned(),
        answers: vec![path.to_owned()],
        ..Default::default()
    };
    let change = |child: &str, father: &str| proto::UpdateDossierRequest {
        request_id: request_id(),
        dossier: Some(proto::Dossier {
            name: filed.name.clone(),
            answers: Some(crate::neighbours::struct_of(&serde_json::json!({
                "child": { "name": child }, "father": { "name": father },
            }))),
            ..Default::default()
        }),
        update_mask: Some(prost_types::FieldMask { paths: vec!["answers".to_owned()] }),
    };
    let (mut citizen, mut officer) = (province.client(&me), province.client(&desk()));
    officer.request_supplement(ask("answers.father.name")).await.done();
    let wrong = province.provide(&me, &filed.name).await.wrong();
    assert_eq!(wrong, [("answers.father.name".to_owned(), "SUPPLEMENT_MISSING".to_owned())]);
    citizen.update_dossier(change("Trần Minh Khang", "Trần Văn Sửa")).await.done();
    province.provide(&me, &filed.name).await.done();
    let changed = async |round: usize| {
        let mut changed =
            province.get(&desk(), &filed.name).await.supplements[round].changed_answers.clone();
        changed.sort_unstable();
        changed
    };
    let first = changed(0).await;
    assert!(first.contains(&"answers.father.name".to_owned()), "{first:?}");
    // What was not asked for and was changed all the same is shown to the desk too.
    assert!(first.iter().any(|path| path.starts_with("answers.child.")), "{first:?}");
    officer.request_supplement(ask("answers.child.name")).await.done();
    citizen.update_dossier(change("Trần Minh Khánh", "Trần Văn Sửa")).await.done();
    assert_eq!(changed(1).await, Vec::<String>::new(), "it is not provided yet");
    province.provide(&me, &filed.name).await.done();
    assert_eq!(changed(1).await, ["answers.child.name"]);
    assert_eq!(changed(0).await, first, "each round shows its own");
}

async fn a_missed_deadline_rejects_or_stops(database: Database) {
    let province = Province::open(database).await;
    let me = citizen(1);
    let before = province.submitted(&me).await;
    let after = province.processing(&me).await;
    let answered = province.submitted(&me).await;
    for name in [&before.name, &answered.name] {
        province.ask_citizen(name, "Thiếu").await.done();
    }
    province.needed(&after.name, 2).await;
    province.ask_citizen(&after.name, "").await.done();
    add_paper(&province, &answered.name).await;
    province.provide(&me, &answered.name).await.done();

    province.env.clock.set("2026-04-01T10:00:00Z".parse().unwrap());
    assert_eq!(province.state(&before.name).await, DossierState::AwaitingCompletion);
    province.env.clock.set("2026-04-01T10:00:02Z".parse().unwrap());
    province
        .env
        .until(async || {
            let said = province.env.said::<SupplementExpired>().await;
            (said.len() == 2).then_some(())
        })
        .await;
    assert_eq!(province.state(&before.name).await, DossierState::Rejected);
    assert_eq!(province.state(&after.name).await, DossierState::Stopped);
    assert_eq!(province.state(&answered.name).await, DossierState::Submitted);
    let rejected = province.env.said::<DossierRejected>().await;
    assert!(rejected[0].rejected_by.is_empty(), "a deadline did it");
    let stopped = province.env.said::<DossierStopped>().await;
    assert_eq!(stopped[0].cause(), proto::StopCause::SupplementExpired);
    let expired = province.env.said::<SupplementExpired>().await;
    let of_it = expired.iter().find(|event| event.dossier == after.name).unwrap();
    assert!(of_it.version < stopped[0].version, "each event has its own version");
    // Workflow's own end comes after ours, and changes nothing.
    let ended = motcua_proto::workflow::v1::ProcessStopped {
        dossier: after.name.clone(),
        version: 9,
        ..Default::default()
    };
    assert_eq!(province.env.tell(key(&after.name), &ended).await, None);
    assert_eq!(province.state(&after.name).await, DossierState::Stopped);
}

async fn a_repeated_forwarding_is_answered_as_the_first_was(database: Database) {
    let province = Province::open(database).await;
    let dossier = province.processing(&citizen(1)).await;
    province.needed(&dossier.name, 2).await;
    let request = proto::RequestSupplementRequest {
        request_id: request_id(),
        name: dossier.name,
        ..Default::default()
    };
    let mut client = province.client(&desk());
    let first = client.request_supplement(request.clone()).await.done();
    let again = client.request_supplement(request).await.done();
    assert_eq!(first.etag, again.etag);
    assert_eq!(province.env.said::<SupplementRequested>().await.len(), 1);
}
