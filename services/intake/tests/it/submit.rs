use motcua_context::{Actor, Role};
use motcua_intake::Intake;
use motcua_proto::intake::v1::{self as proto, DossierState, DossierSubmitted};
use motcua_testkit::{Builder, Database};

use crate::{
    neighbours::struct_of,
    office::{COMMUNE, OTHER, Province, UNIT, agency, citizen, desk, officer, procedure},
    support::{Answer, on_both_databases, pdf, request_id, upload},
};

on_both_databases!(
    a_filing_gets_its_code_and_is_told,
    everything_missing_is_answered_at_once,
    the_front_door_and_the_channels_are_kept,
    agencies_must_be_competent_and_able_to_receive,
    a_draft_is_changed_by_mask_and_etag,
    the_same_request_is_done_once,
    a_draft_is_filed_under_the_version_in_force,
    an_agency_that_has_ended_receives_nothing_more,
    what_no_desk_could_accept_is_not_filed_online,
    drafts_of_an_account_have_an_end,
    a_forgotten_draft_is_thrown_away,
    codes_count_by_agency_and_day,
    somebody_files_for_another,
);

fn submit(name: &str) -> proto::SubmitDossierRequest {
    proto::SubmitDossierRequest {
        request_id: request_id(),
        name: name.to_owned(),
        ..Default::default()
    }
}

async fn a_filing_gets_its_code_and_is_told(database: Database) {
    let province = Province::open(database).await;
    let filed = province.submitted(&citizen(1)).await;
    assert_eq!(filed.code, "H53.12.05-260302-0001");
    assert_eq!(
        (filed.state(), filed.national_status()),
        (DossierState::Submitted, proto::NationalStatus::Registered,)
    );
    assert_eq!(filed.finance_state(), proto::FinanceState::NotCollectedHere);
    // Eight working hours from Monday 09:00; Tuesday is off: Wednesday 09:00.
    let due = motcua_clockwire::instant(&filed.reply_due_time.unwrap()).unwrap();
    assert_eq!(due.to_rfc3339(), "2026-03-04T02:00:00+00:00");
    let said = province.env.said::<DossierSubmitted>().await;
    assert_eq!(said.len(), 1);
    assert_eq!((said[0].code.as_str(), said[0].version), (filed.code.as_str(), 3));
    assert_eq!(filed.etag, "v3", "created, one paper, filed");
    assert!(filed.applicant.unwrap().account.starts_with("accounts/"));
}

async fn everything_missing_is_answered_at_once(database: Database) {
    let province = Province::open(database).await;
    let mut draft = Province::filled();
    draft.applicant = Some(proto::Party::default());
    draft.answers = Some(struct_of(&serde_json::json!({
        "child": { "name": "", "weight": 3 }, "father": {},
    })));
    let draft = province.create(&citizen(1), draft).await.done();
    let wrong = province.client(&citizen(1)).submit_dossier(submit(&draft.name)).await.wrong();
    let wrong: Vec<_> = wrong.iter().map(|(f, r)| (f.as_str(), r.as_str())).collect();
    assert_eq!(
        wrong,
        [
            ("answers.child.name", "REQUIRED"),
            ("answers.child.weight", "TOO_SMALL"),
            ("answers.father.name", "REQUIRED"),
            ("applicant.citizen_number", "REQUIRED"),
            ("applicant.full_name", "REQUIRED"),
            ("applicant.phone", "REQUIRED"),
            ("papers.chung-sinh", "PAPER_MISSING"),
        ]
    );
    assert!(province.env.said::<DossierSubmitted>().await.is_empty());

    let mut bad = Province::filled();
    bad.applicant = Some(proto::Party {
        phone: "12".into(),
        citizen_number: "9".into(),
        email: "x".into(),
        birth_date: "hôm qua".into(),
        ..Default::default()
    });
    bad.filing_channel = 0;
    bad.procedure = "x".into();
    let wrong = province.create(&citizen(1), bad).await.wrong();
    let fields: Vec<_> = wrong.iter().map(|(field, _)| field.as_str()).collect();
    assert_eq!(
        fields,
        [
            "applicant.birth_date",
            "applicant.citizen_number",
            "applicant.email",
            "applicant.phone",
            "filing_channel",
            "procedure",
        ]
    );
}

