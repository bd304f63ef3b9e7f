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
    GetJwksRequest, ListRevocationsRequest, Revocation, auth_service_client::AuthServiceClient,
    revocation::Revoked,
};
use sha2::{Digest, Sha256};
use tokio::sync::Mutex;

use crate::{
    Wire,
    token::{ServiceKeys, UserClaims, decode, public_key},
};

/// Without news of revoked tokens for this long, no user's token counts.
const STALE_AFTER: Duration = Duration::from_mins(1);
/// An unknown key asks `identity` at most this often.
const ASK_AGAIN_AFTER: Duration = Duration::from_secs(1);

/// Whose tokens count: the services' by their keys, the users' by the keys and
/// the revocations that `identity` publishes. Cheap to clone.
#[derive(Clone)]
pub struct Trust(Arc<Inner>);

struct Inner {
    issuer: String,
    services: ServiceKeys,
    users: RwLock<HashMap<String, DecodingKey>>,
    revoked: RwLock<Revocations>,
    /// Claims of tokens whose signature was checked; 50 µs saved a call.
    checked: Cache<[u8; 32], Arc<UserClaims>>,
    feed: Mutex<Feed>,
    fresh_until: RwLock<Option<Instant>>,
}

#[derive(Default)]
struct Revocations {
    /// `sessions/…`, and when to forget it.
    sessions: HashMap<String, i64>,
    /// `accounts/…`: tokens issued until then no longer count; and when to forget it.
    accounts: HashMap<String, (i64, i64)>,
}

struct Feed {
    identity: Option<AuthServiceClient<Wire>>,
    cursor: String,
    asked_keys: Option<Instant>,
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
            feed: Mutex::new(Feed { identity: None, cursor: String::new(), asked_keys: None }),
            fresh_until: RwLock::default(),
        }))
    }

    /// Names the way to `identity`.
    pub async fn follow(&self, identity: Wire) {
        self.0.feed.lock().await.identity = Some(AuthServiceClient::new(identity));
    }

    /// Asks `identity` for its keys and for what was revoked since the last time.
    pub async fn refresh(&self) -> Result<(), Fault> {
        let mut feed = self.0.feed.lock().await;
        self.fetch_keys(&mut feed).await?;
        loop {
            let Some(identity) = feed.identity.clone() else { return Ok(()) };
            let request = ListRevocationsRequest { cursor: feed.cursor.clone() };
            let answer =
                { identity }.list_revocations(request).await.map_err(crate::fault)?.into_inner();
            self.revoke(&answer.revocations);
            feed.cursor = answer.next_cursor;
            if !answer.more {
                break;
            }
        }
        *write(&self.0.fresh_until) = Some(Instant::now() + STALE_AFTER);
        Ok(())
    }

    /// Which service a token was signed by.
    pub fn service(&self, token: &str, now: Timestamp) -> Option<String> {
        self.0.services.verify(token, now)
    }

    /// Which user shows this token.
    ///
    /// # Errors
    /// `TOKEN_INVALID`, `TOKEN_EXPIRED`, `TOKEN_REVOKED`; `Unavailable` while it
    /// is not known what was revoked.
    pub async fn user(&self, token: &str, now: Timestamp) -> Result<Actor, Fault> {
        let claims = self.claims(token).await?;
        if !claims.is_live(now) {
            return Err(refused("TOKEN_EXPIRED", "Phiên đăng nhập đã hết hạn."));
        }
        if !self.is_fresh() {
            return Err(Fault::unavailable("identity"));
        }
        if read(&self.0.revoked).covers(&claims) {
            return Err(refused("TOKEN_REVOKED", "Phiên đăng nhập đã bị thu hồi."));
        }
        claims.actor().ok_or_else(invalid)
    }

    async fn claims(&self, token: &str) -> Result<Arc<UserClaims>, Fault> {
        let hash: [u8; 32] = Sha256::digest(token).into();
        if let Some(claims) = self.0.checked.get(&hash) {
            return Ok(claims);
        }
        let kid =
            jsonwebtoken::decode_header(token).ok().and_then(|h| h.kid).ok_or_else(invalid)?;
        let key = self.key(&kid).await?.ok_or_else(invalid)?;
        let claims: Arc<UserClaims> =
            Arc::new(decode(token, &key, &self.0.issuer).ok_or_else(invalid)?);
        self.0.checked.insert(hash, claims.clone());
        Ok(claims)
    }

    /// The key of that name; an unknown one may be younger than our last look.
    async fn key(&self, kid: &str) -> Result<Option<DecodingKey>, Fault> {
        if let Some(key) = read(&self.0.users).get(kid) {
            return Ok(Some(key.clone()));
        }
        let mut feed = self.0.feed.lock().await;
        if feed.asked_keys.is_none_or(|at| at.elapsed() > ASK_AGAIN_AFTER) {
            self.fetch_keys(&mut feed).await?;
        }
        Ok(read(&self.0.users).get(kid).cloned())
    }

    async fn fetch_keys(&self, feed: &mut Feed) -> Result<(), Fault> {
        let Some(mut identity) = feed.identity.clone() else { return Ok(()) };
        feed.asked_keys = Some(Instant::now());
        let jwks = identity.get_jwks(GetJwksRequest {}).await.map_err(crate::fault)?.into_inner();
        *write(&self.0.users) =
            jwks.keys.into_iter().filter_map(|k| Some((k.kid, public_key(&k.x)?))).collect();
        Ok(())
    }

    fn revoke(&self, entries: &[Revocation]) {
        let mut revoked = write(&self.0.revoked);
        let seconds = |at: &Option<prost_types::Timestamp>| at.as_ref().map_or(0, |t| t.seconds);
        for entry in entries {
            let forget = seconds(&entry.forget_time);
            match &entry.revoked {
                Some(Revoked::Session(name)) => {
                    revoked.sessions.insert(name.clone(), forget);
                }
                Some(Revoked::Account(name)) => {
                    let until = seconds(&entry.revoke_time);
                    revoked.accounts.insert(name.clone(), (until, forget));
                }
                None => {}
            }
        }
    }

    /// Whether it is known what was revoked until a moment ago.
    pub fn is_fresh(&self) -> bool {
        read(&self.0.fresh_until).is_some_and(|until| until >= Instant::now())
    }

    /// Forgets revocations of tokens that have expired by themselves.
    pub fn forget(&self, now: Timestamp) {
        let now = now.timestamp();
        let mut revoked = write(&self.0.revoked);
        revoked.sessions.retain(|_, forget| *forget > now);
        revoked.accounts.retain(|_, (_, forget)| *forget > now);
    }
}

impl Revocations {
    fn covers(&self, claims: &UserClaims) -> bool {
        claims.sid.as_ref().is_some_and(|sid| self.sessions.contains_key(sid))
            || self.accounts.get(&claims.sub).is_some_and(|(until, _)| claims.iat <= *until)
    }
}

fn invalid() -> Fault {
    refused("TOKEN_INVALID", "Thông tin đăng nhập không hợp lệ.")
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
