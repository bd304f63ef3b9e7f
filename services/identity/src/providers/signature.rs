use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use jsonwebtoken::{Algorithm, DecodingKey, Validation};
use serde::Deserialize;
use sha2::{Digest, Sha256, Sha512};

use crate::{
    config::SignedBy,
    domain::external::{Claims, NotTaken, text},
};

/// Longer tokens are none.
const LONGEST: usize = 32 * 1024;

/// A token whose signature was proved to be the provider's.
#[derive(Debug, Clone)]
pub(crate) struct Redeemed {
    /// What it claims, and what the provider said beside it.
    pub(crate) claims: Claims,
    /// Names this very token: a second signature of the same claims is the same token.
    pub(crate) digest: [u8; 32],
}

/// What a token says of its own signature.
pub(super) struct Signed {
    pub(super) kid: Option<String>,
    pub(super) algorithm: Algorithm,
}

#[derive(Deserialize)]
struct Header {
    alg: String,
    #[serde(default)]
    kid: Option<String>,
    #[serde(default)]
    crit: Option<serde_json::Value>,
}

impl Signed {
    /// Reads the header; `none`, shared secrets and what is not allowed end here.
    pub(super) fn read(token: &str, allowed: &[SignedBy]) -> Result<Self, NotTaken> {
        let mut parts = token.split('.');
        let header = match (parts.next(), parts.next(), parts.next(), parts.next()) {
            (Some(header), Some(_), Some(_), None) if token.len() <= LONGEST => header,
            _ => return Err(NotTaken::Malformed),
        };
        let header = URL_SAFE_NO_PAD.decode(header).map_err(|_| NotTaken::Malformed)?;
        let header: Header = serde_json::from_slice(&header).map_err(|_| NotTaken::Malformed)?;
        // What must be understood and is not (RFC 7515, 4.1.11).
        if header.crit.is_some() {
            return Err(NotTaken::Malformed);
        }
        let mut known = allowed.iter().map(|by| algorithm(*by));
        let algorithm = known.find(|algorithm| format!("{algorithm:?}") == header.alg);
        Ok(Self { kid: header.kid, algorithm: algorithm.ok_or(NotTaken::AlgorithmRefused)? })
    }

    /// The claims, if the key proves them. What they must say is asked elsewhere.
    pub(super) fn prove(&self, token: &str, key: &DecodingKey) -> Result<Redeemed, NotTaken> {
        let mut only_the_signature = Validation::new(self.algorithm);
        only_the_signature.required_spec_claims.clear();
        only_the_signature.validate_exp = false;
        only_the_signature.validate_aud = false;
        let proved = jsonwebtoken::decode::<Claims>(token, key, &only_the_signature);
        let claims = proved.map_err(|error| match error.kind() {
            jsonwebtoken::errors::ErrorKind::Json(_) => NotTaken::Malformed,
            _ => NotTaken::SignatureWrong,
        })?;
        let signed = token.rsplit_once('.').map_or(token, |(signed, _)| signed);
        Ok(Redeemed { claims: claims.claims, digest: Sha256::digest(signed).into() })
    }

    /// Refuses an access token that is not the one the ID token was made beside
    /// (OpenID Connect Core 1.0, 3.1.3.6); one that says nothing of it is taken.
    pub(super) fn require_pair(&self, claims: &Claims, access: &str) -> Result<(), NotTaken> {
        let Some(expected) = text(claims, "at_hash") else { return Ok(()) };
        let half = match self.algorithm {
            Algorithm::EdDSA => Sha512::digest(access)[..32].to_vec(),
            _ => Sha256::digest(access)[..16].to_vec(),
        };
        if URL_SAFE_NO_PAD.encode(half) == expected { Ok(()) } else { Err(NotTaken::HashWrong) }
    }
}

fn algorithm(by: SignedBy) -> Algorithm {
    match by {
        SignedBy::RS256 => Algorithm::RS256,
        SignedBy::PS256 => Algorithm::PS256,
        SignedBy::ES256 => Algorithm::ES256,
        SignedBy::EdDsa => Algorithm::EdDSA,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn read(header: &serde_json::Value) -> Result<Algorithm, NotTaken> {
        let token = format!("{}.e30.x", URL_SAFE_NO_PAD.encode(header.to_string()));
        Signed::read(&token, &[SignedBy::RS256, SignedBy::EdDsa]).map(|signed| signed.algorithm)
    }

    proptest::proptest! {
        #[test]
        fn any_text_is_a_signed_token_or_not_taken(
            text in proptest::prop_oneof![
                proptest::prelude::any::<String>(),
                "[A-Za-z0-9_=-]{0,60}[.][A-Za-z0-9_-]{0,60}[.][A-Za-z0-9_-]{0,60}",
            ],
            header in r#"\{("alg":"(none|HS256|RS256|EdDSA)")?(,"(kid|crit|typ)":("[a-z]{0,9}"|7|null))?\}"#,
        ) {
            let key = DecodingKey::from_secret(b"known to all");
            let headed = format!("{}.e30.x", URL_SAFE_NO_PAD.encode(header));
            for token in [text, headed] {
                if let Ok(signed) = Signed::read(&token, &SignedBy::ALL) {
                    proptest::prop_assert!(signed.prove(&token, &key).is_err());
                }
            }
        }
    }

    #[test]
    fn a_token_is_signed_as_is_allowed_or_not_taken() {
        assert_eq!(read(&json!({"alg": "RS256"})), Ok(Algorithm::RS256));
        assert_eq!(read(&json!({"alg": "EdDSA", "kid": "a"})), Ok(Algorithm::EdDSA));
        for refused in ["none", "None", "", "HS256", "HS512", "ES256", "rs256", "RS512"] {
            let answer = read(&json!({ "alg": refused }));
            assert_eq!(answer, Err(NotTaken::AlgorithmRefused), "{refused}");
        }
        for malformed in [json!({}), json!([]), json!({"alg": "RS256", "crit": ["exp"]})] {
            assert_eq!(read(&malformed), Err(NotTaken::Malformed), "{malformed}");
        }
        for token in ["", "a", "a.b", "a.b.c.d", "!.e30.x", "ey.e30.x", &"x".repeat(LONGEST + 1)] {
            assert!(matches!(Signed::read(token, &SignedBy::ALL), Err(NotTaken::Malformed)));
        }
    }

    #[test]
    fn the_access_token_beside_it_is_the_right_one() {
        // The example of OpenID Connect Core 1.0, A.3.
        let access = "jHkWEdUXMU1BwAsC4vtUsZwnNvTIxEl0z9K3vx5KF0Y";
        let claims = json!({"at_hash": "77QmUPtjPfzWtF2AnpK9RQ"}).as_object().cloned().unwrap();
        let signed = Signed { kid: None, algorithm: Algorithm::RS256 };
        assert_eq!(signed.require_pair(&claims, access), Ok(()));
        assert_eq!(signed.require_pair(&claims, "another"), Err(NotTaken::HashWrong));
        assert_eq!(signed.require_pair(&Claims::new(), "any"), Ok(()));
    }
}
