//! Pictures sent through Zalo: offers until their sender confirms them.

use std::collections::BTreeSet;

use chrono::TimeDelta;
use motcua_proto::intake::v1::{
    self as proto, DossierState, ScanState, SupplementProvided, offer_paper_request::Part,
};
use motcua_testkit::{
    Database,
    clamd::{Play, PlayedClamd},
};

use crate::{
    filed::{download, due, files, until_files},
    office::{Province, citizen, desk},
    support::{Answer, Client, on_both_databases, pdf, request_id, upload},
};

on_both_databases!(
    a_confirmed_picture_provides_the_supplement,
    a_picture_is_for_the_paper_that_was_said,
    what_is_not_wanted_or_not_answered_goes_with_its_bytes,
    only_our_own_service_offers_and_only_while_it_is_awaited,
    what_the_scanner_finds_decides,
);

/// How many octets lie in the file store beside a filed dossier's own paper.
const OWN: usize = 1;

fn notification(province: &Province) -> Client {
    Client::new(province.env.service("notification"))
}

/// A small JPEG, of its own content.
fn picture(text: &str) -> Vec<u8> {
    let mut content =
        b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00".to_vec();
    content.extend_from_slice(text.as_bytes());
    content.resize(content.len() + 3_000, 0x20);
    content.extend_from_slice(b"\xff\xd9");
    content
}

async fn offer(
    client: &mut Client,
    request_id: &str,
    dossier: &str,
    content: &[u8],
) -> Result<tonic::Response<proto::PaperOffer>, tonic::Status> {
    let header = proto::PaperOfferHeader { dossier: dossier.to_owned() };
    let first = proto::OfferPaperRequest {
        request_id: request_id.to_owned(),
        part: Some(Part::Header(header)),
    };
    let rest: Vec<_> = content
        .chunks(1_000)
        .map(|chunk| proto::OfferPaperRequest {
            request_id: String::new(),
            part: Some(Part::Chunk(chunk.to_vec())),
        })
        .collect();
    client.offer_paper(futures::stream::iter(std::iter::once(first).chain(rest))).await
}

fn answer(dossier: &str, offers: &[&str], code: &str) -> proto::AnswerPaperOffersRequest {
    proto::AnswerPaperOffersRequest {
        request_id: request_id(),
        dossier: dossier.to_owned(),
        offers: offers.iter().map(ToString::to_string).collect(),
        paper_code: code.to_owned(),
    }
}

async fn a_confirmed_picture_provides_the_supplement(database: Database) {
    let province = Province::open(database).await;
    let me = citizen(1);
    let filed = province.submitted(&me).await;
    province.ask_citizen(&filed.name, "Giấy chứng sinh mờ").await.done();
    let mut zalo = notification(&province);
    let id = request_id();
    let first = offer(&mut zalo, &id, &filed.name, &picture("trang 1")).await.done();
    assert_eq!((&first.dossier, &first.code), (&filed.name, &filed.code));
    let [choice] = &first.choices[..] else { panic!("one paper was asked for: {first:?}") };
    assert_eq!(choice.code, "chung-sinh");
    assert!(!choice.title.is_empty() && choice.title != choice.code, "{choice:?}");
    // Sent again it is the same, and nothing more is stored.
    let again = offer(&mut zalo, &id, &filed.name, &picture("trang 1")).await.done();
    assert_eq!(again.name, first.name);
    let other = offer(&mut zalo, &id, &filed.name, &picture("trang khác")).await.reason();
    assert_eq!(other, "REQUEST_ID_REUSED");
    let second = offer(&mut zalo, &request_id(), &filed.name, &picture("trang 2")).await.done();
    until_files(&province, OWN + 2).await;
    let seen = province.get(&me, &filed.name).await;
    assert_eq!(seen.papers.len(), 1, "no part of the dossier before it is confirmed");
    assert_eq!(seen.state(), DossierState::AwaitingCompletion);

    let both = answer(&filed.name, &[&first.name, &second.name], "chung-sinh");
    let answered = zalo.answer_paper_offers(both.clone()).await.done();
    assert_eq!((answered.bound_count, answered.provided), (2, true), "{answered:?}");
    let repeated = zalo.answer_paper_offers(both).await.done();
    assert_eq!((repeated.bound_count, repeated.provided), (2, true), "as the first was");
    let provided = province.get(&desk(), &filed.name).await;
    assert_eq!(provided.state(), DossierState::Submitted);
    let new: Vec<_> =
        provided.papers.iter().filter(|paper| paper.file_name.contains("zalo")).collect();
    assert_eq!(new.len(), 2);
    assert!(new.iter().all(|paper| paper.code == "chung-sinh" && paper.media_type == "image/jpeg"));
    let mut read = BTreeSet::new();
    for paper in new {
        read.insert(download(&mut province.client(&desk()), &paper.name).await.unwrap().1);
    }
    let sent = ["trang 1", "trang 2"].map(picture);
    assert!(read == BTreeSet::from(sent), "the desk reads what was sent");
    assert_eq!(province.env.said::<SupplementProvided>().await.len(), 1);
    assert_eq!(due(&province, "paper-offer-expiry").await, 0);

    // An act of the applicant, by Zalo.
    let asked = proto::ListTimelineRequest {
        dossier: filed.name.clone(),
        page_size: 100,
        ..Default::default()
    };
    let acts = province.client(&me).list_timeline(asked).await.done().acts;
    let sent = acts.iter().find(|act| act.verb == "send_pictures").unwrap();
    assert!(sent.text.contains("Zalo") && sent.capacity == "citizen", "{sent:?}");
    let gone = proto::GetPaperOfferRequest { name: first.name };
    assert_eq!(zalo.get_paper_offer(gone).await.reason(), "NOT_FOUND");
}

