//! E-mail, against a mail server in another language.

use std::{path::Path, process::Stdio};

use chrono::TimeDelta;
use motcua_proto::{
    intake::v1::DossierContact,
    notification::v1::{Message, MessageFailed, MessageState},
};
use motcua_testkit::Database;
use serde_json::{Value, json};
use tokio::io::AsyncWriteExt;

use crate::{
    counterpart::{Counterpart, carriers},
    support::{EMAIL, Env, NAME, accepted, builder, contact, dossier, ready, spool, submitted},
};

/// The service before a mail server, telling people who have a mailbox alone.
async fn start(port: u16, more: &[&str]) -> Env {
    let plain = DossierContact { account: String::new(), phone: String::new(), ..contact() };
    let settings = [
        "smtp.host=localhost".to_owned(),
        format!("smtp.port={port}"),
        "smtp.from=Cổng Dịch vụ công <khongtraloi@motcua.example>".to_owned(),
        "smtp.tls=none".to_owned(),
    ];
    let mut builder = builder(Database::Sqlite, move || Ok(plain.clone()));
    for pair in settings.into_iter().chain(more.iter().map(|pair| (*pair).to_owned())) {
        builder = builder.set(format!("notification.{pair}"));
    }
    let env = builder.start().await;
    ready(&env).await;
    env
}

async fn told(env: &Env, n: u128) {
    assert_eq!(env.tell(dossier(n).uuid(), &accepted(n)).await, None);
}

/// The one message, once it is in this state; meanwhile time passes.
async fn until(env: &Env, state: MessageState) -> Message {
    env.until(async || {
        let found = spool(env).await.into_iter().find(|message| message.state() == state);
        if found.is_none() {
            env.clock.advance(TimeDelta::seconds(10));
        }
        found
    })
    .await
}

#[tokio::test]
async fn a_letter_says_who_writes_and_what_it_is() {
    let mut mailbox = Counterpart::mailbox(&[]).await;
    let env = start(mailbox.port, &["smtp.unsubscribe=https://motcua.example"]).await;
    told(&env, 1).await;
    let letter = mailbox.says("letter").await;
    let sent = until(&env, MessageState::Delivered).await;
    assert_eq!((sent.provider.as_str(), sent.segments, sent.attempts), ("smtp", 1, 1));
    assert_eq!(letter["to"], json!([EMAIL]));
    assert_eq!(letter["from"], "khongtraloi@motcua.example");
    assert_eq!(letter["hello"], "motcua.example");
    let headers = &letter["headers"];
    assert_eq!(headers["subject"], sent.title);
    assert_eq!(headers["from"], "Cổng Dịch vụ công <khongtraloi@motcua.example>");
    assert_eq!(headers["to"], EMAIL);
    assert_eq!(headers["auto-submitted"], "auto-generated");
    assert_eq!(headers["date"], "Mon, 02 Mar 2026 02:00:00 +0000");
    assert_eq!(headers["content-type"], "text/plain; charset=\"utf-8\"");
    let id = sent.name.trim_start_matches("messages/");
    assert_eq!(headers["message-id"], format!("<{id}@motcua.example>"));
    assert!(headers["list-unsubscribe"].is_null(), "the law asks for it");
    let text = letter["text"].as_str().unwrap().replace("\r\n", "\n");
    assert_eq!(text.trim_end(), sent.text);
    assert!(text.contains(NAME));

    // What need not be told can be stopped.
    env.tell(dossier(2).uuid(), &submitted(2)).await;
    let headers = mailbox.says("letter").await["headers"].clone();
    let stops = headers["list-unsubscribe"].as_str().unwrap();
    assert!(stops.starts_with("<https://motcua.example/notification/unsubscribe/"), "{stops}");
    assert_eq!(headers["list-unsubscribe-post"], "List-Unsubscribe=One-Click");
    env.stop().await;
}

