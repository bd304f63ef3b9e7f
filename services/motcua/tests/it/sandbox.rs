//! The sandboxes as an operator starts them, spoken to as the services do.

use std::{
    io::{BufRead, BufReader, Read},
    process::{Child, ChildStdout, Command, Stdio},
};

use reqwest::{Client, RequestBuilder};
use serde_json::{Value, json};

/// A running sandbox and the settings it names.
struct Sandbox {
    child: Child,
    said: BufReader<ChildStdout>,
    settings: toml::Table,
}

impl Drop for Sandbox {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Sandbox {
    fn start(kind: &str, lines: usize) -> Self {
        Self::start_with(kind, lines, "secret")
    }

    fn start_with(kind: &str, lines: usize, secret: &str) -> Self {
        Self::start_args(kind, lines, secret, &[])
    }

    fn start_args(kind: &str, lines: usize, secret: &str, more: &[&str]) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_motcua"))
            .args(["sandbox", kind, "--listen", "127.0.0.1:0"])
            .args(more)
            .env("MOTCUA_SANDBOX_SECRET", secret)
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut said = BufReader::new(child.stdout.take().unwrap());
        let first: Vec<_> = said.by_ref().lines().take(lines).map(Result::unwrap).collect();
        let settings = first.join("\n").parse().unwrap();
        Self { child, said, settings }
    }

    /// What it says of a key of the section `notification`.
    fn says(&self, section: &str, key: &str) -> &str {
        self.settings["notification"][section][key].as_str().unwrap()
    }
}

fn client() -> Client {
    let _ = rustls::crypto::ring::default_provider().install_default();
    Client::builder().no_proxy().build().unwrap()
}

async fn answered(request: RequestBuilder) -> (u16, String) {
    let answer = request.send().await.unwrap();
    (answer.status().as_u16(), answer.text().await.unwrap())
}

#[tokio::test]
async fn the_operators_gateways_are_played() {
    let (sandbox, client) = (Sandbox::start("sms", 4), client());
    let vinaphone = async |password: &str, to: &str, id: &str| {
        let asked = json!({ "APIPASS": password, "MOBILELIST": to, "REQID": id });
        let body = json!({ "RQST": asked }).to_string();
        let request = client.post(sandbox.says("vinaphone", "url")).body(body);
        let (status, text) = answered(request.header("content-type", "application/json")).await;
        let reply: Value = serde_json::from_str(&text).unwrap_or_default();
        (status, reply["RPLY"]["ERROR"].as_str().unwrap_or_default().to_owned())
    };
    for (password, to, id, answer) in [
        ("secret", "84912345678", "1", (200, "0")),
        ("secret", "84912345678", "1", (200, "3")),
        ("wrong", "84912345678", "2", (200, "1")),
        ("secret", "84912345001", "3", (200, "99")),
        ("secret", "84912345002", "4", (200, "12")),
        ("secret", "84912345004", "5", (429, "")),
    ] {
        let (status, code) = vinaphone(password, to, id).await;
        assert_eq!((status, &*code), answer, "{to}");
    }
    let viettel = async |to: &str, text: &str| {
        let body = format!(
            "<E><B><i:wsCpMt xmlns:i=\"http://impl.bulkSms.ws/\"><Password>secret</Password>\
             <RequestID>7</RequestID><ReceiverID>{to}</ReceiverID><Content>{text}</Content>\
             </i:wsCpMt></B></E>"
        );
        answered(client.post(sandbox.says("viettel", "url")).body(body)).await
    };
    for (to, text, status, says) in [
        ("84912345678", "Ho so &amp; giay to", 200, "Insert MT_QUEUE: OK</message><result>1<"),
        ("84912345678", "Ho so &amp; giay to", 200, "DUPLICATE MESSAGE</message><result>0<"),
        ("84912345678", "Ho so", 200, "<result>1<"),
        ("84912345001", "Ho so", 200, "Check information error</message><result>0<"),
        ("84912345002", "Ho so", 200, "Check ReceiverID: FORMAT_ERROR"),
        ("84912345004", "Ho so", 429, ""),
    ] {
        let (got, answer) = viettel(to, text).await;
        assert!(got == status && answer.contains(says), "{to}: {got} {answer}");
    }
}

#[tokio::test]
async fn zalo_is_played_with_its_tokens() {
    let (sandbox, client) = (Sandbox::start("zalo", 4), client());
    let renew = async |refresh: &str| -> Value {
        let form = [
            ("refresh_token", refresh),
            ("app_id", sandbox.says("zalo", "app_id")),
            ("grant_type", "refresh_token"),
        ];
        let request = client.post(sandbox.says("zalo", "oauth_url")).form(&form);
        let (_, text) = answered(request.header("secret_key", "secret")).await;
        serde_json::from_str(&text).unwrap()
    };
    let send = async |access: &str, to: &str| {
        let body = json!({ "phone": to, "template_id": "1", "template_data": { "ma": "H53" } });
        let request = client.post(sandbox.says("zalo", "api_url")).header("access_token", access);
        let request = request.header("content-type", "application/json").body(body.to_string());
        let reply: Value = serde_json::from_str(&answered(request).await.1).unwrap();
        reply["error"].as_i64().unwrap()
    };
    let first = renew(sandbox.says("zalo", "refresh_token")).await;
    let access = first["access_token"].as_str().unwrap();
    for (to, code) in
        [("84912345678", 0), ("84912345001", -100), ("84912345002", -108), ("84912345004", -115)]
    {
        assert_eq!(send(access, to).await, code, "{to}");
    }
    assert_eq!(renew(sandbox.says("zalo", "refresh_token")).await["error"], -14014, "it was used");
    let second = renew(first["refresh_token"].as_str().unwrap()).await;
    assert_eq!(send(access, "84912345678").await, -124, "another is in force");
    assert_eq!(send(second["access_token"].as_str().unwrap(), "84912345678").await, 0);
}

