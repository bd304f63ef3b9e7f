//! Pictures that people send by Zalo, against a Zalo in another language.

mod desk;

use chrono::TimeDelta;
use motcua_context::Role;
use motcua_fault::Kind;
use motcua_proto::{
    catalog::v1::GetAgencyRequest,
    intake::v1::{self as intake, ScanState},
    notification::v1::{
        ChannelUse, ListMessageCostsRequest, MessageChannel, Preferences, UpdatePreferencesRequest,
    },
};
use motcua_testkit::{Database, Neighbour};
use serde_json::{Value, json};

use self::desk::Intake;
use crate::{
    counterpart::Counterpart,
    support::{
        CODE, Env, accepted, agency, client, count, dossier, officer, on_both, owner, province,
        ready,
    },
};

on_both! {
    a_picture_is_filed_once_its_sender_says_so;
    what_is_told_twice_is_done_once;
    several_papers_are_numbered_and_one_is_chosen;
    what_is_not_wanted_is_dropped;
    a_stranger_attaches_nothing;
    a_word_waits_for_what_is_on_its_way;
    two_dossiers_are_asked_about_one_after_the_other;
}

const ONE: &[&str] = &["chung-sinh"];

/// A province whose people talk with it by Zalo.
struct Talk {
    env: Env,
    zalo: Counterpart,
    intake: Intake,
    sent: usize,
}

impl Talk {
    async fn open(database: Database, choices: &[&str], more: &[&str]) -> Self {
        let zalo = Counterpart::gateways().await;
        let intake = Intake::default();
        intake.desk().choices = choices.iter().map(ToString::to_string).collect();
        intake.desk().scan = ScanState::Clean;
        let path = "/motcua.catalog.v1.CatalogService/GetAgency";
        let catalog = Neighbour::new().on(path, |asked: GetAgencyRequest| agency(&asked));
        let mut builder = Env::builder()
            .on(database)
            .neighbour("intake", intake.neighbour())
            .neighbour("catalog", catalog);
        let port = zalo.port;
        let settings = [
            &*format!("api_url=http://127.0.0.1:{port}/zalo"),
            &*format!("oauth_url=http://127.0.0.1:{port}/oauth"),
            &*format!("photos.talk_url=http://127.0.0.1:{port}/talk"),
            "photos.anywhere=true",
            "photos.largest_mib=1",
            "app_id=4412",
            "secret_key=secret",
            "events_secret=oa-secret",
            "refresh_token=first",
            r#"templates={ supplement_requested = { id = "332", params = { ma = "code" } }, dossier_accepted = { id = "331", params = { ma = "code" } } }"#,
        ];
        for pair in settings.into_iter().chain(more.iter().copied()) {
            builder = builder.set(format!("notification.zalo.{pair}"));
        }
        let env = builder.start().await;
        ready(&env).await;
        let off = ChannelUse::Off.into();
        let preferences = Preferences {
            sms: off,
            email: off,
            zalo: ChannelUse::All.into(),
            ..Default::default()
        };
        let asked = UpdatePreferencesRequest {
            request_id: env.request_id(),
            preferences: Some(preferences),
            update_mask: None,
        };
        client(&env, &owner()).update_preferences(asked).await.unwrap();
        Self { env, zalo, intake, sent: 0 }
    }

    /// A supplement is asked for, and `person` has the message on their telephone.
    async fn asked(&mut self, n: u128, person: &str) {
        let event = intake::SupplementRequested {
            dossier: dossier(n).name(),
            code: CODE.into(),
            version: 4,
            before_acceptance: true,
            ..Default::default()
        };
        assert_eq!(self.env.tell(dossier(n).uuid(), &event).await, None);
        self.zalo.says("asked").await;
        self.sent += 1;
        let id = format!("z{}", self.sent);
        let message = json!({ "msg_id": id, "delivery_time": "1764316800000" });
        self.event("oa-secret", "user_received_message", person, message).await;
    }

