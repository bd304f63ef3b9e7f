//! The same request, event or version twice.

use motcua_proto::intake::v1 as intake;
use motcua_proto::workflow::v1 as proto;
use motcua_testkit::Database;
use proto::ProcessState;
use tonic::Code;

use crate::support::*;

on_both_databases!(
    a_request_sent_twice_is_done_once,
    an_event_told_twice_counts_once,
    an_older_fact_is_dropped,
    a_stale_etag_is_refused,
);

async fn a_request_sent_twice_is_done_once(database: Database) {
    let office = Office::open(database).await;
    office.accept(Filed::online(1)).await;
    let request = proto::TakeTaskRequest {
        request_id: office.env.request_id(),
        name: office.task(1, "phan-cong").await.name,
        etag: String::new(),
    };
    let mut client = office.client(&head());
    let first = client.take_task(request.clone()).await.unwrap().into_inner();
    let second = client.take_task(request.clone()).await.unwrap().into_inner();
    assert_eq!(first, second);
    let other = proto::TakeTaskRequest { etag: "1".to_owned(), ..request };
    let reused = client.take_task(other).await.unwrap_err();
    assert_eq!(reason(&reused), (Code::InvalidArgument, "REQUEST_ID_REUSED".into()));
    assert_eq!(office.env.said::<proto::TaskAssigned>().await.len(), 1);
}

async fn an_event_told_twice_counts_once(database: Database) {
    let office = Office::open(database).await;
    let event = office.acceptance(Filed::online(1));
    let envelope = office.env.envelope(key(1), &event);
    assert_eq!(office.env.tell_again(envelope.clone()).await, None);
    assert_eq!(office.env.tell_again(envelope).await, None);
    assert_eq!(office.env.tell(key(1), &event).await, None, "the same fact as another event");
    assert_eq!(office.env.said::<proto::ProcessStarted>().await.len(), 1);
}

async fn an_older_fact_is_dropped(database: Database) {
    let office = Office::open(database).await;
    office.accept(Filed::online(1)).await;
    let old = office.next_version();
    office.request_supplement(1, "").await;
    let late = intake::SupplementProvided {
        dossier: dossier(1),
        version: old,
        provide_time: stamp(office.env.now()),
        ..Default::default()
    };
    assert_eq!(office.env.tell(key(1), &late).await, None);
    assert_eq!(office.process(1).await.state(), ProcessState::AwaitingSupplement);
}

async fn a_stale_etag_is_refused(database: Database) {
    let office = Office::open(database).await;
    office.accept(Filed::online(1)).await;
    let task = office.task(1, "phan-cong").await;
    office.take(1, "phan-cong", &head()).await.unwrap();
    let mut request = proto::ForwardTaskRequest {
        request_id: office.env.request_id(),
        name: task.name,
        etag: task.etag,
        ..Default::default()
    };
    let mut client = office.client(&head());
    let stale = client.forward_task(request.clone()).await.unwrap_err();
    assert_eq!(reason(&stale), (Code::Aborted, "ETAG_MISMATCH".into()));
    request.etag = told(&stale, "current");
    client.forward_task(request.clone()).await.unwrap();
    request.etag = String::from("x");
    request.request_id = office.env.request_id();
    let wrong = client.forward_task(request).await.unwrap_err();
    assert_eq!(wrong.code(), Code::InvalidArgument);
}
