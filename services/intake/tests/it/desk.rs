use motcua_context::Role;
use motcua_proto::intake::v1::{
    self as proto, DossierAccepted, DossierRejected, DossierState, DossierSubmitted,
    SupplementRequested,
};
use motcua_proto::r#type::v1::ClockRowKind;
use motcua_testkit::Database;

use crate::{
    neighbours::calendar,
    office::{COMMUNE, OTHER, Province, account, agency, citizen, desk, officer, procedure},
    support::{Answer, on_both_databases, pdf, request_id, upload},
};

on_both_databases!(
    an_acceptance_promises_and_explains,
    of_two_officers_one_is_told_who_was_first,
    the_receipt_shows_what_was_promised,
    a_desk_receives_and_accepts_at_once,
    a_desk_filing_is_checked_as_well,
    a_rejection_has_its_reason,
    without_a_due_date_nothing_is_promised,
    another_desk_may_not,
    any_desk_receives_for_any_agency,
    what_is_brought_incomplete_is_asked_for,
    what_is_brought_in_vain_is_rejected,
    sheets_are_checked_by_their_place,
);

fn receive(name: &str, handed_in: &[(&str, i32)]) -> proto::ReceiveDossierRequest {
    proto::ReceiveDossierRequest {
        request_id: request_id(),
        name: name.to_owned(),
        handed_in: handed_in
            .iter()
            .map(|(code, originals)| proto::HandedInPaper {
                code: (*code).to_owned(),
                originals: *originals,
                copies: 0,
            })
            .collect(),
        ..Default::default()
    }
}

fn utc(at: Option<prost_types::Timestamp>) -> String {
    motcua_clockwire::instant(&at.unwrap()).unwrap().to_rfc3339()
}

async fn an_acceptance_promises_and_explains(database: Database) {
    let province = Province::open(database).await;
    let accepted = province.accepted(&citizen(1)).await;
    assert_eq!(accepted.state(), DossierState::Accepted);
    assert_eq!(accepted.clock(), proto::ClockRunning::Running);
    // Four working days, halved for filing online; Tuesday is off.
    assert_eq!(utc(accepted.promised_due_time), "2026-03-05T02:00:00+00:00");
    assert_eq!(utc(accepted.legal_due_time), "2026-03-09T02:00:00+00:00");
    assert!(accepted.reply_due_time.is_none(), "it was answered");

    let said = province.env.said::<DossierAccepted>().await;
    let said = said.first().unwrap();
    assert_eq!((said.code.as_str(), said.version), (accepted.code.as_str(), 4));
    assert_eq!(said.accepted_by, account(51).name());
    assert_eq!(said.applicant, account(1).name());
    assert_eq!(
        (said.calendar.as_str(), said.calendar_version.as_str()),
        (calendar().name(), "2026.1",)
    );
    assert_eq!(said.limit.as_ref().unwrap().amount, 4);
    assert!(said.receiving_path.ends_with(&format!("{}/", agency(COMMUNE).uuid())));
    let kinds: Vec<_> = said.rows.iter().map(proto_kind).collect();
    assert!(kinds.contains(&ClockRowKind::Halving) && kinds.contains(&ClockRowKind::DayOff));
    assert!(said.rows.iter().all(|row| !row.source.is_empty()), "every row cites its source");
    let minutes: i64 = said.rows.iter().map(|row| row.counted_minutes).sum();
    assert_eq!(minutes, 2 * 480);
    assert!(!said.legal_rows.is_empty(), "the legal time is counted otherwise");
}

fn proto_kind(row: &motcua_proto::r#type::v1::ClockRow) -> ClockRowKind {
    row.kind()
}

async fn of_two_officers_one_is_told_who_was_first(database: Database) {
    let province = Province::open(database).await;
    let filed = province.submitted(&citizen(1)).await;
    let other = officer(52, Role::DeskOfficer, COMMUNE);
    let first = desk();
    let (one, two) =
        tokio::join!(province.accept(&first, &filed.name), province.accept(&other, &filed.name));
    let (winner, refused) = match (one, two) {
        (Ok(_), refused) => (account(51), refused.refused()),
        (refused, _) => (account(52), refused.refused()),
    };
    assert_eq!(refused.reason(), "ALREADY_ACCEPTED");
    assert!(refused.metadata().contains(&("by".to_owned(), winner.name())));
    assert_eq!(province.env.said::<DossierAccepted>().await.len(), 1);
}

