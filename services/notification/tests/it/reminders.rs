//! Reminders, and what makes them needless.

use chrono::TimeDelta;
use motcua_context::Timestamp;
use motcua_proto::{
    intake::v1 as intake,
    notification::v1::{Message, MessageChannel, MessageState, MessageTopic},
    payment::v1 as payment,
};
use motcua_testkit::{Builder, Database};

use crate::support::{
    CODE, Env, accepted, builder, contact, count, dossier, inbox, on_both, ready, spool,
};

on_both! {
    who_has_not_paid_is_reminded_once;
    what_was_settled_meanwhile_is_not_reminded_of;
    what_is_asked_anew_is_reminded_of_anew;
    a_supplement_is_reminded_of_until_it_comes;
    at_night_everything_waits_and_is_asked_again;
    what_waits_to_go_out_is_spared;
    nothing_is_awaited_after_the_end;
    what_was_done_in_the_night_is_not_asked_for_in_the_morning;
    what_is_done_is_known_while_nobody_can_be_told;
}

/// Two in the afternoon; the timers look four times a second.
const NOON: &str = "2026-03-02T07:00:00Z";
const A_LOOK: std::time::Duration = std::time::Duration::from_millis(700);

fn plain(database: Database) -> Builder<motcua_notification::Notification> {
    builder(database, || Ok(contact())).at(NOON.parse().unwrap())
}

async fn start(builder: Builder<motcua_notification::Notification>) -> Env {
    let env = builder.start().await;
    ready(&env).await;
    // From then on it is known where the dossier is, and who may look at its messages.
    assert_eq!(env.tell(dossier(1).uuid(), &accepted(1)).await, None);
    env
}

fn in_hours(env: &Env, hours: i64) -> prost_types::Timestamp {
    let at: Timestamp = env.now() + TimeDelta::hours(hours);
    std::time::SystemTime::from(at).into()
}

async fn owes(env: &Env, version: i64, hours: i64) {
    let asked = payment::PaymentRequested {
        dossier: dossier(1).name(),
        code: CODE.into(),
        version,
        amount_vnd: 1_250_000,
        due_time: Some(in_hours(env, hours)),
        ..Default::default()
    };
    assert_eq!(env.tell(dossier(1).uuid(), &asked).await, None);
}

async fn settles(env: &Env, version: i64, amount_vnd: i64) {
    let (dossier_name, code) = (dossier(1).name(), CODE.to_owned());
    let settled = payment::PaymentSettled {
        dossier: dossier_name,
        code,
        version,
        amount_vnd,
        ..Default::default()
    };
    assert_eq!(env.tell(dossier(1).uuid(), &settled).await, None);
}

async fn reminders(env: &Env) -> Vec<Message> {
    let about = [MessageTopic::PaymentDueSoon, MessageTopic::SupplementDueSoon];
    let all = inbox(env).await.into_iter().chain(spool(env).await);
    all.filter(|message| about.contains(&message.topic())).collect()
}

async fn reminded(env: &Env, count: usize) -> Vec<Message> {
    env.until(async || {
        let all = reminders(env).await;
        (all.len() == count).then_some(all)
    })
    .await
}

async fn advance(env: &Env, hours: i64) {
    env.clock.advance(TimeDelta::hours(hours));
    tokio::time::sleep(A_LOOK).await;
}

async fn who_has_not_paid_is_reminded_once(database: Database) {
    let env = start(plain(database)).await;
    owes(&env, 1, 96).await;
    advance(&env, 47).await;
    assert!(reminders(&env).await.is_empty());
    advance(&env, 1).await;
    let all = reminded(&env, 3).await;
    let short = all.iter().find(|m| m.channel() == MessageChannel::Sms).unwrap();
    assert_eq!(
        short.text,
        format!(
            "Nhac: ho so {CODE} chua nop phi, le phi 1.250.000 dong, han 14:00 06/03/2026. \
             Neu da nop, xin bo qua tin nay."
        )
    );
    let inside = all.iter().find(|m| m.channel() == MessageChannel::Inbox).unwrap();
    assert!(inside.text.contains("Hạn nộp: 14:00 ngày 06/03/2026."), "{}", inside.text);
    advance(&env, 60).await;
    let channels = reminded(&env, 3).await;
    let spared = channels.iter().filter(|m| m.state() == MessageState::Spared);
    assert_eq!(spared.count(), 1, "the telephone was enough");
    env.stop().await;
}