async fn the_front_door_and_the_channels_are_kept(database: Database) {
    let province = Province::open(database).await;
    let national = proto::Dossier { procedure: procedure(2), ..Province::filled() };
    let refused = province.create(&citizen(1), national).await.refused();
    assert_eq!(refused.reason(), "FRONT_DOOR_NATIONAL");
    assert!(refused.metadata().contains(&("url".into(), "https://example.vn/thu-tuc".into())));

    let at_desk =
        |dossier| proto::Dossier { filing_channel: proto::FilingChannel::Desk.into(), ..dossier };
    // At the desk the same procedure is received.
    let national = proto::Dossier { procedure: procedure(2), ..Province::filled() };
    let received = province.create(&desk(), at_desk(national)).await.done();
    assert_eq!(received.state(), DossierState::Draft);

    for (actor, dossier) in
        [(citizen(1), at_desk(Province::filled())), (desk(), Province::filled())]
    {
        assert_eq!(province.create(&actor, dossier).await.reason(), "CHANNEL_NOT_YOURS");
    }
    let closed = proto::Dossier { procedure: procedure(9), ..Province::filled() };
    assert_eq!(province.create(&citizen(1), closed).await.reason(), "PROCEDURE_NOT_OPEN");
    let posted = proto::Dossier {
        procedure: procedure(4),
        filing_channel: proto::FilingChannel::Post.into(),
        ..Province::filled()
    };
    assert_eq!(province.create(&desk(), posted).await.reason(), "CHANNEL_NOT_OFFERED");
    let cased = proto::Dossier { case_code: "khác".into(), ..Province::filled() };
    assert_eq!(province.create(&citizen(1), cased).await.reason(), "CASE_UNKNOWN");
    assert_eq!(
        province.create(&Actor::Anonymous, Province::filled()).await.reason(),
        "SIGN_IN_REQUIRED"
    );
    // The province may move the front door while a draft is being written.
    let draft = province.ready_draft(&citizen(1)).await;
    {
        let mut world = province.world.lock().unwrap();
        (world.national, world.revision) = (true, 1);
    }
    let moved = province.client(&citizen(1)).submit_dossier(submit(&draft.name)).await;
    assert_eq!(moved.reason(), "FRONT_DOOR_NATIONAL");
}

async fn agencies_must_be_competent_and_able_to_receive(database: Database) {
    let province = Province::open(database).await;
    let with = |competent: u128, receiving: u128| proto::Dossier {
        competent_agency: agency(competent).name(),
        receiving_agency: agency(receiving).name(),
        ..Province::filled()
    };
    let citizen = citizen(1);
    assert_eq!(province.create(&citizen, with(1, 2)).await.reason(), "AGENCY_NOT_COMPETENT");
    assert_eq!(province.create(&citizen, with(5, 2)).await.reason(), "AGENCY_NOT_COMPETENT");
    assert_eq!(province.create(&citizen, with(2, UNIT)).await.reason(), "AGENCY_CANNOT_RECEIVE");
    let crossed = province.create(&citizen, with(COMMUNE, OTHER)).await.done();
    assert_eq!(crossed.receiving_agency, agency(OTHER).name());
    assert_eq!(crossed.competent_agency, agency(COMMUNE).name());
}

async fn a_draft_is_changed_by_mask_and_etag(database: Database) {
    let province = Province::open(database).await;
    let me = citizen(1);
    let draft = province.create(&me, Province::filled()).await.done();
    let change = |etag: &str, path: &str, subject: &str| proto::UpdateDossierRequest {
        request_id: request_id(),
        dossier: Some(proto::Dossier {
            name: draft.name.clone(),
            etag: etag.to_owned(),
            subject: subject.to_owned(),
            ..Default::default()
        }),
        update_mask: Some(prost_types::FieldMask { paths: vec![path.to_owned()] }),
    };
    let mut client = province.client(&me);
    let changed = client.update_dossier(change(&draft.etag, "subject", "Con đầu")).await.done();
    assert_eq!(changed.subject, "Con đầu");
    assert_eq!(changed.applicant, draft.applicant, "what the mask does not name stays");
    assert_ne!(changed.etag, draft.etag);
    let stale = client.update_dossier(change(&draft.etag, "subject", "x")).await;
    assert_eq!(stale.reason(), "ETAG_MISMATCH");
    let wrong = client.update_dossier(change("", "code", "x")).await.wrong();
    assert_eq!(wrong[0].1, "FIELD_NOT_EDITABLE");

    let stale = proto::SubmitDossierRequest { etag: draft.etag.clone(), ..submit(&draft.name) };
    assert_eq!(client.submit_dossier(stale).await.reason(), "ETAG_MISMATCH");
    let filed = province.submitted(&me).await;
    let mut late = change("", "subject", "x");
    late.dossier.as_mut().unwrap().name = filed.name;
    assert_eq!(client.update_dossier(late).await.reason(), "NOT_EDITABLE");
}

