use jsonwebtoken::{
    Algorithm, DecodingKey,
    jwk::{AlgorithmParameters, EllipticCurve, Jwk, PublicKeyUse},
};
use serde::Deserialize;

/// The public keys of a provider that prove signatures.
#[derive(Debug, Clone, Default)]
pub(super) struct Keys(Vec<Jwk>);

#[derive(Deserialize)]
pub(super) struct KeySet {
    keys: Vec<serde_json::Value>,
}

/// Shorter ones can be broken.
const RSA_BYTES: usize = 256;

impl Keys {
    /// Those of a set that can be used; a kind that is unknown here disturbs no other.
    pub(super) fn of(set: KeySet) -> Self {
        let keys = set.keys.into_iter().filter_map(|key| serde_json::from_value(key).ok());
        Self(keys.filter(proves_signatures).collect())
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The key of this name for this algorithm. A token without a name means the only key there is.
    pub(super) fn find(&self, kid: Option<&str>, algorithm: Algorithm) -> Option<DecodingKey> {
        let mut fitting = self.0.iter().filter(|key| fits(key, algorithm));
        let key = match kid {
            Some(kid) => fitting.find(|key| key.common.key_id.as_deref() == Some(kid)),
            None => fitting.next().filter(|_| fitting.next().is_none()),
        };
        DecodingKey::from_jwk(key?).ok()
    }
}

fn proves_signatures(key: &Jwk) -> bool {
    let long_enough = match &key.algorithm {
        // Of base64, four letters are three bytes.
        AlgorithmParameters::RSA(rsa) => rsa.n.len() * 3 / 4 >= RSA_BYTES,
        _ => true,
    };
    let signs = matches!(key.common.public_key_use, None | Some(PublicKeyUse::Signature));
    long_enough && signs
}

/// Whether the key is of the algorithm's kind, and not kept for another.
fn fits(key: &Jwk, algorithm: Algorithm) -> bool {
    let kind = match (&key.algorithm, algorithm) {
        (AlgorithmParameters::RSA(_), Algorithm::RS256 | Algorithm::PS256) => true,
        (AlgorithmParameters::EllipticCurve(ec), Algorithm::ES256) => {
            ec.curve == EllipticCurve::P256
        }
        (AlgorithmParameters::OctetKeyPair(okp), Algorithm::EdDSA) => {
            okp.curve == EllipticCurve::Ed25519
        }
        _ => false,
    };
    let kept_for = key.common.key_algorithm.map(|kept| kept.to_string());
    kind && kept_for.is_none_or(|kept| kept == format!("{algorithm:?}"))
}

#[cfg(test)]
mod tests {
    use proptest::strategy::Strategy;
    use serde_json::json;

    use super::*;

    fn keys(set: &serde_json::Value) -> Keys {
        Keys::of(serde_json::from_value(json!({ "keys": set })).unwrap())
    }

    fn found(keys: &Keys, kid: Option<&str>, algorithm: Algorithm) -> bool {
        keys.find(kid, algorithm).is_some()
    }

    const X: &str = "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo";

    #[test]
    fn a_key_proves_what_it_is_for_and_nothing_else() {
        let ed = json!({"kty": "OKP", "crv": "Ed25519", "x": X, "kid": "a", "use": "sig"});
        let for_secrets = json!({"kty": "OKP", "crv": "Ed25519", "x": X, "kid": "b", "use": "enc"});
        let shared = json!({"kty": "oct", "k": "c2VjcmV0", "kid": "c"});
        let short = json!({"kty": "RSA", "n": "AQAB", "e": "AQAB", "kid": "d"});
        let unknown = json!({"kty": "lattice", "kid": "e"});
        // 256 bytes; of the last letter two bits count alone.
        let modulus = format!("{}A", "x".repeat(341));
        let kept = json!({"kty": "RSA", "n": modulus, "e": "AQAB", "kid": "f", "alg": "PS256"});
        let keys = keys(&json!([ed, for_secrets, shared, short, unknown, kept, 7]));
        assert!(found(&keys, Some("a"), Algorithm::EdDSA));
        assert!(found(&keys, Some("f"), Algorithm::PS256));
        for (kid, algorithm) in [
            ("a", Algorithm::ES256),
            ("a", Algorithm::HS256),
            ("b", Algorithm::EdDSA),
            ("c", Algorithm::HS256),
            ("d", Algorithm::RS256),
            ("e", Algorithm::RS256),
            ("f", Algorithm::RS256),
            ("g", Algorithm::EdDSA),
        ] {
            assert!(!found(&keys, Some(kid), algorithm), "{kid} {algorithm:?}");
        }
    }

    proptest::proptest! {
        #[test]
        fn any_answer_is_a_set_of_keys_or_none(
            body in proptest::prop_oneof![
                proptest::prelude::any::<Vec<u8>>(),
                r#"\{"keys":\[(\{"kty":"(RSA|EC|OKP|oct)"(,"(n|e|x|y|crv|kid|use|alg)":("[A-Za-z0-9_-]{0,400}"|[0-9]{1,3}|null)){0,4}\},?)?\]\}"#
                    .prop_map(String::into_bytes),
            ],
        ) {
            let Ok(set) = serde_json::from_slice::<KeySet>(&body) else { return Ok(()) };
            let keys = Keys::of(set);
            for algorithm in [Algorithm::RS256, Algorithm::ES256, Algorithm::EdDSA] {
                let key = keys.find(None, algorithm);
                proptest::prop_assert!(key.is_none() || !keys.is_empty());
            }
            proptest::prop_assert!(keys.find(None, Algorithm::HS256).is_none());
        }
    }

    #[test]
    fn a_token_without_a_key_name_means_the_only_key() {
        let one = json!({"kty": "OKP", "crv": "Ed25519", "x": X});
        assert!(found(&keys(&json!([one])), None, Algorithm::EdDSA));
        assert!(!found(&keys(&json!([one, one])), None, Algorithm::EdDSA));
    }
}
