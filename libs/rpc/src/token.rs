use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use jsonwebtoken::{Algorithm, DecodingKey, Validation};
use motcua_context::{Actor, Grant, Officer, Person, System, Timestamp};
use motcua_ids::{AccountId, AgencyId};
use serde::{Deserialize, Serialize};

/// The audience of every user's token.
pub(crate) const AUDIENCE: &str = "motcua";
const LEEWAY_SECONDS: i64 = 30;

/// The claims of an access token, as `motcua/identity/v1/token.proto` describes them.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct UserClaims {
    /// Who issued it.
    pub iss: String,
    /// For whom: `motcua`.
    pub aud: String,
    /// `accounts/{uuid}`.
    pub sub: String,
    /// `citizen`, `organisation`, `officer` or `system`.
    pub kind: String,
    /// An officer's roles.
    #[serde(default)]
    pub grants: Vec<GrantClaim>,
    /// What a system account may do.
    #[serde(default)]
    pub scopes: Vec<String>,
    /// The agency a system account works for, `agencies/{uuid}`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub agency: Option<String>,
    /// `sessions/{uuid}`; none for systems.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sid: Option<String>,
    /// Issued at, seconds since 1970.
    pub iat: i64,
    /// Good until, seconds since 1970.
    pub exp: i64,
    /// Unique.
    pub jti: String,
}

/// One role in one agency.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct GrantClaim {
    /// `desk_officer`, …
    pub role: String,
    /// `agencies/{uuid}`.
    pub agency: String,
}

impl UserClaims {
    /// Whether the token counts at this instant.
    pub(crate) fn is_live(&self, now: Timestamp) -> bool {
        is_live(self.iat, self.exp, now)
    }

    /// Who acts; `None` if the claims are not as the contract says.
    pub(crate) fn actor(&self) -> Option<Actor> {
        let account = AccountId::from_name(&self.sub).ok()?;
        Some(match self.kind.as_str() {
            "citizen" => Actor::Person(Person::citizen(account)),
            "organisation" => Actor::Person(Person::organisation(account)),
            "officer" => {
                let grant = |claim: &GrantClaim| {
                    Some(Grant {
                        role: claim.role.parse().ok()?,
                        agency: AgencyId::from_name(&claim.agency).ok()?,
                    })
                };
                // A role that this version does not know gives no right.
                let grants = self.grants.iter().filter_map(grant).collect();
                Actor::Officer(Officer { account, grants })
            }
            "system" => Actor::System(System {
                name: self.sub.clone(),
                service: false,
                scopes: self.scopes.clone(),
                // One that cannot be read reaches nothing.
                agency: self.agency.as_ref().and_then(|name| AgencyId::from_name(name).ok()),
                on_behalf_of: None,
            }),
            _ => return None,
        })
    }
}

/// Whether a token counts at this instant, with some leeway for clocks that differ.
pub(crate) fn is_live(iat: i64, exp: i64, now: Timestamp) -> bool {
    let now = now.timestamp();
    exp.saturating_add(LEEWAY_SECONDS) > now && iat.saturating_sub(LEEWAY_SECONDS) <= now
}

/// A key of 32 bytes, as JWKS carries it.
pub(crate) fn public_key(x: &[u8]) -> Option<DecodingKey> {
    DecodingKey::from_ed_components(&URL_SAFE_NO_PAD.encode(x)).ok()
}

/// The claims of a token that this key signed for this issuer, and for this
/// audience where it is one and the same. Time is judged by the caller, on the
/// system's own clock.
pub(crate) fn decode<C: serde::de::DeserializeOwned>(
    token: &str,
    key: &DecodingKey,
    issuer: &str,
    audience: Option<&str>,
) -> Option<C> {
    let mut validation = Validation::new(Algorithm::EdDSA);
    match audience {
        Some(audience) => validation.set_audience(&[audience]),
        None => validation.validate_aud = false,
    }
    validation.set_issuer(&[issuer]);
    validation.set_required_spec_claims(&["exp", "aud", "iss", "sub"]);
    validation.validate_exp = false;
    jsonwebtoken::decode(token, key, &validation).ok().map(|data| data.claims)
}