async fn what_was_settled_meanwhile_is_not_reminded_of(database: Database) {
    let env = start(plain(database)).await;
    for (version, amount) in [(1, 1_250_000), (3, 0)] {
        owes(&env, version, 96).await;
        advance(&env, 10).await;
        settles(&env, version + 1, amount).await;
        advance(&env, 70).await;
        assert!(reminders(&env).await.is_empty(), "{amount}");
    }
    owes(&env, 5, 96).await;
    let lapsed = payment::PaymentLapsed {
        dossier: dossier(1).name(),
        code: CODE.into(),
        version: 6,
        ..Default::default()
    };
    assert_eq!(env.tell(dossier(1).uuid(), &lapsed).await, None);
    // What is told late changes nothing.
    owes(&env, 5, 96).await;
    advance(&env, 70).await;
    assert!(reminders(&env).await.is_empty());
    env.stop().await;
}

async fn what_is_asked_anew_is_reminded_of_anew(database: Database) {
    let env = start(plain(database)).await;
    owes(&env, 1, 96).await;
    advance(&env, 48).await;
    reminded(&env, 3).await;
    owes(&env, 2, 96).await;
    advance(&env, 48).await;
    reminded(&env, 6).await;
    env.stop().await;
}

async fn a_supplement_is_reminded_of_until_it_comes(database: Database) {
    let env = start(plain(database)).await;
    for (version, before_acceptance, comes) in
        [(11, true, false), (13, true, true), (15, false, true), (17, false, false)]
    {
        let asked = intake::SupplementRequested {
            dossier: dossier(1).name(),
            code: CODE.into(),
            version,
            before_acceptance,
            deadline: Some(in_hours(&env, 72)),
            ..Default::default()
        };
        assert_eq!(env.tell(dossier(1).uuid(), &asked).await, None);
        if comes {
            let provided = intake::SupplementProvided {
                dossier: dossier(1).name(),
                code: CODE.into(),
                version: version + 1,
                before_acceptance,
                ..Default::default()
            };
            assert_eq!(env.tell(dossier(1).uuid(), &provided).await, None);
        }
        let before = reminders(&env).await.len();
        advance(&env, 24).await;
        if comes {
            assert_eq!(reminders(&env).await.len(), before, "{version}");
        } else {
            let all = reminded(&env, before + 3).await;
            let inside = all.iter().find(|m| m.channel() == MessageChannel::Inbox).unwrap();
            let lost = if before_acceptance {
                "không được tiếp nhận"
            } else {
                "giải quyết tiếp"
            };
            assert!(inside.text.contains(lost), "{}", inside.text);
        }
        advance(&env, 60).await;
    }
    env.stop().await;
}

async fn at_night_everything_waits_and_is_asked_again(database: Database) {
    let quiet = || {
        plain(database)
            .set("notification.quiet_from=21:00")
            .set("notification.quiet_until=07:00")
            .set("notification.reminders.payment_h=6")
    };
    // Due at four in the night of which the reminder would be: by the morning it is too late.
    let env = start(quiet()).await;
    owes(&env, 1, 14).await;
    advance(&env, 8).await;
    advance(&env, 9).await;
    assert!(reminders(&env).await.is_empty(), "seven in the morning is three hours too late");
    // Due at nine in the morning, and paid in the night or not.
    for (version, paid) in [(2, true), (4, false)] {
        env.clock.set(NOON.parse::<Timestamp>().unwrap() + TimeDelta::days(version));
        owes(&env, version, 19).await;
        advance(&env, 13).await;
        assert!(reminders(&env).await.is_empty(), "three in the night");
        if paid {
            settles(&env, version + 1, 1_250_000).await;
        }
        advance(&env, 4).await;
        reminded(&env, if paid { 0 } else { 3 }).await;
    }
    env.stop().await;
}