async fn the_receipt_shows_what_was_promised(database: Database) {
    let province = Province::open(database).await;
    let me = citizen(1);
    let filed = province.submitted(&me).await;
    let request = proto::GetReceiptRequest { name: filed.name.clone() };
    let early = province.client(&me).get_receipt(request.clone()).await;
    assert_eq!(early.reason(), "NOT_ACCEPTED");
    province.accept(&desk(), &filed.name).await.done();
    let receipt = province.client(&me).get_receipt(request).await.done();
    assert_eq!(receipt.code, filed.code);
    assert_eq!(receipt.applicant_name, "Nguyễn Thị Hoa");
    assert_eq!(receipt.phone, "0912345678");
    assert_eq!(receipt.limit, "04 ngày làm việc");
    assert_eq!(receipt.fees, "Lệ phí: 20.000 đồng");
    assert_eq!(receipt.receiving_agency_name, "Cơ quan 2");
    assert_eq!(receipt.papers.len(), 1);
    assert_eq!((receipt.papers[0].name.as_str(), receipt.papers[0].files), ("Giấy chung-sinh", 1));
    assert_eq!(utc(receipt.promised_due_time), "2026-03-05T02:00:00+00:00");
}

async fn a_desk_receives_and_accepts_at_once(database: Database) {
    let province = Province::open(database).await;
    let at_desk = proto::Dossier {
        filing_channel: proto::FilingChannel::Post.into(),
        answers: None,
        ..Province::filled()
    };
    let draft = province.create(&desk(), at_desk).await.done();
    assert!(draft.code.is_empty());
    let mut client = province.client(&desk());
    let request = receive(&draft.name, &[("chung-sinh", 1), ("to-khai", 1)]);
    let accepted = client.receive_dossier(request.clone()).await.done();
    assert_eq!(accepted.state(), DossierState::Accepted);
    assert_eq!(accepted.code, "H53.12.05-260302-0001", "minted at acceptance");
    // Not halved: it was not filed online.
    assert_eq!(utc(accepted.promised_due_time), "2026-03-09T02:00:00+00:00");
    assert_eq!(accepted.papers.len(), 2);
    assert_eq!(accepted.papers[0].source(), proto::PaperSource::HandedIn);
    let again = client.receive_dossier(request).await.done();
    assert_eq!((again.code, again.etag), (accepted.code, accepted.etag));
    let other = client.receive_dossier(receive(&draft.name, &[])).await;
    assert_eq!(other.reason(), "NOT_DRAFT");
    assert!(province.env.said::<DossierSubmitted>().await.is_empty());
    assert_eq!(province.env.said::<DossierAccepted>().await.len(), 1);
}

async fn a_desk_filing_is_checked_as_well(database: Database) {
    let province = Province::open(database).await;
    let mut at_desk = Province::filled();
    at_desk.filing_channel = proto::FilingChannel::Desk.into();
    at_desk.applicant.as_mut().unwrap().phone = String::new();
    let draft = province.create(&desk(), at_desk).await.done();
    let mut client = province.client(&desk());
    let wrong = client.receive_dossier(receive(&draft.name, &[("chung-sinh", 0)])).await.wrong();
    let wrong: Vec<_> = wrong.iter().map(|(f, r)| (f.as_str(), r.as_str())).collect();
    assert_eq!(
        wrong,
        [("papers.chung-sinh", "PAPER_TOO_FEW"), ("papers.to-khai", "PAPER_MISSING")],
        "at the desk no telephone is asked for"
    );
    let online = province.ready_draft(&citizen(1)).await;
    assert_eq!(client.receive_dossier(receive(&online.name, &[])).await.reason(), "NOT_FOUND");

    let limitless = proto::Dossier {
        procedure: procedure(4),
        filing_channel: proto::FilingChannel::Desk.into(),
        ..Province::filled()
    };
    let draft = province.create(&desk(), limitless).await.done();
    let request = receive(&draft.name, &[("chung-sinh", 1), ("to-khai", 1)]);
    assert_eq!(client.receive_dossier(request).await.reason(), "LIMIT_UNKNOWN");
}

