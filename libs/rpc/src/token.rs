use std::{collections::HashMap, fmt, sync::Arc};

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use motcua_context::{Actor, Grant, Officer, Person, System, Timestamp};
use motcua_fault::Fault;
use motcua_ids::{AccountId, AgencyId};
use serde::{Deserialize, Serialize};

/// The audience of every token of this system.
const AUDIENCE: &str = "motcua";
/// The issuer of the tokens by which our services know each other.
const SERVICES: &str = "motcua-services";
/// Such a token is made anew each minute; the second minute is for clocks that differ.
const SERVICE_TOKEN_SECONDS: i64 = 120;
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
        let now = now.timestamp();
        self.exp + LEEWAY_SECONDS > now && self.iat - LEEWAY_SECONDS <= now
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
                on_behalf_of: None,
            }),
            _ => return None,
        })
    }
}

#[derive(Serialize, Deserialize)]
struct ServiceClaims {
    iss: String,
    aud: String,
    sub: String,
    iat: i64,
    exp: i64,
}

/// A service's own key: what it shows to its neighbours.
#[derive(Clone)]
pub struct ServiceIdentity {
    name: Arc<str>,
    key: EncodingKey,
}

impl fmt::Debug for ServiceIdentity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ServiceIdentity({})", self.name)
    }
}

impl ServiceIdentity {
    /// The service `name` with its Ed25519 key (PKCS#8, DER).
    pub fn new(name: &str, pkcs8: &[u8]) -> Self {
        Self { name: name.into(), key: EncodingKey::from_ed_der(pkcs8) }
    }

    /// The service's name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// A token that says who calls.
    pub fn token(&self, now: Timestamp) -> Result<String, Fault> {
        let mut header = Header::new(Algorithm::EdDSA);
        header.kid = Some(self.name.to_string());
        let iat = now.timestamp();
        let claims = ServiceClaims {
            iss: SERVICES.to_owned(),
            aud: AUDIENCE.to_owned(),
            sub: self.name.to_string(),
            iat,
            exp: iat + SERVICE_TOKEN_SECONDS,
        };
        jsonwebtoken::encode(&header, &claims, &self.key).map_err(Fault::internal)
    }
}

/// Which of our services has which public key.
#[derive(Clone, Default)]
pub(crate) struct ServiceKeys(HashMap<String, DecodingKey>);

impl ServiceKeys {
    pub(crate) fn new(keys: &[(String, [u8; 32])]) -> Self {
        let key = |(name, x): &(String, [u8; 32])| Some((name.clone(), public_key(x)?));
        Self(keys.iter().filter_map(key).collect())
    }

    /// The service a token was signed by, and until when it counts.
    pub(crate) fn verify(&self, token: &str, now: Timestamp) -> Option<String> {
        let kid = jsonwebtoken::decode_header(token).ok()?.kid?;
        let claims: ServiceClaims = decode(token, self.0.get(&kid)?, SERVICES)?;
        let now = now.timestamp();
        let live = claims.exp + LEEWAY_SECONDS > now && claims.iat - LEEWAY_SECONDS <= now;
        (claims.sub == kid && live).then_some(claims.sub)
    }
}

/// A key of 32 bytes, as JWKS carries it.
pub(crate) fn public_key(x: &[u8]) -> Option<DecodingKey> {
    DecodingKey::from_ed_components(&URL_SAFE_NO_PAD.encode(x)).ok()
}

/// The claims of a token that this key signed for this issuer. Time is judged by
/// the caller, on the system's own clock.
pub(crate) fn decode<C: serde::de::DeserializeOwned>(
    token: &str,
    key: &DecodingKey,
    issuer: &str,
) -> Option<C> {
    let mut validation = Validation::new(Algorithm::EdDSA);
    validation.set_audience(&[AUDIENCE]);
    validation.set_issuer(&[issuer]);
    validation.set_required_spec_claims(&["exp", "aud", "iss", "sub"]);
    validation.validate_exp = false;
    jsonwebtoken::decode(token, key, &validation).ok().map(|data| data.claims)
}
