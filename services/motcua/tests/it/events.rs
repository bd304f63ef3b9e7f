//! `events`: what waits for a person is found, shown and put back, and by whom is kept.

use std::path::Path;

use motcua::settings;
use motcua_context::{Clock, SystemClock};
use motcua_ids::{EventId, Uuid};
use motcua_post::Envelope;
use motcua_spine::Spine;
use motcua_store::Store;
use serde_json::Value;

use crate::motcua;

const SECRET: &str = "072085009876";

async fn inbox(data: &Path) -> Store {
    let settings = settings::only(&[format!("server.data={}", data.display())]).unwrap();
    let options = Spine::of(&settings).unwrap().store_options("workflow");
    Store::open("workflow", &options).await.unwrap()
}

fn event(n: u128, key: u128) -> Envelope {
    Envelope {
        id: EventId::new(Uuid::from_u128(n)),
        event_type: "motcua.intake.v1.DossierAccepted".to_owned(),
        source: "intake".to_owned(),
        key: Uuid::from_u128(key),
        payload: SECRET.as_bytes().to_vec(),
        traceparent: None,
        occurred_at: SystemClock.now(),
    }
}

/// Events 1 to 4, each of its own key, are parked; 5 waits behind 1.
async fn parked(data: &Path) -> Store {
    assert!(motcua(data, &["migrate"]).well);
    let store = inbox(data).await;
    let told: Vec<_> = (1..=4).map(|n| event(n, n)).chain([event(5, 1)]).collect();
    store.inbox().receive(&told).await.unwrap();
    for letter in store.inbox().ready(SystemClock.now(), 9).await.unwrap() {
        let reason = if letter.envelope.key == Uuid::from_u128(3) { "OTHER" } else { "NOT_NOW" };
        store.inbox().park(&letter, reason).await.unwrap();
    }
    store
}

fn json(data: &Path, arguments: &[&str]) -> Value {
    let answer = motcua(data, &[arguments, &["--json"]].concat());
    assert!(!answer.good().contains(SECRET), "an event's body is shown");
    serde_json::from_str(&answer.out).unwrap()
}

fn keys(answer: &Value) -> Vec<u128> {
    let key = |event: &Value| event["key"].as_str().unwrap().parse::<Uuid>().unwrap().as_u128();
    answer["events"].as_array().unwrap().iter().map(key).collect()
}

#[tokio::test]
async fn what_is_parked_is_listed_page_by_page_and_by_what_is_known_of_it() {
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path();
    parked(data).await.close().await.unwrap();
    let all = json(data, &["events", "list"]);
    assert_eq!(keys(&all), [1, 2, 3, 4]);
    assert_eq!((&all["events"][0]["behind"], &all["next"]), (&Value::from(1), &Value::Null));

    let first = json(data, &["events", "list", "--limit", "3"]);
    assert_eq!(keys(&first), [1, 2, 3]);
    let next = first["next"].as_str().unwrap();
    assert!(next.starts_with("workflow/"), "{next}");
    assert_eq!(keys(&json(data, &["events", "list", "--after", next])), [4]);

    let dossier = format!("dossiers/{}", Uuid::from_u128(2));
    assert_eq!(keys(&json(data, &["events", "list", "--key", &dossier])), [2]);
    assert_eq!(keys(&json(data, &["events", "list", "--reason", "OTHER"])), [3]);
    assert_eq!(keys(&json(data, &["events", "list", "--source", "catalog"])), [0; 0]);
    assert_eq!(keys(&json(data, &["events", "list", "--consumer", "intake,dead"])), [0; 0]);
    let lines = motcua(data, &["events", "list", "--consumer", "workflow"]);
    assert_eq!(lines.good().lines().count(), 4);
    assert!(lines.out.contains(": NOT_NOW, tried 1 times, 1 behind it"), "{}", lines.out);
    let typo = motcua(data, &["events", "list", "--consumer", "workflov"]);
    assert!(typo.refusal().contains("workflow") && typo.err.contains("unrouted"), "{}", typo.err);
}

#[tokio::test]
async fn what_is_put_back_is_ready_again_and_who_did_it_is_kept() {
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path();
    let store = parked(data).await;
    let one = Uuid::from_u128(1).to_string();
    let nameless = motcua(data, &["events", "redrive", &one]);
    assert!(!nameless.well && nameless.err.contains("--by"), "{}", nameless.err);
    let all = motcua(data, &["events", "redrive", "--by", "an"]);
    assert!(all.refusal().contains("--all is everything"), "{}", all.err);

    let unsaid = motcua(data, &["events", "redrive", "--from-log", &one, "--by", "an"]);
    assert!(unsaid.refusal().contains("no log has it"), "{}", unsaid.err);
    let both = motcua(data, &["events", "redrive", "--from-log", &one, "--all", "--by", "an"]);
    assert!(!both.well && both.err.contains("--all"), "{}", both.err);

    let redriven = json(data, &["events", "redrive", &one, "--by", "nguyen.van.an"]);
    assert_eq!(redriven["redriven"][0]["id"], Value::from(one.as_str()));
    let ready = store.inbox().ready(SystemClock.now(), 9).await.unwrap();
    assert_eq!(ready.iter().map(|l| l.envelope.key.as_u128()).collect::<Vec<_>>(), [1]);
    let shown = json(data, &["events", "show", &one]);
    assert_eq!(shown["acts"][0]["by"], "nguyen.van.an");
    assert_eq!((&shown["acts"][0]["reason"], keys(&shown).len()), (&Value::from("NOT_NOW"), 0));

    let rest = ["events", "redrive", "--consumer", "workflow", "--reason", "NOT_NOW", "--by", "b"];
    assert!(motcua(data, &rest).good().contains("2 put back on their way"));
    assert_eq!(keys(&json(data, &["events", "list"])), [3]);
    let whole = motcua(data, &["events", "show", &Uuid::from_u128(3).to_string()]);
    assert!(whole.good().contains("reason      OTHER") && !whole.out.contains(SECRET));
    let acts = json(data, &["events", "list", "--redriven"]);
    assert_eq!(acts["acts"].as_array().unwrap().len(), 3);
    let nothing = motcua(data, &["events", "show", &Uuid::from_u128(99).to_string()]);
    assert!(nothing.refusal().contains("no such event"), "{}", nothing.err);
}
