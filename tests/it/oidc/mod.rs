//! Sign-in at a provider that others wrote and that is certified for it: npm `oidc-provider`, run as a
//! process, with the person's browser played over HTTP.

mod browser;
mod provider;

use chrono::TimeDelta;
use motcua::demo::{
    cast::{self, Signed},
    world::{World, request_id},
};
use motcua_context::Clock;
use motcua_proto::identity::v1::{
    Account, BeginSignInRequest, BeginSignInResponse, CompleteSignInRequest, ExchangeTokenRequest,
    GetAccountRequest, TokenPair, account::Holder,
};
use motcua_tests::sandbox::{Sandbox, Topology};
use tonic::Status;

use browser::Browser;
use provider::{BACK, Provider, WAYS};

/// The product, and the provider that its settings name.
struct Stage {
    sandbox: Sandbox,
    provider: Provider,
    world: World,
}

impl Stage {
    async fn set(more: &[&str]) -> Self {
        let provider = Provider::start().await;
        let settings = provider.settings();
        let settings: Vec<&str> =
            settings.iter().map(String::as_str).chain(more.iter().copied()).collect();
        let now = motcua_context::SystemClock.now();
        let sandbox = Sandbox::start_set(Topology::OneProcess, now, &settings).await.unwrap();
        let world = sandbox.world().unwrap();
        Self { sandbox, provider, world }
    }

    async fn begin(&self, name: &str) -> Result<BeginSignInResponse, Status> {
        let asked = BeginSignInRequest { provider: name.into(), redirect_uri: BACK.into() };
        Ok(self.world.auth().begin_sign_in(asked).await?.into_inner())
    }

    /// The person signs in there and is sent back here.
    async fn come_back(&self, name: &str, login: &str) -> CompleteSignInRequest {
        let begun = self.begin(name).await.unwrap();
        let back = Browser::new().sign_in(&begun.authorization_url, login, BACK).await;
        assert_eq!(back["state"], begun.state);
        CompleteSignInRequest {
            request_id: request_id(),
            ticket: begun.ticket,
            state: back["state"].clone(),
            code: back["code"].clone(),
            issuer: back["iss"].clone(),
        }
    }

    async fn complete(&self, came: CompleteSignInRequest) -> Result<TokenPair, Status> {
        Ok(self.world.auth().complete_sign_in(came).await?.into_inner())
    }

    async fn sign_in(&self, name: &str, login: &str) -> Result<TokenPair, Status> {
        self.complete(self.come_back(name, login).await).await
    }

    async fn exchange(&self, token: &str) -> Result<TokenPair, Status> {
        let asked = ExchangeTokenRequest {
            request_id: request_id(),
            provider: "rs256".into(),
            id_token: token.into(),
        };
        Ok(self.world.auth().exchange_token(asked).await?.into_inner())
    }

    /// The account, as its holder reads it.
    async fn account(&self, pair: &TokenPair) -> Account {
        let signed = Signed {
            account: pair.account.clone(),
            token: pair.access_token.clone(),
            name: String::new(),
            login: String::new(),
            password: String::new(),
        };
        let asked = GetAccountRequest { name: pair.account.clone() };
        self.world.accounts(&signed).get_account(asked).await.unwrap().into_inner()
    }

    /// What the doctor says of the provider.
    async fn examined(&self) -> String {
        // It fails where anything is wrong; what it says is the same.
        let said = self.sandbox.command(&["doctor"], "").await;
        let said = said.unwrap_or_else(|failed| failed.to_string());
        let line = said.lines().find(|line| line.contains("identity.oidc.rs256"));
        line.unwrap_or_else(|| panic!("{said}")).to_owned()
    }
}

#[track_caller]
fn refused<T>(answer: Result<T, Status>) -> String {
    match answer {
        Ok(_) => "it was done".to_owned(),
        Err(status) => motcua_rpc::fault(status).reason().to_owned(),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_citizen_comes_by_the_provider_and_stays_who_he_is() {
    let mut stage = Stage::set(&[]).await;
    let came = stage.come_back("rs256", "an").await;
    let first = stage.complete(came.clone()).await.unwrap();
    let account = stage.account(&first).await;
    let Some(Holder::Citizen(citizen)) = &account.holder else { panic!("{account:?}") };
    assert_eq!(citizen.full_name, "Nguyễn Văn An");
    assert_eq!(citizen.citizen_number, "072085000123");
    assert_eq!(citizen.phone, "0912000123");
    // The same request again is the same answer; the same ticket for another is none.
    assert_eq!(stage.complete(came.clone()).await.unwrap(), first);
    let other = CompleteSignInRequest { request_id: request_id(), ..came };
    assert_eq!(refused(stage.complete(other).await), "SIGN_IN_REPLAYED");
    let examined = stage.examined().await;
    assert!(examined.contains("ok "), "{examined}");

    // The provider changes its keys, and has forgotten its sessions and codes with them.
    let waiting = stage.come_back("rs256", "an").await;
    stage.provider.restart().await;
    assert_eq!(refused(stage.complete(waiting).await), "CODE_REFUSED");
    let later = stage.sandbox.now() + TimeDelta::seconds(15);
    stage.sandbox.set_clock(later).await.unwrap();
    let again = stage.sign_in("rs256", "an").await.unwrap();
    assert_eq!(again.account, first.account);

    // While it is away nobody comes by it, and everybody else comes as ever.
    stage.provider.kill().await;
    let later = stage.sandbox.now() + TimeDelta::hours(2);
    stage.sandbox.set_clock(later).await.unwrap();
    assert_eq!(refused(stage.begin("rs256").await), "PROVIDER_UNAVAILABLE");
    let who = stage.sandbox.administrator();
    cast::sign_in(&stage.world, &who.username, &who.password, &who.name).await.unwrap();
    let examined = stage.examined().await;
    assert!(examined.contains("WRONG "), "{examined}");
}

#[tokio::test(flavor = "multi_thread")]
async fn each_way_of_signing_is_understood_and_its_people_told_apart() {
    let stage = Stage::set(&["identity.guessing.tries_per_address=3"]).await;
    let an = stage.sign_in("rs256", "an").await.unwrap();
    for (name, _) in WAYS {
        assert_eq!(stage.sign_in(name, "an").await.unwrap().account, an.account, "{name}");
        assert_ne!(stage.sign_in(name, "binh").await.unwrap().account, an.account, "{name}");
    }
    assert_eq!(refused(stage.sign_in("es256", "level-1").await), "LEVEL_TOO_LOW");
    assert_eq!(refused(stage.sign_in("es256", "nv.chua-co").await), "OFFICER_UNKNOWN");
    let administrator = stage.sign_in("es256", "quantri").await.unwrap();
    let account = stage.account(&administrator).await;
    assert!(matches!(account.holder, Some(Holder::Officer(_))), "{account:?}");

    // An app brings the token it was given; what is forged is counted against who brings it.
    let token = stage.provider.app_token("an").await;
    assert_eq!(stage.exchange(&token).await.unwrap().account, an.account);
    assert_eq!(refused(stage.exchange(&token).await), "SIGN_IN_REPLAYED");
    let (signed, _) = token.rsplit_once('.').unwrap();
    let forged = format!("{signed}.{}", "A".repeat(342));
    for _ in 0..4 {
        assert_eq!(refused(stage.exchange(&forged).await), "ID_TOKEN_SIGNATURE_WRONG");
    }
    assert_eq!(refused(stage.begin("rs256").await), "SIGN_IN_LOCKED");
}
