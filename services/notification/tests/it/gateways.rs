//! Short messages by operators' gateways of brand names, against one in another language.

use chrono::TimeDelta;
use motcua_proto::{
    intake::v1::DossierContact,
    notification::v1::{Message, MessageDelivered, MessageState},
};
use motcua_testkit::Database;
use serde_json::{Value, json};

use crate::{
    counterpart::Counterpart,
    support::{Env, accepted, builder, contact, dossier, on_both, ready, spool},
};

on_both! {
    a_message_goes_by_vinaphone;
    a_message_goes_by_viettel;
}

/// VinaPhone's gateway, as its section of the settings has it.
pub(crate) fn vinaphone(port: u16) -> Vec<String> {
    [
        &*format!("url=http://127.0.0.1:{port}/vinaphone"),
        "label=1001",
        "contract_type=1",
        "contract=2002",
        "template=3003",
        "agent=4004",
        "api_user=motcua",
        "api_password=secret",
        "user=tinh",
        r#"refused=["12"]"#,
        r#"repeated=["3"]"#,
        "answer_s=1",
    ]
    .map(|pair| format!("vinaphone.{pair}"))
    .to_vec()
}

/// Viettel's.
pub(crate) fn viettel(port: u16) -> Vec<String> {
    [
        &*format!("url=http://127.0.0.1:{port}/viettel"),
        "user=motcua",
        "password=secret",
        "cp_code=MOTCUA",
        "service=MOT-CUA",
        "answer_s=1",
    ]
    .map(|pair| format!("viettel.{pair}"))
    .to_vec()
}

/// The service before these, telling people who have a telephone alone.
async fn start(database: Database, settings: &[String]) -> Env {
    let plain = DossierContact { account: String::new(), email: String::new(), ..contact() };
    let mut builder = builder(database, move || Ok(plain.clone()));
    for pair in settings {
        builder = builder.set(format!("notification.{pair}"));
    }
    let env = builder.start().await;
    ready(&env).await;
    env
}

async fn told(env: &Env, n: u128) {
    assert_eq!(env.tell(dossier(n).uuid(), &accepted(n)).await, None);
}

/// A message, once it is in this state; meanwhile time passes.
async fn until(env: &Env, state: MessageState) -> Message {
    env.until(async || {
        env.clock.advance(TimeDelta::seconds(10));
        spool(env).await.into_iter().find(|message| message.state() == state)
    })
    .await
}

async fn a_message_goes_by_vinaphone(database: Database) {
    let mut gateway = Counterpart::gateways().await;
    let env = start(database, &vinaphone(gateway.port)).await;
    told(&env, 1).await;
    let asked = gateway.says("asked").await;
    let sent = until(&env, MessageState::Delivered).await;
    let reference = asked["asked"]["REQID"].clone();
    assert!(reference.as_str().unwrap().parse::<u64>().is_ok());
    assert_eq!(asked["type"], "application/json");
    assert_eq!(
        asked["asked"],
        json!({
            "name": "send_sms_list", "REQID": reference, "LABELID": "1001",
            "CONTRACTTYPEID": "1", "CONTRACTID": "2002", "TEMPLATEID": "3003",
            "PARAMS": [{"NUM": "1", "CONTENT": sent.text}], "SCHEDULETIME": "",
            "MOBILELIST": "84912345678", "ISTELCOSUB": "0", "AGENTID": "4004",
            "APIUSER": "motcua", "USERNAME": "tinh", "DATACODING": "0", "right": true,
        })
    );
    assert_eq!((&*sent.provider, sent.segments, sent.attempts), ("vinaphone", 1, 1));
    assert_eq!(env.said::<MessageDelivered>().await.len(), 1);
    env.stop().await;
}

async fn a_message_goes_by_viettel(database: Database) {
    let mut gateway = Counterpart::gateways().await;
    let env = start(database, &viettel(gateway.port)).await;
    told(&env, 1).await;
    let asked = gateway.says("asked").await;
    let sent = until(&env, MessageState::Delivered).await;
    let order = [
        "User",
        "Password",
        "CPCode",
        "RequestID",
        "UserID",
        "ReceiverID",
        "ServiceID",
        "CommandCode",
        "Content",
        "ContentType",
    ];
    assert_eq!(asked["type"], "text/xml; charset=utf-8");
    assert_eq!(
        asked["asked"],
        json!({
            "User": "motcua", "CPCode": "MOTCUA", "RequestID": asked["asked"]["RequestID"],
            "UserID": "84912345678", "ReceiverID": "84912345678", "ServiceID": "MOT-CUA",
            "CommandCode": "bulksms", "Content": sent.text, "ContentType": "0", "right": true,
            "order": order,
        })
    );
    assert_eq!((&*sent.provider, sent.segments, sent.attempts), ("viettel", 1, 1));
    env.stop().await;
}

