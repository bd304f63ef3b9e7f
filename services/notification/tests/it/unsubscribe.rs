//! Whoever wants no more letters stops them with one click, as mail programs do it.

use chrono::TimeDelta;
use motcua_context::Actor;
use motcua_proto::{
    intake::v1::DossierContact,
    notification::v1::{
        ChannelUse, DigestUse, GetPreferencesRequest, MessageChannel, MessageTopic, Preferences,
        UpdatePreferencesRequest,
    },
};
use motcua_testkit::Database;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

use crate::{
    counterpart::Counterpart,
    digest::{counted, key, office_with, specialist},
    support::{
        Env, accepted, builder, client, contact, count, dossier, inbox, on_both, owner, ready,
        spool, submitted,
    },
};

on_both! {
    one_click_stops_what_need_not_be_told;
    nothing_happens_but_by_the_letters_own_button;
    whoever_has_no_account_is_heeded_by_their_mailbox;
    an_officer_stops_the_mornings_and_nothing_else;
}

const CLICK: &str = "List-Unsubscribe=One-Click";

fn settings(port: u16) -> Vec<String> {
    [
        "smtp.host=localhost".to_owned(),
        format!("smtp.port={port}"),
        "smtp.from=khongtraloi@motcua.example".to_owned(),
        "smtp.tls=none".to_owned(),
        "smtp.unsubscribe=https://motcua.example/".to_owned(),
    ]
    .map(|pair| format!("notification.{pair}"))
    .to_vec()
}

async fn start(database: Database, contact: DossierContact) -> (Env, Counterpart) {
    let mailbox = Counterpart::mailbox(&[]).await;
    let mut builder = builder(database, move || Ok(contact.clone()));
    for pair in settings(mailbox.port) {
        builder = builder.set(pair);
    }
    let env = builder.start().await;
    ready(&env).await;
    (env, mailbox)
}

/// Where the next letter says that its like are stopped.
async fn stops(env: &Env, mailbox: &mut Counterpart) -> String {
    env.clock.advance(TimeDelta::seconds(1));
    let headers = mailbox.says("letter").await["headers"].clone();
    assert_eq!(headers["list-unsubscribe-post"], CLICK);
    let address = headers["list-unsubscribe"].as_str().unwrap();
    let path = address.strip_prefix("<https://motcua.example").unwrap();
    path.trim_end_matches('>').to_owned()
}

/// What is answered over plain HTTP: its number and everything it says.
async fn asked(env: &Env, method: &str, path: &str, body: &str) -> (u16, String) {
    let mut http = TcpStream::connect(env.http()).await.unwrap();
    let length = body.len();
    let request = format!(
        "{method} {path} HTTP/1.0\r\nContent-Type: application/x-www-form-urlencoded\r\n\
         Content-Length: {length}\r\n\r\n{body}"
    );
    http.write_all(request.as_bytes()).await.unwrap();
    let mut answer = String::new();
    http.read_to_string(&mut answer).await.unwrap();
    (answer.split(' ').nth(1).unwrap().parse().unwrap(), answer)
}

async fn click(env: &Env, path: &str) {
    let (status, said) = asked(env, "POST", path, CLICK).await;
    assert!(status == 200 && said.contains("Từ nay"), "{said}");
}

async fn preferences(env: &Env, who: &Actor) -> Preferences {
    client(env, who).get_preferences(GetPreferencesRequest {}).await.unwrap().into_inner()
}

/// Of what letters were written.
async fn letters(env: &Env) -> Vec<MessageTopic> {
    let all = spool(env).await.into_iter();
    let letters = all.filter(|message| message.channel() == MessageChannel::Email);
    letters.map(|letter| letter.topic()).collect()
}

