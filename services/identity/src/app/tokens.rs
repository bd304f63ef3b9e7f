use std::sync::Arc;

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use ed25519_dalek::{SigningKey as Private, pkcs8::EncodePrivateKey};
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use motcua_context::Timestamp;
use motcua_fault::Fault;
use motcua_ids::{AccountId, SessionId, Uuid};
use motcua_rpc::{GrantClaim, UserClaims};
use motcua_sealing::Keyring;
use sha2::{Digest, Sha256};

use crate::{
    config::IdentityConfig,
    domain::{Account, Holder, RefreshToken, Scope, Session, SessionLimits},
    store::SealedKey,
};

/// Makes tokens: access tokens that say who somebody is, refresh tokens that say nothing.
#[derive(Clone)]
pub(super) struct Tokens {
    issuer: Arc<str>,
    config: Arc<IdentityConfig>,
    keyring: Arc<Keyring>,
}

/// An access token and its end.
#[derive(Debug, Clone)]
pub(crate) struct Access {
    pub(crate) token: String,
    pub(crate) expires_at: Timestamp,
    pub(crate) scopes: Vec<Scope>,
}

/// What somebody holds after signing in.
#[derive(Debug, Clone)]
pub(crate) struct Pair {
    pub(crate) access: Access,
    pub(crate) refresh: String,
    pub(crate) refresh_expires_at: Timestamp,
    pub(crate) account: AccountId,
    pub(crate) session: SessionId,
}

const AUDIENCE: &str = "motcua";

impl Tokens {
    pub(super) fn new(issuer: &str, config: Arc<IdentityConfig>, keyring: Arc<Keyring>) -> Self {
        Self { issuer: issuer.into(), config, keyring }
    }

    /// The limits of a holder's sessions.
    pub(super) fn limits(&self, holder: &Holder) -> SessionLimits {
        match holder {
            Holder::Officer(_) => self.config.officer_session(),
            _ => self.config.person_session(),
        }
    }

    /// The first refresh token of a session. The same request makes the same one, so that a caller
    /// who lost the answer gets it again although only its hash is kept.
    pub(super) fn first_refresh(&self, session: SessionId, request: Uuid) -> String {
        self.refresh("first", &format!("{session}/{request}"))
    }

    /// What [`Self::first_refresh`] may have answered: under the key of now, then under those
    /// before it, while keys are exchanged.
    pub(super) fn first_refreshes(&self, session: SessionId, request: Uuid) -> Vec<String> {
        self.refreshes("first", &format!("{session}/{request}"))
    }

    /// The refresh token that follows `spent` for this request, then what it may have been under
    /// the keys before. Nobody without our key can tell it from the spent one.
    pub(super) fn next_refreshes(&self, spent: &str, request: Uuid) -> Vec<String> {
        self.refreshes("next", &format!("{spent}/{request}"))
    }

    /// What is kept of a refresh token.
    pub(super) fn hash(refresh: &str) -> [u8; 32] {
        Sha256::digest(refresh).into()
    }

    /// The pair of a session's newest token. The same token gives the same pair.
    pub(super) fn pair(
        &self,
        key: &SealedKey,
        account: &Account,
        session: &Session,
        refresh: String,
        token: &RefreshToken,
    ) -> Result<Pair, Fault> {
        let mut jti = [0; 16];
        jti.copy_from_slice(&token.hash[..16]);
        let jti = uuid::Builder::from_random_bytes(jti).into_uuid();
        Ok(Pair {
            access: self.access(key, account, Some(session.id()), &[], token.issued_at, jti)?,
            refresh,
            refresh_expires_at: session.expires_at(),
            account: account.id(),
            session: session.id(),
        })
    }

    /// An access token of `account` from `at` on.
    pub(super) fn access(
        &self,
        key: &SealedKey,
        account: &Account,
        session: Option<SessionId>,
        scopes: &[Scope],
        at: Timestamp,
        jti: Uuid,
    ) -> Result<Access, Fault> {
        let at = account.issue_at(at);
        let expires_at = at + self.config.token_life();
        let claims = UserClaims {
            iss: self.issuer.to_string(),
            aud: AUDIENCE.to_owned(),
            sub: account.id().name(),
            kind: account.kind().as_str().to_owned(),
            grants: grants(account),
            scopes: scopes.iter().map(|scope| scope.as_str().to_owned()).collect(),
            agency: works_for(account),
            sid: session.map(SessionId::name),
            iat: at.timestamp(),
            exp: expires_at.timestamp(),
            jti: jti.to_string(),
        };
        let token = self.sign(key, &claims)?;
        Ok(Access { token, expires_at, scopes: scopes.to_vec() })
    }

    fn sign(&self, key: &SealedKey, claims: &UserClaims) -> Result<String, Fault> {
        let private = super::keys::unseal(&self.keyring, key)?;
        let der = Private::from_bytes(&private).to_pkcs8_der().map_err(Fault::internal)?;
        let header = Header {
            typ: Some("at+jwt".to_owned()),
            kid: Some(key.key.kid.clone()),
            ..Header::new(Algorithm::EdDSA)
        };
        jsonwebtoken::encode(&header, claims, &EncodingKey::from_ed_der(der.as_bytes()))
            .map_err(Fault::internal)
    }

    fn refresh(&self, step: &str, from: &str) -> String {
        let label = format!("identity/refresh/{step}");
        URL_SAFE_NO_PAD.encode(self.keyring.blind(&label, from))
    }

    fn refreshes(&self, step: &str, from: &str) -> Vec<String> {
        let label = format!("identity/refresh/{step}");
        let all = self.keyring.blind_all(&label, from);
        all.iter().map(|blind| URL_SAFE_NO_PAD.encode(blind)).collect()
    }
}

fn works_for(account: &Account) -> Option<String> {
    match account.holder() {
        Holder::System(system) => system.agency.map(motcua_ids::AgencyId::name),
        _ => None,
    }
}

fn grants(account: &Account) -> Vec<GrantClaim> {
    let Ok(officer) = account.officer() else { return Vec::new() };
    let claimed = |grant: &crate::domain::Granted| GrantClaim {
        role: grant.role.as_str().to_owned(),
        agency: grant.agency.name(),
    };
    officer.grants().iter().map(claimed).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refresh_token_is_known_again_while_keys_are_exchanged() {
        let keyring = Arc::new(Keyring::generate());
        let tokens = Tokens::new("motcua", Arc::default(), keyring.clone());
        let (session, request) = (SessionId::new(Uuid::from_u128(1)), Uuid::from_u128(2));
        let first = tokens.first_refresh(session, request);
        let next = tokens.next_refreshes(&first, request).remove(0);
        // The new index key blinds, then the new data key seals too.
        for _ in 0..3 {
            keyring.replace(&keyring.advanced());
            assert!(tokens.first_refreshes(session, request).contains(&first));
            assert!(tokens.next_refreshes(&first, request).contains(&next));
        }
        assert_ne!(tokens.first_refresh(session, request), first);
        assert_eq!(
            tokens.first_refreshes(session, request)[0],
            tokens.first_refresh(session, request)
        );
    }
}
