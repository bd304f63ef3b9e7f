//! Queues and the lock on a task.

use motcua_context::{Actor, Role};
use motcua_proto::access::v1::Role as RoleMessage;
use motcua_proto::workflow::v1 as proto;
use motcua_testkit::Database;
use proto::{TaskFilter, TaskState};
use tonic::{Code, Status};

use crate::support::*;

on_both_databases!(
    online_comes_first_then_what_is_due_first,
    of_two_who_take_at_once_one_wins_and_the_other_is_told,
    a_queue_is_for_those_who_work_there_or_stand_above,
    the_head_assigns_whom_identity_knows_to_be_suitable,
    a_task_is_released_by_its_holder_or_a_superior,
    a_leader_sees_all_below_what_is_due_first_first,
);

async fn list(
    office: &Office,
    by: &Actor,
    filter: TaskFilter,
    page_size: i32,
    page_token: String,
) -> Result<proto::ListTasksResponse, Status> {
    let request = proto::ListTasksRequest {
        role: RoleMessage::HeadOfUnit.into(),
        agency: agency(UNIT).name(),
        filter: filter.into(),
        page_size,
        page_token,
    };
    Ok(office.client(by).list_tasks(request).await?.into_inner())
}

async fn online_comes_first_then_what_is_due_first(database: Database) {
    let office = Office::open(database).await;
    let filings = [(1, false, Some(2)), (2, true, Some(9)), (3, true, None), (4, true, Some(3))];
    for (n, online, days) in filings {
        office.accept(Filed { online, days, ..Filed::online(n) }).await;
    }
    let mut codes = Vec::new();
    let mut token = String::new();
    loop {
        let page = list(&office, &head(), TaskFilter::Waiting, 1, token).await.unwrap();
        codes.extend(page.tasks.into_iter().map(|task| task.dossier));
        token = page.next_page_token;
        if token.is_empty() {
            break;
        }
    }
    assert_eq!(codes, [4, 2, 3, 1].map(dossier), "online by due time, none last, then the desk's");

    office.take(2, "phan-cong", &head()).await.unwrap();
    let count =
        async |filter| list(&office, &head(), filter, 0, String::new()).await.unwrap().tasks.len();
    assert_eq!(count(TaskFilter::Waiting).await, 3);
    assert_eq!(count(TaskFilter::Open).await, 4);
    assert_eq!(count(TaskFilter::Mine).await, 1);
    let other = list(&office, &head(), TaskFilter::Open, 1, String::new()).await.unwrap();
    let reused = list(&office, &head(), TaskFilter::Waiting, 1, other.next_page_token).await;
    assert_eq!(reused.unwrap_err().code(), Code::InvalidArgument, "a token is good for its list");
}

async fn of_two_who_take_at_once_one_wins_and_the_other_is_told(database: Database) {
    let office = Office::open(database).await;
    office.accept(Filed::online(1)).await;
    let [one, other] = [head(), officer(21, Role::HeadOfUnit, UNIT)];
    let (mine, rivals) =
        tokio::join!(office.take(1, "phan-cong", &one), office.take(1, "phan-cong", &other));
    let (winner, refused) = match (mine, rivals) {
        (Ok(task), Err(refused)) | (Err(refused), Ok(task)) => (task, refused),
        other => panic!("exactly one wins: {other:?}"),
    };
    assert_eq!(reason(&refused), (Code::FailedPrecondition, "TASK_TAKEN".into()));
    assert_eq!(told(&refused, "by"), winner.holder);
    let assigned = office.env.said::<proto::TaskAssigned>().await;
    assert_eq!(assigned.len(), 1);
    assert_eq!(assigned[0].assignee, winner.holder);
}

async fn a_queue_is_for_those_who_work_there_or_stand_above(database: Database) {
    let office = Office::open(database).await;
    office.accept(Filed::online(1)).await;
    for (actor, allowed) in [
        (head(), true),
        (leader(), true),
        (officer(31, Role::Leader, PROVINCE), true),
        (officer(32, Role::Auditor, PROVINCE), true),
        (specialist(), false),
        (officer(33, Role::HeadOfUnit, COMMUNE), false),
        (officer(34, Role::Leader, OTHER_COMMUNE), false),
        (officer(35, Role::DeskOfficer, UNIT), false),
    ] {
        let listed = list(&office, &actor, TaskFilter::Waiting, 0, String::new()).await;
        match listed {
            Ok(page) => assert!(allowed && page.tasks.len() == 1, "{actor:?}"),
            Err(refused) => {
                assert!(!allowed, "{actor:?} {refused:?}");
                assert_eq!(reason(&refused), (Code::PermissionDenied, "NOT_YOUR_AGENCY".into()));
            }
        }
    }
    let taken = office.take(1, "phan-cong", &officer(36, Role::Specialist, UNIT)).await;
    assert_eq!(reason(&taken.unwrap_err()), (Code::PermissionDenied, "NOT_YOUR_AGENCY".into()));
}

