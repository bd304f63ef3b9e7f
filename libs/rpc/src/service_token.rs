use std::{
    collections::HashMap,
    fmt,
    sync::{Arc, Mutex, PoisonError},
};

use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header};
use motcua_context::Timestamp;
use motcua_fault::Fault;
use motcua_proto::Method;
use serde::{Deserialize, Serialize};

use crate::token::{decode, is_live, public_key};

/// The issuer of the tokens by which our services know each other.
const ISSUER: &str = "motcua-services";
const MINTED_EVERY_SECONDS: i64 = 60;
/// The second minute is for calls under way and for clocks that differ.
const LIFE_SECONDS: i64 = 120;

/// The service that answers a method, by the name its neighbours' tokens call it:
/// `intake`.
pub fn audience(method: &Method) -> &'static str {
    method.service.split('.').nth(1).unwrap_or_default()
}

#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct ServiceClaims {
    iss: String,
    aud: String,
    pub(crate) sub: String,
    iat: i64,
    exp: i64,
}

impl ServiceClaims {
    pub(crate) fn is_live(&self, now: Timestamp) -> bool {
        is_live(self.iat, self.exp, now)
    }

    /// Whether it was minted for this service. One that was shown such a token
    /// cannot go elsewhere with it.
    pub(crate) fn is_for(&self, audience: &str) -> bool {
        self.aud == audience
    }
}

/// A service's own key: what it shows to its neighbours. Cheap to clone; clones
/// share what was minted.
#[derive(Clone)]
pub struct ServiceIdentity(Arc<Inner>);

struct Inner {
    name: String,
    key: EncodingKey,
    /// The token of this minute, by audience.
    minted: Mutex<HashMap<String, Minted>>,
}

struct Minted {
    at: i64,
    token: Arc<str>,
}

impl fmt::Debug for ServiceIdentity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ServiceIdentity({})", self.name())
    }
}

impl ServiceIdentity {
    /// The service `name` with its Ed25519 key (PKCS#8, DER).
    pub fn new(name: &str, pkcs8: &[u8]) -> Self {
        let key = EncodingKey::from_ed_der(pkcs8);
        Self(Arc::new(Inner { name: name.to_owned(), key, minted: Mutex::default() }))
    }

    /// The service's name.
    pub fn name(&self) -> &str {
        &self.0.name
    }

    /// A token that says who calls, good at the service `audience` alone. It is
    /// made once a minute.
    pub fn token(&self, audience: &str, now: Timestamp) -> Result<Arc<str>, Fault> {
        let now = now.timestamp();
        let mut minted = self.0.minted.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(Minted { at, token }) = minted.get(audience)
            && (*at..at + MINTED_EVERY_SECONDS).contains(&now)
        {
            return Ok(token.clone());
        }
        let token: Arc<str> = self.mint(audience, now)?.into();
        minted.insert(audience.to_owned(), Minted { at: now, token: token.clone() });
        Ok(token)
    }

    fn mint(&self, audience: &str, now: i64) -> Result<String, Fault> {
        let mut header = Header::new(Algorithm::EdDSA);
        header.kid = Some(self.name().to_owned());
        let claims = ServiceClaims {
            iss: ISSUER.to_owned(),
            aud: audience.to_owned(),
            sub: self.name().to_owned(),
            iat: now,
            exp: now + LIFE_SECONDS,
        };
        jsonwebtoken::encode(&header, &claims, &self.0.key).map_err(Fault::internal)
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

    pub(crate) fn knows(&self, service: &str) -> bool {
        self.0.contains_key(service)
    }

    /// What a token says that `service` has signed.
    pub(crate) fn read(&self, service: &str, token: &str) -> Option<ServiceClaims> {
        let claims: ServiceClaims = decode(token, self.0.get(service)?, ISSUER, None)?;
        (claims.sub == service).then_some(claims)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_method_is_answered_by_the_service_its_package_names() {
        let called: std::collections::BTreeSet<_> =
            motcua_proto::methods().iter().map(audience).collect();
        let expected = ["catalog", "identity", "intake", "notification", "payment", "workflow"];
        assert!(called.iter().eq(&expected), "{called:?}");
    }
}
