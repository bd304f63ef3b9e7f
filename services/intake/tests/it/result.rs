use chrono::TimeDelta;
use motcua_proto::intake::v1::{
    self as proto, DossierClosed, DossierState, ResultReady, ResultReturned,
};
use motcua_testkit::Database;

use crate::{
    office::{Province, citizen, desk},
    support::{Answer, on_both_databases, request_id},
};

on_both_databases!(
    a_result_is_returned_and_the_dossier_closed,
    a_returned_dossier_closes_by_itself,
    the_citizen_reads_the_whole_story,
);

fn give(name: &str, way: proto::ReturnWay) -> proto::ReturnResultRequest {
    proto::ReturnResultRequest {
        request_id: request_id(),
        name: name.to_owned(),
        way: way.into(),
        received_by: "Nguyễn Thị Hoa".to_owned(),
        ..Default::default()
    }
}

async fn a_result_is_returned_and_the_dossier_closed(database: Database) {
    let province = Province::open(database).await;
    let dossier = province.processing(&citizen(1)).await;
    let mut client = province.client(&desk());
    let early = client.return_result(give(&dossier.name, proto::ReturnWay::Desk)).await;
    assert_eq!(early.reason(), "RESULT_NOT_READY");
    province.approved(&dossier.name, 2).await;
    let ready = province.get(&desk(), &dossier.name).await;
    assert_eq!(
        (ready.state(), ready.delivery_state()),
        (DossierState::ResultReady, proto::DeliveryState::Waiting,)
    );
    assert!(ready.result.starts_with("results/"));
    let close =
        || proto::CloseDossierRequest { request_id: request_id(), name: dossier.name.clone() };
    assert_eq!(client.close_dossier(close()).await.reason(), "NOT_RETURNED");
    let sent = client.return_result(give(&dossier.name, proto::ReturnWay::Post)).await.done();
    assert_eq!(
        (sent.state(), sent.delivery_state()),
        (DossierState::Returned, proto::DeliveryState::Sent,)
    );
    let twice = client.return_result(give(&dossier.name, proto::ReturnWay::Desk)).await;
    assert_eq!(twice.reason(), "ALREADY_RETURNED");
    let closed = client.close_dossier(close()).await.done();
    assert_eq!(
        (closed.state(), closed.delivery_state()),
        (DossierState::Closed, proto::DeliveryState::Delivered,)
    );
    assert_eq!(client.close_dossier(close()).await.reason(), "DOSSIER_ENDED");
    assert_eq!(province.env.said::<ResultReady>().await[0].way(), proto::ReturnWay::Desk);
    assert_eq!(province.env.said::<ResultReturned>().await[0].way(), proto::ReturnWay::Post);
    assert_eq!(province.env.said::<DossierClosed>().await.len(), 1);
}

async fn a_returned_dossier_closes_by_itself(database: Database) {
    let province = Province::open(database).await;
    let dossier = province.processing(&citizen(1)).await;
    province.approved(&dossier.name, 2).await;
    let mut client = province.client(&desk());
    client.return_result(give(&dossier.name, proto::ReturnWay::Desk)).await.done();
    province.env.clock.advance(TimeDelta::days(15) + TimeDelta::seconds(1));
    province.env.until(async || province.env.said::<DossierClosed>().await.first().map(drop)).await;
    assert_eq!(province.state(&dossier.name).await, DossierState::Closed);
}

async fn the_citizen_reads_the_whole_story(database: Database) {
    let province = Province::open(database).await;
    let me = citizen(1);
    let dossier = province.processing(&me).await;
    province.needed(&dossier.name, 2).await;
    let decline = proto::DeclineSupplementRequest {
        request_id: request_id(),
        name: dossier.name.clone(),
        reason: "Không cần.".to_owned(),
    };
    province.client(&desk()).decline_supplement(decline).await.done();
    province.approved(&dossier.name, 3).await;

    let mut acts = Vec::new();
    let mut token = String::new();
    loop {
        let request = proto::ListTimelineRequest {
            dossier: dossier.name.clone(),
            page_size: 2,
            page_token: token,
        };
        let page = province.client(&me).list_timeline(request).await.done();
        acts.extend(page.acts);
        token = page.next_page_token;
        if token.is_empty() {
            break;
        }
    }
    let verbs: Vec<_> = acts.iter().map(|act| act.verb.as_str()).collect();
    assert_eq!(verbs, ["create", "submit", "accept", "start_processing", "result_ready"]);
    assert!(acts.iter().all(|act| !act.text.is_empty()));
    let accept = &acts[2];
    assert!(accept.actor.is_empty(), "an officer's account is not the citizen's to know");
    assert_eq!(accept.capacity, "desk_officer");

    let request =
        proto::ListTimelineRequest { dossier: dossier.name.clone(), ..Default::default() };
    let all = province.client(&desk()).list_timeline(request).await.done().acts;
    let declined = all.iter().find(|act| act.verb == "decline_supplement").unwrap();
    assert_eq!(declined.reason, "Không cần.");
    assert!(!declined.actor.is_empty());
}
