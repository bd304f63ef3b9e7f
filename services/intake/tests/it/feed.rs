//! Another system reads what happened to its agency's dossiers.

use motcua_context::Actor;
use motcua_proto::intake::v1 as proto;
use motcua_testkit::Database;
use prost::{Message, Name};

use crate::{
    office::{COMMUNE, OTHER, PROVINCE, Province, citizen, desk, system},
    support::{Answer, on_both_databases},
};

on_both_databases!(
    a_system_reads_its_agencys_events_once_and_in_order,
    the_events_of_another_agency_are_not_shown,
    a_system_reads_the_dossiers_of_its_agency_and_no_other,
);

const SCOPES: [&str; 2] = ["dossiers.events", "dossiers.read"];

/// Everything from a token on, and the token to go on from.
async fn read(
    province: &Province,
    actor: &Actor,
    mut token: String,
) -> (Vec<proto::DossierEvent>, String) {
    let mut events = Vec::new();
    loop {
        let request = proto::ListDossierEventsRequest {
            page_size: 2,
            page_token: token,
            ..Default::default()
        };
        let page = province.client(actor).list_dossier_events(request).await.done();
        events.extend(page.events);
        token = page.next_page_token;
        assert!(!token.is_empty());
        if page.up_to_date {
            return (events, token);
        }
    }
}

fn kinds(events: &[proto::DossierEvent]) -> Vec<&str> {
    events.iter().map(|event| event.r#type.rsplit('.').next().unwrap()).collect()
}

async fn a_system_reads_its_agencys_events_once_and_in_order(database: Database) {
    let province = Province::open(database).await;
    let lgsp = system(70, Some(COMMUNE), &SCOPES);
    let (nothing, start) = read(&province, &lgsp, String::new()).await;
    assert!(nothing.is_empty());
    let filed = province.submitted(&citizen(1)).await;
    let (events, token) = read(&province, &lgsp, start.clone()).await;
    assert_eq!(kinds(&events), ["DossierSubmitted"]);
    province.accept(&desk(), &filed.name).await.done();
    let other = province.submitted(&citizen(2)).await;
    let (next, token) = read(&province, &lgsp, token).await;
    assert_eq!(kinds(&next), ["DossierAccepted", "DossierSubmitted"]);
    assert!(read(&province, &lgsp, token).await.0.is_empty(), "each comes once");
    // From the same place the same is read again.
    let (again, _) = read(&province, &lgsp, start).await;
    assert_eq!(again, [events, next.clone()].concat());

    let event = &next[0];
    assert_eq!(event.source, "/motcua/intake");
    assert_eq!(filed.name, format!("dossiers/{}", event.subject));
    assert!(event.event_time.is_some() && event.id.len() == 36);
    let data = event.data.clone().unwrap();
    let full = proto::DossierAccepted::full_name();
    assert_eq!((&event.r#type, data.type_url), (&full, format!("type.googleapis.com/{full}")));
    let accepted = proto::DossierAccepted::decode(data.value.as_slice()).unwrap();
    assert_eq!((accepted.dossier, accepted.code), (filed.name, filed.code));

    let one = proto::ListDossierEventsRequest { dossier: other.name, ..Default::default() };
    let page = province.client(&lgsp).list_dossier_events(one).await.done();
    assert_eq!((kinds(&page.events), page.up_to_date), (vec!["DossierSubmitted"], true));
}

async fn the_events_of_another_agency_are_not_shown(database: Database) {
    let province = Province::open(database).await;
    province.accepted(&citizen(1)).await;
    let above = system(71, Some(PROVINCE), &SCOPES);
    let (events, token) = read(&province, &above, String::new()).await;
    assert_eq!(kinds(&events), ["DossierSubmitted", "DossierAccepted"], "what is below");
    let elsewhere = system(72, Some(OTHER), &SCOPES);
    assert!(read(&province, &elsewhere, String::new()).await.0.is_empty());
    let request = proto::ListDossierEventsRequest::default;
    let stolen = proto::ListDossierEventsRequest { page_token: token, ..request() };
    let wrong = province.client(&elsewhere).list_dossier_events(stolen).await.wrong();
    assert_eq!(wrong[0].1, "PAGE_TOKEN_INVALID");
    let homeless = system(73, None, &SCOPES);
    let refused = province.client(&homeless).list_dossier_events(request()).await.reason();
    assert_eq!(refused, "NO_AGENCY");
    for barred in [system(74, Some(COMMUNE), &["dossiers.read"]), citizen(1), desk()] {
        let reason = province.client(&barred).list_dossier_events(request()).await.reason();
        assert_ne!(reason, "NO_AGENCY");
    }
}

async fn a_system_reads_the_dossiers_of_its_agency_and_no_other(database: Database) {
    let province = Province::open(database).await;
    let filed = province.submitted(&citizen(1)).await;
    let draft = province.ready_draft(&citizen(1)).await;
    let lgsp = system(70, Some(COMMUNE), &SCOPES);
    let seen = province.get(&lgsp, &filed.name).await;
    assert_eq!(seen.applicant.unwrap().full_name, "Nguyễn Thị Hoa");
    let list = proto::ListDossiersRequest::default;
    let page = province.client(&lgsp).list_dossiers(list()).await.done();
    assert_eq!(page.dossiers.len(), 1);
    assert_eq!(page.dossiers[0].applicant_name, "Nguyễn T. H.");
    let timeline = proto::ListTimelineRequest { dossier: filed.name.clone(), ..Default::default() };
    let acts = province.client(&lgsp).list_timeline(timeline.clone()).await.done().acts;
    assert!(!acts.is_empty());

    let elsewhere = system(72, Some(OTHER), &SCOPES);
    for (actor, name) in [(&elsewhere, &filed.name), (&lgsp, &draft.name)] {
        let request = proto::GetDossierRequest { name: name.clone() };
        let fault = province.client(actor).get_dossier(request).await.refused();
        assert_eq!(fault.kind(), motcua_fault::Kind::NotFound);
    }
    assert!(province.client(&elsewhere).list_dossiers(list()).await.done().dossiers.is_empty());
    assert!(province.client(&elsewhere).list_timeline(timeline).await.is_err());
    let theirs = proto::ListDossiersRequest {
        agency: crate::office::agency(COMMUNE).name(),
        ..Default::default()
    };
    let reason = province.client(&elsewhere).list_dossiers(theirs).await.reason();
    assert_eq!(reason, "NOT_YOUR_AGENCY");
}