#[tokio::test]
async fn zalo_tells_that_a_message_came() {
    use sha2::{Digest, Sha256};
    use tokio::io::{AsyncReadExt, AsyncWriteExt};

    let app = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/events", app.local_addr().unwrap());
    let more = ["--events", &url, "--events-secret", "oa-secret"];
    let (sandbox, client) = (Sandbox::start_args("zalo", 6, "secret", &more), client());
    let form = [
        ("refresh_token", sandbox.says("zalo", "refresh_token")),
        ("app_id", sandbox.says("zalo", "app_id")),
        ("grant_type", "refresh_token"),
    ];
    let request = client.post(sandbox.says("zalo", "oauth_url")).form(&form);
    let (_, tokens) = answered(request.header("secret_key", "secret")).await;
    let tokens: Value = serde_json::from_str(&tokens).unwrap();
    let body = json!({
        "phone": "84912345678", "template_id": "1", "template_data": { "ma": "H53" },
        "tracking_id": "m1",
    });
    let request = client.post(sandbox.says("zalo", "api_url")).body(body.to_string());
    let request = request.header("access_token", tokens["access_token"].as_str().unwrap());
    answered(request.header("content-type", "application/json")).await;
    let next_event = async || {
        let (mut line, _) = app.accept().await.unwrap();
        let mut told = String::new();
        while !told.contains("\r\n\r\n{") || !told.ends_with('}') {
            let mut some = [0; 4096];
            let read = line.read(&mut some).await.unwrap();
            assert!(read > 0, "{told}");
            told.push_str(std::str::from_utf8(&some[..read]).unwrap());
        }
        line.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n").await.unwrap();
        told
    };
    let told = next_event().await;
    let (head, body) = told.split_once("\r\n\r\n").unwrap();
    let event: Value = serde_json::from_str(body).unwrap();
    assert_eq!(
        (&event["event_name"], &event["message"]["msg_id"]),
        (&json!("user_received_message"), &json!("m1"))
    );
    let at = event["timestamp"].as_str().unwrap();
    let mac = hex::encode(Sha256::digest(format!("1000{body}{at}oa-secret")));
    assert!(head.contains(&format!("mac={mac}")), "{head}");

    // The person sends a picture, and is answered.
    let talk = sandbox.settings["notification"]["zalo"]["photos"]["talk_url"].as_str().unwrap();
    let photo = talk.replace("/v3.0/oa/message/cs", "/person/photo");
    let ((status, _), told) =
        tokio::join!(answered(client.post(photo).body("a picture")), next_event());
    assert_eq!(status, 200, "what the app answered");
    let event: Value = serde_json::from_str(told.split_once("\r\n\r\n").unwrap().1).unwrap();
    assert_eq!(event["event_name"], "user_send_image");
    let at = event["message"]["attachments"][0]["payload"]["url"].as_str().unwrap();
    assert_eq!(answered(client.get(at)).await, (200, "a picture".to_owned()));
    let body = json!({
        "recipient": { "user_id": event["sender"]["id"] }, "message": { "text": "Chào bác" },
    });
    let request = client.post(talk).header("content-type", "application/json");
    let request = request.header("access_token", tokens["access_token"].as_str().unwrap());
    let (_, said) = answered(request.body(body.to_string())).await;
    assert_eq!(serde_json::from_str::<Value>(&said).unwrap()["error"], 0);
}

#[tokio::test]
async fn an_organisations_system_verifies_what_it_is_told() {
    use base64::{Engine, engine::general_purpose::STANDARD};
    use hmac::{Hmac, KeyInit, Mac};
    use motcua_context::{Clock, SystemClock};

    let key = [7; 32];
    let secret = format!("whsec_{}", STANDARD.encode(key));
    let (mut sandbox, client) = (Sandbox::start_with("webhook", 1, &secret), client());
    let url = sandbox.settings["url"].as_str().unwrap().to_owned();
    let now = SystemClock.now().timestamp();
    let told = async |key: &[u8], at: i64, signed: &str, body: &str| {
        let mac = Hmac::<sha2::Sha256>::new_from_slice(key).unwrap();
        let mac = mac.chain_update(format!("id.{at}.{signed}")).finalize().into_bytes();
        let request = client
            .post(&url)
            .header("webhook-id", "id")
            .header("webhook-timestamp", at)
            .header("webhook-signature", format!("v1,AAAA v1,{}", STANDARD.encode(mac)));
        answered(request.body(body.to_owned())).await.0
    };
    assert_eq!(told(&key, now, "{}", "{}").await, 204);
    assert_eq!(told(&[8; 32], now, "{}", "{}").await, 401, "another secret");
    assert_eq!(told(&key, now, "{}", "{ }").await, 401, "another body");
    assert_eq!(told(&key, now - 600, "{}", "{}").await, 401, "an old request");
    let mut printed = String::new();
    sandbox.said.read_line(&mut printed).unwrap();
    assert_eq!(printed, "{}\n");
}
