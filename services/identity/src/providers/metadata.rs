use anyhow::ensure;
use serde::Deserialize;

use crate::config::safe;

/// Where a provider's doors are (OpenID Connect Discovery 1.0, 3).
#[derive(Debug, Clone, Deserialize)]
pub(super) struct Metadata {
    issuer: String,
    pub(super) authorization_endpoint: String,
    pub(super) token_endpoint: String,
    pub(super) jwks_uri: String,
    #[serde(default)]
    pub(super) userinfo_endpoint: Option<String>,
    #[serde(default)]
    token_endpoint_auth_methods_supported: Vec<String>,
    #[serde(default)]
    authorization_response_iss_parameter_supported: bool,
}

impl Metadata {
    /// Where it lies.
    pub(super) fn address(issuer: &str) -> String {
        format!("{}/.well-known/openid-configuration", issuer.trim_end_matches('/'))
    }

    /// Refuses a document of somebody else, or with doors that anybody on the way could stand in.
    pub(super) fn check(&self, issuer: &str) -> anyhow::Result<()> {
        ensure!(self.issuer == issuer, "the document is of another issuer, {}", self.issuer);
        let doors =
            [&self.authorization_endpoint, &self.token_endpoint, &self.jwks_uri].into_iter();
        for door in doors.chain(&self.userinfo_endpoint) {
            ensure!(safe(door), "{door} is no https address");
        }
        Ok(())
    }

    /// Whether it takes our secret in the header, as every provider does that does not say otherwise.
    pub(super) fn takes_basic(&self) -> bool {
        let methods = &self.token_endpoint_auth_methods_supported;
        methods.is_empty() || methods.iter().any(|method| method == "client_secret_basic")
    }

    /// Whether what it sends back names it (RFC 9207).
    pub(super) const fn names_itself(&self) -> bool {
        self.authorization_response_iss_parameter_supported
    }
}
