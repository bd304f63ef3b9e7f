//! Short messages, against a centre in another language.

use chrono::TimeDelta;
use motcua_proto::{
    intake::v1::DossierContact,
    notification::v1::{Message, MessageDelivered, MessageFailed, MessageState},
};
use motcua_testkit::Database;
use sea_orm::ConnectionTrait;
use serde_json::json;

use crate::{
    counterpart::Counterpart,
    support::{Env, accepted, builder, contact, count, dossier, on_both, ready, spool},
};

on_both! {
    a_receipt_delivers_what_was_sent;
    a_receipt_of_nobody_is_kept_for_a_while;
    a_receipt_may_come_first;
}

/// The service before a centre, telling people who have a telephone alone.
async fn start(database: Database, port: u16, more: &[&str]) -> Env {
    let plain = DossierContact { account: String::new(), email: String::new(), ..contact() };
    let mut builder = builder(database, move || Ok(plain.clone()));
    for pair in way(port).into_iter().chain(more.iter().map(|pair| (*pair).to_owned())) {
        builder = builder.set(format!("notification.{pair}"));
    }
    let env = builder.start().await;
    ready(&env).await;
    env
}

/// The settings that lead to a centre.
pub(crate) fn way(port: u16) -> [String; 4] {
    [
        format!("smpp.address=127.0.0.1:{port}"),
        "smpp.system_id=motcua".to_owned(),
        "smpp.password=secret".to_owned(),
        "smpp.source=MOTCUA".to_owned(),
    ]
}

async fn told(env: &Env, n: u128) {
    assert_eq!(env.tell(dossier(n).uuid(), &accepted(n)).await, None);
}

/// The one message, once it is in this state.
async fn until(env: &Env, state: MessageState) -> Message {
    env.until(async || spool(env).await.into_iter().find(|message| message.state() == state)).await
}

/// The same, while time passes.
async fn later(env: &Env, state: MessageState) -> Message {
    env.until(async || {
        env.clock.advance(TimeDelta::seconds(10));
        spool(env).await.into_iter().find(|message| message.state() == state)
    })
    .await
}

/// So many hours after a message was handed over, as the centre's package writes time.
fn until_of(message: &Message, hours: i64) -> String {
    let seconds = message.send_time.as_ref().unwrap().seconds + hours * 3_600;
    let at = chrono::DateTime::from_timestamp(seconds, 0).unwrap();
    at.format("%Y-%m-%dT%H:%M:%S.000Z").to_string()
}

async fn a_receipt_delivers_what_was_sent(database: Database) {
    let mut centre = Counterpart::centre(0).await;
    let env = start(database, centre.port, &[]).await;
    told(&env, 1).await;
    let bound = centre.says("bound").await;
    assert_eq!(bound, json!({"bound": "motcua", "version": 0x34, "right": true}));
    let submit = centre.says("submit").await;
    let sent = until(&env, MessageState::Sent).await;
    assert_eq!(
        submit,
        json!({
            "submit": sent.text, "to": "84912345678", "from": "MOTCUA", "ton": 5, "coding": 0,
            "esm": 0, "udh": [], "wants": 1, "until": until_of(&sent, 72),
        })
    );
    assert_eq!((sent.provider.as_str(), sent.segments, sent.attempts), ("smpp", 1, 1));
    assert!(sent.send_time.is_some() && sent.deliver_time.is_none());
    assert!(env.said::<MessageDelivered>().await.is_empty(), "it has not arrived yet");

    centre.told("receipt m1 ENROUTE").await;
    assert_eq!(centre.says("stored").await, json!({"stored": "m1", "status": 0}));
    assert_eq!(until(&env, MessageState::Sent).await, sent, "it is on its way still");
    env.clock.advance(TimeDelta::seconds(5));
    for _ in 0..2 {
        centre.told("receipt m1 DELIVRD").await;
        assert_eq!(centre.says("stored").await["status"], 0);
    }
    centre.told("receipt m1 UNDELIV").await;
    assert_eq!(centre.says("stored").await["status"], 0);
    let delivered = until(&env, MessageState::Delivered).await;
    assert_eq!(
        delivered.deliver_time.unwrap().seconds,
        sent.send_time.unwrap().seconds + 5,
        "the first final word counts"
    );
    assert_eq!(env.said::<MessageDelivered>().await.len(), 1);
    assert!(env.said::<MessageFailed>().await.is_empty());
    env.stop().await;
    centre.says("unbound").await;
}

