//! Organisations' own systems, against one in another language that verifies by a library of others.

use chrono::TimeDelta;
use motcua_context::{Actor, Clock, Person, SystemClock};
use motcua_ids::{AccountId, Uuid};
use motcua_proto::{
    intake::v1::DossierContact,
    notification::v1::{
        CreateWebhookRequest, DeleteWebhookRequest, ListWebhooksRequest, Message, MessageChannel,
        MessageState, MessageTopic, RotateWebhookSecretRequest, TestWebhookRequest,
        TestWebhookResponse, UpdateWebhookRequest, Webhook, WebhookOffCause, WebhookState,
    },
};
use motcua_testkit::Database;
use serde_json::{Value, json};
use tonic::{Code, Status};

use crate::{
    counterpart::Counterpart,
    support::{
        CODE, Env, accepted, account, builder, client, contact, count, dossier, inbox, on_both,
        owner, ready, rejected, spool,
    },
};

on_both! {
    an_organisation_is_told_by_signed_requests;
    who_is_gone_is_told_no_more;
    who_takes_nothing_for_days_is_told_no_more;
    an_address_is_its_organisations_alone;
}

fn organisation() -> Actor {
    Actor::Person(Person::organisation(account()))
}

fn other_organisation() -> Actor {
    Actor::Person(Person::organisation(AccountId::new(Uuid::from_u128(14))))
}

/// The service, telling an organisation; requests may lead to this machine.
async fn start(database: Database, more: &[&str]) -> Env {
    let plain = DossierContact { phone: String::new(), email: String::new(), ..contact() };
    let mut builder = builder(database, move || Ok(plain.clone())).at(SystemClock.now());
    for pair in ["webhooks.anywhere=true", "webhooks.answer_s=1"].iter().chain(more) {
        builder = builder.set(format!("notification.{pair}"));
    }
    let env = builder.start().await;
    ready(&env).await;
    env
}

async fn create(env: &Env, by: &Actor, url: &str) -> Result<(Webhook, String), Status> {
    let asked = CreateWebhookRequest { request_id: env.request_id(), url: url.to_owned() };
    let created = client(env, by).create_webhook(asked).await?.into_inner();
    Ok((created.webhook.unwrap(), created.secret))
}

/// The registered address of a receiver that knows the secret.
async fn registered(env: &Env, receiver: &mut Counterpart) -> (Webhook, String) {
    let url = format!("http://127.0.0.1:{}/hook", receiver.port);
    let (webhook, secret) = create(env, &organisation(), &url).await.unwrap();
    receiver.told(&format!("secrets {}", json!([secret]))).await;
    (webhook, secret)
}

async fn told(env: &Env, n: u128) {
    assert_eq!(env.tell(dossier(n).uuid(), &accepted(n)).await, None);
}

async fn listed(env: &Env) -> Vec<Webhook> {
    let asked = ListWebhooksRequest::default();
    client(env, &organisation()).list_webhooks(asked).await.unwrap().into_inner().webhooks
}

async fn tried(env: &Env, name: &str) -> Result<TestWebhookResponse, Status> {
    let asked = TestWebhookRequest { request_id: env.request_id(), name: name.to_owned() };
    Ok(client(env, &organisation()).test_webhook(asked).await?.into_inner())
}

/// A message about a dossier, once it is in this state; meanwhile time passes.
async fn until(env: &Env, n: u128, state: MessageState, step: TimeDelta) -> Message {
    env.until(async || {
        env.clock.advance(step);
        let all = spool(env).await;
        all.into_iter().find(|m| m.state() == state && m.dossier == dossier(n).name())
    })
    .await
}

