use std::{net::IpAddr, sync::Arc, time::Duration};

use chrono::DateTime;
use motcua_cache::{Cache, OpenError};
use motcua_context::Ctx;
use motcua_fault::Fault;
use motcua_sealing::Keyring;

use crate::{config::Guessing, domain::Refusal};

/// Bounds what comes from one address: many logins tried from one place, many accounts opened.
///
/// It is kept in the cache, which all processes share and which may be lost. What this process has
/// seen it keeps itself too: without the cache each process bounds an address by its own count. What
/// must not be lost, the lock of a login, lies in the database.
#[derive(Clone)]
pub(super) struct Guard {
    shared: Cache,
    own: Cache,
    keyring: Arc<Keyring>,
    limits: Guessing,
}

/// Where a try came from, as it is counted; nothing, within this process.
#[derive(Debug, Clone)]
pub(super) struct Origin(Option<String>);

impl Guard {
    pub(super) async fn new(
        cache: &Cache,
        keyring: Arc<Keyring>,
        limits: Guessing,
    ) -> Result<Self, OpenError> {
        let own = Cache::open("memory:", "identity").await?;
        Ok(Self { shared: cache.within("identity"), own, keyring, limits })
    }

    /// Refuses an address from which too many wrong tries came.
    pub(super) async fn admit(&self, ctx: &Ctx) -> Result<Origin, Fault> {
        let origin = self.origin(ctx, "address");
        if let Some(address) = &origin.0 {
            for cache in [&self.shared, &self.own] {
                refuse_locked(cache, ctx, address).await?;
            }
        }
        Ok(origin)
    }

    /// Counts a wrong try against its address, which others share.
    pub(super) async fn failed(&self, ctx: &Ctx, origin: &Origin) {
        let Origin(Some(address)) = origin else { return };
        let window = Duration::from_secs(self.limits.window_s.into());
        if self.shared.take(address, self.limits.tries_per_address, window).await.is_err() {
            self.lock(ctx, address).await;
        }
    }

    /// Bounds how many accounts one address opens: whether one exists is answered there.
    pub(super) async fn admit_registration(&self, ctx: &Ctx) -> Result<(), Fault> {
        let Origin(Some(address)) = self.origin(ctx, "registration") else { return Ok(()) };
        let hour = Duration::from_hours(1);
        self.shared.take(&address, self.limits.registrations_per_address_h, hour).await
    }

    async fn lock(&self, ctx: &Ctx, address: &str) {
        let ttl = Duration::from_secs(self.limits.lock_s.into());
        let until = ctx.now() + chrono::TimeDelta::seconds(self.limits.lock_s.into());
        let until = until.timestamp_micros().to_be_bytes().to_vec();
        for cache in [&self.shared, &self.own] {
            cache.set(&lock_key(address), until.clone(), ttl).await;
        }
        tracing::warn!("too many wrong sign-ins from one address: locked");
    }

    fn origin(&self, ctx: &Ctx, purpose: &str) -> Origin {
        let blind = |address: IpAddr| {
            let blind = self.keyring.blind("identity/address", &network(address));
            format!("{purpose}/{}", hex::encode(&blind[..16]))
        };
        Origin(ctx.address().map(blind))
    }
}

/// One subscriber has one IPv4 address, and of IPv6 at least a network of 64 bits.
fn network(address: IpAddr) -> String {
    match address.to_canonical() {
        IpAddr::V4(v4) => v4.to_string(),
        IpAddr::V6(v6) => hex::encode(&v6.octets()[..8]),
    }
}

async fn refuse_locked(cache: &Cache, ctx: &Ctx, address: &str) -> Result<(), Fault> {
    let locked = cache.get(&lock_key(address)).await;
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

fn lock_key(address: &str) -> String {
    format!("lock/{address}")
}

#[cfg(test)]
mod tests {
    use motcua_context::{Actor, Timestamp};

    use super::*;

    /// Nobody listens there.
    const AWAY: &str = "redis://127.0.0.1:1/0";

    async fn guard(cache: &str, tries_per_address: u32) -> Guard {
        let limits =
            Guessing { tries_per_address, registrations_per_address_h: 2, ..Guessing::default() };
        let cache = Cache::open(cache, "test").await.unwrap();
        Guard::new(&cache, Arc::new(Keyring::generate()), limits).await.unwrap()
    }

    fn at(address: &str) -> Ctx {
        Ctx::new(Actor::Anonymous, Timestamp::UNIX_EPOCH).with_address(address.parse().ok())
    }

    #[tokio::test]
    async fn an_address_is_locked_by_wrong_tries_alone_with_the_cache_and_without() {
        for cache in ["memory:", AWAY] {
            let guard = guard(cache, 3).await;
            let ctx = at("10.0.0.1");
            for _ in 0..20 {
                guard.admit(&ctx).await.unwrap();
            }
            for _ in 0..4 {
                let origin = guard.admit(&ctx).await.unwrap();
                guard.failed(&ctx, &origin).await;
            }
            let locked = guard.admit(&ctx).await.unwrap_err();
            assert_eq!(locked.reason(), "SIGN_IN_LOCKED", "{cache}");
            assert_eq!(locked.metadata()[0], ("retry_after_s".into(), "900".into()));
            guard.admit(&at("10.0.0.2")).await.unwrap();
        }
    }

    #[tokio::test]
    async fn a_lock_that_another_process_made_counts_here() {
        let shared = Cache::open("memory:", "test").await.unwrap();
        let keyring = Arc::new(Keyring::generate());
        let limits = Guessing { tries_per_address: 1, ..Guessing::default() };
        let one = Guard::new(&shared, keyring.clone(), limits.clone()).await.unwrap();
        let other = Guard::new(&shared, keyring, limits).await.unwrap();
        let ctx = at("10.0.0.1");
        for _ in 0..2 {
            let origin = one.admit(&ctx).await.unwrap();
            one.failed(&ctx, &origin).await;
        }
        assert!(other.admit(&ctx).await.is_err());
    }

    #[tokio::test]
    async fn a_network_of_ipv6_is_one_address() {
        let guard = guard("memory:", 1).await;
        for host in ["2001:db8::1", "2001:db8::2"] {
            let origin = guard.admit(&at(host)).await.unwrap();
            guard.failed(&at(host), &origin).await;
        }
        assert!(guard.admit(&at("2001:db8::3")).await.is_err());
        guard.admit(&at("2001:db8:0:1::3")).await.unwrap();
        assert_eq!(network("::ffff:10.0.0.1".parse().unwrap()), "10.0.0.1");
    }

    #[tokio::test]
    async fn registrations_are_bounded_per_address() {
        let guard = guard("memory:", 1).await;
        let ctx = at("10.0.0.1");
        for _ in 0..2 {
            guard.admit_registration(&ctx).await.unwrap();
        }
        assert_eq!(guard.admit_registration(&ctx).await.unwrap_err().reason(), "RATE_LIMITED");
        guard.admit_registration(&at("10.0.0.2")).await.unwrap();
    }
}
