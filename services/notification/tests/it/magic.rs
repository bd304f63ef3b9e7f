//! Addresses that only play what can happen to a message.

use chrono::TimeDelta;
use motcua_proto::{
    intake::v1::DossierContact,
    notification::v1::{Message, MessageDelivered, MessageFailed, MessageState},
};
use motcua_testkit::Database;

use crate::support::{Env, accepted, builder, contact, dossier, ready, settled, spool};

/// A person of these addresses is told one thing.
async fn told(phone: &str, email: &str, magic: &str) -> Env {
    let person = DossierContact {
        account: String::new(),
        phone: phone.into(),
        email: email.into(),
        ..contact()
    };
    let env = builder(Database::Sqlite, move || Ok(person.clone()))
        .set(format!("notification.magic={magic}"))
        .set("notification.attempts=3")
        .start()
        .await;
    ready(&env).await;
    assert_eq!(env.tell(dossier(1).uuid(), &accepted(1)).await, None);
    env
}

/// Both messages, once they are in this state; meanwhile time passes.
async fn both(env: &Env, state: MessageState) -> Vec<Message> {
    env.until(async || {
        let all = spool(env).await;
        if all.len() == 2 && all.iter().all(|message| message.state() == state) {
            return Some(all);
        }
        env.clock.advance(TimeDelta::seconds(10));
        None
    })
    .await
}

#[tokio::test]
async fn every_end_can_be_seen() {
    let ends = [
        ("0900000001", "delivered@magic.example", MessageState::Delivered, "", 1),
        ("0900000002", "later@magic.example", MessageState::Failed, "MAGIC_LATER", 3),
        ("0900000003", "refused@magic.example", MessageState::Failed, "MAGIC_REFUSED", 1),
        ("0900000004", "undeliverable@magic.example", MessageState::Failed, "UNDELIVERABLE", 1),
        ("0900000005", "silent@magic.example", MessageState::Sent, "", 1),
        ("0900000006", "once@magic.example", MessageState::Delivered, "", 2),
    ];
    for (phone, email, state, reason, attempts) in ends {
        let env = told(phone, email, "all").await;
        for message in both(&env, state).await {
            assert_eq!(message.failure_reason, reason, "{phone}");
            assert_eq!(message.attempts, attempts, "{phone}");
        }
        let delivered = env.said::<MessageDelivered>().await.len();
        let failed = env.said::<MessageFailed>().await.len();
        let expected = match state {
            MessageState::Delivered => (2, 0),
            MessageState::Failed => (0, 2),
            _ => (0, 0),
        };
        assert_eq!((delivered, failed), expected, "{phone}");
        if state == MessageState::Sent {
            env.clock.advance(TimeDelta::hours(72));
            both(&env, MessageState::Expired).await;
            assert_eq!(env.said::<MessageFailed>().await.len(), 2);
        }
        env.stop().await;
    }
}

#[tokio::test]
async fn mailboxes_alone_play_where_a_telephone_may_be_somebodys() {
    let env = told("0900000003", "delivered@magic.example", "mailboxes").await;
    let all = settled(&env, 2).await;
    let mut by: Vec<_> = all.iter().map(|message| message.provider.clone()).collect();
    by.sort();
    assert_eq!(by, ["magic", "spool"]);
    env.stop().await;
}

#[tokio::test]
async fn unless_it_is_asked_for_there_is_no_magic() {
    let env = told("0900000003", "refused@magic.example", "none").await;
    let all = settled(&env, 2).await;
    assert!(all.iter().all(|m| m.state() == MessageState::Delivered && m.provider == "spool"));
    env.stop().await;
}