    /// What Zalo is answered to what it tells.
    async fn event(&mut self, secret: &str, name: &str, person: &str, message: Value) -> u64 {
        let (from, to) =
            if name == "user_received_message" { ("oa", person) } else { (person, "oa") };
        let event = json!({
            "event_name": name, "app_id": "4412", "timestamp": "1764316801000",
            "sender": { "id": from }, "recipient": { "id": to }, "message": message,
        });
        let url = format!("http://{}/notification/zalo/events", self.env.http());
        let told = json!({ "url": url, "secret": secret, "event": event });
        self.zalo.told(&format!("event {told}")).await;
        self.zalo.says("answered").await["answered"].as_u64().unwrap()
    }

    async fn shows(&mut self, person: &str, message: &str, pictures: &[&str]) {
        let port = self.zalo.port;
        let attachment = |name: &&str| {
            let url = format!("http://127.0.0.1:{port}/picture/{name}");
            json!({ "type": "image", "payload": { "url": url, "thumbnail": url } })
        };
        let parts: Vec<_> = pictures.iter().map(attachment).collect();
        let message = json!({ "msg_id": message, "attachments": parts });
        assert_eq!(self.event("oa-secret", "user_send_image", person, message).await, 200);
    }

    async fn says(&mut self, person: &str, message: &str, text: &str) {
        let message = json!({ "msg_id": message, "text": text });
        assert_eq!(self.event("oa-secret", "user_send_text", person, message).await, 200);
    }

    /// What is said next in the conversation with somebody; meanwhile time passes.
    async fn hears(&mut self, person: &str) -> String {
        let clock = self.env.clock.clone();
        let passing = async {
            loop {
                clock.advance(TimeDelta::seconds(5));
                tokio::time::sleep(std::time::Duration::from_millis(50)).await;
            }
        };
        let said = tokio::select! {
            said = self.zalo.says("talk") => said,
            () = passing => panic!("time has no end"),
        };
        assert_eq!((&said["user"], &said["right"]), (&json!(person), &json!(true)), "{said}");
        said["talk"].as_str().unwrap().to_owned()
    }

    /// Nothing waits any more, and nothing was said.
    async fn rests(&self) {
        self.env
            .until(async || {
                self.env.clock.advance(TimeDelta::seconds(5));
                let open =
                    count(&self.env, "zalo_picture").await + count(&self.env, "zalo_reply").await;
                (open == 0).then_some(())
            })
            .await;
    }

    async fn stop(self) {
        self.env.stop().await;
    }
}

async fn a_picture_is_filed_once_its_sender_says_so(database: Database) {
    let mut talk = Talk::open(database, ONE, &[]).await;
    talk.asked(1, "grandmother").await;
    // An album: one message, or several, is asked about once.
    talk.shows("grandmother", "m1", &["jpeg-1", "png-2"]).await;
    talk.shows("grandmother", "m2", &["jpeg-3"]).await;
    let ask = talk.hears("grandmother").await;
    let parts = ["3 ảnh", CODE, "Giấy chung-sinh"];
    assert!(parts.iter().all(|part| ask.contains(part)), "{ask}");
    {
        let desk = talk.intake.desk();
        assert_eq!(desk.offered.len(), 3);
        let whole =
            |(_, of, octets): &(String, String, usize)| *of == dossier(1).name() && *octets > 2_000;
        assert!(desk.offered.iter().all(whole));
        assert!(desk.answered.is_empty(), "nothing is filed unasked");
    }
    talk.says("grandmother", "m3", "Ảnh đó là giấy chứng sinh cháu ạ").await;
    talk.says("grandmother", "m4", " có ").await;
    let done = talk.hears("grandmother").await;
    assert!(done.contains("3 ảnh") && done.contains("đã đủ giấy tờ"), "{done}");
    {
        let desk = talk.intake.desk();
        let [answer] = &desk.answered[..] else { panic!("once: {:?}", desk.answered) };
        assert_eq!((&*answer.paper_code, answer.offers.len()), ("chung-sinh", 3));
        assert_eq!(answer.dossier, dossier(1).name());
    }
    talk.rests().await;
    talk.stop().await;
}

