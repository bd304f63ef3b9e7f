//! The provider alone against a centre in another language.

use std::sync::Mutex;

use futures::FutureExt;
use motcua_config::Secret;
use motcua_ids::{DossierId, EventId, MessageId, Uuid};
use motcua_testkit::counterpart::Counterpart;
use motcua_vn::PhoneNumber;
use serde_json::json;

use super::*;
use crate::domain::{Origin, Receipt, Topic, Written};

const LONG: &str = "Hồ sơ của Ông/Bà đã được tiếp nhận và đang được giải quyết theo quy định; \
                    kết quả sẽ được trả tại Bộ phận Một cửa hoặc gửi qua dịch vụ bưu chính công ích.";

fn message(n: u128, text: &str) -> Message {
    let origin = Origin {
        event: EventId::new(Uuid::from_u128(1)),
        family: "intake",
        fact_version: 1,
        dossier: Some(DossierId::new(Uuid::from_u128(2))),
        code: String::new(),
        account: None,
        agency_path: String::new(),
    };
    let address = Address::Sms(PhoneNumber::parse("0912345678").unwrap());
    let written = Written { address, title: String::new(), text: text.to_owned() };
    let at = chrono::DateTime::UNIX_EPOCH;
    Message::write(
        MessageId::new(Uuid::from_u128(n)),
        origin,
        Topic::ResultReady,
        "t".into(),
        written,
        at,
    )
}

fn provider(centre: &Counterpart, heard: Arc<Mutex<Vec<Receipt>>>) -> Smpp {
    patient(centre, heard, 5)
}

fn patient(centre: &Counterpart, heard: Arc<Mutex<Vec<Receipt>>>, answer_s: u32) -> Smpp {
    let config = SmppConfig {
        system_id: "motcua".into(),
        password: Secret::new("secret"),
        source: "19001234".into(),
        window: 3,
        enquire_s: 60,
        answer_s,
        ..Default::default()
    };
    let listener: Listener = Arc::new(move |receipt| {
        heard.lock().unwrap().push(receipt);
        async { Ok(()) }.boxed()
    });
    let asker: Asker = Arc::new(|_| async { Ok(()) }.boxed());
    Smpp::new(format!("127.0.0.1:{}", centre.port), &config, listener, asker)
}

#[test]
fn only_what_is_about_the_message_is_refused_for_ever() {
    for (status, answer) in [
        (CommandStatus::EsmeRinvdstadr, Answer::refused("SMPP_NUMBER_REFUSED")),
        (CommandStatus::EsmeRinvmsglen, Answer::refused("SMPP_LENGTH_REFUSED")),
        // Of all messages alike, by the settings: nothing is lost until they are right.
        (CommandStatus::EsmeRinvdstton, Answer::later("SMPP_FAILS")),
        (CommandStatus::EsmeRinvdstnpi, Answer::later("SMPP_FAILS")),
        (CommandStatus::EsmeRinvsrcadr, Answer::later("SMPP_FAILS")),
    ] {
        assert_eq!(refused(status), answer, "{status:?}");
    }
}

#[tokio::test]
async fn a_long_text_with_all_its_marks_is_put_together_again() {
    let mut centre = Counterpart::centre(0).await;
    let smpp = provider(&centre, Arc::default());
    let answer = smpp.send(chrono::DateTime::UNIX_EPOCH, &message(7, LONG)).await;
    let taken = Taken { id: Some("m3".into()), segments: 3, receipt: true };
    assert_eq!(answer, Answer::Taken(taken));
    let mut whole = String::new();
    for part in 1..=3 {
        let submit = centre.says("submit").await;
        let text = submit["submit"].as_str().unwrap();
        assert!(text.encode_utf16().count() <= 67, "{text}");
        assert_eq!((&submit["coding"], &submit["esm"]), (&json!(8), &json!(0x40)));
        assert_eq!((&submit["from"], &submit["ton"]), (&json!("19001234"), &json!(0)));
        assert_eq!(submit["udh"], json!([0, 3, 7, 3, part]));
        whole.push_str(text);
    }
    assert_eq!(whole, LONG);
}

#[tokio::test]
async fn every_sign_of_the_alphabet_arrives() {
    let mut centre = Counterpart::centre(0).await;
    let smpp = provider(&centre, Arc::default());
    let text =
        "@£$¥èéùìòÇØøÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0-9:;<=>?¡A-ZÄÖÑÜ§¿a-zäöñüà^{}\\[~]|€";
    smpp.send(chrono::DateTime::UNIX_EPOCH, &message(1, text)).await;
    let submit = centre.says("submit").await;
    assert_eq!((&submit["submit"], &submit["coding"]), (&json!(text), &json!(0)));
}

#[tokio::test]
async fn many_at_once_are_each_answered_in_a_bounded_window() {
    let centre = Counterpart::centre(0).await;
    let smpp = provider(&centre, Arc::default());
    let messages: Vec<_> = (0..40).map(|n| message(n, "Ho so da co ket qua.")).collect();
    let answers = messages.iter().map(|m| smpp.send(chrono::DateTime::UNIX_EPOCH, m));
    let answers = futures::future::join_all(answers).await;
    let ids: std::collections::BTreeSet<_> = answers
        .into_iter()
        .map(|answer| match answer {
            Answer::Taken(taken) => taken.id.unwrap(),
            other => panic!("{other:?}"),
        })
        .collect();
    assert_eq!(ids.len(), 40);
}

#[tokio::test]
async fn a_window_goes_on_past_what_is_not_answered_in_time() {
    let mut centre = Counterpart::centre(0).await;
    let smpp = patient(&centre, Arc::default(), 1);
    // All of the window, and nothing else is heard that would have it looked at again.
    centre.told(r#"plan ["silent", "silent", "silent"]"#).await;
    let messages: Vec<_> = (0..4).map(|n| message(n, "Ho so da co ket qua.")).collect();
    let send = |n: usize| smpp.send(chrono::DateTime::UNIX_EPOCH, &messages[n]);
    for answer in futures::future::join_all((0..3).map(send)).await {
        assert_eq!(answer, Answer::later("TIMEOUT"));
    }
    assert!(matches!(send(3).await, Answer::Taken(_)), "the others hold up no other");
}

#[tokio::test]
async fn a_receipt_is_answered_when_it_was_heard() {
    let mut centre = Counterpart::centre(0).await;
    let heard = Arc::<Mutex<Vec<Receipt>>>::default();
    let smpp = provider(&centre, heard.clone());
    smpp.listen();
    centre.says("bound").await;
    // Nothing was ever sent: it comes all the same.
    centre.told("receipt a1 REJECTD").await;
    assert_eq!(centre.says("stored").await, json!({"stored": "a1", "status": 0}));
    let arrival = crate::domain::Arrival::Rejected;
    let one = Receipt { provider: "smpp".into(), id: "a1".into(), arrival };
    assert_eq!(*heard.lock().unwrap(), [one]);
    drop(smpp);
    centre.says("unbound").await;
}
