//! From an event to messages.

use motcua_fault::Fault;
use motcua_proto::{
    intake::v1::{self as intake, DossierContact},
    notification::v1::{Message, MessageChannel, MessageDelivered, MessageState, MessageTopic},
    r#type::v1::FileProblem,
    workflow::v1 as workflow,
};
use motcua_testkit::Database;

use crate::support::{
    CODE, Env, NAME, accepted, builder, contact, dossier, extended, inbox, on_both, overdue, ready,
    rejected, settled, start, submitted,
};

on_both! {
    an_acceptance_is_told_on_every_channel;
    an_event_told_twice_is_told_once;
    every_event_a_person_must_hear_of_is_told;
    what_is_said_depends_on_how_it_came;
    a_late_fact_is_not_told;
    who_waits_past_the_appointment_is_told_once;
    a_paper_in_quarantine_is_named_with_what_to_do;
}

async fn an_acceptance_is_told_on_every_channel(database: Database) {
    let env = start(database).await;
    assert_eq!(env.tell(dossier(1).uuid(), &accepted(1)).await, None);
    let [inside] = &inbox(&env).await[..] else { panic!("one in the inbox") };
    assert_eq!(inside.title, format!("Hồ sơ {CODE} đã được tiếp nhận"));
    assert!(inside.text.contains(NAME) && inside.text.contains("17:00 ngày 06/03/2026"));
    assert_eq!(inside.state(), MessageState::Delivered);
    assert_eq!(inside.template, "templates/dossier-accepted.vi.v1");

    let outside = settled(&env, 2).await;
    let sms = outside.iter().find(|m| m.channel() == MessageChannel::Sms).unwrap();
    assert_eq!(
        sms.text,
        format!("Ho so {CODE} da duoc tiep nhan. Hen tra ket qua: 17:00 06/03/2026.")
    );
    assert_eq!(sms.masked_address, "09****5678");
    let email = outside.iter().find(|m| m.channel() == MessageChannel::Email).unwrap();
    assert_eq!((&email.title, &email.text), (&inside.title, &inside.text));
    assert_eq!(email.masked_address, "d***@example.vn");
    let said = env.said::<MessageDelivered>().await;
    assert_eq!(said.len(), 3);
    assert!(said.iter().all(|event| event.code == CODE && event.deliver_time.is_some()));
    env.stop().await;
}

async fn an_event_told_twice_is_told_once(database: Database) {
    let env = start(database).await;
    let envelope = env.envelope(dossier(1).uuid(), &accepted(1));
    for _ in 0..3 {
        assert_eq!(env.tell_again(envelope.clone()).await, None);
    }
    assert_eq!(settled(&env, 2).await.len(), 2);
    assert_eq!(inbox(&env).await.len(), 1);
    env.stop().await;
}

async fn every_event_a_person_must_hear_of_is_told(database: Database) {
    let env = start(database).await;
    let key = dossier(1).uuid();
    let (name, code) = (dossier(1).name(), CODE.to_owned());
    env.tell(key, &submitted(1)).await;
    env.tell(key, &accepted(1)).await;
    let asked = intake::SupplementRequested {
        dossier: name.clone(),
        code: code.clone(),
        version: 4,
        ..Default::default()
    };
    env.tell(key, &asked).await;
    env.tell(key, &extended(1, 2)).await;
    let refused = workflow::StopRefused {
        dossier: name.clone(),
        code: code.clone(),
        version: 3,
        ..Default::default()
    };
    env.tell(key, &refused).await;
    env.tell(key, &overdue(1, 4)).await;
    let ready = intake::ResultReady {
        dossier: name.clone(),
        code: code.clone(),
        version: 5,
        way: intake::ReturnWay::Post.into(),
        ..Default::default()
    };
    env.tell(key, &ready).await;
    let returned = intake::ResultReturned {
        dossier: name.clone(),
        code: code.clone(),
        version: 6,
        way: intake::ReturnWay::Online.into(),
        ..Default::default()
    };
    env.tell(key, &returned).await;
    env.tell(key, &rejected(1, 7)).await;
    let withdrawn = intake::WithdrawalRequested {
        dossier: name.clone(),
        code: code.clone(),
        version: 8,
        ..Default::default()
    };
    env.tell(key, &withdrawn).await;
    env.tell(key, &provided(9, true)).await;
    let stopped = intake::DossierStopped {
        dossier: name,
        code,
        version: 10,
        cause: intake::StopCause::SupplementExpired.into(),
        ..Default::default()
    };
    env.tell(key, &stopped).await;

    let mut topics: Vec<_> = inbox(&env).await.iter().map(Message::topic).collect();
    topics.sort_unstable();
    assert_eq!(
        topics,
        [
            MessageTopic::DossierSubmitted,
            MessageTopic::DossierAccepted,
            MessageTopic::SupplementRequested,
            MessageTopic::DossierRejected,
            MessageTopic::DossierStopped,
            MessageTopic::WithdrawalRefused,
            MessageTopic::DueDateChanged,
            MessageTopic::ResultReady,
            MessageTopic::ResultReturned,
            MessageTopic::WithdrawalRequested,
            MessageTopic::SupplementReceived,
            MessageTopic::DossierOverdue,
        ]
    );
    env.stop().await;
}