async fn one_click_stops_what_need_not_be_told(database: Database) {
    let (env, mut mailbox) = start(database, contact()).await;
    env.tell(dossier(1).uuid(), &submitted(1)).await;
    let path = stops(&env, &mut mailbox).await;
    click(&env, &path).await;
    let less = preferences(&env, &owner()).await;
    assert_eq!((less.email(), less.sms()), (ChannelUse::RequiredOnly, ChannelUse::RequiredOnly));
    // A program that got no answer asks again.
    click(&env, &path).await;
    assert_eq!(preferences(&env, &owner()).await, less);

    env.tell(dossier(2).uuid(), &submitted(2)).await;
    env.tell(dossier(2).uuid(), &accepted(2)).await;
    let headers = mailbox.says("letter").await["headers"].clone();
    assert!(headers["list-unsubscribe"].is_null(), "the law asks for it");
    let (accepted, submitted) = (MessageTopic::DossierAccepted, MessageTopic::DossierSubmitted);
    assert_eq!(letters(&env).await, [accepted, submitted]);
    assert_eq!(inbox(&env).await.len(), 3, "the inbox has everything");

    // Who chose otherwise meanwhile can stop them again by the same letter.
    let all = Preferences { email: ChannelUse::All.into(), ..less };
    let asked = UpdatePreferencesRequest {
        request_id: env.request_id(),
        preferences: Some(all),
        update_mask: Some(prost_types::FieldMask { paths: vec!["email".to_owned()] }),
    };
    client(&env, &owner()).update_preferences(asked).await.unwrap();
    click(&env, &path).await;
    assert_eq!(preferences(&env, &owner()).await.email(), ChannelUse::RequiredOnly);
    env.stop().await;
}

async fn nothing_happens_but_by_the_letters_own_button(database: Database) {
    let (env, mut mailbox) = start(database, contact()).await;
    env.tell(dossier(1).uuid(), &submitted(1)).await;
    let path = stops(&env, &mut mailbox).await;
    let before = preferences(&env, &owner()).await;
    // Whoever looks whether a link is harmful opens it.
    let (status, page) = asked(&env, "GET", &path, "").await;
    assert!(status == 200 && page.contains("<button") && page.contains("no-referrer"), "{page}");
    let short = &path[..path.len() - 1];
    let other = format!("{short}{}", if path.ends_with('0') { '1' } else { '0' });
    let nobody = format!("/notification/unsubscribe/{}", "0".repeat(48));
    let mut learnt = Vec::new();
    for wrong in [short, &other, &nobody] {
        for method in ["GET", "POST"] {
            let (status, said) = asked(&env, method, wrong, CLICK).await;
            assert_eq!(status, 404, "{wrong}");
            learnt.push(said.split("<!doctype").nth(1).unwrap().to_owned());
        }
    }
    learnt.dedup();
    assert_eq!(learnt.len(), 1, "every wrong one is told the same");
    let (status, said) = asked(&env, "POST", &path, "List-Unsubscribe=no").await;
    assert!(status == 400 && said.contains("One-Click"), "{said}");
    assert_eq!(asked(&env, "POST", &path, &"x".repeat(5_000)).await.0, 413);
    assert_eq!(preferences(&env, &owner()).await, before);
    env.stop().await;
}

async fn whoever_has_no_account_is_heeded_by_their_mailbox(database: Database) {
    let stranger = DossierContact { account: String::new(), phone: String::new(), ..contact() };
    let (env, mut mailbox) = start(database, stranger).await;
    env.tell(dossier(1).uuid(), &submitted(1)).await;
    let path = stops(&env, &mut mailbox).await;
    click(&env, &path).await;
    let noted = "message WHERE unsubscribed_at IS NOT NULL";
    assert_eq!(count(&env, noted).await, 1);
    click(&env, &path).await;
    env.tell(dossier(2).uuid(), &submitted(2)).await;
    env.tell(dossier(2).uuid(), &accepted(2)).await;
    mailbox.says("letter").await;
    let (accepted, submitted) = (MessageTopic::DossierAccepted, MessageTopic::DossierSubmitted);
    assert_eq!(letters(&env).await, [accepted, submitted]);
    assert_eq!(count(&env, "preference").await, 0);
    env.stop().await;
}

async fn an_officer_stops_the_mornings_and_nothing_else(database: Database) {
    let mut mailbox = Counterpart::mailbox(&[]).await;
    let (env, _) = office_with(database, &settings(mailbox.port)).await;
    assert_eq!(env.tell_again(env.envelope(key(), &counted())).await, None);
    let path = stops(&env, &mut mailbox).await;
    click(&env, &path).await;
    let less = preferences(&env, &specialist()).await;
    assert_eq!((less.digest(), less.email()), (DigestUse::Off, ChannelUse::All));
    env.stop().await;
}
