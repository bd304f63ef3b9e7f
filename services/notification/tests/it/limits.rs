//! What is no longer worth handing over, too much, or said before.

use chrono::TimeDelta;
use motcua_proto::{
    intake::v1::DossierContact,
    notification::v1::{Message, MessageChannel, MessageDelivered, MessageFailed, MessageState},
};
use motcua_testkit::Database;

use crate::support::{
    Env, accepted, builder, contact, count, dossier, extended, inbox, on_both, ready, settled,
    spool,
};

on_both! {
    what_expired_is_never_handed_over;
    a_telephone_has_its_limit_a_day;
    many_at_once_find_no_more_than_the_last_place;
    the_same_words_are_said_once;
}

async fn start(database: Database, person: DossierContact, settings: &[&str]) -> Env {
    let mut builder = builder(database, move || Ok(person.clone()));
    for pair in settings {
        builder = builder.set(format!("notification.{pair}"));
    }
    let env = builder.start().await;
    ready(&env).await;
    env
}

async fn tell(env: &Env, n: u128) {
    assert_eq!(env.tell(dossier(n).uuid(), &accepted(n)).await, None);
}

async fn what_expired_is_never_handed_over(database: Database) {
    let later = DossierContact { phone: "0900000002".into(), email: String::new(), ..contact() };
    let settings = ["magic=all", "attempts=30", "classes.required.expires_h=1"];
    let env = start(database, later, &settings).await;
    tell(&env, 1).await;
    let sms = async || spool(&env).await.into_iter().next();
    env.until(async || sms().await.filter(|sms| sms.attempts == 1)).await;
    env.clock.advance(TimeDelta::hours(1));
    let expired = env.until(async || sms().await.filter(|sms| sms.attempts == 1)).await;
    let expired = match expired.state() {
        MessageState::Queued => {
            env.until(async || sms().await.filter(|sms| sms.state() != MessageState::Queued)).await
        }
        _ => expired,
    };
    assert_eq!((expired.state(), expired.attempts), (MessageState::Expired, 1));
    assert_eq!(expired.failure_reason, "EXPIRED");
    let [failed] = &env.said::<MessageFailed>().await[..] else { panic!("one") };
    assert_eq!(failed.failure_code, "EXPIRED");
    env.stop().await;
}

async fn a_telephone_has_its_limit_a_day(database: Database) {
    let env = start(database, contact(), &["classes.required.telephone_a_day=2"]).await;
    let sms = |all: &[Message]| -> Vec<(MessageState, String)> {
        let mut sms: Vec<_> = all.iter().filter(|m| m.channel() == MessageChannel::Sms).collect();
        sms.sort_by(|a, b| a.name.cmp(&b.name));
        sms.iter().map(|m| (m.state(), m.failure_reason.clone())).collect()
    };
    let told = (MessageState::Delivered, String::new());
    for n in 1..=3 {
        // Later ones have later ids.
        env.clock.advance(TimeDelta::seconds(1));
        tell(&env, n).await;
    }
    let all = settled(&env, 6).await;
    let capped = (MessageState::Spared, "SPARED_CAPPED".to_owned());
    assert_eq!(sms(&all), [told.clone(), told.clone(), capped.clone()]);
    let letters = all.iter().filter(|m| m.channel() == MessageChannel::Email);
    assert!(letters.clone().all(|m| m.state() == MessageState::Delivered));
    assert_eq!((letters.count(), inbox(&env).await.len()), (3, 3));
    env.clock.advance(TimeDelta::days(1));
    tell(&env, 4).await;
    assert_eq!(sms(&settled(&env, 8).await), [told.clone(), told.clone(), capped, told]);
    env.stop().await;
}

async fn many_at_once_find_no_more_than_the_last_place(database: Database) {
    let env = start(database, contact(), &["classes.required.telephone_a_day=3"]).await;
    futures::future::join_all((1..=24).map(|n| tell(&env, n))).await;
    let sms = "message WHERE channel = 'sms' AND failure IS";
    assert_eq!(count(&env, &format!("{sms} NULL")).await, 3);
    assert_eq!(count(&env, &format!("{sms} NOT NULL")).await, 21);
    assert_eq!(inbox(&env).await.len(), 24, "all are told there");
    env.stop().await;
}

#[tokio::test]
async fn what_could_not_be_told_does_not_count() {
    let failing = DossierContact { phone: "0900000003".into(), ..contact() };
    let settings = ["classes.required.telephone_a_day=1", "magic=all"];
    let env = start(Database::Sqlite, failing, &settings).await;
    for n in 1..=2 {
        env.clock.advance(TimeDelta::seconds(1));
        tell(&env, n).await;
        env.until(async || {
            let all = spool(&env).await;
            let failed = all.iter().filter(|m| m.state() == MessageState::Failed).count();
            (failed == usize::try_from(n).unwrap()).then_some(())
        })
        .await;
    }
    env.stop().await;
}

async fn the_same_words_are_said_once(database: Database) {
    let env = start(database, contact(), &[]).await;
    tell(&env, 1).await;
    for version in [1, 2] {
        let moved = extended(1, version);
        assert_eq!(env.tell(dossier(1).uuid(), &moved).await, None);
    }
    let all = settled(&env, 6).await;
    let repeated = all.iter().filter(|m| m.failure_reason == "SPARED_REPEATED");
    assert_eq!(repeated.count(), 2);
    assert_eq!(inbox(&env).await.len(), 2);
    assert_eq!(env.said::<MessageDelivered>().await.len(), 6);
    env.clock.advance(TimeDelta::minutes(10));
    assert_eq!(env.tell(dossier(1).uuid(), &extended(1, 3)).await, None);
    let all = settled(&env, 8).await;
    assert_eq!(all.iter().filter(|m| m.state() == MessageState::Delivered).count(), 6);
    env.stop().await;
}

#[tokio::test]
async fn who_has_a_telephone_alone_has_no_limit() {
    let alone = DossierContact { account: String::new(), email: String::new(), ..contact() };
    let env = start(Database::Sqlite, alone, &["telephone_a_day=1"]).await;
    for n in 1..=3 {
        tell(&env, n).await;
    }
    let all = settled(&env, 3).await;
    assert!(all.iter().all(|m| m.state() == MessageState::Delivered));
    env.stop().await;
}
