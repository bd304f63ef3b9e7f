//! Messages by Zalo, against one in another language.

use chrono::TimeDelta;
use motcua_proto::notification::v1::{
    ChannelUse, Message, MessageChannel, MessageDelivered, MessageState, Preferences,
    UpdatePreferencesRequest,
};
use motcua_testkit::Database;
use sea_orm::ConnectionTrait;
use serde_json::{Value, json};

use crate::{
    counterpart::Counterpart,
    support::{
        CODE, Env, NAME, accepted, builder, client, contact, count, dossier, on_both, owner, ready,
        rejected, spool,
    },
};

on_both! {
    who_chooses_it_is_told_by_zalo;
    each_refresh_token_is_used_once;
    what_came_is_kept_before_it_is_used;
    a_message_is_delivered_when_zalo_tells_that_it_came;
    the_last_place_of_a_day_is_taken_once;
}

/// The service before Zalo, and a person who chose it and nothing else.
async fn start(database: Database, port: u16, more: &[&str]) -> Env {
    let mut builder = builder(database, || Ok(contact()));
    let settings = [
        &*format!("api_url=http://127.0.0.1:{port}/zalo"),
        &*format!("oauth_url=http://127.0.0.1:{port}/oauth"),
        "app_id=4412",
        "secret_key=secret",
        "refresh_token=first",
        "answer_s=2",
        r#"templates={ dossier_accepted = { id = "331", params = { ten = "name", ma = "code", hen = "time" } } }"#,
    ];
    for pair in settings {
        builder = builder.set(format!("notification.zalo.{pair}"));
    }
    for pair in more {
        builder = builder.set(format!("notification.{pair}"));
    }
    let env = builder.start().await;
    ready(&env).await;
    let off = ChannelUse::Off.into();
    let preferences =
        Preferences { sms: off, email: off, zalo: ChannelUse::All.into(), ..Default::default() };
    let asked = UpdatePreferencesRequest {
        request_id: env.request_id(),
        preferences: Some(preferences),
        update_mask: None,
    };
    let chosen = client(&env, &owner()).update_preferences(asked).await.unwrap().into_inner();
    assert_eq!(chosen.zalo(), ChannelUse::All);
    env
}

async fn told(env: &Env, n: u128) {
    assert_eq!(env.tell(dossier(n).uuid(), &accepted(n)).await, None);
}

/// So many messages, once all are in this state; meanwhile time passes.
async fn until(env: &Env, number: usize, state: MessageState) -> Vec<Message> {
    env.until(async || {
        env.clock.advance(TimeDelta::seconds(10));
        let all = spool(env).await;
        (all.len() == number && all.iter().all(|m| m.state() == state)).then_some(all)
    })
    .await
}

async fn who_chooses_it_is_told_by_zalo(database: Database) {
    let mut zalo = Counterpart::gateways().await;
    let env = start(database, zalo.port, &[]).await;
    told(&env, 1).await;
    let renewed = zalo.says("renewed").await;
    assert_eq!(renewed, json!({"renewed": "first", "right": true, "grant": "refresh_token"}));
    let asked = zalo.says("asked").await["asked"].clone();
    let [sent] = &until(&env, 1, MessageState::Delivered).await[..] else { panic!("one message") };
    let uuid = sent.name.strip_prefix("messages/").unwrap();
    let data = json!({"ten": NAME, "ma": CODE, "hen": "17:00 06/03/2026"});
    assert_eq!(
        asked,
        json!({
            "phone": "84912345678", "template_id": "331", "template_data": data,
            "tracking_id": uuid, "right": true,
        })
    );
    assert_eq!((sent.channel(), &*sent.provider), (MessageChannel::Zalo, "zalo"));
    assert_eq!((&*sent.template, &*sent.masked_address), ("zalo/331", "09****5678"));
    assert_eq!(serde_json::from_str::<Value>(&sent.text).unwrap(), data);
    // Zalo approved no text of this.
    assert_eq!(env.tell(dossier(2).uuid(), &rejected(2, 3)).await, None);
    told(&env, 3).await;
    until(&env, 2, MessageState::Delivered).await;
    env.stop().await;
}