async fn a_receipt_may_come_first(database: Database) {
    let mut centre = Counterpart::centre(0).await;
    centre.told(r#"plan ["early"]"#).await;
    let env = start(database, centre.port, &[]).await;
    told(&env, 1).await;
    assert_eq!(centre.says("stored").await, json!({"stored": "m1", "status": 0}));
    let delivered = until(&env, MessageState::Delivered).await;
    assert_eq!((delivered.provider.as_str(), delivered.attempts), ("smpp", 1));
    assert_eq!(env.said::<MessageDelivered>().await.len(), 1);
    env.stop().await;
}

#[tokio::test]
async fn receipts_say_what_failed() {
    let mut centre = Counterpart::centre(0).await;
    let env = start(Database::Sqlite, centre.port, &[]).await;
    told(&env, 1).await;
    until(&env, MessageState::Sent).await;
    centre.told("receipt m1 UNDELIV").await;
    let failed = until(&env, MessageState::Failed).await;
    assert_eq!((failed.failure_reason.as_str(), failed.attempts), ("UNDELIVERABLE", 1));
    told(&env, 2).await;
    until(&env, MessageState::Sent).await;
    // The state alone, in an optional parameter.
    centre.told("receipt m2 tlv:3").await;
    assert_eq!(until(&env, MessageState::Expired).await.failure_reason, "EXPIRED");
    let reasons: Vec<_> =
        env.said::<MessageFailed>().await.into_iter().map(|event| event.failure_code).collect();
    assert_eq!(reasons, ["UNDELIVERABLE", "EXPIRED"]);
    env.stop().await;
}

#[tokio::test]
async fn a_centre_that_says_no_more_is_not_waited_for_for_ever() {
    let mut centre = Counterpart::centre(0).await;
    let env = start(Database::Sqlite, centre.port, &["receipt_h=2"]).await;
    told(&env, 1).await;
    until(&env, MessageState::Sent).await;
    // A service writes: nobody reads it, and it comes only once.
    centre.told("message 9029 DELIVRD").await;
    assert_eq!(centre.says("kept").await["kept"], 0);
    env.clock.advance(TimeDelta::hours(2));
    until(&env, MessageState::Expired).await;
    env.stop().await;
}

#[tokio::test]
async fn without_receipts_what_is_taken_is_delivered() {
    let mut centre = Counterpart::centre(0).await;
    let env = start(Database::Sqlite, centre.port, &["smpp.receipts=false"]).await;
    told(&env, 1).await;
    assert_eq!(centre.says("submit").await["wants"], 0);
    let delivered = until(&env, MessageState::Delivered).await;
    assert_eq!(delivered.send_time, delivered.deliver_time);
    env.stop().await;
}

#[tokio::test]
async fn a_centre_tries_until_a_message_expires_or_as_long_as_it_may() {
    for (setting, hours) in [
        ("classes.courtesy.expires_h=12", 72),
        ("classes.required.expires_h=12", 12),
        ("smpp.validity_h=48", 48),
    ] {
        let mut centre = Counterpart::centre(0).await;
        let env = start(Database::Sqlite, centre.port, &[setting]).await;
        told(&env, 1).await;
        let submit = centre.says("submit").await;
        let sent = until(&env, MessageState::Sent).await;
        assert_eq!(submit["until"], until_of(&sent, hours), "{setting}");
        env.stop().await;
    }
    let mut centre = Counterpart::centre(0).await;
    let env = start(Database::Sqlite, centre.port, &["smpp.validity_h=0"]).await;
    told(&env, 1).await;
    assert_eq!(centre.says("submit").await["until"], "");
    env.stop().await;
}

#[tokio::test]
async fn a_centre_that_has_too_much_is_left_alone_for_a_while() {
    let mut centre = Counterpart::centre(0).await;
    centre.told(r#"plan ["throttled", "full", "fails"]"#).await;
    let env = start(Database::Sqlite, centre.port, &["first_wait_s=1"]).await;
    told(&env, 1).await;
    centre.says("submit").await;
    env.until(async || spool(&env).await.iter().any(|m| m.attempts == 1).then_some(())).await;
    env.clock.advance(TimeDelta::seconds(29));
    tokio::time::sleep(std::time::Duration::from_millis(600)).await;
    assert_eq!(until(&env, MessageState::Queued).await.attempts, 1);
    assert_eq!(later(&env, MessageState::Sent).await.attempts, 4);
    env.stop().await;
}

#[tokio::test]
async fn a_number_nobody_has_is_not_tried_again() {
    let mut centre = Counterpart::centre(0).await;
    centre.told(r#"plan ["number"]"#).await;
    let env = start(Database::Sqlite, centre.port, &[]).await;
    told(&env, 1).await;
    let failed = until(&env, MessageState::Failed).await;
    assert_eq!((failed.failure_reason.as_str(), failed.attempts), ("SMPP_NUMBER_REFUSED", 1));
    assert_eq!((failed.provider.as_str(), failed.segments), ("", 0));
    assert_eq!(env.said::<MessageFailed>().await.len(), 1);
    env.stop().await;
}

#[tokio::test]
async fn a_lost_connection_is_made_anew() {
    let mut centre = Counterpart::centre(0).await;
    centre.told(r#"plan ["drop"]"#).await;
    let env = start(Database::Sqlite, centre.port, &["smpp.enquire_s=1", "attempts=30"]).await;
    told(&env, 1).await;
    centre.says("submit").await;
    let again = later(&env, MessageState::Sent).await;
    assert!(again.attempts >= 2, "{again:?}");
    centre.says("bound").await;
    centre.says("enquired").await;
    // Now the centre itself is away, and comes back at the same place.
    let port = centre.port;
    drop(centre);
    told(&env, 2).await;
    env.until(async || {
        env.clock.advance(TimeDelta::seconds(10));
        spool(&env)
            .await
            .iter()
            .any(|m| m.state() == MessageState::Queued && m.attempts >= 1)
            .then_some(())
    })
    .await;
    let mut centre = Counterpart::centre(port).await;
    env.until(async || {
        env.clock.advance(TimeDelta::seconds(10));
        spool(&env).await.iter().all(|m| m.state() == MessageState::Sent).then_some(())
    })
    .await;
    centre.says("submit").await;
    env.stop().await;
}

#[tokio::test]
async fn a_centre_that_does_not_answer_or_know_us_is_tried_again() {
    let mut centre = Counterpart::centre(0).await;
    centre.told(r#"plan ["silent"]"#).await;
    let env = start(Database::Sqlite, centre.port, &["smpp.answer_s=1"]).await;
    told(&env, 1).await;
    assert!(later(&env, MessageState::Sent).await.attempts >= 2);
    env.stop().await;

    let more = ["smpp.password=wrong", "attempts=2", "smpp.answer_s=1"];
    let env = start(Database::Sqlite, centre.port, &more).await;
    told(&env, 1).await;
    let failed = later(&env, MessageState::Failed).await;
    assert!(["AWAY", "TIMEOUT"].contains(&failed.failure_reason.as_str()), "{failed:?}");
    env.stop().await;
}

#[tokio::test]
async fn what_a_slow_centre_took_does_not_go_out_again() {
    let mut centre = Counterpart::centre(0).await;
    centre.told(r#"plan ["late", "late"]"#).await;
    let env = start(Database::Sqlite, centre.port, &["smpp.answer_s=1"]).await;
    told(&env, 1).await;
    let sent = later(&env, MessageState::Sent).await;
    assert_eq!((sent.attempts, sent.segments), (2, 1));
    centre.told("receipt m1 DELIVRD").await;
    until(&env, MessageState::Delivered).await;
    // The next thing it hears is another message.
    let code = "H53.12-260302-0002".to_owned();
    let event = motcua_proto::intake::v1::DossierAccepted { code, ..accepted(2) };
    assert_eq!(env.tell(dossier(2).uuid(), &event).await, None);
    let heard = [centre.says("submit").await, centre.says("submit").await];
    let codes = heard.map(|submit| submit["submit"].as_str().unwrap().to_owned());
    assert!(codes[0] != codes[1], "{codes:?}");
    env.stop().await;
}

#[tokio::test]
async fn a_long_text_goes_in_parts() {
    let mut centre = Counterpart::centre(0).await;
    let env = start(Database::Sqlite, centre.port, &[]).await;
    let code = "H53.12-260302-0001/".repeat(12);
    let event = motcua_proto::intake::v1::DossierAccepted { code, ..accepted(1) };
    assert_eq!(env.tell(dossier(1).uuid(), &event).await, None);
    let sent = until(&env, MessageState::Sent).await;
    assert_eq!(sent.segments, 2);
    let parts = [centre.says("submit").await, centre.says("submit").await];
    let texts: Vec<_> = parts.iter().map(|part| part["submit"].as_str().unwrap()).collect();
    assert_eq!(texts.concat(), sent.text);
    assert_eq!(texts[0].len(), 153);
    let header = |part: usize| parts[part]["udh"].as_array().unwrap().clone();
    // A header of parts, with three octets: one reference, how many, which.
    let reference = header(0)[2].clone();
    assert_eq!(header(0), [json!(0), json!(3), reference.clone(), json!(2), json!(1)]);
    assert_eq!(header(1), [json!(0), json!(3), reference, json!(2), json!(2)]);
    assert!(parts.iter().all(|part| part["esm"] == 0x40));
    assert_eq!((&parts[0]["wants"], &parts[1]["wants"]), (&json!(0), &json!(1)));
    centre.told("receipt m2 DELIVRD").await;
    until(&env, MessageState::Delivered).await;
    env.stop().await;
}

/// How many receipts wait for their message.
async fn receipts(env: &Env) -> i64 {
    count(env, "receipt").await
}

async fn a_receipt_of_nobody_is_kept_for_a_while(database: Database) {
    let mut centre = Counterpart::centre(0).await;
    let env = start(database, centre.port, &[]).await;
    told(&env, 1).await;
    until(&env, MessageState::Sent).await;
    for id in ["late", "m2", "unknown"] {
        for _ in 0..2 {
            centre.told(&format!("receipt {id} DELIVRD")).await;
            assert_eq!(centre.says("stored").await, json!({"stored": id, "status": 0}));
        }
    }
    assert_eq!(receipts(&env).await, 3);
    // The second message is known by its id at once.
    told(&env, 2).await;
    until(&env, MessageState::Delivered).await;
    assert_eq!(receipts(&env).await, 2);
    // One that came just when its message became known is found afterwards.
    let late = "UPDATE receipt SET provider_id = 'm1' WHERE provider_id = 'late'";
    env.store.reader().execute_unprepared(late).await.unwrap();
    env.until(async || {
        let all = spool(&env).await;
        all.iter().all(|m| m.state() == MessageState::Delivered).then_some(())
    })
    .await;
    assert_eq!(receipts(&env).await, 1);
    env.clock.advance(TimeDelta::days(8));
    env.until(async || (receipts(&env).await == 0).then_some(())).await;
    env.stop().await;
}