/// What each gateway says, and what becomes of the message.
async fn ends(settings: fn(u16) -> Vec<String>, cases: &[(&str, MessageState, &str)]) {
    for (step, state, reason) in cases {
        let mut gateway = Counterpart::gateways().await;
        gateway.told(&format!("plan {}", json!([step, step]))).await;
        let mut settings = settings(gateway.port);
        settings.push("attempts=2".to_owned());
        let env = start(Database::Sqlite, &settings).await;
        told(&env, 1).await;
        let message = until(&env, *state).await;
        assert_eq!(&*message.failure_reason, *reason, "{step}");
        let tries = if reason.is_empty() || reason.ends_with("_REFUSED") { 1 } else { 2 };
        assert_eq!(message.attempts, tries, "{step}");
        env.stop().await;
    }
}

#[tokio::test]
async fn whatever_vinaphone_says_has_an_end() {
    let (delivered, failed) = (MessageState::Delivered, MessageState::Failed);
    let cases = [
        ("twice", delivered, ""),
        ("code:3", delivered, ""),
        ("code:12", failed, "VINAPHONE_REFUSED"),
        ("code:1", failed, "VINAPHONE_FAILS"),
        ("body:{\"RPLY\":{\"ERROR\":12}}", failed, "VINAPHONE_REFUSED"),
        ("body:{\"RPLY\":[]}", failed, "UNCLEAR"),
        ("body:<html>", failed, "UNCLEAR"),
        ("status:503", failed, "FAILS"),
        ("status:401", failed, "ACCOUNT"),
        ("status:429", failed, "THROTTLED"),
        ("drop", failed, "AWAY"),
        ("silent", failed, "TIMEOUT"),
        ("slow", failed, "TIMEOUT"),
    ];
    ends(vinaphone, &cases).await;
}

#[tokio::test]
async fn whatever_viettel_says_has_an_end() {
    let (delivered, failed) = (MessageState::Delivered, MessageState::Failed);
    let cases = [
        ("twice", delivered, ""),
        ("code:Check ServiceID: DUPLICATE MESSAGE", delivered, ""),
        ("code:Check ReceiverID: FORMAT_ERROR", failed, "VIETTEL_NUMBER_REFUSED"),
        ("code:Check Content: MSG_ERROR_CONTAIN_BLACKLIST", failed, "VIETTEL_TEXT_REFUSED"),
        ("code:Authenticate: IP_INVALID (YOUR IP: 10.0.0.1)", failed, "VIETTEL_ACCOUNT"),
        ("code:Check template: CONTENT_NOT_MATCH_TEMPLATE", failed, "VIETTEL_NAME"),
        ("code:Check information error", failed, "VIETTEL_FAILS"),
        ("body:<S:Envelope", failed, "UNCLEAR"),
        ("status:500", failed, "FAILS"),
        ("silent", failed, "TIMEOUT"),
    ];
    ends(viettel, &cases).await;
}

#[tokio::test]
async fn wrong_credentials_are_never_the_messages_fault() {
    let cases = [
        (vinaphone as fn(u16) -> _, "vinaphone.api_password=wrong", "VINAPHONE_FAILS"),
        (viettel as fn(u16) -> _, "viettel.password=wrong", "VIETTEL_ACCOUNT"),
    ];
    for (settings, wrong, reason) in cases {
        let mut gateway = Counterpart::gateways().await;
        let mut settings: Vec<String> = settings(gateway.port);
        settings.extend([wrong, "attempts=2"].map(String::from));
        let env = start(Database::Sqlite, &settings).await;
        told(&env, 1).await;
        assert_eq!(gateway.says("asked").await["asked"]["right"], json!(false));
        let failed = until(&env, MessageState::Failed).await;
        assert_eq!((&*failed.failure_reason, failed.attempts), (reason, 2));
        env.stop().await;
    }
}

/// A message that was taken while nobody heard of it is known again by its reference.
#[tokio::test]
async fn a_repeat_is_recognised() {
    for settings in [vinaphone, viettel] {
        let mut gateway = Counterpart::gateways().await;
        gateway.told(r#"plan ["lost", "ok"]"#).await;
        let env = start(Database::Sqlite, &settings(gateway.port)).await;
        told(&env, 1).await;
        let message = until(&env, MessageState::Delivered).await;
        assert_eq!(message.attempts, 2);
        let tries = [gateway.says("asked").await, gateway.says("asked").await];
        let again: Vec<&Value> = tries.iter().map(|asked| &asked["again"]).collect();
        assert_eq!(again, [&json!(false), &json!(true)]);
        let reference = |asked: &Value| {
            let asked = &asked["asked"];
            asked.get("REQID").or(asked.get("RequestID")).cloned()
        };
        assert_eq!(reference(&tries[0]), reference(&tries[1]));
        env.stop().await;
    }
}
