//! Channels that take turns.

use chrono::TimeDelta;
use motcua_proto::{
    intake::v1::DossierContact,
    notification::v1::{Message, MessageChannel, MessageDelivered, MessageFailed, MessageState},
};
use motcua_testkit::Database;
use sea_orm::{ConnectionTrait, TransactionTrait};

use crate::{
    counterpart::Counterpart,
    support::{Env, accepted, builder, contact, count, dossier, inbox, on_both, ready, spool},
};

on_both! {
    the_next_is_told_when_the_first_is_silent;
    the_next_is_told_at_once_when_the_first_has_failed;
    who_was_reached_is_told_no_more;
    a_late_receipt_spares_the_next;
    who_could_not_be_told_in_turn_is_not_told_after_the_next;
}

async fn start(database: Database, phone: &str, more: &[String]) -> Env {
    let person = DossierContact {
        phone: phone.into(),
        email: "delivered@magic.example".into(),
        ..contact()
    };
    let mut builder = builder(database, move || Ok(person.clone()))
        .set("notification.magic=all")
        .set("notification.classes.required.in_turn=true");
    for pair in more {
        builder = builder.set(format!("notification.{pair}"));
    }
    let env = builder.start().await;
    ready(&env).await;
    let envelope = env.envelope(dossier(1).uuid(), &accepted(1));
    for _ in 0..2 {
        assert_eq!(env.tell_again(envelope.clone()).await, None);
    }
    env
}

async fn on(env: &Env, channel: MessageChannel) -> Message {
    let all = spool(env).await;
    assert_eq!(all.len(), 2);
    all.into_iter().find(|message| message.channel() == channel).unwrap()
}

async fn until(env: &Env, channel: MessageChannel, state: MessageState) {
    env.until(async || (on(env, channel).await.state() == state).then_some(())).await;
}

async fn the_next_is_told_when_the_first_is_silent(database: Database) {
    let env = start(database, "0900000005", &["turn_minutes=45".into()]).await;
    assert_eq!(inbox(&env).await.len(), 1, "the inbox waits for nobody");
    until(&env, MessageChannel::Sms, MessageState::Sent).await;
    env.clock.advance(TimeDelta::minutes(44));
    tokio::time::sleep(std::time::Duration::from_millis(600)).await;
    assert_eq!(on(&env, MessageChannel::Email).await.state(), MessageState::Queued);
    env.clock.advance(TimeDelta::minutes(1));
    until(&env, MessageChannel::Email, MessageState::Delivered).await;
    assert_eq!(on(&env, MessageChannel::Sms).await.state(), MessageState::Sent);
    env.stop().await;
}

async fn the_next_is_told_at_once_when_the_first_has_failed(database: Database) {
    for phone in ["0900000003", "0900000004"] {
        let env = start(database, phone, &[]).await;
        until(&env, MessageChannel::Sms, MessageState::Failed).await;
        until(&env, MessageChannel::Email, MessageState::Delivered).await;
        assert_eq!(env.said::<MessageFailed>().await.len(), 1);
        env.stop().await;
    }
}

async fn who_was_reached_is_told_no_more(database: Database) {
    let env = start(database, "0900000001", &[]).await;
    until(&env, MessageChannel::Email, MessageState::Spared).await;
    env.clock.advance(TimeDelta::hours(1));
    tokio::time::sleep(std::time::Duration::from_millis(600)).await;
    let spared = on(&env, MessageChannel::Email).await;
    assert_eq!((spared.state(), spared.attempts), (MessageState::Spared, 0));
    assert_eq!(env.said::<MessageDelivered>().await.len(), 2, "the inbox and the telephone");
    assert!(env.said::<MessageFailed>().await.is_empty());
    env.stop().await;
}

async fn a_late_receipt_spares_the_next(database: Database) {
    let mut centre = Counterpart::centre(0).await;
    let settings = [
        format!("smpp.address=127.0.0.1:{}", centre.port),
        "smpp.system_id=motcua".to_owned(),
        "smpp.password=secret".to_owned(),
        "smpp.source=MOTCUA".to_owned(),
    ];
    let env = start(database, "0912345678", &settings).await;
    until(&env, MessageChannel::Sms, MessageState::Sent).await;
    env.clock.advance(TimeDelta::minutes(29));
    centre.told("receipt m1 DELIVRD").await;
    until(&env, MessageChannel::Sms, MessageState::Delivered).await;
    env.clock.advance(TimeDelta::minutes(2));
    until(&env, MessageChannel::Email, MessageState::Spared).await;
    env.stop().await;
}

async fn who_could_not_be_told_in_turn_is_not_told_after_the_next(database: Database) {
    // The telephone's provider is away all the while: a message waits there for its next try.
    let env = start(database, "0900000002", &["attempts=30".into()]).await;
    env.until(async || {
        env.clock.advance(TimeDelta::minutes(5));
        let told = on(&env, MessageChannel::Email).await.state() == MessageState::Delivered;
        told.then_some(())
    })
    .await;
    until(&env, MessageChannel::Sms, MessageState::Spared).await;
    env.stop().await;
}

/// Two turns of somebody that are handed over beside each other: each is noted on the other, and neither
/// note is lost because both waited for each other.
async fn what_two_hand_over_at_once_is_noted_of_both(database: Database) {
    let dir = tempfile::tempdir().unwrap();
    let env = builder(database, || Ok(contact()))
        .set("notification.classes.required.in_turn=true")
        .set("notification.quiet_from=21:00")
        .set("notification.quiet_until=07:00")
        .set(format!("notification.spool_dir={}", dir.path().display()))
        .start()
        .await;
    ready(&env).await;
    // At ten in the evening: the telephone's turn is at seven, the mailbox's half an hour after it.
    env.clock.advance(TimeDelta::hours(13));
    assert_eq!(env.tell(dossier(1).uuid(), &accepted(1)).await, None);
    let went_out = async |messages: usize| {
        env.until(async || {
            let spool = std::fs::read_to_string(dir.path().join("spool.jsonl")).ok()?;
            (spool.lines().count() == messages).then_some(())
        })
        .await;
        // It is noted in a moment, or waits to be.
        tokio::time::sleep(std::time::Duration::from_millis(500)).await;
    };
    // The first waits for somebody who holds it, and the next for the first.
    let holding = env.store.reader().begin().await.unwrap();
    let hold = "SELECT id FROM message WHERE channel = 'sms' FOR UPDATE";
    holding.execute_unprepared(hold).await.unwrap();
    env.clock.advance(TimeDelta::hours(9) + TimeDelta::minutes(10));
    went_out(1).await;
    env.clock.advance(TimeDelta::minutes(30));
    went_out(2).await;
    holding.rollback().await.unwrap();
    let noted = "message WHERE provider = 'spool'";
    env.until(async || (count(&env, noted).await == 2).then_some(())).await;
    env.stop().await;
}

#[tokio::test]
async fn nobody_waits_for_another_in_a_ring() {
    // In SQLite one writes at a time.
    let test = what_two_hand_over_at_once_is_noted_of_both;
    motcua_testkit::on_each_database(Database::Postgres, test).await;
}