async fn the_same_request_is_done_once(database: Database) {
    let province = Province::open(database).await;
    let me = citizen(1);
    let mut client = province.client(&me);
    let create =
        proto::CreateDossierRequest { request_id: request_id(), dossier: Some(Province::filled()) };
    let first = client.create_dossier(create.clone()).await.done();
    let again = client.create_dossier(create.clone()).await.done();
    assert_eq!(first.name, again.name);
    let mut other = create.clone();
    other.dossier.as_mut().unwrap().subject = "khác".into();
    assert_eq!(client.create_dossier(other).await.reason(), "REQUEST_ID_REUSED");

    let draft = province.ready_draft(&me).await;
    let request = submit(&draft.name);
    let first = client.submit_dossier(request.clone()).await.done();
    let again = client.submit_dossier(request).await.done();
    assert_eq!((first.code, first.etag), (again.code, again.etag));
    assert_eq!(client.submit_dossier(submit(&draft.name)).await.reason(), "NOT_DRAFT");
    assert_eq!(province.env.said::<DossierSubmitted>().await.len(), 1);
    let wrong = client
        .submit_dossier(proto::SubmitDossierRequest {
            request_id: "không".into(),
            ..submit(&draft.name)
        })
        .await
        .wrong();
    assert_eq!(wrong, [("request_id".to_owned(), "REQUEST_ID_INVALID".to_owned())]);
}

async fn a_draft_is_filed_under_the_version_in_force(database: Database) {
    let province = Province::open(database).await;
    let me = citizen(1);
    let running = province.submitted(&me).await;
    let draft = province.ready_draft(&me).await;
    province.world.lock().unwrap().revision = 1;
    let wrong = province.client(&me).submit_dossier(submit(&draft.name)).await.wrong();
    assert_eq!(wrong, [("papers.moi".to_owned(), "PAPER_MISSING".to_owned())]);
    // What was filed before goes on under its own version.
    let accepted = province.accept(&desk(), &running.name).await.done();
    assert_eq!(accepted.procedure_version, running.procedure_version);

    province.world.lock().unwrap().abolished = true;
    let closed = province.client(&me).submit_dossier(submit(&draft.name)).await;
    assert_eq!(closed.reason(), "PROCEDURE_NOT_OPEN");
}

async fn an_agency_that_has_ended_receives_nothing_more(database: Database) {
    let province = Province::open(database).await;
    let me = citizen(1);
    let to = |receiving: u128, competent: u128| proto::Dossier {
        receiving_agency: agency(receiving).name(),
        competent_agency: agency(competent).name(),
        ..Province::filled()
    };
    let received = province.create(&me, to(OTHER, COMMUNE)).await.done();
    let decided = province.create(&me, to(COMMUNE, OTHER)).await.done();
    for draft in [&received, &decided] {
        let paper = upload(&draft.name, "chung-sinh", &pdf("a"));
        province.client(&me).upload_paper(paper).await.done();
    }
    province.env.clock.advance(chrono::TimeDelta::days(70));
    let mut client = province.client(&me);
    let late = client.submit_dossier(submit(&received.name)).await;
    assert_eq!(late.reason(), "AGENCY_CANNOT_RECEIVE");
    let late = client.submit_dossier(submit(&decided.name)).await;
    assert_eq!(late.reason(), "AGENCY_NOT_COMPETENT");
    assert!(province.env.said::<DossierSubmitted>().await.is_empty());
}

