//! Who may call what: the contract's rule, and the object's.

use motcua_context::{Actor, Role};
use motcua_proto::workflow::v1 as proto;
use motcua_testkit::Database;
use tonic::Code;

use crate::support::*;

on_both_databases!(
    a_process_exists_for_those_who_take_part,
    citizens_and_strangers_stay_outside,
    everything_wrong_is_answered_at_once,
);

async fn a_process_exists_for_those_who_take_part(database: Database) {
    let office = Office::open(database).await;
    office.accept(Filed::online(1)).await;
    let task = office.task(1, "phan-cong").await.name;
    for (actor, sees) in [
        (head(), true),
        (specialist(), true),
        (leader(), true),
        (officer(1, Role::DeskOfficer, OTHER_COMMUNE), true),
        (officer(2, Role::Auditor, PROVINCE), true),
        (officer(3, Role::Leader, DEPARTMENT), false),
        (officer(4, Role::Specialist, DEPARTMENT), false),
        (officer(5, Role::Specialist, PROVINCE), false),
    ] {
        let mut client = office.client(&actor);
        let got = client.get_process(proto::GetProcessRequest { name: process_name(1) }).await;
        assert_eq!(got.is_ok(), sees, "{actor:?}");
        let acts = proto::ListActsRequest { parent: process_name(1), ..Default::default() };
        assert_eq!(client.list_acts(acts).await.is_ok(), sees, "{actor:?}");
        let got = client.get_task(proto::GetTaskRequest { name: task.clone() }).await;
        match got {
            Ok(_) => assert!(sees),
            Err(hidden) => {
                assert_eq!(reason(&hidden), (Code::NotFound, "TASK_NOT_FOUND".into()));
            }
        }
    }
}

async fn citizens_and_strangers_stay_outside(database: Database) {
    let office = Office::open(database).await;
    office.accept(Filed::online(1)).await;
    let get = || proto::GetProcessRequest { name: process_name(1) };
    let refused = office.client(&citizen()).get_process(get()).await.unwrap_err();
    assert_eq!(refused.code(), Code::PermissionDenied);
    let refused = office.client(&Actor::Anonymous).get_process(get()).await.unwrap_err();
    assert_eq!(refused.code(), Code::Unauthenticated);
    let editor = officer(6, Role::CatalogEditor, COMMUNE);
    let refused = office.client(&editor).get_process(get()).await.unwrap_err();
    assert_eq!(refused.code(), Code::PermissionDenied);
    let wire = office.env.service("notification");
    let mut other = proto::workflow_service_client::WorkflowServiceClient::new(wire);
    assert_eq!(other.get_process(get()).await.unwrap_err().code(), Code::PermissionDenied);
    let unknown = proto::GetProcessRequest { name: process_name(77) };
    let refused = office.client(&leader()).get_process(unknown).await.unwrap_err();
    assert_eq!(reason(&refused), (Code::NotFound, "PROCESS_NOT_FOUND".into()));
}

async fn everything_wrong_is_answered_at_once(database: Database) {
    let office = Office::open(database).await;
    office.accept(Filed::online(1)).await;
    let request = proto::AskSupplementRequest {
        request_id: office.env.request_id(),
        name: "tasks/x".to_owned(),
        etag: "y".to_owned(),
        reasons: "  ".to_owned(),
        papers: vec![proto::AskedPaper::default()],
    };
    let refused = office.client(&specialist()).ask_supplement(request).await.unwrap_err();
    let fault = motcua_rpc::fault(refused);
    let fields: Vec<_> = fault.violations().iter().map(|v| v.field.as_str()).collect();
    assert_eq!(fields, ["name", "etag", "reasons", "papers.0.display_name"], "{fault:?}");
    let request = proto::TakeTaskRequest { name: "tasks/x".to_owned(), ..Default::default() };
    let refused = office.client(&specialist()).take_task(request).await.unwrap_err();
    assert_eq!(refused.code(), Code::InvalidArgument, "a change carries a request id");
}