fn provided(version: i64, before_acceptance: bool) -> intake::SupplementProvided {
    intake::SupplementProvided {
        dossier: dossier(1).name(),
        code: CODE.to_owned(),
        version,
        before_acceptance,
        ..Default::default()
    }
}

async fn what_is_said_depends_on_how_it_came(database: Database) {
    let env = start(database).await;
    let key = dossier(1).uuid();
    let mut asked = intake::SupplementRequested {
        dossier: dossier(1).name(),
        version: 1,
        before_acceptance: true,
        ..Default::default()
    };
    env.tell(key, &asked).await;
    // The newest; what comes next comes later.
    let text = async || {
        env.clock.advance(chrono::TimeDelta::seconds(1));
        inbox(&env).await.remove(0).text
    };
    assert!(!text().await.contains("tạm dừng"), "no clock runs before acceptance");
    (asked.version, asked.before_acceptance) = (2, false);
    env.tell(key, &asked).await;
    assert!(text().await.contains("tạm dừng"));

    // During processing DueDateChanged tells it.
    env.tell(key, &provided(3, false)).await;
    assert_eq!(inbox(&env).await.len(), 2);

    // A deadline writes no letter.
    env.tell(key, &intake::DossierRejected { rejected_by: String::new(), ..rejected(1, 4) }).await;
    assert!(text().await.contains("chưa được bổ sung"), "{}", text().await);
    env.tell(key, &rejected(1, 5)).await;
    assert!(text().await.contains("phiếu từ chối"), "{}", text().await);

    let stopped = intake::DossierStopped {
        dossier: dossier(1).name(),
        version: 6,
        cause: intake::StopCause::Withdrawn.into(),
        before_acceptance: true,
        ..Default::default()
    };
    env.tell(key, &stopped).await;
    assert!(text().await.contains("trước khi được tiếp nhận"), "{}", text().await);
    env.stop().await;
}

async fn who_waits_past_the_appointment_is_told_once(database: Database) {
    let env = start(database).await;
    let key = dossier(1).uuid();
    env.tell(key, &accepted(1)).await;
    settled(&env, 2).await;
    let passed = overdue(1, 4);
    let envelope = env.envelope(key, &passed);
    for _ in 0..2 {
        assert_eq!(env.tell_again(envelope.clone()).await, None);
    }
    let outside = settled(&env, 4).await;
    let sms = outside
        .iter()
        .find(|m| m.channel() == MessageChannel::Sms && m.topic() == MessageTopic::DossierOverdue);
    assert_eq!(
        sms.unwrap().text,
        format!(
            "Xin loi Ong/Ba: ho so {CODE} da qua hen tra ket qua (17:00 06/03/2026), dang duoc \
             giai quyet tiep. Co ket qua se bao ngay."
        )
    );
    let told = inbox(&env).await;
    let told = told.iter().filter(|m| m.topic() == MessageTopic::DossierOverdue);
    let [inside] = &told.collect::<Vec<_>>()[..] else { panic!("one in the inbox") };
    assert_eq!(inside.title, format!("Hồ sơ {CODE} quá thời gian hẹn trả kết quả"));
    for words in [NAME, "xin lỗi Ông/Bà", "Thời gian đã hẹn: 17:00 ngày 06/03/2026."] {
        assert!(inside.text.contains(words), "{}", inside.text);
    }
    env.stop().await;
}