async fn what_waits_to_go_out_is_spared(database: Database) {
    let later = motcua_proto::intake::v1::DossierContact {
        phone: "0900000002".into(),
        email: String::new(),
        ..contact()
    };
    let builder = builder(database, move || Ok(later.clone()))
        .at(NOON.parse().unwrap())
        .set("notification.magic=all");
    let env = start(builder).await;
    owes(&env, 1, 96).await;
    advance(&env, 48).await;
    reminded(&env, 2).await;
    let sms =
        async || reminders(&env).await.into_iter().find(|m| m.channel() == MessageChannel::Sms);
    env.until(async || sms().await.filter(|sms| sms.attempts == 1)).await;
    settles(&env, 2, 1_250_000).await;
    env.until(async || {
        env.clock.advance(TimeDelta::seconds(30));
        sms().await.filter(|sms| sms.state() == MessageState::Spared)
    })
    .await;
    env.stop().await;
}

async fn nothing_is_awaited_after_the_end(database: Database) {
    let env = start(plain(database)).await;
    let stopped = intake::DossierStopped {
        dossier: dossier(1).name(),
        code: CODE.into(),
        version: 19,
        cause: intake::StopCause::Withdrawn.into(),
        ..Default::default()
    };
    assert_eq!(env.tell(dossier(1).uuid(), &stopped).await, None);
    // It was said before, and comes from another service.
    owes(&env, 1, 96).await;
    advance(&env, 60).await;
    assert!(reminders(&env).await.is_empty());
    env.stop().await;
}

async fn what_was_done_in_the_night_is_not_asked_for_in_the_morning(database: Database) {
    let builder = plain(database)
        .set("notification.quiet_from=21:00")
        .set("notification.quiet_until=07:00")
        .set("notification.reminders.payment_h=0");
    let env = start(builder).await;
    let asked = async || {
        let all = spool(&env).await.into_iter();
        let sms = all.filter(|m| m.channel() == MessageChannel::Sms);
        let mut asked: Vec<_> =
            sms.filter(|m| m.topic() == MessageTopic::PaymentRequested).collect();
        asked.sort_by(|a, b| a.name.cmp(&b.name));
        asked.into_iter().map(|m| m.state()).collect::<Vec<_>>()
    };
    let (told, spared) = (MessageState::Delivered, MessageState::Spared);
    advance(&env, 8).await;
    owes(&env, 1, 96).await;
    settles(&env, 2, 1_250_000).await;
    advance(&env, 9).await;
    env.until(async || (asked().await == [spared]).then_some(())).await;
    // Asked for anew in the night, in other words: only the last are said.
    advance(&env, 15).await;
    owes(&env, 3, 48).await;
    env.clock.advance(TimeDelta::minutes(1));
    owes(&env, 4, 49).await;
    advance(&env, 9).await;
    env.until(async || (asked().await == [spared, spared, told]).then_some(())).await;
    env.stop().await;
}

async fn what_is_done_is_known_while_nobody_can_be_told(database: Database) {
    let away = std::sync::Arc::new(std::sync::atomic::AtomicBool::new(false));
    let is_away = away.clone();
    let builder = builder(database, move || {
        if is_away.load(std::sync::atomic::Ordering::Relaxed) {
            return Err(motcua_fault::Fault::unavailable("intake"));
        }
        Ok(contact())
    });
    let env = start(builder.at(NOON.parse().unwrap())).await;
    owes(&env, 1, 96).await;
    away.store(true, std::sync::atomic::Ordering::Relaxed);
    let settled = payment::PaymentSettled {
        dossier: dossier(1).name(),
        code: CODE.into(),
        version: 2,
        amount_vnd: 1_250_000,
        ..Default::default()
    };
    let envelope = env.envelope(dossier(1).uuid(), &settled);
    env.store.inbox().receive(&[envelope]).await.unwrap();
    let open = async || count(&env, "reminder WHERE open").await;
    env.until(async || (open().await == 0).then_some(())).await;
    let waiting = async || env.store.inbox().counts().await.unwrap().waiting;
    assert_eq!(waiting().await, 1, "nobody was told yet");
    away.store(false, std::sync::atomic::Ordering::Relaxed);
    env.until(async || {
        env.clock.advance(TimeDelta::seconds(1));
        (waiting().await == 0).then_some(())
    })
    .await;
    advance(&env, 48).await;
    advance(&env, 1).await;
    assert!(reminders(&env).await.is_empty());
    env.stop().await;
}
