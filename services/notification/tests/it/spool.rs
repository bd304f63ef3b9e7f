//! What officers may see of what went out.

use motcua_context::Role;
use motcua_proto::{
    access::v1::PersonalDataRead,
    intake::v1::SupplementRequested,
    notification::v1::{ListSpoolRequest, MessageChannel},
};
use motcua_testkit::Database;
use tonic::Code;

use crate::support::{
    Env, accepted, account, client, commune, dossier, elsewhere, officer, on_both, province,
    rejected, settled, start, submitted,
};

on_both! {
    roles_reach_the_dossiers_of_their_agencies;
    a_page_is_filtered_and_goes_on;
}

async fn seen(env: &Env, role: Role, agency: motcua_ids::AgencyId) -> usize {
    let asked = ListSpoolRequest::default();
    let answer = client(env, &officer(role, agency)).list_spool(asked).await.unwrap();
    answer.into_inner().messages.len()
}

async fn roles_reach_the_dossiers_of_their_agencies(database: Database) {
    let env = start(database).await;
    // Asked for at the desk, of somebody whose dossier was not filed yet: nowhere so far.
    let asked = SupplementRequested {
        dossier: dossier(1).name(),
        version: 1,
        before_acceptance: true,
        ..Default::default()
    };
    env.tell(dossier(1).uuid(), &asked).await;
    assert_eq!(seen(&env, Role::Administrator, province()).await, 0);
    env.tell(dossier(1).uuid(), &submitted(1)).await;
    settled(&env, 3).await;
    for role in [Role::Administrator, Role::Auditor] {
        assert_eq!(seen(&env, role, commune()).await, 3);
        assert_eq!(seen(&env, role, province()).await, 3);
        assert_eq!(seen(&env, role, elsewhere()).await, 0);
    }
    // Never accepted, and in reach all the same; as is what comes of one heard of late.
    env.tell(dossier(1).uuid(), &rejected(1, 9)).await;
    settled(&env, 5).await;
    env.tell(dossier(2).uuid(), &rejected(2, 9)).await;
    settled(&env, 7).await;

    let readings = env.said::<PersonalDataRead>().await;
    let last = readings.last().unwrap();
    assert_eq!(last.subjects, [account().name()]);
    assert!(last.method.ends_with("/ListSpool"));
    env.stop().await;
}

async fn a_page_is_filtered_and_goes_on(database: Database) {
    let env = start(database).await;
    for n in 1..=3 {
        env.tell(dossier(n).uuid(), &accepted(n)).await;
        env.clock.advance(chrono::TimeDelta::seconds(1));
    }
    settled(&env, 6).await;
    let mut client = client(&env, &officer(Role::Auditor, province()));
    let of_one = ListSpoolRequest { dossier: dossier(2).name(), ..Default::default() };
    let found = client.list_spool(of_one).await.unwrap().into_inner().messages;
    assert_eq!(found.len(), 2);
    let mut asked = ListSpoolRequest {
        channel: MessageChannel::Email.into(),
        page_size: 2,
        ..Default::default()
    };
    let first = client.list_spool(asked.clone()).await.unwrap().into_inner();
    assert_eq!(first.messages.len(), 2);
    asked.page_token = first.next_page_token;
    let second = client.list_spool(asked.clone()).await.unwrap().into_inner();
    assert_eq!((second.messages.len(), second.next_page_token.as_str()), (1, ""));
    // A token is good for its own filter alone.
    asked.channel = MessageChannel::Sms.into();
    assert_eq!(client.list_spool(asked).await.unwrap_err().code(), Code::InvalidArgument);
    env.stop().await;
}

#[tokio::test]
async fn inboxes_are_nobody_elses() {
    let env = start(Database::Sqlite).await;
    let asked = ListSpoolRequest {
        channel: MessageChannel::Inbox.into(),
        dossier: "x".into(),
        ..Default::default()
    };
    let refused =
        client(&env, &officer(Role::Auditor, province())).list_spool(asked).await.unwrap_err();
    assert_eq!(motcua_rpc::fault(refused).violations().len(), 2);
    env.stop().await;
}
