//! What identity tells of officers.

use motcua_proto::identity::v1 as identity;
use motcua_proto::workflow::v1 as proto;
use motcua_testkit::Database;

use crate::support::*;

on_both_databases!(a_barred_officer_is_given_no_work, an_older_fact_about_an_officer_is_dropped);

async fn assign(office: &Office) -> Result<proto::Task, tonic::Status> {
    let request = proto::AssignTaskRequest {
        request_id: office.env.request_id(),
        name: office.task(1, "phan-cong").await.name,
        assignee: account(11).name(),
        ..Default::default()
    };
    Ok(office.client(&leader()).assign_task(request).await?.into_inner())
}

async fn a_barred_officer_is_given_no_work(database: Database) {
    let office = Office::open(database).await;
    office.accept(Filed::online(1)).await;
    office.told_of(&head(), 1).await;
    let barred = identity::AccountDisabled {
        account: account(11).name(),
        version: 2,
        disable_time: stamp(office.env.now()),
    };
    assert_eq!(office.env.tell(account(11).uuid(), &barred).await, None);
    assert_eq!(reason(&assign(&office).await.unwrap_err()).1, "ASSIGNEE_UNSUITABLE");
    let enabled = identity::AccountEnabled {
        account: account(11).name(),
        version: 3,
        enable_time: stamp(office.env.now()),
    };
    assert_eq!(office.env.tell(account(11).uuid(), &enabled).await, None);
    assert_eq!(
        assign(&office).await.unwrap().holder,
        account(11).name(),
        "with the roles as before"
    );
}

async fn an_older_fact_about_an_officer_is_dropped(database: Database) {
    let office = Office::open(database).await;
    office.accept(Filed::online(1)).await;
    office.told_of(&head(), 5).await;
    office.told_of(&officer(11, motcua_context::Role::Auditor, UNIT), 4).await;
    assign(&office).await.unwrap();
}