async fn an_organisation_is_told_by_signed_requests(database: Database) {
    let mut receiver = Counterpart::receiver().await;
    let env = start(database, &[]).await;
    let (webhook, secret) = registered(&env, &mut receiver).await;
    assert!(secret.starts_with("whsec_") && webhook.state() == WebhookState::On);
    told(&env, 1).await;
    let asked = receiver.says("told").await;
    let second = TimeDelta::zero();
    let sent = until(&env, 1, MessageState::Delivered, second).await;
    assert_eq!((&asked["verified"], &asked["known"]), (&json!([true]), &json!([true])));
    assert_eq!((&asked["method"], &asked["url"]), (&json!("POST"), &json!("/hook")));
    assert_eq!(asked["type"], "application/cloudevents+json");
    let id = sent.name.strip_prefix("messages/").unwrap();
    assert_eq!(asked["id"], id);
    let event = &asked["told"];
    assert_eq!((&event["specversion"], &event["id"]), (&json!("1.0"), &json!(id)));
    assert_eq!(event["type"], "motcua.notification.v1.dossier-accepted");
    assert_eq!(
        event["data"],
        json!({
            "dossier": dossier(1).name(), "code": CODE, "version": 3, "topic": "dossier-accepted",
            "case": null, "time": "2026-03-06T10:00:00+00:00",
        })
    );
    assert_eq!((sent.channel(), &*sent.provider), (MessageChannel::Webhook, "webhook"));
    assert_eq!(sent.masked_address, webhook.name);
    // The person is told beside it, and of other topics too.
    assert_eq!(inbox(&env).await.len(), 1);
    assert_eq!(env.tell(dossier(2).uuid(), &rejected(2, 3)).await, None);
    assert_eq!(receiver.says("told").await["told"]["data"]["topic"], "dossier-rejected");
    // Nothing of the address or the secret lies open.
    for open in [&secret[6..], "127.0.0.1"] {
        let like = format!("webhook WHERE CAST(hook AS TEXT) LIKE '%{open}%'");
        let like = match database {
            Database::Sqlite => like,
            Database::Postgres => {
                format!("webhook WHERE position('{open}'::bytea in hook) > 0")
            }
        };
        assert_eq!(count(&env, &like).await, 0);
    }
    env.stop().await;
}

async fn who_is_gone_is_told_no_more(database: Database) {
    let mut receiver = Counterpart::receiver().await;
    let env = start(database, &[]).await;
    let (webhook, _) = registered(&env, &mut receiver).await;
    receiver.told("plan [410]").await;
    told(&env, 1).await;
    let failed = until(&env, 1, MessageState::Failed, TimeDelta::seconds(1)).await;
    assert_eq!((&*failed.failure_reason, failed.attempts), ("WEBHOOK_GONE", 1));
    let [off] = &listed(&env).await[..] else { panic!("one address") };
    assert_eq!((off.state(), off.off_cause()), (WebhookState::Off, WebhookOffCause::Gone));
    let notice = off_notice(&env).await;
    assert!(notice.text.contains("410") && notice.title.contains(CODE), "{}", notice.text);
    // What is off is told nothing, and there is one notice of it.
    told(&env, 2).await;
    env.until(async || (inbox(&env).await.len() == 3).then_some(())).await;
    assert_eq!(count(&env, "message WHERE channel = 'webhook'").await, 1);
    // On again.
    let asked = UpdateWebhookRequest {
        request_id: env.request_id(),
        webhook: Some(Webhook { state: WebhookState::On.into(), ..off.clone() }),
        update_mask: Some(prost_types::FieldMask { paths: vec!["state".into()] }),
    };
    let again = client(&env, &organisation()).update_webhook(asked).await.unwrap().into_inner();
    assert_eq!((again.state(), &again.name), (WebhookState::On, &webhook.name));
    receiver.says("told").await;
    told(&env, 3).await;
    receiver.says("told").await;
    until(&env, 3, MessageState::Delivered, TimeDelta::zero()).await;
    env.stop().await;
}

/// The owner's notice, once it is there.
async fn off_notice(env: &Env) -> Message {
    env.until(async || {
        let all = inbox(env).await;
        all.into_iter().find(|message| message.topic() == MessageTopic::WebhookOff)
    })
    .await
}

async fn who_takes_nothing_for_days_is_told_no_more(database: Database) {
    let mut receiver = Counterpart::receiver().await;
    let env = start(database, &["webhooks.attempts=20", "webhooks.longest_wait_s=7200"]).await;
    registered(&env, &mut receiver).await;
    receiver.told(&format!("plan {}", json!(vec![503; 5_000]))).await;
    // News come all the time; what came before is given up.
    let mut n = 0;
    let off = env
        .until(async || {
            n += 1;
            told(&env, n).await;
            env.clock.advance(TimeDelta::hours(6));
            let all = listed(&env).await;
            all.into_iter().find(|webhook| webhook.state() == WebhookState::Off)
        })
        .await;
    assert_eq!(off.off_cause(), WebhookOffCause::Failing);
    let since = off.failing_time.unwrap().seconds;
    assert!(off.off_time.unwrap().seconds - since >= 5 * 24 * 3600);
    assert!(off_notice(&env).await.text.contains("nhiều ngày"));
    env.stop().await;
}