async fn what_is_told_twice_is_done_once(database: Database) {
    let mut talk = Talk::open(database, ONE, &[]).await;
    talk.asked(1, "p").await;
    let wrong = json!({ "msg_id": "m0", "attachments": [{ "payload": { "url": "https://x/" } }] });
    assert_eq!(talk.event("another", "user_send_image", "p", wrong).await, 401);
    for _ in 0..3 {
        talk.shows("p", "m1", &["jpeg"]).await;
    }
    talk.hears("p").await;
    talk.shows("p", "m1", &["jpeg"]).await;
    for _ in 0..3 {
        talk.says("p", "m2", "CO").await;
    }
    talk.hears("p").await;
    for message in ["m2", "m9"] {
        talk.says("p", message, "CO").await;
    }
    talk.shows("p", "m1", &["jpeg"]).await;
    talk.rests().await;
    assert_eq!(talk.intake.counts(), (1, 1));
    talk.stop().await;
}

async fn several_papers_are_numbered_and_one_is_chosen(database: Database) {
    let mut talk = Talk::open(database, &["chung-sinh", "uy-quyen"], &[]).await;
    talk.intake.desk().lacking = vec!["Chưa bổ sung giấy tờ được yêu cầu: Giấy chung-sinh.".into()];
    talk.asked(1, "p").await;
    talk.shows("p", "m1", &["jpeg"]).await;
    let ask = talk.hears("p").await;
    assert!(ask.contains("CO 1: Giấy chung-sinh") && ask.contains("CO 2: Giấy uy-quyen"), "{ask}");
    talk.says("p", "m2", "có").await;
    let which = talk.hears("p").await;
    assert!(which.contains("CO 2: Giấy uy-quyen"), "{which}");
    assert!(talk.intake.desk().answered.is_empty());
    talk.says("p", "m3", "CO 2").await;
    let lacking = talk.hears("p").await;
    assert!(lacking.contains("còn thiếu") && lacking.contains("Giấy chung-sinh"), "{lacking}");
    assert_eq!(talk.intake.desk().answered[0].paper_code, "uy-quyen");
    talk.rests().await;
    talk.stop().await;
}

async fn what_is_not_wanted_is_dropped(database: Database) {
    let mut talk = Talk::open(database, ONE, &[]).await;
    talk.asked(1, "p").await;
    talk.shows("p", "m1", &["jpeg"]).await;
    talk.hears("p").await;
    talk.says("p", "m2", "Không ạ").await;
    let dropped = talk.hears("p").await;
    assert!(dropped.contains("Đã bỏ ảnh"), "{dropped}");
    assert_eq!(talk.intake.desk().answered[0].paper_code, "");
    // Silence is no consent: intake lets the picture go by itself, and so do we.
    talk.shows("p", "m3", &["jpeg"]).await;
    talk.hears("p").await;
    talk.env.clock.advance(TimeDelta::days(8));
    talk.rests().await;
    talk.says("p", "m4", "CO").await;
    talk.rests().await;
    assert_eq!(talk.intake.desk().answered.len(), 1);
    talk.stop().await;
}

async fn a_word_waits_for_what_is_on_its_way(database: Database) {
    let mut talk = Talk::open(database, ONE, &[]).await;
    talk.asked(1, "p").await;
    talk.shows("p", "m1", &["jpeg"]).await;
    talk.hears("p").await;
    talk.intake.desk().scan = ScanState::Waiting;
    talk.shows("p", "m2", &["png"]).await;
    talk.says("p", "m3", "CO").await;
    let wait = talk.hears("p").await;
    assert!(wait.contains("còn đang nhận ảnh"), "{wait}");
    assert!(talk.intake.desk().answered.is_empty(), "half of it would end the supplement");
    talk.intake.desk().scan = ScanState::Clean;
    let ask = talk.hears("p").await;
    assert!(ask.contains("2 ảnh"), "{ask}");
    talk.says("p", "m4", "CO").await;
    assert!(talk.hears("p").await.contains("Đã bổ sung 2 ảnh"));
    talk.rests().await;
    talk.stop().await;
}

