//! Short messages that people send to us, by a centre in another language.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use chrono::TimeDelta;
use motcua_fault::{Fault, Kind};
use motcua_proto::intake::v1::{DossierState, LookUpByTelephoneRequest, LookUpByTelephoneResponse};
use motcua_testkit::{Database, Neighbour};
use serde_json::json;

use crate::{
    counterpart::Counterpart,
    sms::way,
    support::{CODE, Env, PHONE, count, dossier, on_both, ready},
};

on_both! {
    whoever_asks_is_told;
}

const ASKED: &str = "message 84912345678";
const FOUND: &str = "Ho so H53.12-260302-0001: dang giai quyet. Hen tra ket qua: 17:00 06/03/2026.";

/// The service before a centre, with an intake that is away when it is told so.
async fn start(database: Database, port: u16, away: &Arc<AtomicBool>, more: &[&str]) -> Env {
    let away = away.clone();
    let path = "/motcua.intake.v1.IntakeService/LookUpByTelephone";
    let intake = Neighbour::new().on(path, move |asked: LookUpByTelephoneRequest| {
        if away.load(Ordering::SeqCst) {
            return Err(Fault::unavailable("intake"));
        }
        if (asked.code.as_str(), asked.phone.as_str()) != (CODE, PHONE) {
            return Err(Fault::new(Kind::NotFound, "NOT_FOUND_OR_MISMATCH", "Không tìm thấy."));
        }
        let due: motcua_context::Timestamp = "2026-03-06T10:00:00Z".parse().unwrap();
        Ok(LookUpByTelephoneResponse {
            dossier: dossier(1).name(),
            state: DossierState::Processing.into(),
            promised_due_time: Some(std::time::SystemTime::from(due).into()),
        })
    });
    let mut builder = Env::builder().on(database).neighbour("intake", intake);
    for pair in way(port).into_iter().chain(more.iter().map(|pair| (*pair).to_owned())) {
        builder = builder.set(format!("notification.{pair}"));
    }
    let env = builder.start().await;
    ready(&env).await;
    env
}

/// Somebody writes, and it is kept.
async fn asks(centre: &mut Counterpart, from: &str, text: &str) {
    centre.told(&format!("message {from} {text}")).await;
    assert_eq!(centre.says("kept").await, json!({ "kept": 0 }));
}

/// What the next telephone is told.
async fn told(centre: &mut Counterpart) -> (String, String) {
    let submit = centre.says("submit").await;
    let text = |key: &str| submit[key].as_str().unwrap().to_owned();
    (text("to"), text("submit"))
}

async fn whoever_asks_is_told(database: Database) {
    let mut centre = Counterpart::centre(0).await;
    let env = start(database, centre.port, &Arc::default(), &[]).await;
    centre.says("bound").await;
    let own = "84912345678".to_owned();
    asks(&mut centre, &own, "tra cứu h53.12-260302-0001").await;
    assert_eq!(told(&mut centre).await, (own.clone(), FOUND.to_owned()));

    // The same once more just after is the centre's repeat.
    asks(&mut centre, &own, "tra cứu h53.12-260302-0001").await;
    asks(&mut centre, "0987654321", "TRACUU H53.12-260302-0001").await;
    let (to, text) = told(&mut centre).await;
    assert_eq!(to, "84987654321");
    assert!(text.starts_with("Khong co ho so H53.12-260302-0001 ung voi"), "{text}");
    asks(&mut centre, &own, "STATUS H53.12-260302-0001").await;
    let (_, text) = told(&mut centre).await;
    let english = "Dossier H53.12-260302-0001: being processed. Appointment: 17:00 06/03/2026.";
    assert_eq!(text, english);

    // What nobody understands is answered once a day.
    asks(&mut centre, &own, "xin chào").await;
    assert!(told(&mut centre).await.1.starts_with("De tra cuu, soan TRACUU"));
    asks(&mut centre, &own, "toi la may").await;
    env.clock.advance(TimeDelta::minutes(3));
    asks(&mut centre, &own, "TC H53.12-260302-0001").await;
    assert_eq!(told(&mut centre).await.1, FOUND);
    let answered = "message WHERE topic = 'inquiry_answered' AND channel = 'sms'";
    assert_eq!((count(&env, "inquiry").await, count(&env, answered).await), (5, 5));

    // Tomorrow they are forgotten, the messages are not.
    env.clock.advance(TimeDelta::days(2));
    env.until(async || (count(&env, "inquiry").await == 0).then_some(())).await;
    assert_eq!(count(&env, answered).await, 5);
    env.stop().await;
}

#[tokio::test]
async fn a_telephone_is_answered_so_often_in_a_day() {
    let mut centre = Counterpart::centre(0).await;
    let env = start(Database::Sqlite, centre.port, &Arc::default(), &["inquiries.a_day=2"]).await;
    centre.says("bound").await;
    let own = "84912345678";
    for n in 1..=4 {
        asks(&mut centre, own, &format!("TRACUU H53.12-260302-000{n}")).await;
        if n <= 2 {
            told(&mut centre).await;
        }
    }
    assert_eq!(count(&env, "inquiry").await, 2);
    env.clock.advance(TimeDelta::days(1));
    asks(&mut centre, own, "TRACUU H53.12-260302-0001").await;
    assert_eq!(told(&mut centre).await.1, FOUND);
    env.stop().await;
}

#[tokio::test]
async fn a_question_waits_for_intake_but_not_for_ever() {
    let mut centre = Counterpart::centre(0).await;
    let away = Arc::new(AtomicBool::new(true));
    let env = start(Database::Sqlite, centre.port, &away, &[]).await;
    centre.says("bound").await;
    let asked = format!("{ASKED} TRACUU {CODE}");
    centre.told(&asked).await;
    assert_eq!(centre.says("kept").await["kept"], 0);
    env.clock.advance(TimeDelta::minutes(10));
    assert_eq!(count(&env, "message").await, 0);
    away.store(false, Ordering::SeqCst);
    env.until(async || {
        env.clock.advance(TimeDelta::seconds(10));
        (count(&env, "message").await == 1).then_some(())
    })
    .await;
    assert_eq!(told(&mut centre).await.1, FOUND);

    away.store(true, Ordering::SeqCst);
    centre.told(&asked).await;
    assert_eq!(centre.says("kept").await["kept"], 0);
    assert_eq!(count(&env, "inquiry").await, 2);
    env.clock.advance(TimeDelta::hours(2));
    away.store(false, Ordering::SeqCst);
    let waiting = "due WHERE name = 'inquiry'";
    env.until(async || {
        env.clock.advance(TimeDelta::minutes(10));
        (count(&env, waiting).await == 0).then_some(())
    })
    .await;
    let waiting = "message WHERE state = 'queued'";
    env.until(async || (count(&env, waiting).await == 0).then_some(())).await;
    let sent = "message WHERE provider IS NOT NULL";
    assert_eq!(count(&env, sent).await, 1, "an answer that late is of no use");
    env.stop().await;
}