#[tokio::test]
async fn what_the_server_cannot_take_now_it_takes_later() {
    let mut mailbox = Counterpart::mailbox(&[]).await;
    mailbox.told(r#"plan ["451", "rcpt:450", "drop", "lost"]"#).await;
    let env = start(mailbox.port, &[]).await;
    told(&env, 1).await;
    assert_eq!(until(&env, MessageState::Delivered).await.attempts, 5);
    let first = mailbox.says("letter").await;
    assert_eq!(first["answer"], "451");
    mailbox.says("dropped").await;
    let lost = mailbox.says("letter").await;
    assert_eq!(lost["answer"], "lost");
    let repeat = mailbox.says("letter").await;
    let id = |letter: &Value| letter["headers"]["message-id"].clone();
    assert_eq!(id(&lost), id(&repeat), "by this a mailbox knows it");
    assert_eq!(id(&first), id(&repeat));
    env.stop().await;
}

#[tokio::test]
async fn what_the_server_never_takes_is_not_tried_again() {
    for (plan, reason) in [("554", "SMTP_554"), ("rcpt:550", "SMTP_MAILBOX_550")] {
        let mut mailbox = Counterpart::mailbox(&[]).await;
        mailbox.told(&format!("plan [\"{plan}\"]")).await;
        let env = start(mailbox.port, &[]).await;
        told(&env, 1).await;
        let failed = until(&env, MessageState::Failed).await;
        assert_eq!((failed.failure_reason.as_str(), failed.attempts), (reason, 1));
        let [event] = &env.said::<MessageFailed>().await[..] else { panic!("one") };
        assert_eq!(event.failure_code, reason);
        env.stop().await;
    }
}

#[tokio::test]
async fn a_server_that_is_away_is_waited_for_until_the_end() {
    let mailbox = Counterpart::mailbox(&[]).await;
    let port = mailbox.port;
    drop(mailbox);
    let env = start(port, &["attempts=3"]).await;
    told(&env, 1).await;
    let failed = until(&env, MessageState::Failed).await;
    assert_eq!((failed.failure_reason.as_str(), failed.attempts), ("AWAY", 3));
    env.stop().await;
}

/// A certificate for this machine and its key, as files.
pub(crate) fn certificate(dir: &Path) -> [String; 2] {
    let made = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    let file = |name: &str, text: String| {
        let path = dir.join(name);
        std::fs::write(&path, text).unwrap();
        path.display().to_string()
    };
    [file("cert.pem", made.cert.pem()), file("key.pem", made.signing_key.serialize_pem())]
}

#[tokio::test]
async fn nothing_is_said_before_tls_and_our_name() {
    let dir = tempfile::tempdir().unwrap();
    let [cert, key] = certificate(dir.path());
    for (tls, implicit) in [("starttls", None), ("implicit", Some("--implicit"))] {
        let known = ["--user", "motcua", "--password", "right"];
        let secured = ["--cert", &cert, "--key", &key];
        let options: Vec<_> = known.into_iter().chain(secured).chain(implicit).collect();
        let mut mailbox = Counterpart::mailbox(&options).await;
        let ca = format!("smtp.ca={cert}");
        let tls = format!("smtp.tls={tls}");
        let right = [&tls, &ca, "smtp.user=motcua", "smtp.password=right"];
        let env = start(mailbox.port, &right).await;
        told(&env, 1).await;
        let letter = mailbox.says("letter").await;
        assert_eq!((&letter["secure"], &letter["user"]), (&json!(true), &json!(true)));
        until(&env, MessageState::Delivered).await;
        env.stop().await;

        // Not to be known is our fault, and no message's.
        let wrong = [&tls, &ca, "smtp.user=motcua", "smtp.password=wrong", "attempts=2"];
        let env = start(mailbox.port, &wrong).await;
        told(&env, 1).await;
        let failed = until(&env, MessageState::Failed).await;
        assert_eq!((failed.failure_reason.as_str(), failed.attempts), ("SMTP_535", 2));
        env.stop().await;

        // A server that nobody vouches for.
        let unknown = [&tls, "smtp.user=motcua", "smtp.password=right", "attempts=2"];
        let env = start(mailbox.port, &unknown).await;
        told(&env, 1).await;
        let failed = until(&env, MessageState::Failed).await;
        assert_eq!((failed.failure_reason.as_str(), failed.attempts), ("AWAY", 2));
        env.stop().await;
    }
}

#[tokio::test]
async fn a_server_without_tls_is_told_nothing_if_it_is_asked_for() {
    let mut mailbox = Counterpart::mailbox(&[]).await;
    let env = start(mailbox.port, &["smtp.tls=starttls", "attempts=2"]).await;
    told(&env, 1).await;
    until(&env, MessageState::Failed).await;
    env.stop().await;
    let env = start(mailbox.port, &[]).await;
    told(&env, 2).await;
    let letter = mailbox.says("letter").await;
    assert_eq!(letter["secure"], false, "the first it heard");
    env.stop().await;
}

#[tokio::test]
async fn a_signature_is_good_to_others() {
    let made = carriers("dkim.mjs").arg("keys").output().await.unwrap();
    let keys: Value = serde_json::from_slice(&made.stdout).unwrap();
    let dir = tempfile::tempdir().unwrap();
    for kind in ["rsa", "ed25519"] {
        let file = dir.path().join(kind);
        std::fs::write(&file, keys[kind]["key"].as_str().unwrap()).unwrap();
        let mut mailbox = Counterpart::mailbox(&[]).await;
        let settings = [
            format!("smtp.dkim_key={}", file.display()),
            "smtp.dkim_selector=m1".to_owned(),
            "smtp.unsubscribe=https://motcua.example".to_owned(),
        ];
        let settings: Vec<_> = settings.iter().map(String::as_str).collect();
        let env = start(mailbox.port, &settings).await;
        env.tell(dossier(1).uuid(), &submitted(1)).await;
        let letter = mailbox.says("letter").await["letter"].as_str().unwrap().to_owned();
        let judged = verify(&letter, keys[kind]["record"].as_str().unwrap()).await;
        assert_eq!(judged["asked"], json!(["m1._domainkey.motcua.example"]));
        assert_eq!(judged["results"][0]["result"], "pass", "{judged}");
        let signed = judged["results"][0]["signed"].to_string().to_lowercase();
        assert!(signed.contains("list-unsubscribe-post"), "{signed}");
        let forged = letter.replace("tiếp nhận", "trả lại").replace("One-Click", "Two-Click");
        let judged = verify(&forged, keys[kind]["record"].as_str().unwrap()).await;
        assert_eq!(judged["results"][0]["result"], "fail", "{judged}");
        env.stop().await;
    }
}

async fn verify(letter: &str, record: &str) -> Value {
    let mut judge = carriers("dkim.mjs")
        .args(["verify", record])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdin = judge.stdin.take().unwrap();
    stdin.write_all(letter.as_bytes()).await.unwrap();
    drop(stdin);
    let output = judge.wait_with_output().await.unwrap();
    serde_json::from_slice(&output.stdout).unwrap()
}