async fn the_head_assigns_whom_identity_knows_to_be_suitable(database: Database) {
    let office = Office::open(database).await;
    office.accept(Filed::online(1)).await;
    office.take(1, "phan-cong", &head()).await.unwrap();
    let mut request = proto::ForwardTaskRequest {
        request_id: office.env.request_id(),
        name: office.task(1, "phan-cong").await.name,
        assignee: account(12).name(),
        reason: "Ưu tiên".to_owned(),
        ..Default::default()
    };
    let unknown = office.client(&head()).forward_task(request.clone()).await.unwrap_err();
    assert_eq!(reason(&unknown), (Code::FailedPrecondition, "ASSIGNEE_UNSUITABLE".into()));
    office.told_of(&officer(12, Role::Specialist, COMMUNE), 1).await;
    request.request_id = office.env.request_id();
    let elsewhere = office.client(&head()).forward_task(request.clone()).await.unwrap_err();
    assert_eq!(reason(&elsewhere), (Code::FailedPrecondition, "ASSIGNEE_UNSUITABLE".into()));
    office.told_of(&specialist(), 2).await;
    request.request_id = office.env.request_id();
    office.client(&head()).forward_task(request).await.unwrap();
    assert_eq!(office.task(1, "tham-dinh").await.holder, account(12).name());

    let colleague = officer(22, Role::Specialist, UNIT);
    office.told_of(&colleague, 1).await;
    let moved = proto::AssignTaskRequest {
        request_id: office.env.request_id(),
        name: office.task(1, "tham-dinh").await.name,
        assignee: account(22).name(),
        reason: "Nghỉ phép".to_owned(),
        ..Default::default()
    };
    let mut elsewhere = office.client(&officer(41, Role::HeadOfUnit, COMMUNE));
    let refused = elsewhere.assign_task(moved.clone()).await.unwrap_err();
    assert_eq!(reason(&refused).1, "NOT_YOUR_AGENCY");
    let task = office.client(&head()).assign_task(moved).await.unwrap().into_inner();
    assert_eq!((task.holder.as_str(), task.state()), (&*account(22).name(), TaskState::Held));
    let lost = office.forward(1, "tham-dinh", &specialist()).await.unwrap_err();
    assert_eq!(reason(&lost), (Code::FailedPrecondition, "TASK_NOT_HELD".into()));
    assert_eq!(told(&lost, "by"), account(22).name());
}

async fn a_task_is_released_by_its_holder_or_a_superior(database: Database) {
    let office = Office::open(database).await;
    office.accept(Filed::online(1)).await;
    for (releaser, allowed) in
        [(head(), true), (leader(), true), (officer(51, Role::Specialist, UNIT), false)]
    {
        let task = office.take(1, "phan-cong", &head()).await;
        let name = task.map(|task| task.name).unwrap_or(office.task(1, "phan-cong").await.name);
        let request = proto::ReleaseTaskRequest {
            request_id: office.env.request_id(),
            name,
            ..Default::default()
        };
        let released = office.client(&releaser).release_task(request).await;
        assert_eq!(released.is_ok(), allowed, "{releaser:?}");
    }
}

async fn a_leader_sees_all_below_what_is_due_first_first(database: Database) {
    let office = Office::open(database).await;
    let filings = [(1, true, Some(9)), (2, false, Some(2)), (3, true, None), (4, true, Some(3))];
    for (n, online, days) in filings {
        office.accept(Filed { online, days, ..Filed::online(n) }).await;
    }
    office.to_specialist(1).await;
    let below = async |by: Actor, place: u128, page_size, page_token: String| {
        let request = proto::ListTasksRequest {
            agency: agency(place).name(),
            filter: TaskFilter::Below.into(),
            page_size,
            page_token,
            ..Default::default()
        };
        Ok::<_, Status>(office.client(&by).list_tasks(request).await?.into_inner())
    };
    let all = [2, 4, 1, 3].map(dossier);
    for (by, place) in [
        (leader(), COMMUNE),
        (leader(), UNIT),
        (officer(31, Role::Leader, PROVINCE), PROVINCE),
        (officer(31, Role::Auditor, PROVINCE), COMMUNE),
    ] {
        let page = below(by.clone(), place, 0, String::new()).await.unwrap();
        let seen: Vec<_> = page.tasks.into_iter().map(|task| task.dossier).collect();
        assert_eq!(seen, all, "{by:?}: heads' and specialists' tasks, online or not");
    }
    let first = below(leader(), COMMUNE, 3, String::new()).await.unwrap();
    let rest = below(leader(), COMMUNE, 3, first.next_page_token).await.unwrap();
    assert_eq!((first.tasks.len(), rest.tasks.len()), (3, 1));
    let elsewhere = officer(31, Role::Leader, PROVINCE);
    let none = below(elsewhere, OTHER_COMMUNE, 0, String::new()).await.unwrap();
    assert_eq!(none.tasks.len(), 0);
    for by in [head(), specialist(), officer(34, Role::Leader, OTHER_COMMUNE)] {
        let refused = below(by, COMMUNE, 0, String::new()).await.unwrap_err();
        assert_eq!(reason(&refused), (Code::PermissionDenied, "NOT_YOUR_AGENCY".into()));
    }
}