/// Both ways to the telephone at once, and room for one.
async fn the_last_place_of_a_day_is_taken_once(database: Database) {
    let zalo = Counterpart::gateways().await;
    let env = start(database, zalo.port, &["classes.required.telephone_a_day=1"]).await;
    let asked = UpdatePreferencesRequest {
        request_id: env.request_id(),
        preferences: Some(Preferences {
            sms: ChannelUse::All.into(),
            email: ChannelUse::Off.into(),
            zalo: ChannelUse::All.into(),
            ..Default::default()
        }),
        update_mask: None,
    };
    client(&env, &owner()).update_preferences(asked).await.unwrap();
    told(&env, 1).await;
    let to_telephone = async |failure: &str| {
        count(&env, &format!("message WHERE channel <> 'inbox' AND failure {failure}")).await
    };
    assert_eq!(to_telephone("IS NULL").await, 1);
    assert_eq!(to_telephone("= 'SPARED_CAPPED'").await, 1);
    env.stop().await;
}

async fn a_message_is_delivered_when_zalo_tells_that_it_came(database: Database) {
    let mut zalo = Counterpart::gateways().await;
    let env = start(database, zalo.port, &["zalo.events_secret=oa-secret"]).await;
    told(&env, 1).await;
    until(&env, 1, MessageState::Sent).await;
    let message = json!({ "msg_id": "z1", "delivery_time": "1764316800000" });
    let spoken = json!({ "msg_id": "z1", "text": "Xin chào" });
    let unknown = json!({ "msg_id": "z9", "delivery_time": "1764316800000" });
    for (secret, message, status, state) in [
        ("another", &message, 401, MessageState::Sent),
        ("oa-secret", &spoken, 200, MessageState::Sent),
        ("oa-secret", &unknown, 200, MessageState::Sent),
        ("oa-secret", &message, 200, MessageState::Delivered),
        // Told again, it changes nothing.
        ("oa-secret", &message, 200, MessageState::Delivered),
    ] {
        let url = format!("http://{}/notification/zalo/events", env.http());
        let event = json!({
            "event_name": "user_received_message", "app_id": "4412", "timestamp": "1764316801000",
            "sender": { "id": "oa" }, "recipient": { "id": "person" }, "message": message,
        });
        let told = json!({ "url": url, "secret": secret, "event": event });
        zalo.told(&format!("event {told}")).await;
        assert_eq!(zalo.says("answered").await["answered"], status, "{message}");
        assert_eq!(spool(&env).await[0].state(), state, "{message}");
    }
    assert_eq!(env.said::<MessageDelivered>().await.len(), 2, "in the inbox, and by Zalo");
    assert_eq!(count(&env, "receipt").await, 1, "of a message nobody knows");
    env.stop().await;
}