async fn a_rejection_has_its_reason(database: Database) {
    let province = Province::open(database).await;
    let me = citizen(1);
    let filed = province.submitted(&me).await;
    let mut client = province.client(&desk());
    let reject = |reason: &str| proto::RejectDossierRequest {
        request_id: request_id(),
        name: filed.name.clone(),
        reason: reason.to_owned(),
    };
    let wrong = client.reject_dossier(reject(" ")).await.wrong();
    assert_eq!(wrong, [("reason".to_owned(), "REQUIRED".to_owned())]);
    client.reject_dossier(reject("Không thuộc thẩm quyền.")).await.done();
    let mine = province.get(&me, &filed.name).await;
    assert_eq!(
        (mine.state(), mine.end_reason.as_str()),
        (DossierState::Rejected, "Không thuộc thẩm quyền.",)
    );
    assert_eq!(mine.national_status(), proto::NationalStatus::Rejected);
    let said = province.env.said::<DossierRejected>().await;
    assert_eq!(said[0].rejected_by, account(51).name());
    assert_eq!(province.accept(&desk(), &filed.name).await.reason(), "DOSSIER_ENDED");
}

async fn without_a_due_date_nothing_is_promised(database: Database) {
    let province = Province::open(database).await;
    let at_desk = proto::Dossier {
        procedure: procedure(3),
        filing_channel: proto::FilingChannel::Desk.into(),
        ..Province::filled()
    };
    let draft = province.create(&desk(), at_desk).await.done();
    let request = receive(&draft.name, &[("chung-sinh", 1), ("to-khai", 1)]);
    let accepted = province.client(&desk()).receive_dossier(request).await.done();
    assert!(accepted.promised_due_time.is_none() && accepted.legal_due_time.is_none());
    let said = province.env.said::<DossierAccepted>().await;
    assert!(said[0].limit.is_none() && said[0].rows.is_empty());
}

async fn another_desk_may_not(database: Database) {
    let province = Province::open(database).await;
    let filed = province.submitted(&citizen(1)).await;
    let stranger = officer(53, Role::DeskOfficer, OTHER);
    assert_eq!(province.accept(&stranger, &filed.name).await.reason(), "NOT_FOUND");
    let specialist = officer(54, Role::Specialist, COMMUNE);
    assert_eq!(province.accept(&specialist, &filed.name).await.reason(), "NOT_PERMITTED");
    let both = motcua_context::Actor::Officer(motcua_context::Officer {
        account: account(55),
        grants: vec![
            motcua_context::Grant { role: Role::DeskOfficer, agency: agency(OTHER) },
            motcua_context::Grant { role: Role::Specialist, agency: agency(COMMUNE) },
        ],
    });
    assert_eq!(province.accept(&both, &filed.name).await.reason(), "NOT_YOUR_DESK");
}

async fn any_desk_receives_for_any_agency(database: Database) {
    let province = Province::open(database).await;
    let me = citizen(1);
    let crossed = proto::Dossier { receiving_agency: agency(OTHER).name(), ..Province::filled() };
    let draft = province.create(&me, crossed).await.done();
    let mut client = province.client(&me);
    client.upload_paper(upload(&draft.name, "chung-sinh", &pdf("x"))).await.done();
    let submit = proto::SubmitDossierRequest {
        request_id: request_id(),
        name: draft.name.clone(),
        ..Default::default()
    };
    let filed = client.submit_dossier(submit).await.done();
    assert_eq!(filed.code, "H53.12.06-260302-0001", "minted for the desk that receives");
    let said = province.env.said::<DossierSubmitted>().await;
    assert!(said[0].receiving_path.ends_with(&format!("/{}/", agency(OTHER).uuid())));
    assert!(said[0].competent_path.ends_with(&format!("/{}/", agency(COMMUNE).uuid())));
    assert_eq!(said[0].receiving_path.matches('/').count(), 3, "from the root");

    // The agency that decides reads it; it is not its desk's to accept.
    assert_eq!(province.accept(&desk(), &draft.name).await.reason(), "NOT_YOUR_DESK");
    let there = officer(53, Role::DeskOfficer, OTHER);
    let accepted = province.accept(&there, &draft.name).await.done();
    assert_eq!(utc(accepted.promised_due_time), "2026-03-05T02:00:00+00:00");
    let said = province.env.said::<DossierAccepted>().await;
    assert_eq!(said[0].receiving_agency, agency(OTHER).name());
    assert_eq!(said[0].competent_agency, agency(COMMUNE).name());
}