async fn a_picture_is_for_the_paper_that_was_said(database: Database) {
    let province = Province::open(database).await;
    let me = citizen(1);
    let filed = province.submitted(&me).await;
    let two = proto::RequestSupplementRequest {
        request_id: request_id(),
        name: filed.name.clone(),
        reason: "Thiếu hai giấy".to_owned(),
        papers: vec!["chung-sinh".to_owned(), "uy-quyen".to_owned()],
        ..Default::default()
    };
    province.client(&desk()).request_supplement(two).await.done();
    let mut zalo = notification(&province);
    let first = offer(&mut zalo, &request_id(), &filed.name, &picture("1")).await.done();
    let codes: Vec<_> = first.choices.iter().map(|choice| &*choice.code).collect();
    assert_eq!(codes, ["chung-sinh", "uy-quyen"]);
    let unknown = zalo.answer_paper_offers(answer(&filed.name, &[&first.name], "lạ")).await;
    assert_eq!(unknown.reason(), "PAPER_UNKNOWN");
    let one =
        zalo.answer_paper_offers(answer(&filed.name, &[&first.name], "uy-quyen")).await.done();
    assert_eq!((one.bound_count, one.provided), (1, false));
    assert!(one.lacking.iter().any(|lack| lack.contains("Chưa bổ sung")), "{one:?}");
    assert_eq!(province.state(&filed.name).await, DossierState::AwaitingCompletion);
    // What is sent by Zalo and what is uploaded stand side by side.
    let mut client = province.client(&me);
    client.upload_paper(upload(&filed.name, "chung-sinh", &pdf("bản rõ"))).await.done();
    let provided = province.provide(&me, &filed.name).await.done();
    assert_eq!((provided.state(), provided.papers.len()), (DossierState::Submitted, 3));
}

async fn what_is_not_wanted_or_not_answered_goes_with_its_bytes(database: Database) {
    let province = Province::open(database).await;
    let me = citizen(1);
    let filed = province.submitted(&me).await;
    province.ask_citizen(&filed.name, "Giấy chứng sinh mờ").await.done();
    let mut zalo = notification(&province);
    let unwanted = offer(&mut zalo, &request_id(), &filed.name, &picture("1")).await.done();
    until_files(&province, OWN + 1).await;
    let no = answer(&filed.name, &[&unwanted.name], "");
    let answered = zalo.answer_paper_offers(no.clone()).await.done();
    assert_eq!((answered.bound_count, answered.provided), (0, false));
    until_files(&province, OWN).await;
    zalo.answer_paper_offers(no).await.done();
    let late = zalo.answer_paper_offers(answer(&filed.name, &[&unwanted.name], "chung-sinh")).await;
    assert_eq!(late.reason(), "NOT_FOUND");

    offer(&mut zalo, &request_id(), &filed.name, &picture("2")).await.done();
    assert_eq!(files(&province), OWN + 1);
    province.env.clock.advance(TimeDelta::hours(72));
    until_files(&province, OWN).await;
    assert_eq!(province.get(&me, &filed.name).await.papers.len(), 1);
}

