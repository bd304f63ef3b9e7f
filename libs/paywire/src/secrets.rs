use hmac::{Hmac, KeyInit, Mac};
use secrecy::{ExposeSecret, SecretString};
use sha2::Sha512;

/// What is shared with the other side to sign with. Secrets change with overlap: the
/// one in force signs, and what was signed with a former one still counts.
#[derive(Debug, Clone)]
pub struct Secrets {
    in_force: SecretString,
    former: Vec<SecretString>,
}

impl Secrets {
    /// The secret in force, and those that count beside it.
    pub fn new(
        in_force: impl Into<SecretString>,
        former: impl IntoIterator<Item = SecretString>,
    ) -> Self {
        Self { in_force: in_force.into(), former: former.into_iter().collect() }
    }

    /// What `made` makes of the secret in force.
    pub(crate) fn sign(&self, made: impl FnOnce(&str) -> String) -> String {
        made(self.in_force.expose_secret())
    }

    /// Whether it holds by one of the secrets. What is empty is no secret: anybody has it.
    pub(crate) fn any(&self, holds: impl Fn(&str) -> bool) -> bool {
        let secrets = std::iter::once(&self.in_force).chain(&self.former);
        secrets.map(ExposeSecret::expose_secret).filter(|s| !s.is_empty()).any(holds)
    }
}

/// HMAC-SHA512 in lower-case hexadecimal.
pub(crate) fn hmac_sha512(secret: &str, data: &str) -> String {
    keyed(secret, data).map(|mac| hex::encode(mac.finalize().into_bytes())).unwrap_or_default()
}

/// Whether `signature`, in hexadecimal of either case, is that of `data`. It takes the
/// same time whichever octet differs.
pub(crate) fn is_hmac_sha512(secret: &str, data: &str, signature: &str) -> bool {
    let (Some(mac), Ok(signature)) = (keyed(secret, data), hex::decode(signature)) else {
        return false;
    };
    mac.verify_slice(&signature).is_ok()
}

/// A key of any length is taken.
fn keyed(secret: &str, data: &str) -> Option<Hmac<Sha512>> {
    Hmac::new_from_slice(secret.as_bytes()).ok().map(|mac: Hmac<Sha512>| mac.chain_update(data))
}