async fn an_address_is_its_organisations_alone(database: Database) {
    let mut receiver = Counterpart::receiver().await;
    let env = start(database, &[]).await;
    let (webhook, _) = registered(&env, &mut receiver).await;
    for (stranger, reason) in
        [(other_organisation(), "NOT_FOUND"), (owner(), "NOT_AN_ORGANISATION")]
    {
        let mut them = client(&env, &stranger);
        let name = || webhook.name.clone();
        let update = UpdateWebhookRequest {
            request_id: env.request_id(),
            webhook: Some(webhook.clone()),
            update_mask: Some(prost_types::FieldMask { paths: vec!["url".into()] }),
        };
        let rotate = RotateWebhookSecretRequest { request_id: env.request_id(), name: name() };
        let delete = DeleteWebhookRequest { request_id: env.request_id(), name: name() };
        let test = TestWebhookRequest { request_id: env.request_id(), name: name() };
        for refused in [
            them.update_webhook(update).await.map(drop),
            them.rotate_webhook_secret(rotate).await.map(drop),
            them.delete_webhook(delete).await.map(drop),
            them.test_webhook(test).await.map(drop),
        ] {
            assert_eq!(motcua_rpc::fault(refused.unwrap_err()).reason(), reason);
        }
    }
    let theirs = client(&env, &other_organisation());
    let seen = theirs.clone().list_webhooks(ListWebhooksRequest::default()).await.unwrap();
    assert_eq!(seen.into_inner().webhooks, []);
    assert_eq!(listed(&env).await, std::slice::from_ref(&webhook));
    // Repeated, a request shows no secret; and six are too many.
    let url = webhook.url.clone();
    let asked = CreateWebhookRequest { request_id: env.request_id(), url: url.clone() };
    let mut us = client(&env, &organisation());
    let first = us.create_webhook(asked.clone()).await.unwrap().into_inner();
    let again = us.create_webhook(asked).await.unwrap().into_inner();
    assert_eq!((first.webhook, &*again.secret), (again.webhook, ""));
    for _ in 0..3 {
        create(&env, &organisation(), &url).await.unwrap();
    }
    let refused = create(&env, &organisation(), &url).await.unwrap_err();
    assert_eq!(motcua_rpc::fault(refused).reason(), "WEBHOOKS_TOO_MANY");
    let asked = DeleteWebhookRequest { request_id: env.request_id(), name: webhook.name };
    us.delete_webhook(asked).await.unwrap();
    assert_eq!(listed(&env).await.len(), 4);
    env.stop().await;
}

