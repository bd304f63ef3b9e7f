//! Signing in at a provider outside, from the first call to the last.

mod away;
mod persons;
mod provider;
mod replays;
mod tls;
mod tokens;

use motcua_fault::Fault;
use motcua_identity::Identity;
use motcua_proto::identity::v1::{
    BeginSignInRequest, BeginSignInResponse, CompleteSignInRequest, ExchangeTokenRequest, TokenPair,
};
use motcua_testkit::{Builder, Database};
use provider::{APP, BACK, CLIENT, Provider, parameters};
use serde_json::{Value, json};

use crate::support::{Province, answer, builder};

/// A province whose people sign in at a provider.
struct World {
    province: Province,
    provider: Provider,
}

/// Hoa, as the provider knows her; support's Hoa has the same number and name.
fn hoa() -> Value {
    json!({"sub": "s-hoa", "citizen_id": "001199012345", "name": "NGUYỄN THỊ HOA"})
}

/// Minh, whom nobody here knows.
fn minh() -> Value {
    json!({
        "sub": "s-minh", "citizen_id": "001099054321", "name": "Lê Văn Minh",
        "phone_number": "0987654321", "phone_number_verified": true,
    })
}

impl World {
    async fn start(database: Database) -> Self {
        Self::with(database, &[]).await
    }

    async fn with(database: Database, more: &[&str]) -> Self {
        let provider = Provider::start().await;
        let builder = configured(builder(database), &provider, more);
        Self { province: Province::of(builder).await, provider }
    }

    async fn begin(&self) -> Result<BeginSignInResponse, Fault> {
        self.begin_at("vneid", BACK).await
    }

    async fn begin_at(&self, name: &str, back: &str) -> Result<BeginSignInResponse, Fault> {
        let asked = BeginSignInRequest { provider: name.into(), redirect_uri: back.into() };
        answer(self.province.auth().begin_sign_in(asked).await)
    }

    /// What comes back when the provider says this of the person.
    async fn come_back(&self, about: &Value) -> CompleteSignInRequest {
        let begun = self.begin().await.unwrap();
        let nonce = &parameters(&begun.authorization_url)["nonce"];
        let claims = self.provider.claims(self.province.now(), nonce, about);
        let token = self.provider.key().sign(&claims);
        self.back_with(begun, &token)
    }

    /// What comes back when the code is redeemed for this token.
    fn back_with(&self, begun: BeginSignInResponse, token: &str) -> CompleteSignInRequest {
        let code = self.provider.consent(&begun.authorization_url, token);
        assert_eq!(parameters(&begun.authorization_url)["state"], begun.state);
        CompleteSignInRequest {
            request_id: self.province.id(),
            ticket: begun.ticket,
            state: begun.state,
            code,
            issuer: String::new(),
        }
    }

    async fn complete(&self, came: CompleteSignInRequest) -> Result<TokenPair, Fault> {
        answer(self.province.auth().complete_sign_in(came).await)
    }

    /// The whole way of somebody of whom the provider says this.
    async fn sign_in(&self, about: &Value) -> Result<TokenPair, Fault> {
        self.complete(self.come_back(about).await).await
    }

    /// A token of the provider for the app.
    fn app_token(&self, about: &Value) -> String {
        let mut claims = self.provider.claims(self.province.now(), "app", about);
        claims["aud"] = json!(APP);
        self.provider.key().sign(&claims)
    }

    async fn exchange(&self, token: &str) -> Result<TokenPair, Fault> {
        self.exchange_as(&self.province.id(), token).await
    }

    async fn exchange_as(&self, request_id: &str, token: &str) -> Result<TokenPair, Fault> {
        let asked = ExchangeTokenRequest {
            request_id: request_id.into(),
            provider: "vneid".into(),
            id_token: token.into(),
        };
        answer(self.province.auth().exchange_token(asked).await)
    }

    async fn stop(self) {
        self.province.env.stop().await;
    }
}

fn configured(builder: Builder<Identity>, provider: &Provider, more: &[&str]) -> Builder<Identity> {
    let issuer = format!("issuer={}", provider.issuer());
    let (client, back) = (format!("client_id={CLIENT}"), format!("redirect_uris=[\"{BACK}\"]"));
    let app = format!("audiences=[\"{APP}\"]");
    let own = [issuer.as_str(), &client, &back, &app];
    let fixed = [
        "client_secret=bí mật & 100%",
        "answer_s=1",
        "open_accounts=true",
        "claims.names.citizen_number=citizen_id",
        "claims.names.full_name=name",
        "claims.names.phone=phone_number",
        "claims.names.username=officer_name",
        "claims.vouched=[\"citizen_number\", \"full_name\", \"username\"]",
        "claims.verified_by.phone=phone_number_verified",
    ];
    let settings = own.iter().chain(&fixed).chain(more);
    settings.fold(builder, |builder, set| builder.set(format!("identity.oidc.vneid.{set}")))
}
