//! What officers are told of a morning.

use std::sync::{
    Arc,
    atomic::{AtomicU32, Ordering},
};

use motcua_context::{Actor, Role, Timestamp};
use motcua_fault::Fault;
use motcua_ids::Uuid;
use motcua_proto::{
    identity::v1::{Contact, GetContactRequest},
    notification::v1::{
        DigestUse, GetPreferencesRequest, Language, ListMessagesRequest, MarkReadRequest, Message,
        MessageChannel, MessageTopic, Preferences, UpdatePreferencesRequest,
    },
    workflow::v1::{DigestLoad, DigestTask, OfficerDigestReady},
};
use motcua_testkit::{Database, Neighbour};
use tonic::Code;

use crate::support::{
    Env, builder, client, commune, contact, count, officer, on_both, owner, province, ready,
    settled, spool,
};

on_both! {
    an_officer_is_told_once_what_awaits_them;
    an_officer_is_told_in_the_language_they_chose;
    whoever_wants_no_digest_gets_none;
    a_morning_that_is_over_is_no_news;
}

/// Who is told.
pub(crate) fn specialist() -> Actor {
    officer(Role::Specialist, commune())
}

pub(crate) fn key() -> Uuid {
    Uuid::from_u128(13)
}

/// The service with an identity that knows how to reach the officer, and how often it was asked.
async fn office(database: Database) -> (Env, Arc<AtomicU32>) {
    office_with(database, &[]).await
}

/// The same with these settings.
pub(crate) async fn office_with(database: Database, settings: &[String]) -> (Env, Arc<AtomicU32>) {
    let asked = Arc::new(AtomicU32::new(0));
    let counter = asked.clone();
    let path = "/motcua.identity.v1.AccountService/GetContact";
    let identity = Neighbour::new().on(path, move |asked: GetContactRequest| {
        counter.fetch_add(1, Ordering::SeqCst);
        if asked.name != format!("accounts/{}", key()) || asked.purpose != "officer_digest" {
            return Err(Fault::not_found("account"));
        }
        Ok(Contact {
            display_name: "Lê Văn Cường".into(),
            phone: "0987654321".into(),
            email: "cuong.le@example.gov.vn".into(),
        })
    });
    let mut builder = builder(database, || Ok(contact())).neighbour("identity", identity);
    for pair in settings {
        builder = builder.set(pair.clone());
    }
    let env = builder.start().await;
    ready(&env).await;
    (env, asked)
}

#[expect(clippy::unnecessary_wraps, reason = "a message's field is optional")]
fn instant(text: &str) -> Option<prost_types::Timestamp> {
    let at: Timestamp = text.parse().unwrap();
    Some(std::time::SystemTime::from(at).into())
}

/// Counted on the morning on which the environment begins.
pub(crate) fn counted() -> OfficerDigestReady {
    OfficerDigestReady {
        account: format!("accounts/{}", key()),
        day: "2026-03-02".into(),
        agency: commune().name(),
        agency_path: format!("/{}/{}/", province().uuid(), commune().uuid()),
        digest_time: instant("2026-03-02T00:15:00Z"),
        held: Some(DigestLoad { tasks: 3, due_today: 1, overdue: 1 }),
        waiting: Some(DigestLoad { tasks: 2, due_today: 1, overdue: 0 }),
        urgent: vec![DigestTask {
            process: format!("processes/{}", Uuid::from_u128(1)),
            code: "H53.12-260226-0007".into(),
            due_time: instant("2026-02-27T10:00:00Z"),
        }],
        expire_time: instant("2026-03-02T04:00:00Z"),
        ..Default::default()
    }
}

async fn inbox(env: &Env) -> Vec<Message> {
    let asked = ListMessagesRequest::default();
    client(env, &specialist()).list_messages(asked).await.unwrap().into_inner().messages
}

async fn prefer(env: &Env, preferences: Preferences, path: &str) -> Preferences {
    let request = UpdatePreferencesRequest {
        request_id: env.request_id(),
        preferences: Some(preferences),
        update_mask: Some(prost_types::FieldMask { paths: vec![path.to_owned()] }),
    };
    client(env, &specialist()).update_preferences(request).await.unwrap().into_inner()
}

