//! The person's own inbox.

use motcua_proto::notification::v1::{ListMessagesRequest, MarkReadRequest};
use motcua_testkit::Database;
use tonic::Code;

use crate::support::{
    accepted, client, dossier, inbox, on_both, owner, start, stranger, submitted,
};

on_both! {
    the_newest_comes_first_page_by_page;
    a_message_is_marked_read_once;
}

async fn the_newest_comes_first_page_by_page(database: Database) {
    let env = start(database).await;
    for n in 0..5 {
        env.tell(dossier(n).uuid(), &submitted(n)).await;
        env.clock.advance(chrono::TimeDelta::seconds(1));
    }
    let mut token = String::new();
    let mut seen = Vec::new();
    loop {
        let asked = ListMessagesRequest { page_size: 2, page_token: token, unread_only: false };
        let page = client(&env, &owner()).list_messages(asked).await.unwrap().into_inner();
        assert_eq!(page.unread_count, 5);
        seen.extend(page.messages.into_iter().map(|m| m.dossier));
        token = page.next_page_token;
        if token.is_empty() {
            break;
        }
    }
    let expected: Vec<_> = (0..5).rev().map(|n| dossier(n).name()).collect();
    assert_eq!(seen, expected);
    let others = client(&env, &stranger()).list_messages(ListMessagesRequest::default()).await;
    assert!(others.unwrap().into_inner().messages.is_empty());
    env.stop().await;
}

async fn a_message_is_marked_read_once(database: Database) {
    let env = start(database).await;
    env.tell(dossier(1).uuid(), &accepted(1)).await;
    let name = inbox(&env).await.remove(0).name;
    let mark =
        |request_id: &str| MarkReadRequest { request_id: request_id.into(), name: name.clone() };

    let stolen = client(&env, &stranger()).mark_read(mark(&env.request_id())).await.unwrap_err();
    assert_eq!(stolen.code(), Code::NotFound);

    let id = env.request_id();
    let first = client(&env, &owner()).mark_read(mark(&id)).await.unwrap().into_inner();
    env.clock.advance(chrono::TimeDelta::seconds(5));
    let repeated = client(&env, &owner()).mark_read(mark(&id)).await.unwrap().into_inner();
    let again = client(&env, &owner()).mark_read(mark(&env.request_id())).await.unwrap();
    assert!(first.read_time.is_some());
    assert_eq!(repeated, first);
    assert_eq!(again.into_inner(), first);

    let asked = ListMessagesRequest { unread_only: true, ..Default::default() };
    let left = client(&env, &owner()).list_messages(asked).await.unwrap().into_inner();
    assert_eq!((left.messages.len(), left.unread_count), (0, 0));
    env.stop().await;
}

#[tokio::test]
async fn what_is_wrong_is_told_by_field() {
    let env = start(Database::Sqlite).await;
    let bad = MarkReadRequest { request_id: env.request_id(), name: "x".into() };
    let refused = client(&env, &owner()).mark_read(bad).await.unwrap_err();
    assert_eq!(refused.code(), Code::InvalidArgument);
    let nowhere = MarkReadRequest {
        request_id: env.request_id(),
        name: format!("messages/{}", uuid::Uuid::from_u128(1)),
    };
    let unknown = client(&env, &owner()).mark_read(nowhere).await.unwrap_err();
    assert_eq!(unknown.code(), Code::NotFound);
    env.stop().await;
}

#[tokio::test]
async fn a_short_message_is_in_nobodys_inbox() {
    let env = start(Database::Sqlite).await;
    env.tell(dossier(1).uuid(), &accepted(1)).await;
    let outside = crate::support::settled(&env, 2).await;
    let mark = MarkReadRequest { request_id: env.request_id(), name: outside[0].name.clone() };
    let refused = client(&env, &owner()).mark_read(mark).await.unwrap_err();
    assert_eq!(refused.code(), Code::NotFound);
    env.stop().await;
}
