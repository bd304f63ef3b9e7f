//! Letters that come back: a mail server takes them, and tells in a mailbox what became of them.

use std::{
    sync::{
        Arc, Mutex,
        atomic::{AtomicU16, Ordering},
    },
    time::Duration,
};

use chrono::TimeDelta;
use motcua_proto::{
    intake::v1::DossierContact,
    notification::v1::{Message, MessageDelivered, MessageFailed, MessageState},
};
use motcua_telemetry::{Options, Program};
use motcua_testkit::Database;
use sea_orm::ConnectionTrait;
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::net::{TcpListener, TcpStream};

use crate::{
    counterpart::Counterpart,
    mail::certificate,
    support::{EMAIL, Env, accepted, builder, contact, dossier, on_both, ready, spool},
};

on_both! {
    a_letter_that_comes_back_has_failed;
    who_is_not_there_is_not_written_to_again;
    what_does_not_come_back_has_arrived;
    only_a_proved_report_says_anything;
    nothing_is_taken_away_before_it_is_kept;
    a_report_may_be_faster_than_the_answer;
}

const ASIDE: &str = "motcua-khac";

/// The service between a mail server and the mailbox where its letters come back.
struct Post {
    env: Env,
    server: Counterpart,
    returns: Counterpart,
    email: Arc<Mutex<String>>,
    /// Deleted at last.
    _dir: TempDir,
}

impl Post {
    async fn open(database: Database) -> Self {
        Self::with(database, &[], &["bounces.tls=none"]).await
    }