async fn two_dossiers_are_asked_about_one_after_the_other(database: Database) {
    let mut talk = Talk::open(database, ONE, &[]).await;
    for (n, message, pictures) in [(1, "m1", &["jpeg"][..]), (2, "m2", &["jpeg", "png"])] {
        talk.asked(n, "p").await;
        talk.env.clock.advance(TimeDelta::minutes(1));
        talk.shows("p", message, pictures).await;
        let ask = talk.hears("p").await;
        assert!(ask.contains(&format!("đã nhận {n} ảnh")), "{ask}");
    }
    talk.says("p", "m3", "CO").await;
    // Which of the two comes first, this hurried clock leaves open.
    let both = [talk.hears("p").await, talk.hears("p").await];
    for part in ["Đã bổ sung 2 ảnh", "đã nhận 1 ảnh"] {
        assert!(both.iter().any(|said| said.contains(part)), "{part}: {both:?}");
    }
    talk.says("p", "m4", "CO").await;
    let last = talk.hears("p").await;
    assert!(last.contains("Đã bổ sung 1 ảnh"), "{last}");
    let answered: Vec<_> =
        talk.intake.desk().answered.iter().map(|answer| answer.dossier.clone()).collect();
    assert_eq!(answered, [dossier(2).name(), dossier(1).name()]);
    talk.rests().await;
    talk.stop().await;
}

async fn a_stranger_attaches_nothing(database: Database) {
    let mut talk = Talk::open(database, ONE, &[]).await;
    talk.asked(1, "p").await;
    // Told of something else, one is asked for nothing.
    assert_eq!(talk.env.tell(dossier(2).uuid(), &accepted(2)).await, None);
    talk.zalo.says("asked").await;
    let got = json!({ "msg_id": "z2", "delivery_time": "1764316800000" });
    talk.event("oa-secret", "user_received_message", "other", got).await;
    for (message, person) in [("m1", "stranger"), ("m2", "other")] {
        talk.shows(person, message, &["jpeg"]).await;
        talk.shows(person, &format!("{message}-again"), &["jpeg", "png"]).await;
        let said = talk.hears(person).await;
        assert!(said.contains("không được lưu lại"), "{said}");
        assert_eq!(count(&talk.env, "zalo_picture").await, 0);
        // Told so once, nobody is told again just after.
        talk.shows(person, &format!("{message}-later"), &["jpeg"]).await;
        let to_say = "zalo_reply WHERE attempts < 8";
        talk.env.until(async || (count(&talk.env, to_say).await == 0).then_some(())).await;
    }
    talk.shows("p", "m3", &["jpeg"]).await;
    talk.hears("p").await;
    // Another's word is not the sender's.
    talk.says("stranger", "m4", "CO").await;
    talk.says("other", "m5", "CO").await;
    talk.env.clock.advance(TimeDelta::minutes(1));
    assert!(talk.intake.desk().answered.is_empty());
    assert_eq!(talk.intake.desk().offered.len(), 1);
    talk.stop().await;
}

#[tokio::test]
async fn whatever_is_wrong_with_a_picture_is_said_and_has_an_end() {
    let (precondition, invalid) = (Kind::FailedPrecondition, Kind::InvalidArgument);
    for (picture, refuses, said) in [
        ("gone", None, "không mở được"),
        ("text", None, "không mở được"),
        ("huge", None, "không mở được"),
        ("busy", None, "đã nhận 1 ảnh"),
        ("jpeg", Some((precondition, "NOT_AWAITING_SUPPLEMENT")), "không chờ bổ sung"),
        ("jpeg", Some((Kind::NotFound, "NOT_FOUND")), "không chờ bổ sung"),
        ("jpeg", Some((precondition, "FILE_INFECTED")), "Lý do bằng tiếng Việt."),
        ("jpeg", Some((invalid, "FILE_TYPE_REFUSED")), "Lý do bằng tiếng Việt."),
    ] {
        let mut talk = Talk::open(Database::Sqlite, ONE, &[]).await;
        talk.intake.desk().refuses = refuses;
        talk.asked(1, "p").await;
        talk.shows("p", "m1", &[picture]).await;
        let answer = talk.hears("p").await;
        assert!(answer.contains(said), "{picture} {refuses:?}: {answer}");
        let kept = count(&talk.env, "zalo_picture").await;
        assert_eq!(kept, i64::from(picture == "busy"), "{picture}");
        talk.stop().await;
    }
}