async fn a_late_fact_is_not_told(database: Database) {
    let env = start(database).await;
    let key = dossier(1).uuid();
    assert_eq!(env.tell(key, &extended(1, 9)).await, None);
    assert_eq!(env.tell(key, &extended(1, 8)).await, None);
    assert_eq!(inbox(&env).await.len(), 1);
    // Of another service's versions nothing follows.
    assert_eq!(env.tell(key, &accepted(1)).await, None);
    assert_eq!(inbox(&env).await.len(), 2);
    env.stop().await;
}

#[tokio::test]
async fn somebody_without_an_account_is_told_by_telephone() {
    let plain = DossierContact { account: String::new(), email: String::new(), ..contact() };
    let env = builder(Database::Sqlite, move || Ok(plain.clone())).start().await;
    ready(&env).await;
    assert_eq!(env.tell(dossier(1).uuid(), &accepted(1)).await, None);
    let [sms] = &settled(&env, 1).await[..] else { panic!("one") };
    assert_eq!(sms.channel(), MessageChannel::Sms);
    env.stop().await;
}

#[tokio::test]
async fn somebody_who_cannot_be_reached_is_no_fault() {
    let nobody =
        DossierContact { full_name: NAME.into(), phone: "hỏng".into(), ..Default::default() };
    let env = builder(Database::Sqlite, move || Ok(nobody.clone())).start().await;
    ready(&env).await;
    assert_eq!(env.tell(dossier(1).uuid(), &accepted(1)).await, None);
    env.stop().await;
}

#[tokio::test]
async fn while_intake_is_away_the_news_wait() {
    use std::sync::atomic::{AtomicU32, Ordering};
    let tries = std::sync::Arc::new(AtomicU32::new(0));
    let counted = tries.clone();
    let env: Env = builder(Database::Sqlite, move || {
        if counted.fetch_add(1, Ordering::SeqCst) == 0 {
            return Err(Fault::unavailable("intake"));
        }
        Ok(contact())
    })
    .start()
    .await;
    ready(&env).await;
    let envelope = env.envelope(dossier(1).uuid(), &accepted(1));
    env.store.inbox().receive(std::slice::from_ref(&envelope)).await.unwrap();
    env.until(async || {
        // What waits for a retry waits by the service's clock.
        env.clock.advance(chrono::TimeDelta::seconds(5));
        (inbox(&env).await.len() == 1).then_some(())
    })
    .await;
    assert!(tries.load(Ordering::SeqCst) >= 2);
    env.stop().await;
}

#[tokio::test]
async fn an_event_without_a_dossier_is_parked() {
    let env = start(Database::Sqlite).await;
    let broken = intake::DossierAccepted { dossier: "x".into(), ..accepted(1) };
    let parked = env.tell(dossier(1).uuid(), &broken).await;
    assert_eq!(parked.as_deref(), Some("INVALID_ARGUMENT"));
    env.stop().await;
}

async fn a_paper_in_quarantine_is_named_with_what_to_do(database: Database) {
    let env = start(database).await;
    for (version, problem, mend) in [
        (1, FileProblem::Infected, "diệt mã độc"),
        (2, FileProblem::TooLarge, "chia nhỏ"),
        (3, FileProblem::Encrypted, "bỏ mật khẩu"),
        (4, FileProblem::TooComplex, "tệp PDF"),
        (5, FileProblem::ScannerFailed, "tệp PDF"),
    ] {
        let event = intake::PaperQuarantined {
            dossier: dossier(1).name(),
            code: CODE.to_owned(),
            version,
            paper_title: "Giấy chứng sinh".to_owned(),
            problem: problem.into(),
            ..Default::default()
        };
        assert_eq!(env.tell(dossier(1).uuid(), &event).await, None);
        let inside = inbox(&env).await;
        let newest = |m: &&Message| m.text.contains(mend) && m.text.contains("«Giấy chứng sinh»");
        let message = inside.iter().find(newest).unwrap_or_else(|| panic!("{inside:?}"));
        assert_eq!(message.topic(), MessageTopic::PaperQuarantined);
    }
    env.stop().await;
}