    async fn with(database: Database, options: &[&str], more: &[&str]) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let server = Counterpart::mailbox(&[]).await;
        let known = ["--user", "motcua", "--password", "secret"];
        let returns = Counterpart::returns(dir.path(), &[&known, options].concat()).await;
        let email = Arc::new(Mutex::new(EMAIL.to_owned()));
        let own = email.clone();
        let mut builder = builder(database, move || {
            let email = own.lock().unwrap().clone();
            Ok(DossierContact { account: String::new(), phone: String::new(), email, ..contact() })
        });
        let settings = [
            "smtp.host=localhost".to_owned(),
            format!("smtp.port={}", server.port),
            "smtp.from=Cổng Dịch vụ công <khongtraloi@motcua.example>".to_owned(),
            "smtp.tls=none".to_owned(),
            "bounces.address=thu-tra-lai@motcua.example".to_owned(),
            "bounces.host=localhost".to_owned(),
            format!("bounces.port={}", returns.port),
            "bounces.user=motcua".to_owned(),
            "bounces.password=secret".to_owned(),
            "bounces.poll_s=1".to_owned(),
        ];
        let more = more.iter().map(|pair| (*pair).to_owned());
        for pair in settings.into_iter().chain(more) {
            builder = builder.set(format!("notification.{pair}"));
        }
        let env = builder.start().await;
        ready(&env).await;
        Self { env, server, returns, email, _dir: dir }
    }

    /// Tells news of a dossier, and answers to where their letter comes back.
    async fn sends(&mut self, n: u128) -> String {
        self.tells(n).await;
        let letter = self.server.says("letter").await;
        letter["from"].as_str().unwrap().to_owned()
    }

    async fn tells(&self, n: u128) {
        assert_eq!(self.env.tell(dossier(n).uuid(), &accepted(n)).await, None);
    }

    async fn comes_back(&mut self, to: &str, action: &str, status: &str) {
        let report = json!({"report": to, "action": action, "status": status});
        self.returns.told(&report.to_string()).await;
    }

    /// The message of a dossier, once it is in this state.
    async fn until(&self, n: u128, state: MessageState) -> Message {
        self.env
            .until(async || {
                let all = spool(&self.env).await;
                let mut all = all.into_iter();
                all.find(|m| m.dossier == dossier(n).name() && m.state() == state)
            })
            .await
    }

    /// How many letters lie in the mailbox and in the folder beside.
    async fn lie(&mut self) -> (u64, u64) {
        self.returns.told("count").await;
        let count: Value = self.returns.says("count").await["count"].clone();
        let of = |folder: &str| count[folder].as_u64().unwrap_or_default();
        (of("INBOX"), of(ASIDE))
    }

    async fn until_lie(&mut self, inbox: u64, aside: u64) {
        for _ in 0..100 {
            if self.lie().await == (inbox, aside) {
                return;
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        panic!("{:?} lie there", self.lie().await);
    }
}

/// Longer than the mailbox is looked into twice.
async fn a_while() {
    tokio::time::sleep(Duration::from_millis(2_500)).await;
}

async fn a_letter_that_comes_back_has_failed(database: Database) {
    let mut post = Post::open(database).await;
    post.tells(1).await;
    let letter = post.server.says("letter").await;
    let sent = post.until(1, MessageState::Sent).await;
    assert_eq!(letter["to"], json!([EMAIL]));
    // People see who writes as before; only what comes back goes to the letter's own address.
    let headers = &letter["headers"];
    assert_eq!(headers["from"], "Cổng Dịch vụ công <khongtraloi@motcua.example>");
    assert!(!letter["letter"].as_str().unwrap().contains("thu-tra-lai"));
    let from = letter["from"].as_str().unwrap().to_owned();
    let id = sent.name.trim_start_matches("messages/").replace('-', "");
    assert!(from.starts_with(&format!("thu-tra-lai+{id}")), "{from}");

    for _ in 0..2 {
        post.comes_back(&from, "failed", "5.2.2").await;
        let failed = post.until(1, MessageState::Failed).await;
        assert_eq!((failed.failure_reason.as_str(), failed.attempts), ("UNDELIVERABLE", 1));
        post.until_lie(0, 0).await;
    }
    // The first word counts.
    post.comes_back(&from, "delivered", "2.0.0").await;
    post.until_lie(0, 0).await;
    assert_eq!(post.until(1, MessageState::Failed).await.failure_reason, "UNDELIVERABLE");
    let [said] = &post.env.said::<MessageFailed>().await[..] else { panic!("once") };
    assert_eq!(said.failure_code, "UNDELIVERABLE");
    assert!(post.env.said::<MessageDelivered>().await.is_empty());

    // A full mailbox is there: the next letter goes. What it is, and the time, are told apart.
    for (n, status, state, reason) in [
        (2, "5.7.1", MessageState::Failed, "REJECTED"),
        (3, "4.4.7", MessageState::Expired, "EXPIRED"),
    ] {
        let from = post.sends(n).await;
        post.until(n, MessageState::Sent).await;
        post.comes_back(&from, "failed", status).await;
        assert_eq!(post.until(n, state).await.failure_reason, reason);
    }
    post.env.stop().await;
}

async fn who_is_not_there_is_not_written_to_again(database: Database) {
    let mut post = Post::open(database).await;
    let from = post.sends(1).await;
    post.until(1, MessageState::Sent).await;
    post.comes_back(&from, "failed", "5.1.1").await;
    post.until(1, MessageState::Failed).await;

    post.tells(2).await;
    let failed = post.until(2, MessageState::Failed).await;
    assert_eq!((failed.failure_reason.as_str(), failed.provider.as_str()), ("MAILBOX_GONE", ""));
    assert_eq!(post.env.said::<MessageFailed>().await.len(), 2);

    // Another address is another.
    "dao.moi@example.vn".clone_into(&mut post.email.lock().unwrap());
    post.tells(3).await;
    let letter = post.server.says("letter").await;
    assert_eq!(letter["to"], json!(["dao.moi@example.vn"]), "the second was not handed over");
    post.until(3, MessageState::Sent).await;

    // After its time the old one is tried again.
    EMAIL.clone_into(&mut post.email.lock().unwrap());
    post.env.clock.advance(TimeDelta::days(91));
    ready(&post.env).await;
    post.tells(4).await;
    assert_eq!(post.server.says("letter").await["to"], json!([EMAIL]));
    post.env.stop().await;
}

async fn what_does_not_come_back_has_arrived(database: Database) {
    let mut post = Post::open(database).await;
    let from = post.sends(1).await;
    post.until(1, MessageState::Sent).await;
    post.comes_back(&from, "delayed", "4.4.1").await;
    post.until_lie(0, 0).await;
    post.env.clock.advance(TimeDelta::hours(71));
    a_while().await;
    ready(&post.env).await;
    post.until(1, MessageState::Sent).await;
    post.env.clock.advance(TimeDelta::hours(1));
    ready(&post.env).await;
    post.until(1, MessageState::Delivered).await;

    // It comes back all the same: what was said stays, and the address is known.
    post.comes_back(&from, "failed", "5.1.1").await;
    post.until_lie(0, 0).await;
    post.until(1, MessageState::Delivered).await;
    assert_eq!(post.env.said::<MessageDelivered>().await.len(), 1);
    assert!(post.env.said::<MessageFailed>().await.is_empty());
    post.tells(2).await;
    assert_eq!(post.until(2, MessageState::Failed).await.failure_reason, "MAILBOX_GONE");
    post.env.stop().await;
}

async fn only_a_proved_report_says_anything(database: Database) {
    let mut post = Post::open(database).await;
    let from = post.sends(1).await;
    post.until(1, MessageState::Sent).await;
    // The right message, and a proof that somebody made up.
    let (begin, end) = from.split_at(from.find('@').unwrap() - 16);
    let forged = format!("{begin}{}{}", "0123456789abcdef", &end[16..]);
    assert!(forged != from && forged.len() == from.len());
    post.comes_back(&forged, "failed", "5.1.1").await;
    let text = "Tôi đi vắng đến hết tuần. Action: failed";
    post.returns.told(&json!({"letter": from, "text": text}).to_string()).await;
    post.returns.told(&json!({"raw": "\u{1F4E8}\r\n\r\n--b1\r\nnothing at all"}).to_string()).await;
    post.returns.told(&json!({"raw": ""}).to_string()).await;
    post.until_lie(0, 4).await;
    post.until(1, MessageState::Sent).await;
    // None of them stood in the way.
    post.comes_back(&from, "delivered", "2.1.5").await;
    post.until(1, MessageState::Delivered).await;
    assert!(post.env.said::<MessageFailed>().await.is_empty());
    post.until_lie(0, 4).await;
    post.env.stop().await;
}

async fn nothing_is_taken_away_before_it_is_kept(database: Database) {
    let mut post = Post::open(database).await;
    let from = post.sends(1).await;
    post.until(1, MessageState::Sent).await;
    let db = post.env.store.reader().clone();
    db.execute_unprepared("ALTER TABLE status RENAME TO status_away").await.unwrap();
    post.comes_back(&from, "failed", "5.1.1").await;
    a_while().await;
    assert_eq!(post.lie().await, (1, 0), "what could not be kept stays");
    assert!(post.env.said::<MessageFailed>().await.is_empty());
    db.execute_unprepared("ALTER TABLE status_away RENAME TO status").await.unwrap();
    post.until(1, MessageState::Failed).await;
    post.until_lie(0, 0).await;
    assert_eq!(post.env.said::<MessageFailed>().await.len(), 1);
    post.env.stop().await;
}

async fn a_report_may_be_faster_than_the_answer(database: Database) {
    let mut post = Post::open(database).await;
    post.server.told(r#"plan ["lost"]"#).await;
    let from = post.sends(1).await;
    post.comes_back(&from, "failed", "5.2.2").await;
    a_while().await;
    assert_eq!(post.lie().await, (1, 0), "nobody knows yet that the letter was taken");
    post.until(1, MessageState::Queued).await;
    post.env.clock.advance(TimeDelta::minutes(1));
    assert_eq!(post.server.says("letter").await["from"], json!(from));
    let failed = post.until(1, MessageState::Failed).await;
    assert_eq!((failed.failure_reason.as_str(), failed.attempts), ("UNDELIVERABLE", 2));
    post.until_lie(0, 0).await;
    post.env.stop().await;
}

#[tokio::test]
async fn the_mailbox_is_opened_over_tls_that_is_vouched_for() {
    let dir = tempfile::tempdir().unwrap();
    let [cert, key] = certificate(dir.path());
    let options = ["--cert", &*cert, "--key", &key];
    let ca = format!("bounces.ca={cert}");
    let mut post = Post::with(Database::Sqlite, &options, &[&ca]).await;
    let from = post.sends(1).await;
    post.until(1, MessageState::Sent).await;
    post.comes_back(&from, "failed", "5.2.2").await;
    post.until(1, MessageState::Failed).await;
    post.env.stop().await;

    // A server that nobody vouches for, or that does not know us, is told nothing; letters go out
    // all the same, and what comes back waits.
    for wrong in [vec![], vec![&*ca, "bounces.password=wrong"]] {
        let mut post = Post::with(Database::Sqlite, &options, &wrong).await;
        let from = post.sends(1).await;
        post.until(1, MessageState::Sent).await;
        post.comes_back(&from, "failed", "5.2.2").await;
        a_while().await;
        assert_eq!(post.lie().await, (1, 0));
        post.until(1, MessageState::Sent).await;
        post.env.stop().await;
    }
}

/// A door before the mailbox: whoever comes while it is shut is turned away.
async fn door() -> (u16, Arc<AtomicU16>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let behind = Arc::new(AtomicU16::new(0));
    let to = behind.clone();
    #[expect(clippy::disallowed_methods, reason = "it ends with the test's runtime")]
    tokio::spawn(async move {
        while let Ok((mut line, _)) = listener.accept().await {
            let to = to.load(Ordering::SeqCst);
            if to == 0 {
                continue;
            }
            // One session after the other: there is one process that looks.
            let mut server = TcpStream::connect(("127.0.0.1", to)).await.unwrap();
            let _ = tokio::io::copy_bidirectional(&mut line, &mut server).await;
        }
    });
    (port, behind)
}

/// How often the mailbox was looked into, with this label or none.
fn looks(label: &str) -> u64 {
    let metrics = motcua_telemetry::scrape();
    let series = format!("motcua_mailbox_looks_total{label} ");
    let looks = metrics.lines().find_map(|line| line.strip_prefix(&series));
    looks.unwrap_or_else(|| panic!("{series} is not told:\n{metrics}")).parse().unwrap()
}

#[tokio::test]
async fn a_mailbox_that_cannot_be_used_is_seen_and_used_again_when_it_can() {
    let program = Program { name: "t".into(), version: "0".into(), instance: "i".into() };
    let _telling = motcua_telemetry::init(&Options::default(), &program).unwrap();
    let (refused, away) = (r#"{error_type="REFUSED"}"#, r#"{error_type="AWAY"}"#);
    let (entrance, behind) = door().await;
    let way = ["bounces.tls=none", &*format!("bounces.port={entrance}")];
    let mut post = Post::with(Database::Sqlite, &[], &way).await;
    let from = post.sends(1).await;
    post.until(1, MessageState::Sent).await;
    post.comes_back(&from, "failed", "5.2.2").await;
    a_while().await;
    assert_eq!(post.lie().await, (1, 0));
    assert!(looks(away) > 0);
    assert_eq!((looks(refused), looks("")), (0, 0), "told all the same");
    behind.store(post.returns.port, Ordering::SeqCst);
    post.until(1, MessageState::Failed).await;
    // A look counts when it is over.
    a_while().await;
    assert!(looks("") > 0);
    post.env.stop().await;

    let way = ["bounces.tls=none", "bounces.password=wrong"];
    let post = Post::with(Database::Sqlite, &[], &way).await;
    let (well, in_vain) = (looks(""), looks(refused));
    a_while().await;
    assert!(looks(refused) > in_vain);
    assert_eq!(looks(""), well);
    post.env.stop().await;

    // It may be looked into, and nothing is done with what lies there: no folder may have a stroke here.
    let way = ["bounces.tls=none", "bounces.aside=khac/khong"];
    let mut post = Post::with(Database::Sqlite, &[], &way).await;
    let well = looks("");
    a_while().await;
    assert!(looks("") > well, "nothing lies there");
    post.returns.told(r#"{"letter": "thu-tra-lai@motcua.example", "text": "Vắng"}"#).await;
    a_while().await;
    let (well, in_vain) = (looks(""), looks(refused));
    a_while().await;
    assert!(looks(refused) > in_vain);
    assert_eq!((looks(""), post.lie().await), (well, (1, 0)));
    // One that is dealt with beside it is seen as what it is.
    let from = post.sends(1).await;
    post.until(1, MessageState::Sent).await;
    post.comes_back(&from, "failed", "5.2.2").await;
    post.until(1, MessageState::Failed).await;
    post.until_lie(1, 0).await;
    a_while().await;
    assert!(looks("") > well);
    post.env.stop().await;
}
