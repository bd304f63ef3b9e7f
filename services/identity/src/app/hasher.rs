use std::sync::Arc;

use argon2::{
    Algorithm, Argon2, Params, Version,
    password_hash::{PasswordHasher, PasswordVerifier, phc::PasswordHash},
};
use motcua_fault::Fault;
use tokio::sync::Semaphore;

use crate::{
    config::Hashing,
    domain::{Refusal, Secret},
};

/// Argon2id, off the runtime's threads and never more at once than configured: a rush of sign-ins
/// waits, and the rest of the service does not notice.
#[derive(Clone)]
pub(super) struct Hasher {
    argon: Argon2<'static>,
    /// Hashes at the same time.
    places: Arc<Semaphore>,
    /// Those and the callers that wait.
    queue: Arc<Semaphore>,
    /// The hash that unknown logins are checked against.
    decoy: Arc<str>,
}

impl Hasher {
    pub(super) async fn new(config: &Hashing) -> Result<Self, Fault> {
        let params = Params::new(config.memory_kib, config.passes, 1, None)
            .map_err(|error| Fault::internal(error.to_string()))?;
        let mut hasher = Self {
            argon: Argon2::new(Algorithm::Argon2id, Version::V0x13, params),
            places: Arc::new(Semaphore::new(config.at_once as usize)),
            queue: Arc::new(Semaphore::new((config.at_once + config.waiting) as usize)),
            decoy: Arc::from(""),
        };
        hasher.decoy = hasher.hash(&Secret::new("no account has this password")).await?.into();
        Ok(hasher)
    }

    /// The hash of a secret, with a salt of its own, in PHC form.
    pub(super) async fn hash(&self, secret: &Secret) -> Result<String, Fault> {
        let secret = secret.clone();
        self.run(move |argon| {
            let hash: Result<PasswordHash, _> = argon.hash_password(secret.expose().as_bytes());
            hash.map(|hash| hash.to_string()).map_err(|error| Fault::internal(error.to_string()))
        })
        .await?
    }

    /// Whether the secret is the hash's. Without a hash it takes the same time, and is not.
    pub(super) async fn verify(&self, secret: &Secret, hash: Option<&str>) -> Result<bool, Fault> {
        let known = hash.is_some();
        let hash: Arc<str> = hash.map_or_else(|| self.decoy.clone(), Arc::from);
        let secret = secret.clone();
        let right = self
            .run(move |argon| {
                PasswordHash::new(&hash).is_ok_and(|hash| {
                    argon.verify_password(secret.expose().as_bytes(), &hash).is_ok()
                })
            })
            .await?;
        Ok(right && known)
    }

    /// Whether the hash was made at another cost than is configured now. Such hashes take another
    /// time, so they are made anew when their password is next shown.
    pub(super) fn is_outdated(&self, hash: &str) -> bool {
        let params = PasswordHash::new(hash).ok().and_then(|hash| Params::try_from(&hash).ok());
        let now = self.argon.params();
        params.is_none_or(|then| {
            (then.m_cost(), then.t_cost(), then.p_cost())
                != (now.m_cost(), now.t_cost(), now.p_cost())
        })
    }

    async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Argon2<'static>) -> T + Send + 'static,
    ) -> Result<T, Fault> {
        let queued = self.queue.clone().try_acquire_owned().map_err(|_| Refusal::Busy)?;
        let place = self.places.clone().acquire_owned().await.map_err(Fault::internal)?;
        let argon = self.argon.clone();
        tokio::task::spawn_blocking(move || {
            let done = work(&argon);
            // Held to the end even if the caller has gone: the core is taken until then.
            drop((queued, place));
            done
        })
        .await
        .map_err(Fault::internal)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cheap(at_once: u32, waiting: u32) -> Hashing {
        Hashing { memory_kib: 64, passes: 1, at_once, waiting }
    }

    #[tokio::test]
    async fn a_hash_knows_its_secret_and_no_other() {
        let hasher = Hasher::new(&cheap(1, 1)).await.unwrap();
        let hash = hasher.hash(&Secret::new("con mèo trèo")).await.unwrap();
        assert!(hash.starts_with("$argon2id$"));
        assert!(hasher.verify(&Secret::new("con mèo trèo"), Some(&hash)).await.unwrap());
        assert!(!hasher.verify(&Secret::new("con chó"), Some(&hash)).await.unwrap());
        let again = hasher.hash(&Secret::new("con mèo trèo")).await.unwrap();
        assert_ne!(hash, again, "each has its own salt");
    }

    #[tokio::test]
    async fn nobody_signs_in_with_the_decoy() {
        let hasher = Hasher::new(&cheap(1, 1)).await.unwrap();
        let decoy = Secret::new("no account has this password");
        assert!(!hasher.verify(&decoy, None).await.unwrap());
    }

    #[tokio::test]
    async fn a_changed_cost_outdates_old_hashes() {
        let hash = Hasher::new(&cheap(1, 1)).await.unwrap().hash(&Secret::new("x")).await.unwrap();
        let dearer = Hasher::new(&Hashing { passes: 2, ..cheap(1, 1) }).await.unwrap();
        assert!(dearer.is_outdated(&hash));
        let own = dearer.hash(&Secret::new("x")).await.unwrap();
        assert!(!dearer.is_outdated(&own));
        assert!(
            dearer.verify(&Secret::new("x"), Some(&hash)).await.unwrap(),
            "and still knows them"
        );
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn the_caller_behind_a_full_queue_is_told_at_once() {
        let slow = Hashing { memory_kib: 32 * 1024, passes: 4, at_once: 1, waiting: 1 };
        let hasher = Hasher::new(&slow).await.unwrap();
        let secret = Secret::new("x");
        let hash = || hasher.hash(&secret);
        let (first, second, third) = tokio::join!(hash(), hash(), hash());
        assert!(first.is_ok() && second.is_ok());
        assert_eq!(third.unwrap_err().reason(), "BUSY");
    }
}