#[tokio::test]
async fn a_picture_in_a_private_network_is_not_fetched() {
    let mut talk = Talk::open(Database::Sqlite, ONE, &["photos.anywhere=false"]).await;
    talk.asked(1, "p").await;
    for (n, url) in ["https://127.0.0.1/a", "https://localhost/a", "http://example.vn/a", "x"]
        .into_iter()
        .enumerate()
    {
        let part = json!({ "payload": { "url": url } });
        let message = json!({ "msg_id": format!("m{n}"), "attachments": [part] });
        assert_eq!(talk.event("oa-secret", "user_send_image", "p", message).await, 200);
    }
    let said = talk.hears("p").await;
    assert!(said.contains("không mở được"), "{said}");
    talk.rests().await;
    assert!(talk.intake.desk().offered.is_empty());
    talk.stop().await;
}

#[tokio::test]
async fn a_picture_waits_for_the_scanner_and_an_answer_for_zalo() {
    let mut talk = Talk::open(Database::Sqlite, ONE, &[]).await;
    talk.intake.desk().scan = ScanState::Waiting;
    talk.zalo.told(r#"talk ["later"]"#).await;
    talk.asked(1, "p").await;
    talk.shows("p", "m1", &["jpeg"]).await;
    talk.env
        .until(async || {
            talk.env.clock.advance(TimeDelta::seconds(5));
            (count(&talk.env, "zalo_picture WHERE state = 'waiting'").await == 1).then_some(())
        })
        .await;
    talk.says("p", "m2", "CO").await;
    talk.intake.desk().scan = ScanState::Clean;
    let tried = talk.hears("p").await;
    assert_eq!(talk.hears("p").await, tried, "it is said again where Zalo did not take it");
    assert!(talk.intake.desk().answered.is_empty(), "a word before the question is no answer");
    // What Zalo took is paid for once, by the province: of what dossier it is nobody keeps.
    let asked = ListMessageCostsRequest {
        agency: province().name(),
        from_day: "2026-03-01".into(),
        to_day: "2026-03-31".into(),
        ..Default::default()
    };
    let said = talk.env.until(async || {
        let mut by = client(&talk.env, &officer(Role::Auditor, province()));
        let costs = by.list_message_costs(asked.clone()).await.unwrap().into_inner().costs;
        costs.into_iter().find(|cost| cost.provider == "zalo-talk")
    });
    let said = said.await;
    let told = (&*said.agency, said.channel(), said.messages, said.segments);
    assert_eq!(told, ("", MessageChannel::Zalo, 1, 1));
    talk.stop().await;
}

#[tokio::test]
async fn nothing_personal_of_a_talk_lies_in_clear() {
    let mut talk = Talk::open(Database::Sqlite, ONE, &[]).await;
    talk.asked(1, "person-7781").await;
    talk.shows("person-7781", "m1", &["jpeg-secret-place"]).await;
    talk.shows("person-9902", "m2", &["jpeg"]).await;
    let mut looked_at = 0;
    for entry in std::fs::read_dir(talk.env.dir()).unwrap() {
        let path = entry.unwrap().path();
        let Ok(bytes) = std::fs::read(&path) else { continue };
        looked_at += bytes.len();
        for secret in ["person-7781", "person-9902", "jpeg-secret-place", "Chúng tôi"] {
            let found = bytes.windows(secret.len()).any(|window| window == secret.as_bytes());
            assert!(!found, "{secret} in {}", path.display());
        }
    }
    assert!(looked_at > 10_000, "the database was looked at");
    talk.stop().await;
}
