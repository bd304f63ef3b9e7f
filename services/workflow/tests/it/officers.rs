//! What identity tells of officers.

use motcua_proto::identity::v1 as identity;
use motcua_proto::workflow::v1 as proto;
use motcua_testkit::Database;

use crate::support::*;

on_both_databases!(
    a_barred_officer_is_given_no_work,
    an_older_fact_about_an_officer_is_dropped,
    an_officer_who_leaves_gives_up_their_tasks,
);

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

async fn an_officer_who_leaves_gives_up_their_tasks(database: Database) {
    let office = Office::open(database).await;
    for n in [1, 2] {
        office.accept(Filed::online(n)).await;
        office.told_of(&specialist(), i64::try_from(n).unwrap()).await;
        office.to_specialist(n).await;
    }
    office.request_supplement(2, "").await;
    let barred = identity::AccountDisabled {
        account: account(12).name(),
        version: 9,
        disable_time: stamp(office.env.now()),
    };
    assert_eq!(office.env.tell(account(12).uuid(), &barred).await, None);
    let task = office.task(1, "tham-dinh").await;
    assert_eq!((task.state(), &*task.holder), (proto::TaskState::Waiting, ""));
    let acts = proto::ListActsRequest { parent: process_name(1), ..Default::default() };
    let acts = office.client(&leader()).list_acts(acts).await.unwrap().into_inner().acts;
    let released = acts.last().unwrap();
    assert_eq!(released.kind(), proto::ActKind::Released);
    assert_eq!((&*released.actor, &released.to_account), ("", &account(12).name()));
    office.provide_supplement(2, "").await;
    assert_eq!(office.task(2, "tham-dinh").await.state(), proto::TaskState::Waiting);
    let colleague = officer(22, motcua_context::Role::Specialist, UNIT);
    office.take(2, "tham-dinh", &colleague).await.unwrap();
}