async fn only_our_own_service_offers_and_only_while_it_is_awaited(database: Database) {
    let province = Province::open(database).await;
    let me = citizen(1);
    let filed = province.submitted(&me).await;
    let mut zalo = notification(&province);
    let early = offer(&mut zalo, &request_id(), &filed.name, &picture("1")).await;
    assert_eq!(early.reason(), "NOT_AWAITING_SUPPLEMENT");
    province.ask_citizen(&filed.name, "Giấy chứng sinh mờ").await.done();
    for mut other in [
        province.client(&me),
        province.client(&desk()),
        Client::new(province.env.service("payment")),
    ] {
        let offered = offer(&mut other, &request_id(), &filed.name, &picture("1")).await;
        assert_eq!(offered.reason(), "NOT_PERMITTED");
        let answered = other.answer_paper_offers(answer(&filed.name, &["paperOffers/x"], "")).await;
        assert_eq!(answered.reason(), "NOT_PERMITTED");
    }
    let document = offer(&mut zalo, &request_id(), &filed.name, &pdf("không phải ảnh")).await;
    assert_eq!(document.reason(), "FILE_TYPE_REFUSED");
    let unknown = Province::filled().procedure.replace("procedures", "dossiers");
    let nobodys = offer(&mut zalo, &request_id(), &unknown, &picture("1")).await;
    assert_eq!(nobodys.reason(), "NOT_FOUND");
    let none = zalo.answer_paper_offers(answer(&filed.name, &[], "")).await.wrong();
    assert_eq!(none, [("offers".to_owned(), "COUNT_OUT_OF_RANGE".to_owned())]);

    // Provided by another way meanwhile, a picture answers nothing; asked again, not that round.
    let kept = offer(&mut zalo, &request_id(), &filed.name, &picture("1")).await.done();
    let mut client = province.client(&me);
    client.upload_paper(upload(&filed.name, "chung-sinh", &pdf("bản rõ"))).await.done();
    province.provide(&me, &filed.name).await.done();
    let yes = || answer(&filed.name, &[&kept.name], "chung-sinh");
    assert_eq!(zalo.answer_paper_offers(yes()).await.reason(), "NOT_AWAITING_SUPPLEMENT");
    province.ask_citizen(&filed.name, "Vẫn mờ").await.done();
    assert_eq!(zalo.answer_paper_offers(yes()).await.reason(), "NOT_FOUND");
    // Too late is too late.
    province.env.clock.advance(TimeDelta::days(365));
    let late = offer(&mut zalo, &request_id(), &filed.name, &picture("2")).await.reason();
    assert!(["SUPPLEMENT_EXPIRED", "DOSSIER_ENDED"].contains(&&*late), "{late}");
}

async fn what_the_scanner_finds_decides(database: Database) {
    let clamd = PlayedClamd::start(Play::Says("stream: Eicar FOUND"));
    let address = clamd.address();
    let province = Province::open_with(database, |builder| {
        builder
            .set("files.verdict_s=60")
            .set("files.scan=required")
            .set(format!("files.clamd={address}"))
    })
    .await;
    let me = citizen(1);
    clamd.now(Play::Says("stream: OK"));
    let filed = province.submitted(&me).await;
    province.ask_citizen(&filed.name, "Giấy chứng sinh mờ").await.done();
    let mut zalo = notification(&province);
    clamd.now(Play::Says("stream: Eicar FOUND"));
    let infected = offer(&mut zalo, &request_id(), &filed.name, &picture("1")).await;
    assert_eq!(infected.reason(), "FILE_INFECTED");

    // While the scanner is away it waits, and is no paper.
    clamd.now(Play::Away);
    let clean = offer(&mut zalo, &request_id(), &filed.name, &picture("2")).await.done();
    let harmful = offer(&mut zalo, &request_id(), &filed.name, &picture("3")).await.done();
    assert_eq!(clean.scan_state(), ScanState::Waiting);
    let soon = answer(&filed.name, &[&clean.name], "chung-sinh");
    assert_eq!(zalo.answer_paper_offers(soon).await.reason(), "PAPER_NOT_SCANNED");
    clamd.now(Play::Says("stream: Eicar FOUND"));
    let found = province
        .env
        .until(async || {
            let asked = proto::GetPaperOfferRequest { name: harmful.name.clone() };
            let offer = notification(&province).get_paper_offer(asked).await.done();
            (offer.scan_state() == ScanState::Infected).then_some(offer)
        })
        .await;
    assert!(found.problem_text.contains("mã độc"), "{found:?}");
    let never = answer(&filed.name, &[&harmful.name], "chung-sinh");
    assert_eq!(zalo.answer_paper_offers(never).await.reason(), "FILE_INFECTED");
    let papers = province.get(&me, &filed.name).await.papers;
    assert_eq!(papers.len(), 1, "nothing of it is in the dossier");
}
