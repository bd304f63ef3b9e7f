use std::{sync::Arc, time::Duration};

use chrono::DateTime;
use motcua_cache::Cache;
use motcua_context::{Ctx, Timestamp};
use motcua_fault::Fault;
use motcua_sealing::Keyring;

use crate::{config::Guessing, domain::Refusal};

/// Bounds guessing, per login and per address. It counts logins by what was typed, so that it
/// answers alike whether or not the account exists, and it keeps blind indexes, never the login.
#[derive(Clone)]
pub(super) struct Guard {
    cache: Cache,
    keyring: Arc<Keyring>,
    limits: Guessing,
}

/// One try.
pub(super) struct Try {
    login: String,
    address: Option<String>,
}

impl Guard {
    pub(super) fn new(cache: &Cache, keyring: Arc<Keyring>, limits: Guessing) -> Self {
        Self { cache: cache.within("identity"), keyring, limits }
    }

    /// Counts a try before it is looked at, so that many at once are bounded too.
    pub(super) async fn admit(&self, ctx: &Ctx, login: &str) -> Result<Try, Fault> {
        let login = format!("login/{}", self.blind(&login.trim().to_lowercase()));
        let address = ctx.address().map(|a| format!("address/{}", self.blind(&a.to_string())));
        for key in address.iter().chain([&login]) {
            self.refuse_locked(ctx, key).await?;
        }
        if self.count(&login, self.limits.tries_per_login).await.is_err() {
            self.lock(ctx, &login).await;
            return self.refuse_locked(ctx, &login).await.map(|()| Try { login, address });
        }
        Ok(Try { login, address })
    }

    /// Counts a wrong try against its address, which others share.
    pub(super) async fn failed(&self, ctx: &Ctx, tried: &Try) {
        if let Some(address) = &tried.address
            && self.count(address, self.limits.tries_per_address).await.is_err()
        {
            self.lock(ctx, address).await;
        }
    }

    /// Forgets the login's earlier tries.
    pub(super) async fn succeeded(&self, ctx: &Ctx, tried: &Try) {
        self.start_anew(ctx, &tried.login).await;
    }

    /// Bounds how many accounts one address opens: whether one exists is answered there.
    pub(super) async fn admit_registration(&self, ctx: &Ctx) -> Result<(), Fault> {
        let Some(address) = ctx.address() else { return Ok(()) };
        let key = format!("registration/{}", self.blind(&address.to_string()));
        let hour = Duration::from_hours(1);
        self.cache.take(&key, self.limits.registrations_per_address_h, hour).await
    }

    async fn refuse_locked(&self, ctx: &Ctx, key: &str) -> Result<(), Fault> {
        let locked = self.cache.get(&format!("lock/{key}")).await;
        let until = locked.and_then(|bytes| bytes.as_ref().try_into().ok().map(i64::from_be_bytes));
        let left = until.and_then(DateTime::from_timestamp_micros).map(|end| end - ctx.now());
        match left.map(|left| left.num_seconds()) {
            Some(left) if left > 0 => {
                let retry_after_s = u64::try_from(left).unwrap_or(1);
                Err(Refusal::SignInLocked { retry_after_s }.into())
            }
            _ => Ok(()),
        }
    }

    async fn lock(&self, ctx: &Ctx, key: &str) {
        let ttl = Duration::from_secs(self.limits.lock_s.into());
        let until: Timestamp = ctx.now() + chrono::TimeDelta::seconds(self.limits.lock_s.into());
        let until = until.timestamp_micros().to_be_bytes().to_vec();
        self.cache.set(&format!("lock/{key}"), until, ttl).await;
        self.start_anew(ctx, key).await;
        tracing::warn!(of = key.split('/').next(), "too many wrong sign-ins: locked");
    }

    async fn count(&self, key: &str, limit: u32) -> Result<(), Fault> {
        let round = self.cache.get(&format!("round/{key}")).await.unwrap_or_default();
        let bucket = format!("tries/{key}/{}", hex::encode(round));
        self.cache.take(&bucket, limit, self.window()).await
    }