async fn what_no_desk_could_accept_is_not_filed_online(database: Database) {
    let province = Province::open(database).await;
    let limitless = proto::Dossier { procedure: procedure(4), ..Province::filled() };
    assert_eq!(province.create(&citizen(1), limitless).await.reason(), "LIMIT_UNKNOWN");
}

async fn drafts_of_an_account_have_an_end(database: Database) {
    let few = |builder: Builder<Intake>| builder.set("intake.max_drafts=2");
    let province = Province::open_with(database, few).await;
    let me = citizen(1);
    let mine = province.ready_draft(&me).await;
    province.create(&me, Province::filled()).await.done();
    let third = province.create(&me, Province::filled()).await;
    assert_eq!(third.reason(), "TOO_MANY_DRAFTS");
    province.create(&citizen(2), Province::filled()).await.done();
    // What was filed is no draft any more.
    province.client(&me).submit_dossier(submit(&mine.name)).await.done();
    province.create(&me, Province::filled()).await.done();
}

async fn a_forgotten_draft_is_thrown_away(database: Database) {
    let province = Province::open(database).await;
    let me = citizen(1);
    let draft = province.ready_draft(&me).await;
    let filed = province.submitted(&me).await;
    province.env.clock.advance(chrono::TimeDelta::days(91));
    let name = draft.name.clone();
    province
        .env
        .until(async || {
            let request = proto::GetDossierRequest { name: name.clone() };
            province.client(&me).get_dossier(request).await.err().map(drop)
        })
        .await;
    assert_eq!(province.get(&me, &filed.name).await.state(), DossierState::Submitted);
}

async fn codes_count_by_agency_and_day(database: Database) {
    let province = Province::open_with(database, |builder| {
        builder
            .set("intake.code_start=9999")
            .set("intake.code_pattern={identifier:leaf_first}-{yyMMdd}-{n:0>4}")
    })
    .await;
    let me = citizen(1);
    let first = province.submitted(&me).await;
    let second = province.submitted(&me).await;
    assert_eq!(first.code, "000.05.12.H53-260302-9999");
    assert_eq!(second.code, "000.05.12.H53-260302-10000");
    // 23:59 and 00:01 in Viet Nam are two days, and one in UTC.
    province.env.clock.set("2026-03-02T16:59:00Z".parse().unwrap());
    assert_eq!(province.submitted(&me).await.code, "000.05.12.H53-260302-10001");
    province.env.clock.set("2026-03-02T17:01:00Z".parse().unwrap());
    assert_eq!(province.submitted(&me).await.code, "000.05.12.H53-260303-9999");

    // Callers at once: every number once.
    let all = futures::future::join_all((0..8).map(|_| province.submitted(&me))).await;
    let mut codes: Vec<_> = all.into_iter().map(|dossier| dossier.code).collect();
    codes.sort();
    codes.dedup();
    assert_eq!(codes.len(), 8);
}

async fn somebody_files_for_another(database: Database) {
    let province = Province::open(database).await;
    let me = citizen(7);
    let mut draft = Province::filled();
    draft.represented_by = Some(proto::Representative {
        party: Some(proto::Party {
            full_name: "Lê Văn Đại".into(),
            citizen_number: "072090004321".into(),
            ..Default::default()
        }),
        basis: proto::RepresentationBasis::Authorisation.into(),
    });
    let draft = province.create(&me, draft).await.done();
    assert!(draft.applicant.unwrap().account.is_empty(), "the applicant has no account here");
    let representative = draft.represented_by.unwrap().party.unwrap();
    assert_eq!(representative.account, crate::office::account(7).name());

    let mut client = province.client(&me);
    client.upload_paper(upload(&draft.name, "chung-sinh", &pdf("x"))).await.done();
    let wrong = client.submit_dossier(submit(&draft.name)).await.wrong();
    assert_eq!(wrong, [("represented_by.party.phone".to_owned(), "REQUIRED".to_owned())]);
    let unit = officer(60, Role::Specialist, UNIT);
    assert_eq!(client_reason(&province, &unit, &draft.name).await, "NOT_FOUND");
}

async fn client_reason(province: &Province, actor: &Actor, name: &str) -> String {
    let request = proto::GetDossierRequest { name: name.to_owned() };
    province.client(actor).get_dossier(request).await.reason()
}
