//! A provider that a test plays, over real HTTP: it signs whatever it is told to, and answers as
//! badly as it is told to.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, MutexGuard},
    time::Duration,
};

use axum::{
    Json, Router,
    body::Bytes,
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
    routing::{get, post},
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use ed25519_dalek::{SigningKey, pkcs8::EncodePrivateKey};
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use motcua_context::Timestamp;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use url::{Url, form_urlencoded};

pub(crate) const CLIENT: &str = "motcua-web";
pub(crate) const APP: &str = "motcua-app";
pub(crate) const BACK: &str = "https://dichvucong.example.vn/back";

/// How the provider feels.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Mood {
    #[default]
    Well,
    /// It answers that it cannot.
    Away,
    /// It takes longer than anybody waits.
    Slow,
    /// It answers without end.
    Huge,
    /// It answers in the name of another.
    Other,
    /// It sends secrets over the open net.
    Open,
}

/// A pair of keys.
#[derive(Clone)]
pub(crate) enum Key {
    Ed(Box<SigningKey>, &'static str),
    Ec(Arc<rcgen::KeyPair>, &'static str),
}

#[derive(Default)]
struct Facts {
    mood: Mood,
    keys: Vec<Key>,
    /// What a code is redeemed for, and the proof that is asked for it.
    codes: BTreeMap<String, (String, Value)>,
    user_info: Value,
    asked: BTreeMap<&'static str, usize>,
    issuer: String,
}

/// The provider; it ends with the test's runtime.
#[derive(Clone)]
pub(crate) struct Provider(Arc<Mutex<Facts>>);

impl Key {
    pub(crate) fn ed(kid: &'static str) -> Self {
        Self::Ed(Box::new(SigningKey::from_bytes(&rand::random())), kid)
    }

    pub(crate) fn ec(kid: &'static str) -> Self {
        Self::Ec(Arc::new(rcgen::KeyPair::generate().unwrap()), kid)
    }

    fn kid(&self) -> &'static str {
        match self {
            Self::Ed(_, kid) | Self::Ec(_, kid) => kid,
        }
    }

    fn public(&self) -> Value {
        let text = |bytes: &[u8]| URL_SAFE_NO_PAD.encode(bytes);
        match self {
            Self::Ed(key, kid) => json!({
                "kty": "OKP", "crv": "Ed25519", "kid": kid, "use": "sig",
                "x": text(key.verifying_key().as_bytes()),
            }),
            Self::Ec(key, kid) => {
                // An uncompressed point: a mark, x, y.
                let point = key.public_key_raw();
                json!({
                    "kty": "EC", "crv": "P-256", "kid": kid, "alg": "ES256",
                    "x": text(&point[1..33]), "y": text(&point[33..65]),
                })
            }
        }
    }

    /// A token of these claims.
    pub(crate) fn sign(&self, claims: &Value) -> String {
        let (algorithm, key) = match self {
            Self::Ed(key, _) => {
                let der = key.to_pkcs8_der().unwrap();
                (Algorithm::EdDSA, EncodingKey::from_ed_der(der.as_bytes()))
            }
            Self::Ec(key, _) => (Algorithm::ES256, EncodingKey::from_ec_der(&key.serialize_der())),
        };
        let header = Header { kid: Some(self.kid().to_owned()), ..Header::new(algorithm) };
        jsonwebtoken::encode(&header, claims, &key).unwrap()
    }
}

/// A token that says it is signed so, with this in the signature's place.
pub(crate) fn forged(header: &Value, claims: &Value, signature: &[u8]) -> String {
    let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    format!("{}.{}.{}", part(header), part(claims), URL_SAFE_NO_PAD.encode(signature))
}

impl Provider {
    /// Begins to serve on a port of its own, with one key.
    pub(crate) async fn start() -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let issuer = format!("http://{}", listener.local_addr().unwrap());
        let facts = Facts { issuer, keys: vec![Key::ed("k1")], ..Facts::default() };
        let provider = Self(Arc::new(Mutex::new(facts)));
        let routes = Router::new()
            .route("/.well-known/openid-configuration", get(discovery))
            .route("/keys", get(keys))
            .route("/token", post(token))
            .route("/me", get(user_info))
            .with_state(provider.clone());
        #[expect(clippy::disallowed_methods, reason = "it ends with the test's runtime")]
        tokio::spawn(async move { axum::serve(listener, routes).await });
        provider
    }