#[tokio::test]
async fn a_repeat_bears_the_same_id_until_it_is_taken() {
    let mut receiver = Counterpart::receiver().await;
    let env = start(Database::Sqlite, &[]).await;
    registered(&env, &mut receiver).await;
    // The second time it was heard, and the answer is lost.
    receiver.told(r#"plan [503, "drop", "silent", "redirect"]"#).await;
    told(&env, 1).await;
    let taken = until(&env, 1, MessageState::Delivered, TimeDelta::seconds(30)).await;
    assert_eq!(taken.attempts, 5);
    let mut all = Vec::<Value>::new();
    for _ in 0..5 {
        all.push(receiver.says("told").await);
    }
    let id = taken.name.strip_prefix("messages/").unwrap();
    assert!(all.iter().all(|told| told["id"] == id && told["known"] == json!([true])), "{all:?}");
    assert!(all.iter().all(|told| told["told"] == all[0]["told"]), "the same is told");
    let times: Vec<_> = all.iter().map(|told| told["at"].as_i64().unwrap()).collect();
    assert!(times.is_sorted() && times[0] < times[4], "{times:?}");
    assert_eq!(listed(&env).await[0].failing_time, None, "it does well again");
    env.stop().await;
}

#[tokio::test]
async fn secrets_overlap_while_they_are_changed() {
    let mut receiver = Counterpart::receiver().await;
    let env = start(Database::Sqlite, &[]).await;
    let (webhook, first) = registered(&env, &mut receiver).await;
    let asked =
        RotateWebhookSecretRequest { request_id: env.request_id(), name: webhook.name.clone() };
    let mut us = client(&env, &organisation());
    let rotated = us.rotate_webhook_secret(asked.clone()).await.unwrap().into_inner();
    let repeated = us.rotate_webhook_secret(asked).await.unwrap().into_inner();
    assert_eq!(repeated.secret, "", "it is shown once");
    let second = rotated.secret;
    receiver.told(&format!("secrets {}", json!([first, second]))).await;
    told(&env, 1).await;
    let both = receiver.says("told").await;
    assert_eq!((&both["verified"], &both["signatures"]), (&json!([true, true]), &json!(2)));
    assert!(rotated.webhook.unwrap().old_secret_expire_time.is_some());
    env.clock.advance(TimeDelta::hours(24));
    told(&env, 2).await;
    let one = receiver.says("told").await;
    assert_eq!((&one["known"], &one["signatures"]), (&json!([false, true]), &json!(1)));
    env.stop().await;
}

#[tokio::test]
async fn a_trial_says_what_was_answered() {
    let mut receiver = Counterpart::receiver().await;
    let env = start(Database::Sqlite, &[]).await;
    let (webhook, _) = registered(&env, &mut receiver).await;
    let asked = TestWebhookRequest { request_id: env.request_id(), name: webhook.name.clone() };
    let mut us = client(&env, &organisation());
    let good = us.test_webhook(asked.clone()).await.unwrap().into_inner();
    assert_eq!((good.taken, &*good.reason), (true, ""));
    let trial = receiver.says("told").await;
    assert_eq!(trial["verified"], json!([true]));
    assert_eq!(trial["told"]["type"], "motcua.notification.v1.trial");
    let again = us.test_webhook(asked).await.unwrap().into_inner();
    assert_eq!((again.taken, &*again.reason), (false, "DONE_BEFORE"));
    let soon = tried(&env, &webhook.name).await.unwrap_err();
    assert_eq!(soon.code(), Code::ResourceExhausted);
    for (step, taken, reason) in [
        (json!(500), false, "WEBHOOK_5XX"),
        (json!(404), false, "WEBHOOK_4XX"),
        (json!(429), false, "THROTTLED"),
        (json!(410), false, "WEBHOOK_GONE"),
        (json!("redirect"), false, "WEBHOOK_3XX"),
        (json!("drop"), false, "AWAY"),
        (json!("silent"), false, "TIMEOUT"),
        (json!("endless"), true, ""),
    ] {
        env.clock.advance(TimeDelta::seconds(10));
        receiver.told(&format!("plan [{step}]")).await;
        let said = tried(&env, &webhook.name).await.unwrap();
        assert_eq!((said.taken, &*said.reason), (taken, reason), "{step}");
    }
    assert_eq!(listed(&env).await[0].state(), WebhookState::On, "a trial turns nothing off");
    env.stop().await;
}

#[tokio::test]
async fn an_address_within_is_refused() {
    let env = builder(Database::Sqlite, || Ok(contact())).start().await;
    ready(&env).await;
    for (url, reason) in [
        ("https://127.0.0.1/", "WEBHOOK_NOT_PUBLIC"),
        ("https://localhost/", "WEBHOOK_NOT_PUBLIC"),
        ("https://[::ffff:127.0.0.1]/", "WEBHOOK_NOT_PUBLIC"),
        ("https://169.254.169.254/latest/meta-data", "WEBHOOK_NOT_PUBLIC"),
        ("https://10.0.0.1/", "WEBHOOK_NOT_PUBLIC"),
        ("http://1.1.1.1/", "WEBHOOK_NOT_PUBLIC"),
        ("https://nobody.invalid/", "WEBHOOK_NAME_UNKNOWN"),
        ("https://user:word@1.1.1.1/", "INVALID_ARGUMENT"),
        ("https://1.1.1.1/#x", "INVALID_ARGUMENT"),
        ("ftp://1.1.1.1/", "INVALID_ARGUMENT"),
        ("hook", "INVALID_ARGUMENT"),
    ] {
        let refused = create(&env, &organisation(), url).await.unwrap_err();
        assert_eq!(motcua_rpc::fault(refused).reason(), reason, "{url}");
    }
    let (webhook, _) = create(&env, &organisation(), "https://1.1.1.1/hook").await.unwrap();
    let asked = UpdateWebhookRequest {
        request_id: env.request_id(),
        webhook: Some(Webhook { url: "https://127.0.0.1/".into(), ..webhook }),
        update_mask: Some(prost_types::FieldMask { paths: vec!["url".into()] }),
    };
    let refused = client(&env, &organisation()).update_webhook(asked).await.unwrap_err();
    assert_eq!(motcua_rpc::fault(refused).reason(), "WEBHOOK_NOT_PUBLIC");
    env.stop().await;
}
