//! Handing over: once, tried again, given up.

use std::os::unix::fs::PermissionsExt;

use chrono::TimeDelta;
use motcua_proto::notification::v1::{Message, MessageChannel, MessageFailed, MessageState};
use motcua_testkit::Database;
use serde_json::Value;

use crate::support::{
    CODE, EMAIL, PHONE, accepted, builder, contact, dossier, ready, settled, spool,
};

#[tokio::test]
async fn what_is_handed_over_stands_in_the_spool_file() {
    let dir = tempfile::tempdir().unwrap();
    let env = builder(Database::Sqlite, || Ok(contact()))
        .set(format!("notification.spool_dir={}", dir.path().join("spool").display()))
        .start()
        .await;
    ready(&env).await;
    env.tell(dossier(1).uuid(), &accepted(1)).await;
    settled(&env, 2).await;
    let file = dir.path().join("spool/spool.jsonl");
    let mode = std::fs::metadata(&file).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600, "it holds personal data");
    let text = std::fs::read_to_string(file).unwrap();
    let lines: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let mut to: Vec<_> = lines.iter().filter_map(|line| line["to"].as_str()).collect();
    to.sort_unstable();
    assert_eq!(to, [PHONE, EMAIL]);
    assert!(lines.iter().all(|line| line["code"] == CODE));
    env.stop().await;
}

#[tokio::test]
async fn what_cannot_be_handed_over_is_tried_again_and_then_given_up() {
    let dir = tempfile::tempdir().unwrap();
    let blocked = dir.path().join("blocked");
    std::fs::write(&blocked, "a file where a folder should be").unwrap();
    let env = builder(Database::Sqlite, || Ok(contact()))
        .set(format!("notification.spool_dir={}", blocked.display()))
        .set("notification.attempts=3")
        .set("notification.first_wait_s=30")
        .start()
        .await;
    ready(&env).await;
    env.tell(dossier(1).uuid(), &accepted(1)).await;
    for attempts in 1..=2 {
        env.until(async || {
            let all = spool(&env).await;
            (all.len() == 2 && all.iter().all(|m| m.attempts == attempts)).then_some(())
        })
        .await;
        assert!(spool(&env).await.iter().all(|m| m.state() == MessageState::Queued));
        env.clock.advance(TimeDelta::seconds(30 << (attempts - 1)));
    }
    let given_up = settled(&env, 2).await;
    assert!(given_up.iter().all(|m| m.state() == MessageState::Failed && m.attempts == 3));
    assert!(given_up.iter().all(|m| m.failure_reason == "UNAVAILABLE"));
    assert_eq!(env.said::<MessageFailed>().await.len(), 2);
    env.stop().await;
}

#[tokio::test]
async fn a_try_that_succeeds_later_is_enough() {
    let dir = tempfile::tempdir().unwrap();
    let blocked = dir.path().join("blocked");
    std::fs::write(&blocked, "").unwrap();
    let env = builder(Database::Sqlite, || Ok(contact()))
        .set(format!("notification.spool_dir={}", blocked.display()))
        .start()
        .await;
    ready(&env).await;
    env.tell(dossier(1).uuid(), &accepted(1)).await;
    env.until(async || {
        let all = spool(&env).await;
        (all.len() == 2 && all.iter().all(|m| m.attempts == 1)).then_some(())
    })
    .await;
    std::fs::remove_file(&blocked).unwrap();
    env.clock.advance(TimeDelta::seconds(31));
    let all = settled(&env, 2).await;
    assert!(all.iter().all(|m| m.state() == MessageState::Delivered && m.attempts == 2));
    let text = std::fs::read_to_string(blocked.join("spool.jsonl")).unwrap();
    assert_eq!(text.lines().count(), 2);
    env.stop().await;
}

#[tokio::test]
async fn telephones_are_quiet_at_night() {
    let env = builder(Database::Sqlite, || Ok(contact()))
        .set("notification.quiet_from=21:00")
        .set("notification.quiet_until=07:00")
        .at("2026-03-02T15:00:00Z".parse().unwrap())
        .start()
        .await;
    ready(&env).await;
    env.tell(dossier(1).uuid(), &accepted(1)).await;
    let state = async |channel| {
        let all = spool(&env).await;
        all.iter().find(|m| m.channel() == channel).map(Message::state)
    };
    env.until(async || {
        (state(MessageChannel::Email).await == Some(MessageState::Delivered)).then_some(())
    })
    .await;
    assert_eq!(state(MessageChannel::Sms).await, Some(MessageState::Queued));
    // Seven in the morning.
    env.clock.advance(TimeDelta::hours(9));
    settled(&env, 2).await;
    env.stop().await;
}

#[tokio::test]
async fn a_try_that_comes_at_night_waits_for_the_morning() {
    let dir = tempfile::tempdir().unwrap();
    let blocked = dir.path().join("blocked");
    std::fs::write(&blocked, "").unwrap();
    for (quiet, tries) in [(true, 1), (false, 2)] {
        let env = builder(Database::Sqlite, || Ok(contact()))
            .set(format!("notification.spool_dir={}", blocked.display()))
            .set("notification.quiet_from=21:00")
            .set("notification.quiet_until=07:00")
            .set(format!("notification.classes.required.quiet={quiet}"))
            .at("2026-03-02T13:59:50Z".parse().unwrap())
            .start()
            .await;
        ready(&env).await;
        env.tell(dossier(1).uuid(), &accepted(1)).await;
        let attempts = async |channel| {
            let all = spool(&env).await;
            all.iter().find(|m| m.channel() == channel).map(|m| m.attempts)
        };
        let tried = async |channel, times| {
            let all = async || (attempts(channel).await == Some(times)).then_some(());
            env.until(all).await;
        };
        tried(MessageChannel::Sms, 1).await;
        tried(MessageChannel::Email, 1).await;
        // Past nine in the evening.
        env.clock.advance(TimeDelta::minutes(1));
        tried(MessageChannel::Email, 2).await;
        tried(MessageChannel::Sms, tries).await;
        tokio::time::sleep(std::time::Duration::from_millis(600)).await;
        assert_eq!(attempts(MessageChannel::Sms).await, Some(tries));
        env.clock.advance(TimeDelta::hours(10));
        tried(MessageChannel::Sms, tries + 1).await;
        env.stop().await;
    }
}
