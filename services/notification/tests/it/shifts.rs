//! Several providers of one channel: shared, left alone while they fail, taken out by an operator.

use chrono::TimeDelta;
use motcua_context::{Actor, Cause, Clock, Ctx, System};
use motcua_ids::EventId;
use motcua_notification::switches::{Switch, turn, turned};
use motcua_proto::{
    intake::v1::DossierContact,
    notification::v1::{Message, MessageState},
};
use motcua_testkit::Database;
use serde_json::json;

use crate::{
    counterpart::Counterpart,
    gateways::{viettel, vinaphone},
    support::{Env, accepted, builder, contact, dossier, on_both, ready, spool},
};

on_both! {
    an_operator_takes_a_provider_out_and_puts_it_back;
}

/// The service before both gateways.
async fn start(database: Database, ports: (u16, u16), more: &[&str]) -> Env {
    let plain = DossierContact { account: String::new(), email: String::new(), ..contact() };
    let mut builder = builder(database, move || Ok(plain.clone()));
    let settings = vinaphone(ports.0).into_iter().chain(viettel(ports.1));
    for pair in settings.chain(more.iter().map(|pair| (*pair).to_owned())) {
        builder = builder.set(format!("notification.{pair}"));
    }
    let env = builder.start().await;
    ready(&env).await;
    env
}

async fn told(env: &Env, of: std::ops::RangeInclusive<u128>) {
    for n in of {
        assert_eq!(env.tell(dossier(n).uuid(), &accepted(n)).await, None);
    }
}

/// So many messages, once all have gone; meanwhile time passes.
async fn gone(env: &Env, number: usize) -> Vec<Message> {
    env.until(async || {
        env.clock.advance(TimeDelta::seconds(5));
        let all = spool(env).await;
        let done = all.iter().all(|m| m.state() == MessageState::Delivered);
        (all.len() == number && done).then_some(all)
    })
    .await
}

fn by<'a>(messages: &'a [Message], provider: &str) -> Vec<&'a Message> {
    messages.iter().filter(|message| message.provider == provider).collect()
}

#[tokio::test]
async fn messages_go_by_the_other_while_one_fails_and_back_by_trials() {
    let (mut first, second) = (Counterpart::gateways().await, Counterpart::gateways().await);
    first.told(&format!("plan {}", json!(vec!["status:503"; 500]))).await;
    let shift = ["shift.least=4", "shift.stay_s=60", "shift.trial_one_in=3", "shift.trials=1"];
    let env = start(Database::Sqlite, (first.port, second.port), &shift).await;
    told(&env, 1..=16).await;
    let all = gone(&env, 16).await;
    assert_eq!(by(&all, "viettel").len(), 16, "whatever the first did not take");
    assert!(all.iter().any(|m| m.attempts > 1), "the first had some to fail with");
    // It does again.
    first.told("plan []").await;
    env.clock.advance(TimeDelta::seconds(600));
    told(&env, 17..=64).await;
    let all = gone(&env, 64).await;
    assert!(!by(&all, "vinaphone").is_empty(), "trials and then its share");
    assert!(by(&all, "viettel").len() > 16 + 4, "the other has its own");
    env.stop().await;
}

#[tokio::test]
async fn a_reserve_has_nothing_while_the_other_does() {
    let (first, second) = (Counterpart::gateways().await, Counterpart::gateways().await);
    let env = start(Database::Sqlite, (first.port, second.port), &["viettel.weight=0"]).await;
    told(&env, 1..=8).await;
    assert_eq!(by(&gone(&env, 8).await, "vinaphone").len(), 8);
    env.stop().await;
}

async fn turned_by(env: &Env, provider: &str, out: bool) {
    let now = env.clock.now();
    let operator = System { service: false, ..System::service("an operator") };
    let ctx = Ctx::new(Actor::System(operator), now);
    let id = ctx.new_id::<EventId>().uuid();
    let switch = Switch {
        provider: provider.to_owned(),
        out,
        by: "an operator".to_owned(),
        reason: "the contract".to_owned(),
        at: now,
    };
    turn(&env.store, &ctx.with_cause(Cause::Command { id }), switch).await.unwrap();
}

async fn an_operator_takes_a_provider_out_and_puts_it_back(database: Database) {
    let (first, second) = (Counterpart::gateways().await, Counterpart::gateways().await);
    let env = start(database, (first.port, second.port), &[]).await;
    turned_by(&env, "vinaphone", true).await;
    told(&env, 1..=8).await;
    assert_eq!(by(&gone(&env, 8).await, "viettel").len(), 8);
    turned_by(&env, "viettel", true).await;
    told(&env, 9..=9).await;
    env.until(async || {
        let all = spool(&env).await;
        let waits = |m: &&Message| m.state() == MessageState::Queued && m.attempts > 0;
        (all.iter().filter(waits).count() == 1).then_some(())
    })
    .await;
    turned_by(&env, "vinaphone", false).await;
    let all = gone(&env, 9).await;
    assert_eq!(by(&all, "vinaphone").len(), 1);
    let out: Vec<_> = turned(&env.store).await.unwrap();
    let out: Vec<_> = out.iter().map(|switch| (&*switch.provider, switch.out)).collect();
    assert_eq!(out, [("viettel", true), ("vinaphone", false)]);
    env.stop().await;
}