async fn each_refresh_token_is_used_once(database: Database) {
    let mut zalo = Counterpart::gateways().await;
    zalo.told(r#"oauth ["slow"]"#).await;
    let env = start(database, zalo.port, &[]).await;
    // All at once.
    for n in 1..=8 {
        told(&env, n).await;
    }
    until(&env, 8, MessageState::Delivered).await;
    // An access token that is none any more, and one that is near its end.
    zalo.told("forget").await;
    told(&env, 9).await;
    until(&env, 9, MessageState::Delivered).await;
    env.clock.advance(TimeDelta::hours(25));
    told(&env, 10).await;
    until(&env, 10, MessageState::Delivered).await;
    for used in ["first", "refresh-1", "refresh-2"] {
        let renewed = zalo.says("renewed").await;
        assert_eq!((&renewed["renewed"], &renewed["right"]), (&json!(used), &json!(true)));
    }
    assert_eq!(count(&env, "zalo_pass").await, 1);
    env.stop().await;
}

/// The store takes nothing for a while: what was renewed meanwhile is the only one there is.
async fn what_came_is_kept_before_it_is_used(database: Database) {
    let mut zalo = Counterpart::gateways().await;
    let env = start(database, zalo.port, &[]).await;
    let (closed, open) = match database {
        Database::Sqlite => (
            "CREATE TRIGGER closed BEFORE UPDATE ON zalo_pass BEGIN SELECT RAISE(ABORT, 'no'); END",
            "DROP TRIGGER closed",
        ),
        Database::Postgres => (
            "ALTER TABLE zalo_pass ADD CONSTRAINT closed CHECK (renewed_at < '2000-01-01')",
            "ALTER TABLE zalo_pass DROP CONSTRAINT closed",
        ),
    };
    env.store.reader().execute_unprepared(closed).await.unwrap();
    told(&env, 1).await;
    env.until(async || {
        let all = spool(&env).await;
        all.iter().any(|m| m.attempts >= 1).then_some(())
    })
    .await;
    assert_eq!(count(&env, "zalo_pass").await, 0);
    env.store.reader().execute_unprepared(open).await.unwrap();
    until(&env, 1, MessageState::Delivered).await;
    assert_eq!(zalo.says("renewed").await["renewed"], "first");
    assert_eq!(zalo.says("asked").await["asked"]["right"], true);
    env.stop().await;
}

#[tokio::test]
async fn a_renewal_whose_answer_is_lost_cannot_be_made_up_for() {
    let mut zalo = Counterpart::gateways().await;
    // The answer is lost, and with it the chain.
    zalo.told(r#"oauth ["lost"]"#).await;
    let env = start(Database::Sqlite, zalo.port, &["attempts=2"]).await;
    told(&env, 1).await;
    let [failed] = &until(&env, 1, MessageState::Failed).await[..] else { panic!("one message") };
    assert_eq!(failed.failure_reason, "ZALO_ACCOUNT");
    assert_eq!(zalo.says("renewed").await["right"], true);
    assert_eq!(zalo.says("renewed").await["right"], false, "the first is used up");
    assert_eq!(count(&env, "zalo_pass").await, 0, "nothing came of it");
    env.stop().await;
}

#[tokio::test]
async fn whatever_zalo_says_has_an_end() {
    let (delivered, failed) = (MessageState::Delivered, MessageState::Failed);
    for (step, state, reason, attempts) in [
        ("twice", delivered, "", 1),
        ("code:-108", failed, "ZALO_NUMBER_REFUSED", 1),
        ("code:-118", failed, "ZALO_PERSON_REFUSED", 1),
        ("code:-112", failed, "ZALO_TEXT_REFUSED", 1),
        ("code:-109", failed, "ZALO_TEMPLATE", 2),
        ("code:-115", failed, "ZALO_QUOTA", 2),
        ("code:-101", failed, "ZALO_ACCOUNT", 2),
        ("code:-100", failed, "ZALO_FAILS", 2),
        ("body:{}", failed, "UNCLEAR", 2),
        ("status:502", failed, "FAILS", 2),
        ("drop", failed, "AWAY", 2),
        ("silent", failed, "TIMEOUT", 2),
    ] {
        let mut zalo = Counterpart::gateways().await;
        zalo.told(&format!("plan {}", json!([step, step]))).await;
        let env = start(Database::Sqlite, zalo.port, &["attempts=2", "zalo.answer_s=1"]).await;
        told(&env, 1).await;
        let ended = until_far(&env, state).await;
        assert_eq!((&*ended.failure_reason, ended.attempts), (reason, attempts), "{step}");
        env.stop().await;
    }
}

/// The message, once it is in this state; meanwhile hours pass.
async fn until_far(env: &Env, state: MessageState) -> Message {
    env.until(async || {
        env.clock.advance(TimeDelta::minutes(10));
        spool(env).await.into_iter().find(|message| message.state() == state)
    })
    .await
}
