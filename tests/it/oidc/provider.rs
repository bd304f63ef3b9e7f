use std::{path::PathBuf, process::Stdio};

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use tokio::{
    io::{AsyncBufReadExt, BufReader},
    process::{Child, Command},
};

use super::browser::Browser;

/// Our names for the provider: one for each way in which it may sign ID tokens.
pub(super) const WAYS: [(&str, &str); 4] =
    [("rs256", "RS256"), ("ps256", "PS256"), ("es256", "ES256"), ("eddsa", "EdDSA")];
pub(super) const BACK: &str = "https://dichvucong.example.vn/back";
pub(super) const APP: &str = "motcua-app";
const APP_BACK: &str = "vn.example.motcua:/back";
const SECRET: &str = "a secret of 100% & more";

/// The provider as a process.
pub(super) struct Provider {
    child: Option<Child>,
    port: u16,
    settings: String,
}

impl Provider {
    /// Starts it with a web page's client for each way, and an app's.
    pub(super) async fn start() -> Self {
        let [port] = motcua_tests::servers::free_ports().unwrap();
        let page = |(name, algorithm): (&str, &str)| {
            json!({
                "client_id": name, "client_secret": SECRET, "redirect_uris": [BACK],
                "id_token_signed_response_alg": algorithm, "scope": "openid profile phone",
            })
        };
        let app = json!({
            "client_id": APP, "redirect_uris": [APP_BACK], "application_type": "native",
            "token_endpoint_auth_method": "none", "id_token_signed_response_alg": "RS256",
        });
        let clients: Vec<Value> = WAYS.map(page).into_iter().chain([app]).collect();
        let settings = json!({"clients": clients, "people": people()}).to_string();
        let mut provider = Self { child: None, port, settings };
        provider.restart().await;
        provider
    }

    /// Starts it anew, at the same place and with other keys.
    pub(super) async fn restart(&mut self) {
        self.kill().await;
        let tests = std::env::var_os("CARGO_MANIFEST_DIR").map(PathBuf::from);
        let tests = tests.unwrap_or_else(|| env!("CARGO_MANIFEST_DIR").into());
        let packages = std::env::var_os("MOTCUA_TEST_NODE").map(PathBuf::from);
        let packages = packages.unwrap_or_else(|| tests.join("../target/node"));
        let mut child = Command::new("node")
            .arg(tests.join("node/provider.mjs"))
            .arg(packages)
            .args([&self.port.to_string(), &self.settings])
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .expect("node is missing: run scripts/test");
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        while let Some(line) = lines.next_line().await.unwrap() {
            if line == "ready" {
                self.child = Some(child);
                return;
            }
        }
        panic!("the provider did not start: run scripts/test, which installs it");
    }

    pub(super) async fn kill(&mut self) {
        if let Some(mut child) = self.child.take() {
            child.kill().await.unwrap();
        }
    }

    fn issuer(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// How the product is told of it, as `--set` takes it.
    pub(super) fn settings(&self) -> Vec<String> {
        let alike = [
            format!("issuer={}", self.issuer()),
            format!("client_secret={SECRET}"),
            format!("redirect_uris=[\"{BACK}\"]"),
            format!("audiences=[\"{APP}\"]"),
            "scopes=[\"openid\", \"profile\", \"phone\"]".to_owned(),
            "user_info=true".to_owned(),
            "open_accounts=true".to_owned(),
            "claims.names.citizen_number=citizen_id".to_owned(),
            "claims.names.full_name=name".to_owned(),
            "claims.names.phone=phone_number".to_owned(),
            "claims.names.username=preferred_username".to_owned(),
            "claims.vouched=[\"citizen_number\", \"full_name\", \"username\"]".to_owned(),
            "claims.verified_by.phone=phone_number_verified".to_owned(),
            "claims.level=identity_level".to_owned(),
            "claims.levels=[\"2\"]".to_owned(),
        ];
        let of = |(name, algorithm): (&str, &str)| {
            let own = [format!("client_id={name}"), format!("algorithms=[\"{algorithm}\"]")];
            let all = own.into_iter().chain(alike.clone());
            all.map(|set| format!("identity.oidc.{name}.{set}")).collect::<Vec<_>>()
        };
        WAYS.into_iter().flat_map(of).collect()
    }

    /// The ID token that the app is given when this person signs in there.
    pub(super) async fn app_token(&self, login: &str) -> String {
        let verifier = "v".repeat(43);
        let challenge = URL_SAFE_NO_PAD.encode(Sha256::digest(&verifier));
        // What the app needs of the person it asks for by name, to have it in the token itself.
        let claim = json!({"essential": true});
        let claims = json!({"id_token": {
            "name": claim, "citizen_id": claim, "identity_level": claim,
        }});
        let door = url::Url::parse_with_params(
            &format!("{}/auth", self.issuer()),
            [
                ("client_id", APP),
                ("response_type", "code"),
                ("scope", "openid profile"),
                ("redirect_uri", APP_BACK),
                ("state", "s"),
                ("code_challenge", &challenge),
                ("code_challenge_method", "S256"),
                ("claims", &claims.to_string()),
            ],
        );
        let back = Browser::new().sign_in(door.unwrap().as_str(), login, APP_BACK).await;
        let form = [
            ("grant_type", "authorization_code"),
            ("client_id", APP),
            ("code", &back["code"]),
            ("redirect_uri", APP_BACK),
            ("code_verifier", &verifier),
        ];
        let answer = super::browser::client().post(format!("{}/token", self.issuer())).form(&form);
        let text = answer.send().await.unwrap().text().await.unwrap();
        let tokens: Value = serde_json::from_str(&text).unwrap();
        tokens["id_token"].as_str().unwrap_or_else(|| panic!("{text}")).to_owned()
    }
}

/// Who signs in there.
fn people() -> Value {
    let citizen = |name: &str, number: &str, phone: &str, level: &str| {
        json!({
            "name": name, "citizen_id": number, "identity_level": level,
            "phone_number": phone, "phone_number_verified": true,
        })
    };
    json!({
        "an": citizen("Nguyễn Văn An", "072085000123", "+84912000123", "2"),
        "binh": citizen("Trần Thị Bình", "072185000456", "+84912000456", "2"),
        "level-1": citizen("Lê Văn Cường", "072085000789", "+84912000789", "1"),
        "nv.chua-co": {"preferred_username": "nv.chua-co", "identity_level": "2"},
        "quantri": {"preferred_username": "quantri", "identity_level": "2"},
    })
}
