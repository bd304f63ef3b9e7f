use std::{
    collections::HashMap,
    sync::{Arc, PoisonError, RwLock},
    time::{Duration, Instant},
};

use jsonwebtoken::DecodingKey;
use moka::sync::Cache;
use motcua_context::{Actor, Timestamp};
use motcua_fault::{Fault, Kind};
use motcua_proto::identity::v1::{
    GetJwksRequest, ListRevocationsRequest, auth_service_client::AuthServiceClient,
};
use sha2::{Digest, Sha256};
use tokio::sync::Mutex;

use crate::{
    Wire,
    revoked::Revoked,
    service_token::{ServiceClaims, ServiceKeys},
    token::{AUDIENCE, UserClaims, decode, public_key},
};

/// Without news of revoked tokens for this long, no user's token counts.
const STALE_AFTER: Duration = Duration::from_mins(1);
/// An unknown key asks `identity` at most this often.
const ASK_AGAIN_AFTER: Duration = Duration::from_secs(1);
/// So long does a token with an unknown key wait for `identity`. Anybody can make one.
const ASK_PATIENCE: Duration = Duration::from_secs(2);

/// Whose tokens count: the services' by their keys, the users' by the keys and
/// the revocations that `identity` publishes. Cheap to clone.
#[derive(Clone)]
pub struct Trust(Arc<Inner>);

struct Inner {
    issuer: String,
    services: ServiceKeys,
    users: RwLock<HashMap<String, DecodingKey>>,
    revoked: RwLock<Revoked>,
    /// Claims of tokens whose signature was checked, by the token's hash; 50 µs
    /// saved a call.
    checked: Cache<[u8; 32], Checked>,
    identity: RwLock<Option<AuthServiceClient<Wire>>>,
    /// How far the feed of revocations was read.
    cursor: Mutex<String>,
    /// When an unknown key was last asked for, and whether `identity` answered.
    asked: Mutex<Option<(Instant, bool)>>,
    fresh_until: RwLock<Option<Instant>>,
}

/// What a token says that its signature bears out.
#[derive(Clone)]
enum Checked {
    Service(Arc<ServiceClaims>),
    User(Arc<UserClaims>),
}

/// Who shows a token.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Bearer {
    /// One of our services, by its name.
    Service(String),
    /// Anybody else who has an account.
    User(Actor),
}

impl Trust {
    /// Trusts these services, and the users of `issuer` once [`Self::follow`]
    /// has told where `identity` is.
    pub fn new(issuer: impl Into<String>, services: &[(String, [u8; 32])]) -> Self {
        Self(Arc::new(Inner {
            issuer: issuer.into(),
            services: ServiceKeys::new(services),
            users: RwLock::default(),
            revoked: RwLock::default(),
            checked: Cache::builder()
                .max_capacity(50_000)
                .time_to_live(Duration::from_mins(10))
                .build(),
            identity: RwLock::default(),
            cursor: Mutex::default(),
            asked: Mutex::default(),
            fresh_until: RwLock::default(),
        }))
    }

    /// Names the way to `identity`.
    pub fn follow(&self, identity: Wire) {
        *write(&self.0.identity) = Some(AuthServiceClient::new(identity));
    }

    /// Asks `identity` for its keys and for what was revoked since the last time.
    pub async fn refresh(&self) -> Result<(), Fault> {
        let began = Instant::now();
        self.fetch_keys().await?;
        let Some(mut identity) = self.identity() else { return Ok(()) };
        let mut cursor = self.0.cursor.lock().await;
        loop {
            let request = ListRevocationsRequest { cursor: cursor.clone() };
            let answer = identity.list_revocations(request).await.map_err(crate::fault)?;
            let answer = answer.into_inner();
            write(&self.0.revoked).add(&answer.revocations);
            *cursor = answer.next_cursor;
            if !answer.more {
                break;
            }
        }
        *write(&self.0.fresh_until) = Some(began + STALE_AFTER);
        Ok(())
    }

    /// Who shows this token to the service `audience`.
    ///
    /// # Errors
    /// As [`Self::user`].
    pub(crate) async fn bearer(
        &self,
        token: &str,
        audience: &str,
        now: Timestamp,
    ) -> Result<Bearer, Fault> {
        match self.checked(token).await? {
            Checked::Service(claims) if !claims.is_for(audience) => Err(invalid()),
            Checked::Service(claims) if !claims.is_live(now) => Err(expired()),
            Checked::Service(claims) => Ok(Bearer::Service(claims.sub.clone())),
            Checked::User(claims) => self.judge(&claims, now).map(Bearer::User),
        }
    }