async fn an_officer_is_told_once_what_awaits_them(database: Database) {
    let (env, _) = office(database).await;
    let envelope = env.envelope(key(), &counted());
    for _ in 0..2 {
        assert_eq!(env.tell_again(envelope.clone()).await, None);
    }
    let [inside] = &inbox(&env).await[..] else { panic!("one in the inbox") };
    assert_eq!(inside.title, "Sáng nay: 5 hồ sơ chờ xử lý, 2 hết hạn hôm nay, 1 đã quá hạn");
    assert!(inside.text.starts_with("Kính gửi Ông/Bà Lê Văn Cường,"), "{}", inside.text);
    assert!(inside.text.contains("- H53.12-260226-0007: hạn 17:00 ngày 27/02/2026"));
    assert_eq!((inside.topic(), inside.dossier.as_str()), (MessageTopic::OfficerDigest, ""));
    assert_eq!(inside.template, "templates/officer-digest.vi.v1");
    // By e-mail too, and not by short message; seen where the officer's agency is overseen.
    let [letter] = &settled(&env, 1).await[..] else { panic!("one letter") };
    assert_eq!((letter.channel(), letter.topic()), (MessageChannel::Email, inside.topic()));
    assert_eq!(letter.title, inside.title);

    // It is the officer's own.
    let mark = |request_id| MarkReadRequest { request_id, name: inside.name.clone() };
    let stolen = client(&env, &owner()).mark_read(mark(env.request_id())).await.unwrap_err();
    assert_eq!(stolen.code(), Code::NotFound);
    let read = client(&env, &specialist()).mark_read(mark(env.request_id())).await.unwrap();
    assert!(read.into_inner().read_time.is_some());
    env.stop().await;
}

async fn an_officer_is_told_in_the_language_they_chose(database: Database) {
    let (env, _) = office(database).await;
    let english = Preferences { language: Language::En.into(), ..Default::default() };
    prefer(&env, english, "language").await;
    let one = OfficerDigestReady {
        held: Some(DigestLoad { tasks: 1, ..Default::default() }),
        waiting: None,
        urgent: Vec::new(),
        ..counted()
    };
    assert_eq!(env.tell(key(), &one).await, None);
    let [inside] = &inbox(&env).await[..] else { panic!("one in the inbox") };
    assert_eq!(inside.title, "This morning: 1 task to do");
    assert!(inside.text.contains("on the morning of 02/03/2026:\n- 1 task to do.\n\nOpen"));
    env.stop().await;
}

async fn whoever_wants_no_digest_gets_none(database: Database) {
    let (env, asked) = office(database).await;
    let mut own = client(&env, &specialist());
    let before = own.get_preferences(GetPreferencesRequest {}).await.unwrap().into_inner();
    assert_eq!(before.digest(), DigestUse::Daily);
    let off = Preferences { digest: DigestUse::Off.into(), ..before.clone() };
    let changed = prefer(&env, off, "digest").await;
    assert_eq!((changed.digest(), changed.email()), (DigestUse::Off, before.email()));
    assert_eq!(env.tell(key(), &counted()).await, None);
    assert_eq!(count(&env, "message").await, 0);
    assert_eq!(asked.load(Ordering::SeqCst), 0, "nobody's address is read for nothing");

    // Whoever knows of no digest changes none.
    let silent = UpdatePreferencesRequest {
        request_id: env.request_id(),
        preferences: Some(Preferences { digest: 0, ..changed }),
        update_mask: None,
    };
    let still = own.update_preferences(silent).await.unwrap().into_inner();
    assert_eq!(still.digest(), DigestUse::Off);
    env.stop().await;
}

async fn a_morning_that_is_over_is_no_news(database: Database) {
    let (env, _) = office(database).await;
    env.clock.advance(chrono::TimeDelta::hours(7));
    assert_eq!(env.tell(key(), &counted()).await, None);
    assert_eq!(count(&env, "message").await, 0);
    assert!(spool(&env).await.is_empty());
    // What cannot be one is put aside with the fields that are wrong.
    let wrong = OfficerDigestReady { account: "x".into(), expire_time: None, ..counted() };
    assert!(env.tell(key(), &wrong).await.is_some());
    env.stop().await;
}