    fn facts(&self) -> MutexGuard<'_, Facts> {
        self.0.lock().unwrap()
    }

    pub(crate) fn issuer(&self) -> String {
        self.facts().issuer.clone()
    }

    pub(crate) fn feels(&self, mood: Mood) {
        self.facts().mood = mood;
    }

    /// Publishes these keys alone.
    pub(crate) fn publish(&self, keys: &[&Key]) {
        self.facts().keys = keys.iter().map(|key| (*key).clone()).collect();
    }

    /// The first key.
    pub(crate) fn key(&self) -> Key {
        self.facts().keys[0].clone()
    }

    pub(crate) fn says(&self, user_info: Value) {
        self.facts().user_info = user_info;
    }

    /// How often a door was knocked at.
    pub(crate) fn asked(&self, door: &str) -> usize {
        self.facts().asked.get(door).copied().unwrap_or_default()
    }

    /// The claims of a good token about somebody, changed as told; `null` takes one away.
    pub(crate) fn claims(&self, now: Timestamp, nonce: &str, about: &Value) -> Value {
        let (iat, exp) = (now.timestamp(), now.timestamp() + 300);
        let mut claims = json!({
            "iss": self.issuer(), "aud": CLIENT, "iat": iat, "exp": exp, "nonce": nonce,
        });
        for (name, value) in about.as_object().unwrap() {
            match value {
                Value::Null => drop(claims.as_object_mut().unwrap().remove(name)),
                value => claims[name] = value.clone(),
            }
        }
        claims
    }

    /// What a person's browser does: goes there, signs in, comes back with a code for `id_token`.
    pub(crate) fn consent(&self, authorization_url: &str, id_token: &str) -> String {
        let asked = parameters(authorization_url);
        assert_eq!(asked["response_type"], "code");
        assert_eq!((asked["client_id"].as_str(), asked["redirect_uri"].as_str()), (CLIENT, BACK));
        assert_eq!(asked["code_challenge_method"], "S256");
        let code: String = hex::encode(rand::random::<[u8; 8]>());
        let tokens = json!({"id_token": id_token, "access_token": "a-t", "token_type": "Bearer"});
        self.facts().codes.insert(code.clone(), (asked["code_challenge"].clone(), tokens));
        code
    }

    fn asks(&self, door: &'static str) -> Mood {
        let mut facts = self.facts();
        *facts.asked.entry(door).or_default() += 1;
        facts.mood
    }
}

/// The parameters of an address.
pub(crate) fn parameters(address: &str) -> BTreeMap<String, String> {
    Url::parse(address).unwrap().query_pairs().into_owned().collect()
}

async fn answer(mood: Mood, well: Value) -> Response {
    match mood {
        Mood::Away => StatusCode::SERVICE_UNAVAILABLE.into_response(),
        Mood::Slow => {
            tokio::time::sleep(Duration::from_secs(30)).await;
            Json(well).into_response()
        }
        Mood::Huge => Json(json!({ "keys": " ".repeat(1 << 20) })).into_response(),
        Mood::Well | Mood::Other | Mood::Open => Json(well).into_response(),
    }
}

async fn discovery(State(provider): State<Provider>) -> Response {
    let (mood, issuer) = (provider.asks("discovery"), provider.issuer());
    let named = if mood == Mood::Other { "https://sso.example.vn" } else { &issuer };
    let token = if mood == Mood::Open { "http://sso.example.vn" } else { &issuer };
    let document = json!({
        "issuer": named,
        "authorization_endpoint": format!("{issuer}/auth?ui=vi"),
        "token_endpoint": format!("{token}/token"),
        "userinfo_endpoint": format!("{issuer}/me"),
        "jwks_uri": format!("{issuer}/keys"),
    });
    answer(mood, document).await
}

async fn keys(State(provider): State<Provider>) -> Response {
    let mood = provider.asks("keys");
    let keys: Vec<Value> = provider.facts().keys.iter().map(Key::public).collect();
    answer(mood, json!({ "keys": keys })).await
}

/// Redeems a code as often as it is shown: what must be once is ours to see to.
async fn token(State(provider): State<Provider>, form: Bytes) -> Response {
    let mood = provider.asks("token");
    let form: BTreeMap<_, _> = form_urlencoded::parse(&form).into_owned().collect();
    let found = provider.facts().codes.get(&form["code"]).cloned();
    let proof = URL_SAFE_NO_PAD.encode(Sha256::digest(&form["code_verifier"]));
    let Some((_, tokens)) = found.filter(|(challenge, _)| *challenge == proof) else {
        let refusal = Json(json!({"error": "invalid_grant"}));
        return (StatusCode::BAD_REQUEST, refusal).into_response();
    };
    answer(mood, tokens).await
}

async fn user_info(State(provider): State<Provider>) -> Response {
    let mood = provider.asks("me");
    let said = provider.facts().user_info.clone();
    answer(mood, said).await
}
