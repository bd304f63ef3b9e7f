use std::{sync::Arc, time::Duration};

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::TimeDelta;
use jsonwebtoken::DecodingKey;
use motcua_context::{Ctx, Timestamp};
use motcua_fault::Fault;
use motcua_outside::{Answer, Http};
use reqwest::StatusCode;
use serde::Deserialize;
use sha2::{Digest, Sha256};
use tokio::sync::Mutex;
use url::Url;

use super::{
    keys::{KeySet, Keys},
    metadata::Metadata,
    signature::{Redeemed, Signed},
};
use crate::{
    config::OidcProvider,
    domain::external::{Claims, NotTaken, Pending, text},
};

/// How soon an unknown key or a failure is followed up: whoever makes keys up, or comes while the
/// provider is away, makes us ask no oftener.
const PAUSE: TimeDelta = TimeDelta::seconds(10);

/// One provider: what is configured, and what it said of itself.
pub(crate) struct Provider {
    name: String,
    pub(crate) config: OidcProvider,
    http: Http,
    /// Held while it is asked, so that a rush asks once.
    said: Mutex<Said>,
}

#[derive(Default)]
struct Said {
    known: Option<Arc<Known>>,
    asked_at: Option<Timestamp>,
}

/// What a provider says of itself.
struct Known {
    metadata: Metadata,
    keys: Keys,
    at: Timestamp,
}

#[derive(Deserialize)]
struct TokenAnswer {
    id_token: String,
    #[serde(default)]
    access_token: Option<String>,
}

impl Provider {
    pub(super) fn new(name: &str, config: OidcProvider) -> anyhow::Result<Self> {
        let http = Http::new(Duration::from_secs(config.answer_s.into()), config.ca.as_deref())?;
        Ok(Self { name: name.to_owned(), config, http, said: Mutex::default() })
    }

    /// Where a person signs in for `pending`.
    pub(crate) async fn authorization_url(
        &self,
        ctx: &Ctx,
        pending: &Pending,
    ) -> Result<String, Fault> {
        let known = self.known(ctx).await?;
        let mut url = Url::parse(&known.metadata.authorization_endpoint)
            .map_err(|error| self.away(&error.into()))?;
        let challenge = URL_SAFE_NO_PAD.encode(Sha256::digest(&pending.verifier));
        url.query_pairs_mut()
            .append_pair("response_type", "code")
            .append_pair("client_id", &self.config.client_id)
            .append_pair("redirect_uri", &pending.redirect_uri)
            .append_pair("scope", &self.config.scopes.join(" "))
            .append_pair("state", &pending.state)
            .append_pair("nonce", &pending.nonce)
            .append_pair("code_challenge", &challenge)
            .append_pair("code_challenge_method", "S256");
        if !self.config.claims.levels.is_empty() && self.config.claims.level == "acr" {
            url.query_pairs_mut().append_pair("acr_values", &self.config.claims.levels.join(" "));
        }
        Ok(url.into())
    }

    /// Redeems a code. `issuer` is who the way back says it comes from: another's code is not shown
    /// to this provider.
    pub(crate) async fn redeem(
        &self,
        ctx: &Ctx,
        pending: &Pending,
        code: &str,
        issuer: &str,
    ) -> Result<Redeemed, Fault> {
        let known = self.known(ctx).await?;
        let named = !issuer.is_empty() || known.metadata.names_itself();
        if named && issuer != self.config.issuer {
            return Err(NotTaken::IssuerWrong.into());
        }
        let answer = self.show_code(&known.metadata, pending, code).await;
        let answer = answer.map_err(|error| self.away(&error))?;
        if answer.status == StatusCode::BAD_REQUEST
            && error_of(&answer).as_deref() == Some("invalid_grant")
        {
            return Err(NotTaken::CodeRefused.into());
        }
        let tokens: TokenAnswer = answer.good().map_err(|error| {
            let why = error_of(&answer).unwrap_or_default();
            self.away(&error.context(format!("the code was not redeemed: {why}")))
        })?;
        let (signed, mut redeemed) = self.prove(ctx, &tokens.id_token).await?;
        if let Some(access) = &tokens.access_token {
            signed.require_pair(&redeemed.claims, access)?;
            if self.config.user_info {
                self.add_user_info(&known.metadata, access, &mut redeemed.claims).await?;
            }
        }
        Ok(redeemed)
    }

    /// The claims of a token that one of the provider's keys proves.
    pub(crate) async fn proved(&self, ctx: &Ctx, token: &str) -> Result<Redeemed, Fault> {
        Ok(self.prove(ctx, token).await?.1)
    }

    /// What is wrong with the provider, if anything is.
    pub(super) async fn probe(&self, ctx: &Ctx) -> Result<(), String> {
        self.ask(ctx).await.map(drop).map_err(|error| format!("{error:#}"))
    }