async fn what_is_brought_incomplete_is_asked_for(database: Database) {
    let province = Province::open(database).await;
    let draft = province.brought(proto::FilingChannel::Post).await;
    let asked = province.ask_citizen(&draft.name, "Thiếu giấy chứng sinh.").await.done();
    assert_eq!(asked.state(), DossierState::AwaitingCompletion);
    assert_eq!(asked.national_status(), proto::NationalStatus::Supplement);
    assert!(asked.code.is_empty() && asked.submit_time.is_some());
    let said = province.env.said::<SupplementRequested>().await;
    assert!(said[0].before_acceptance && said[0].code.is_empty());
    let mut client = province.client(&desk());
    let brought = proto::ProvideSupplementRequest {
        request_id: request_id(),
        name: draft.name.clone(),
        handed_in: receive(&draft.name, &[("chung-sinh", 1), ("to-khai", 1)]).handed_in,
        ..Default::default()
    };
    let provided = client.provide_supplement(brought).await.done();
    assert_eq!(provided.state(), DossierState::Submitted);
    // It came on another day than it is accepted on.
    province.env.clock.set("2026-03-04T02:00:00Z".parse().unwrap());
    let accepted = province.accept(&desk(), &draft.name).await.done();
    assert_eq!(accepted.code, "H53.12.05-260304-0001", "minted at acceptance, for that day");
    assert_eq!(utc(accepted.submit_time), "2026-03-02T02:00:00+00:00");
}

async fn what_is_brought_in_vain_is_rejected(database: Database) {
    let province = Province::open(database).await;
    let reject = |name: &str| proto::RejectDossierRequest {
        request_id: request_id(),
        name: name.to_owned(),
        reason: "Không thuộc thẩm quyền.".to_owned(),
    };
    let mut client = province.client(&desk());
    let nobodys = proto::Dossier {
        filing_channel: proto::FilingChannel::Desk.into(),
        applicant: None,
        ..Province::filled()
    };
    let nobodys = province.create(&desk(), nobodys).await.done();
    let wrong = client.reject_dossier(reject(&nobodys.name)).await.wrong();
    assert_eq!(wrong, [("applicant.full_name".to_owned(), "REQUIRED".to_owned())]);

    let draft = province.brought(proto::FilingChannel::Zalo).await;
    let rejected = client.reject_dossier(reject(&draft.name)).await.done();
    assert_eq!(rejected.state(), DossierState::Rejected);
    assert_eq!(rejected.national_status(), proto::NationalStatus::Rejected);
    assert_eq!(rejected.end_reason, "Không thuộc thẩm quyền.");
    let said = province.env.said::<DossierRejected>().await;
    assert_eq!((said.len(), said[0].code.as_str()), (1, ""));
    assert!(said[0].receiving_path.ends_with(&format!("/{}/", agency(COMMUNE).uuid())));
    // It is on record: it is not thrown away as a forgotten draft is.
    province.env.clock.advance(chrono::TimeDelta::days(91));
    let discard = proto::DiscardDossierRequest { request_id: request_id(), name: draft.name };
    let late = province.client(&desk()).discard_dossier(discard).await;
    assert_eq!(late.reason(), "NOT_EDITABLE");

    // What a citizen writes online is theirs until they file it.
    let online = province.ready_draft(&citizen(1)).await;
    let mut client = province.client(&desk());
    assert_eq!(client.reject_dossier(reject(&online.name)).await.reason(), "NOT_FOUND");
}

async fn sheets_are_checked_by_their_place(database: Database) {
    let province = Province::open(database).await;
    let draft = province.brought(proto::FilingChannel::Desk).await;
    let mut client = province.client(&desk());
    let unknown = receive(&draft.name, &[("chung-sinh", 1), ("lạ", 1)]);
    let wrong = client.receive_dossier(unknown).await.wrong();
    let wrong: Vec<_> = wrong.iter().map(|(f, r)| (f.as_str(), r.as_str())).collect();
    assert_eq!(wrong, [("handed_in.1.code", "PAPER_UNKNOWN"), ("papers.to-khai", "PAPER_MISSING")]);
    let many = receive(&draft.name, &[("chung-sinh", 1); 201]);
    let wrong = client.receive_dossier(many).await.wrong();
    assert_eq!(wrong, [("handed_in".to_owned(), "TOO_MANY".to_owned())]);
}