    /// Which user shows this token.
    ///
    /// # Errors
    /// `TOKEN_INVALID`, `TOKEN_EXPIRED`, `TOKEN_REVOKED`; `Unavailable` while it
    /// is not known what was revoked, or whether there is a key of that name.
    pub async fn user(&self, token: &str, now: Timestamp) -> Result<Actor, Fault> {
        match self.checked(token).await? {
            Checked::User(claims) => self.judge(&claims, now),
            Checked::Service(_) => Err(invalid()),
        }
    }

    fn judge(&self, claims: &UserClaims, now: Timestamp) -> Result<Actor, Fault> {
        if !claims.is_live(now) {
            return Err(expired());
        }
        if !self.is_fresh() {
            return Err(Fault::unavailable("identity"));
        }
        if read(&self.0.revoked).covers(claims) {
            return Err(refused("TOKEN_REVOKED", "Phiên đăng nhập đã bị thu hồi."));
        }
        claims.actor().ok_or_else(invalid)
    }

    async fn checked(&self, token: &str) -> Result<Checked, Fault> {
        let hash: [u8; 32] = Sha256::digest(token).into();
        if let Some(checked) = self.0.checked.get(&hash) {
            return Ok(checked);
        }
        let kid =
            jsonwebtoken::decode_header(token).ok().and_then(|h| h.kid).ok_or_else(invalid)?;
        let checked = if self.0.services.knows(&kid) {
            let claims = self.0.services.read(&kid, token).ok_or_else(invalid)?;
            Checked::Service(Arc::new(claims))
        } else {
            let key = self.key(&kid).await?;
            let claims = decode(token, &key, &self.0.issuer, Some(AUDIENCE));
            Checked::User(Arc::new(claims.ok_or_else(invalid)?))
        };
        self.0.checked.insert(hash, checked.clone());
        Ok(checked)
    }

    /// The key of that name; an unknown one may be younger than our last look.
    /// Whoever comes while another asks shares the answer.
    async fn key(&self, kid: &str) -> Result<DecodingKey, Fault> {
        if let Some(key) = self.known(kid) {
            return Ok(key);
        }
        let mut asked = self.0.asked.lock().await;
        let answered = match *asked {
            Some((at, answered)) if at.elapsed() < ASK_AGAIN_AFTER => answered,
            _ => {
                let answer = tokio::time::timeout(ASK_PATIENCE, self.fetch_keys()).await;
                let answered = matches!(answer, Ok(Ok(())));
                *asked = Some((Instant::now(), answered));
                answered
            }
        };
        drop(asked);
        match self.known(kid) {
            Some(key) => Ok(key),
            None if answered => Err(invalid()),
            None => Err(Fault::unavailable("identity")),
        }
    }

    fn known(&self, kid: &str) -> Option<DecodingKey> {
        read(&self.0.users).get(kid).cloned()
    }

    async fn fetch_keys(&self) -> Result<(), Fault> {
        let Some(mut identity) = self.identity() else { return Ok(()) };
        let jwks = identity.get_jwks(GetJwksRequest {}).await.map_err(crate::fault)?.into_inner();
        *write(&self.0.users) =
            jwks.keys.into_iter().filter_map(|k| Some((k.kid, public_key(&k.x)?))).collect();
        Ok(())
    }

    fn identity(&self) -> Option<AuthServiceClient<Wire>> {
        read(&self.0.identity).clone()
    }

    /// Whether it is known what was revoked until a moment ago.
    pub fn is_fresh(&self) -> bool {
        self.fresh_until().is_some_and(|until| until >= Instant::now())
    }

    /// Until when the last news of what was revoked counts; `None` before the first.
    pub fn fresh_until(&self) -> Option<Instant> {
        *read(&self.0.fresh_until)
    }

    /// Forgets revocations of tokens that have expired by themselves.
    pub fn forget(&self, now: Timestamp) {
        write(&self.0.revoked).forget(now);
    }
}

fn invalid() -> Fault {
    refused("TOKEN_INVALID", "Thông tin đăng nhập không hợp lệ.")
}

fn expired() -> Fault {
    refused("TOKEN_EXPIRED", "Phiên đăng nhập đã hết hạn.")
}

fn refused(reason: &'static str, text: &str) -> Fault {
    Fault::new(Kind::Unauthenticated, reason, format!("{text} Vui lòng đăng nhập lại."))
}

fn read<T>(lock: &RwLock<T>) -> std::sync::RwLockReadGuard<'_, T> {
    lock.read().unwrap_or_else(PoisonError::into_inner)
}

fn write<T>(lock: &RwLock<T>) -> std::sync::RwLockWriteGuard<'_, T> {
    lock.write().unwrap_or_else(PoisonError::into_inner)
}