    async fn prove(&self, ctx: &Ctx, token: &str) -> Result<(Signed, Redeemed), Fault> {
        let signed = Signed::read(token, &self.config.algorithms)?;
        let key = self.key(ctx, &signed).await?.ok_or(NotTaken::KeyUnknown)?;
        let redeemed = signed.prove(token, &key)?;
        Ok((signed, redeemed))
    }

    async fn show_code(
        &self,
        metadata: &Metadata,
        pending: &Pending,
        code: &str,
    ) -> anyhow::Result<Answer> {
        let (id, secret) = (self.config.client_id.as_str(), self.config.client_secret.expose());
        let mut form = vec![
            ("grant_type", "authorization_code"),
            ("code", code),
            ("redirect_uri", &pending.redirect_uri),
            ("code_verifier", &pending.verifier),
        ];
        let mut request = self.http.post(&metadata.token_endpoint);
        if !secret.is_empty() && metadata.takes_basic() {
            // Both are written as in a form first (RFC 6749, 2.3.1).
            let encode =
                |text: &str| url::form_urlencoded::byte_serialize(text.as_bytes()).collect();
            let (id, secret): (String, String) = (encode(id), encode(secret));
            request = request.basic_auth(id, Some(secret));
        } else {
            form.push(("client_id", id));
            form.extend((!secret.is_empty()).then_some(("client_secret", secret)));
        }
        Answer::to(request.form(&form)).await
    }

    /// Adds what the provider says of the person beside the token, which counts where both speak.
    async fn add_user_info(
        &self,
        metadata: &Metadata,
        access: &str,
        claims: &mut Claims,
    ) -> Result<(), Fault> {
        let asked = async {
            let door = metadata.userinfo_endpoint.as_deref();
            let door = door.ok_or_else(|| anyhow::anyhow!("there is no userinfo_endpoint"))?;
            Answer::to(self.http.get(door).bearer_auth(access)).await?.good::<Claims>()
        };
        let said = asked.await.map_err(|error| self.away(&error))?;
        if text(&said, "sub").is_none() || text(&said, "sub") != text(claims, "sub") {
            return Err(NotTaken::Malformed.into());
        }
        for (name, value) in said {
            claims.entry(name).or_insert(value);
        }
        Ok(())
    }

    /// The key of a signature. One that is unknown may be new: then the provider is asked again.
    async fn key(&self, ctx: &Ctx, signed: &Signed) -> Result<Option<DecodingKey>, Fault> {
        let find = |known: &Known| known.keys.find(signed.kid.as_deref(), signed.algorithm);
        let known = self.known(ctx).await?;
        if let Some(key) = find(&known) {
            return Ok(Some(key));
        }
        let newer = self.known_since(ctx, ctx.now() - PAUSE).await?;
        Ok(find(&newer))
    }

    async fn known(&self, ctx: &Ctx) -> Result<Arc<Known>, Fault> {
        self.known_since(ctx, ctx.now() - self.config.keys_age()).await
    }

    /// What the provider said after `since`. It is asked where that is nothing.
    async fn known_since(&self, ctx: &Ctx, since: Timestamp) -> Result<Arc<Known>, Fault> {
        let mut said = self.said.lock().await;
        if let Some(known) = said.known.as_ref().filter(|known| known.at > since) {
            return Ok(known.clone());
        }
        // Asked a moment ago, and to no avail.
        let pause = said.asked_at.is_some_and(|at| at > ctx.now() - PAUSE && at <= ctx.now());
        if pause {
            return Err(NotTaken::ProviderUnavailable.into());
        }
        said.asked_at = Some(ctx.now());
        let known = Arc::new(self.ask(ctx).await.map_err(|error| self.away(&error))?);
        said.known = Some(known.clone());
        Ok(known)
    }

    async fn ask(&self, ctx: &Ctx) -> anyhow::Result<Known> {
        let issuer = &self.config.issuer;
        let document = Answer::to(self.http.get(&Metadata::address(issuer))).await?;
        let metadata: Metadata = document.good()?;
        metadata.check(issuer)?;
        let keys = Keys::of(Answer::to(self.http.get(&metadata.jwks_uri)).await?.good::<KeySet>()?);
        anyhow::ensure!(!keys.is_empty(), "{} holds no key for signatures", metadata.jwks_uri);
        Ok(Known { metadata, keys, at: ctx.now() })
    }

    fn away(&self, error: &anyhow::Error) -> Fault {
        tracing::warn!(provider = self.name, "a provider does not answer as it should: {error:#}");
        NotTaken::ProviderUnavailable.into()
    }
}

/// What an error is called (RFC 6749, 5.2).
fn error_of(answer: &Answer) -> Option<String> {
    Some(answer.json()?.get("error")?.as_str()?.chars().take(80).collect())
}
