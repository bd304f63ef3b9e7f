use std::path::PathBuf;

use chrono::TimeDelta;
use motcua_config::Secret;
use serde::{Deserialize, Serialize};
use url::{Host, Url};

use super::seconds;
use crate::domain::external::{Expected, Fact, Mapping, Opening};

/// `[identity.oidc.NAME]`: an OpenID Connect provider at which people sign in.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct OidcProvider {
    /// Who it is, to the letter: its tokens and its discovery document say the same.
    pub issuer: String,
    /// How it knows us.
    pub client_id: String,
    /// How we prove that it is us; without one, the code's proof (PKCE) is all there is.
    pub client_secret: Secret,
    /// What is asked for.
    pub scopes: Vec<String>,
    /// Client ids of apps whose ID tokens are exchanged for sessions; none means none.
    pub audiences: Vec<String>,
    /// Where people may be sent back to, to the letter.
    pub redirect_uris: Vec<String>,
    /// How ID tokens may be signed.
    pub algorithms: Vec<SignedBy>,
    /// How far its clock may be from ours, in seconds.
    pub clock_skew_s: u32,
    /// How long ago an ID token may have been issued, in seconds.
    pub token_age_s: u32,
    /// How long its addresses and keys are good without being asked for again, in seconds.
    pub keys_age_s: u32,
    /// How long an answer of it is waited for, in seconds.
    pub answer_s: u32,
    /// Certificates of its authority, PEM, beside those that the system trusts.
    pub ca: Option<PathBuf>,
    /// Whether it is asked for claims beside those of the ID token.
    pub user_info: bool,
    /// Whether a citizen who is new here is given an account.
    pub open_accounts: bool,
    /// Which claim says what.
    pub claims: Mapping,
}

/// How a token is signed: with the private key of a pair, never with a shared secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum SignedBy {
    /// RSASSA-PKCS1-v1_5 with SHA-256.
    RS256,
    /// RSASSA-PSS with SHA-256.
    PS256,
    /// ECDSA on P-256 with SHA-256.
    ES256,
    /// Ed25519.
    #[serde(rename = "EdDSA")]
    EdDsa,
}

impl SignedBy {
    /// Every way.
    pub const ALL: [Self; 4] = [Self::RS256, Self::PS256, Self::ES256, Self::EdDsa];
}

impl Default for OidcProvider {
    fn default() -> Self {
        Self {
            issuer: String::new(),
            client_id: String::new(),
            client_secret: Secret::default(),
            scopes: vec!["openid".to_owned()],
            audiences: Vec::new(),
            redirect_uris: Vec::new(),
            algorithms: SignedBy::ALL.to_vec(),
            clock_skew_s: 60,
            token_age_s: 600,
            keys_age_s: 3600,
            answer_s: 5,
            ca: None,
            user_info: false,
            open_accounts: false,
            claims: Mapping::default(),
        }
    }
}

impl OidcProvider {
    /// Everything that makes no sense, by its key.
    pub(super) fn wrong(&self) -> Vec<String> {
        let rules = [
            (safe(&self.issuer), "issuer: must be an https address, as the provider writes it"),
            (!self.client_id.is_empty(), "client_id: is missing"),
            (
                self.scopes.iter().any(|scope| scope == "openid"),
                "scopes: must hold openid, or there is no ID token",
            ),
            (
                !self.redirect_uris.is_empty() || !self.audiences.is_empty(),
                "redirect_uris: without any, and without audiences, nobody can sign in",
            ),
            (
                self.redirect_uris.iter().all(|uri| is_target(uri)),
                "redirect_uris: each must be an https address or an app's own, without a fragment",
            ),
            (!self.algorithms.is_empty(), "algorithms: at least one"),
            (self.clock_skew_s <= 300, "clock_skew_s: must be at most 300"),
            ((30..=3600).contains(&self.token_age_s), "token_age_s: must be 30 to 3600"),
            ((60..=86_400).contains(&self.keys_age_s), "keys_age_s: must be 60 to 86400"),
            ((1..=30).contains(&self.answer_s), "answer_s: must be 1 to 30"),
        ];
        let wrong = rules.iter().filter(|(right, _)| !right).map(|(_, text)| (*text).to_owned());
        wrong.chain(self.claims.wrong()).collect()
    }

    /// For whom accounts are opened.
    pub(crate) fn opening(&self) -> Opening {
        match (self.open_accounts, self.claims.has(Fact::CitizenNumber)) {
            (false, _) => Opening::Never,
            (true, true) => Opening::WithNumber,
            (true, false) => Opening::Anybody,
        }
    }

    /// What is expected of a token for one of `audiences`.
    pub(crate) fn expected<'a>(
        &'a self,
        audiences: &'a [&'a str],
        trusted: &'a [&'a str],
        nonce: Option<&'a str>,
    ) -> Expected<'a> {
        Expected {
            issuer: &self.issuer,
            audiences,
            trusted,
            nonce,
            skew: seconds(self.clock_skew_s),
            longest_age: seconds(self.token_age_s),
        }
    }

    /// How long its addresses and keys are good.
    pub(crate) fn keys_age(&self) -> TimeDelta {
        seconds(self.keys_age_s)
    }
}

/// Whether what is said there can be read on the way by nobody else: https, or this machine.
pub(crate) fn safe(address: &str) -> bool {
    let Ok(url) = Url::parse(address) else { return false };
    let loopback = match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    };
    url.scheme() == "https" || (url.scheme() == "http" && loopback)
}

/// An https address, or one of an app's own scheme (RFC 8252: its domain backwards, with a dot).
fn is_target(uri: &str) -> bool {
    let parsed = Url::parse(uri).ok();
    parsed.is_some_and(|url| url.fragment().is_none() && (safe(uri) || url.scheme().contains('.')))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn provider(issuer: &str, redirect_uri: &str) -> OidcProvider {
        OidcProvider {
            issuer: issuer.to_owned(),
            client_id: "motcua".to_owned(),
            redirect_uris: vec![redirect_uri.to_owned()],
            ..OidcProvider::default()
        }
    }

    #[test]
    fn a_provider_is_spoken_to_in_private() {
        let back = "https://dichvucong.example.vn/back";
        for issuer in [
            "https://sso.example.vn",
            "http://127.0.0.1:3000",
            "http://[::1]:1",
            "http://localhost",
        ] {
            assert_eq!(provider(issuer, back).wrong(), Vec::<String>::new(), "{issuer}");
        }
        for issuer in ["http://sso.example.vn", "http://localhost.example.vn", "sso", "", "ftp://a"]
        {
            assert_eq!(provider(issuer, back).wrong().len(), 1, "{issuer}");
        }
    }

    #[test]
    fn people_are_sent_back_to_a_page_or_an_app() {
        let issuer = "https://sso.example.vn";
        assert!(provider(issuer, "vn.example.motcua:/back").wrong().is_empty());
        for back in ["http://dichvucong.example.vn", "javascript:alert(1)", "/back", "https://a/#b"]
        {
            assert_eq!(provider(issuer, back).wrong().len(), 1, "{back}");
        }
    }
}