    /// A bucket cannot be filled from outside; the next round has a bucket of its own.
    async fn start_anew(&self, ctx: &Ctx, key: &str) {
        let round: [u8; 8] = ctx.random();
        // Longer than the old bucket takes to be full again.
        let ttl = self.window() * 2 + Duration::from_secs(self.limits.lock_s.into());
        self.cache.set(&format!("round/{key}"), round.to_vec(), ttl).await;
    }

    fn window(&self) -> Duration {
        Duration::from_secs(self.limits.window_s.into())
    }

    fn blind(&self, text: &str) -> String {
        hex::encode(&self.keyring.blind("identity/guess", text)[..16])
    }
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;
    use motcua_context::Actor;

    use super::*;

    async fn guard(tries_per_login: u32, tries_per_address: u32) -> Guard {
        let cache = Cache::open("memory:", "test").await.unwrap();
        let limits = Guessing {
            tries_per_login,
            tries_per_address,
            registrations_per_address_h: 2,
            ..Guessing::default()
        };
        Guard::new(&cache, Arc::new(Keyring::generate()), limits)
    }

    fn at(minute: i64, address: &str) -> Ctx {
        let now = Timestamp::UNIX_EPOCH + TimeDelta::minutes(minute);
        Ctx::new(Actor::Anonymous, now).with_address(address.parse().ok())
    }

    #[tokio::test]
    async fn a_login_is_locked_from_every_address_and_opens_again() {
        let guard = guard(3, 100).await;
        for n in 0..3 {
            guard.admit(&at(0, &format!("10.0.0.{n}")), "0912345678").await.ok().unwrap();
        }
        let locked = guard.admit(&at(0, "10.0.0.9"), " 0912345678 ").await.err().unwrap();
        assert_eq!(locked.reason(), "SIGN_IN_LOCKED");
        assert_eq!(locked.metadata()[0], ("retry_after_s".into(), "900".into()));
        assert!(guard.admit(&at(0, "10.0.0.9"), "0987654321").await.is_ok(), "others sign in");
        assert!(guard.admit(&at(14, "10.0.0.9"), "0912345678").await.is_err());
        for _ in 0..3 {
            assert!(guard.admit(&at(15, "10.0.0.9"), "0912345678").await.is_ok());
        }
    }

    #[tokio::test]
    async fn success_forgets_earlier_tries_of_the_login() {
        let guard = guard(2, 100).await;
        for _ in 0..5 {
            let ctx = at(0, "10.0.0.1");
            guard.admit(&ctx, "nv.an").await.ok().unwrap();
            let tried = guard.admit(&ctx, "nv.an").await.ok().unwrap();
            guard.succeeded(&ctx, &tried).await;
        }
    }

    #[tokio::test]
    async fn an_address_that_tries_many_logins_is_locked_and_right_ones_do_not_count() {
        let guard = guard(100, 3).await;
        let ctx = at(0, "10.0.0.1");
        for n in 0..20 {
            let tried = guard.admit(&ctx, &format!("nv.{n}")).await.ok().unwrap();
            guard.succeeded(&ctx, &tried).await;
        }
        for n in 0..4 {
            let tried = guard.admit(&ctx, &format!("nv.{n}")).await.ok().unwrap();
            guard.failed(&ctx, &tried).await;
        }
        assert!(guard.admit(&ctx, "nv.new").await.is_err());
        assert!(guard.admit(&at(0, "10.0.0.2"), "nv.new").await.is_ok());
    }

    #[tokio::test]
    async fn registrations_are_bounded_per_address() {
        let guard = guard(1, 1).await;
        let ctx = at(0, "10.0.0.1");
        for _ in 0..2 {
            guard.admit_registration(&ctx).await.unwrap();
        }
        assert_eq!(guard.admit_registration(&ctx).await.unwrap_err().reason(), "RATE_LIMITED");
        guard.admit_registration(&at(0, "10.0.0.2")).await.unwrap();
    }
}
