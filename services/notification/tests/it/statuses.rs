//! How others keep count.

use std::time::Duration;

use chrono::TimeDelta;
use motcua_context::{Actor, Role, System};
use motcua_ids::AgencyId;
use motcua_proto::notification::v1::{
    ListMessageStatusesRequest, MessageChannel, MessageState, MessageStatus,
};
use motcua_testkit::Database;
use sea_orm::{ConnectionTrait, Statement, TransactionTrait};
use tonic::Code;

use crate::support::{
    CODE, Env, NAME, PHONE, accepted, client, commune, dossier, elsewhere, extended, officer,
    on_both, province, rejected, settled, start,
};

on_both! {
    every_change_is_read_once_and_in_order;
    what_commits_late_is_read_late;
    old_changes_are_forgotten_and_numbers_go_on;
}

fn system(agency: Option<AgencyId>) -> Actor {
    let scopes = vec!["messages.statuses".to_owned()];
    let name = "accounts/00000000-0000-0000-0000-000000000046".to_owned();
    Actor::System(System { name, service: false, scopes, agency, on_behalf_of: None })
}

/// Everything after a number, two at a time.
async fn after(env: &Env, actor: &Actor, after_sequence: i64) -> Vec<MessageStatus> {
    let (mut all, mut page_token) = (Vec::new(), String::new());
    loop {
        let asked = ListMessageStatusesRequest { page_size: 2, page_token, after_sequence };
        let page = client(env, actor).list_message_statuses(asked).await.unwrap().into_inner();
        all.extend(page.statuses);
        page_token = page.next_page_token;
        if page_token.is_empty() {
            return all;
        }
    }
}

/// The same, once there are so many.
async fn until(env: &Env, actor: &Actor, after_sequence: i64, count: usize) -> Vec<MessageStatus> {
    env.until(async || {
        let all = after(env, actor, after_sequence).await;
        (all.len() == count).then_some(all)
    })
    .await
}

async fn every_change_is_read_once_and_in_order(database: Database) {
    let env = start(database).await;
    env.tell(dossier(1).uuid(), &accepted(1)).await;
    settled(&env, 2).await;
    let near = system(Some(commune()));
    // The inbox at once; the telephone and the mailbox wait first.
    let all = until(&env, &near, 0, 5).await;
    let numbers: Vec<_> = all.iter().map(|status| status.sequence).collect();
    assert_eq!(numbers, [1, 2, 3, 4, 5]);
    for channel in [MessageChannel::Sms, MessageChannel::Email] {
        let states: Vec<_> = all.iter().filter(|s| s.channel() == channel).collect();
        let [waits, arrived] = &states[..] else { panic!("{states:?}") };
        assert_eq!(
            (waits.state(), arrived.state()),
            (MessageState::Queued, MessageState::Delivered)
        );
        assert_eq!((&waits.message, &waits.code), (&arrived.message, &CODE.to_owned()));
    }
    let shown = format!("{all:?}");
    assert!(!shown.contains(NAME) && !shown.contains(PHONE) && !shown.contains(&PHONE[6..]));

    assert_eq!(after(&env, &near, 3).await, all[3..]);
    env.tell(dossier(1).uuid(), &extended(1, 2)).await;
    settled(&env, 4).await;
    let auditor = officer(Role::Auditor, province());
    assert_eq!(until(&env, &auditor, 5, 5).await, after(&env, &near, 5).await);
    for far in [system(Some(elsewhere())), officer(Role::Auditor, elsewhere())] {
        assert_eq!(after(&env, &far, 0).await, []);
    }
    let asked = ListMessageStatusesRequest::default();
    let nobody = client(&env, &system(None)).list_message_statuses(asked).await.unwrap_err();
    assert_eq!(nobody.code(), Code::PermissionDenied);
    assert_eq!(motcua_rpc::fault(nobody).reason(), "NO_AGENCY");
    env.stop().await;
}

/// On SQLite nobody writes beside somebody else.
async fn what_commits_late_is_read_late(database: Database) {
    let env = start(database).await;
    env.tell(dossier(1).uuid(), &accepted(1)).await;
    settled(&env, 2).await;
    let near = system(Some(commune()));
    let before = until(&env, &near, 0, 5).await;
    if matches!(database, Database::Postgres) {
        let late = env.store.reader().begin().await.unwrap();
        let message = before[0].message.strip_prefix("messages/").unwrap();
        let insert = format!(
            "INSERT INTO status (message, state, reason, at) VALUES ('{message}', 'expired', '', \
             '2026-03-02T02:00:00Z')"
        );
        let insert = Statement::from_string(late.get_database_backend(), insert);
        late.execute_raw(insert).await.unwrap();
        env.tell(dossier(1).uuid(), &rejected(1, 4)).await;
        settled(&env, 4).await;
        let meanwhile = until(&env, &near, 5, 5).await;
        late.commit().await.unwrap();
        let [last] = &until(&env, &near, 10, 1).await[..] else { panic!("one") };
        assert_eq!((last.sequence, last.state()), (11, MessageState::Expired));
        assert_eq!(
            after(&env, &near, 5).await,
            [&meanwhile[..], std::slice::from_ref(last)].concat()
        );
    }
    env.stop().await;
}

async fn old_changes_are_forgotten_and_numbers_go_on(database: Database) {
    let env = start(database).await;
    env.tell(dossier(1).uuid(), &accepted(1)).await;
    settled(&env, 2).await;
    let near = system(Some(commune()));
    until(&env, &near, 0, 5).await;
    env.clock.advance(TimeDelta::days(91));
    let kept = until(&env, &near, 0, 1).await;
    assert_eq!(kept[0].sequence, 5);
    tokio::time::sleep(Duration::from_millis(1_500)).await;
    env.tell(dossier(1).uuid(), &rejected(1, 4)).await;
    settled(&env, 4).await;
    let next = until(&env, &near, 5, 5).await;
    assert_eq!(next[0].sequence, 6);
    env.stop().await;
}
