//! A consumer in another language reads the events at the broker: Python, `pika`
//! and the CloudEvents SDK.

use std::process::Stdio;

use motcua::demo::{story::Story, teller::Teller};
use motcua_tests::sandbox::{Sandbox, Topology};
use tokio::io::{AsyncBufReadExt, BufReader, Lines};

use super::{python, root};

#[tokio::test(flavor = "multi_thread")]
async fn a_consumer_in_python_reads_the_events_as_cloudevents() {
    let sandbox = Sandbox::start(Topology::Processes).await.unwrap();
    let (world, mut teller) = (sandbox.world().unwrap(), Teller::silent());
    let broker = sandbox.backends().unwrap();
    let mut reader = python("tests/python/events.py")
        .args(["--exchange", &format!("{}motcua.events", broker.prefix())])
        .arg("--proto")
        .arg(root().join("proto"))
        .args(["--last", "DossierAccepted"])
        .env("MOTCUA_AMQP", broker.broker_url())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(reader.stdout.take().unwrap()).lines();
    assert_eq!(lines.next_line().await.unwrap().as_deref(), Some("listening"));

    let mut story =
        Box::pin(Story::begin(&world, sandbox.administrator(), &mut teller)).await.unwrap();
    let filed = story.submitted().await.unwrap();
    let accepted = story.accept(&filed).await.unwrap();
    let read = read(lines).await;
    assert!(reader.wait().await.unwrap().success(), "{read:?}");
    let told = |n: usize, what: &str| read[n][what].clone();
    assert_eq!([told(0, "type"), told(1, "type")], ["DossierSubmitted", "DossierAccepted"]);
    for n in [0, 1] {
        assert_eq!(told(n, "dossier"), accepted.name);
        assert_eq!(told(n, "code"), accepted.code);
    }
    assert!(told(0, "version").as_i64() < told(1, "version").as_i64());
    assert_ne!(told(0, "id"), told(1, "id"));
    what_nobody_needs_is_seen_and_sent_again(&sandbox).await;
}

/// Nobody listens to new accounts: they lie aside at the broker, for an operator to see.
async fn what_nobody_needs_is_seen_and_sent_again(sandbox: &Sandbox) {
    const REGISTERED: &str = "motcua.identity.v1.AccountRegistered";
    let seen = ["list", "--consumer", "unrouted", "--type", REGISTERED, "--limit", "1"];
    let seen = events(sandbox, &seen).await;
    let event = &seen["events"][0];
    assert_eq!((&event["reason"], &event["source"]), (&"UNROUTED".into(), &"identity".into()));
    let id = event["id"].as_str().unwrap();
    let sent = events(sandbox, &["redrive", id, "--by", "nguyen.van.an"]).await;
    assert_eq!(sent["redriven"][0]["consumer"], "unrouted");
    // There is still nobody, and it is known who tried.
    let shown = events(sandbox, &["show", id]).await;
    assert_eq!(shown["events"][0]["id"], id);
    assert_eq!(
        (&shown["acts"][0]["by"], &shown["acts"][0]["service"]),
        (&"nguyen.van.an".into(), &"identity".into())
    );
}

async fn events(sandbox: &Sandbox, arguments: &[&str]) -> serde_json::Value {
    let arguments = [&["events"], arguments, &["--json"]].concat();
    serde_json::from_str(&sandbox.command(&arguments, "").await.unwrap()).unwrap()
}

async fn read(mut lines: Lines<BufReader<tokio::process::ChildStdout>>) -> Vec<serde_json::Value> {
    let mut read = Vec::new();
    while let Some(line) = lines.next_line().await.unwrap() {
        read.push(serde_json::from_str(&line).unwrap());
    }
    read
}
