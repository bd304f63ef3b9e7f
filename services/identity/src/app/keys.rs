//! The keys that sign access tokens: made, announced, retired, destroyed.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use ed25519_dalek::SigningKey as Private;
use motcua_context::{Cause, Ctx, Timestamp};
use motcua_fault::{Fault, Kind};
use motcua_ids::Uuid;
use motcua_sealing::Keyring;
use motcua_store::Once;
use sha2::{Digest, Sha256};

use super::{App, due};
use crate::{
    domain::{KeyTimes, SigningKey},
    store::SealedKey,
};

impl App {
    /// The keys that prove tokens now, with the time until which each does.
    pub(crate) async fn jwks(
        &self,
        ctx: &Ctx,
    ) -> Result<Vec<(SigningKey, Option<Timestamp>)>, Fault> {
        let times = self.config.key_times();
        let keys = self.keys.all(self.store.reader()).await?;
        Ok(keys
            .into_iter()
            .map(|SealedKey { key, .. }| (key.verify_until(&times), key))
            .filter(|(until, _)| until.is_none_or(|until| ctx.now() < until))
            .map(|(until, key)| (key, until))
            .collect())
    }

    /// The key that signs now.
    pub(super) async fn signer(&self, ctx: &Ctx) -> Result<SealedKey, Fault> {
        let keys = self.keys.all(self.store.reader()).await?;
        let signer = keys.into_iter().find(|sealed| sealed.key.signs(ctx.now()));
        signer.ok_or_else(|| Fault::unavailable("signing key"))
    }

    /// Makes the first key of a deployment, and sets the timers that keep the rest going.
    pub(crate) async fn ensure_key(&self, ctx: &Ctx) -> Result<(), Fault> {
        if !self.keys.all(self.store.reader()).await?.is_empty() {
            return Ok(());
        }
        let ctx = ctx.clone().with_cause(Cause::Command { id: Uuid::from_bytes(ctx.random()) });
        let times = self.config.key_times();
        let made = self.store.write(&ctx, Uuid::nil(), async |tx| {
            if self.keys.lock_newest(tx).await?.is_some() {
                return Ok(());
            }
            let (kid, public, sealed) = self.make(&ctx);
            let key = SigningKey::first(kid, public, ctx.now());
            tx.schedule(due::ROTATE_KEY, Uuid::nil(), key.rotate_at(&times)).await?;
            tx.schedule(due::HOUSEKEEPING, Uuid::nil(), ctx.now() + super::housekeeping::EVERY)
                .await?;
            self.keys.insert(tx, &SealedKey { key, sealed }).await
        });
        match made.await {
            // Another process made the first key at the same instant.
            Err(fault) if fault.kind() == Kind::Aborted => Ok(()),
            other => other.map(|_| ()),
        }
    }

    /// Makes the successor of the newest key, if that one's time has come.
    pub(crate) async fn rotate_key(&self, ctx: &Ctx) -> Result<(), Fault> {
        let times = self.config.key_times();
        let rotated = self.store.write(ctx, Uuid::nil(), async |tx| {
            let Some(SealedKey { mut key, .. }) = self.keys.lock_newest(tx).await? else {
                return Ok(false);
            };
            if ctx.now() < key.rotate_at(&times) {
                // The configured life grew since the timer was set.
                tx.schedule(due::ROTATE_KEY, Uuid::nil(), key.rotate_at(&times)).await?;
                return Ok(false);
            }
            let (kid, public, sealed) = self.make(ctx);
            let Some(next) = key.succeed(kid, public, ctx.now(), &times) else { return Ok(false) };
            self.keys.retire(tx, &key).await?;
            tx.schedule(due::ROTATE_KEY, Uuid::nil(), next.rotate_at(&times)).await?;
            if let Some(end) = key.verify_until(&times) {
                tx.schedule(due::DESTROY_KEY, Uuid::nil(), end).await?;
            }
            self.keys.insert(tx, &SealedKey { key: next, sealed }).await?;
            Ok(true)
        });
        if let Once::Done(true) = rotated.await? {
            tracing::info!("a new signing key is announced");
        }
        Ok(())
    }

    /// Destroys the keys whose last token has expired.
    pub(crate) async fn destroy_keys(&self, ctx: &Ctx) -> Result<(), Fault> {
        let times = self.config.key_times();
        let before = retired_before(ctx.now(), &times);
        self.store.write(ctx, Uuid::nil(), async |tx| self.keys.destroy(tx, before).await).await?;
        Ok(())
    }

    fn make(&self, ctx: &Ctx) -> (String, [u8; 32], Vec<u8>) {
        let private = Private::from_bytes(&ctx.random());
        let public = private.verifying_key().to_bytes();
        let kid = thumbprint(&public);
        let sealed = self.keyring.seal(&label(&kid), private.as_bytes());
        (kid, public, sealed)
    }
}

/// The private half of a key.
pub(super) fn unseal(keyring: &Keyring, key: &SealedKey) -> Result<[u8; 32], Fault> {
    let private = keyring.open(&label(&key.key.kid), &key.sealed)?;
    private.try_into().map_err(|_| Fault::internal("a private key has 32 bytes"))
}

fn label(kid: &str) -> String {
    format!("identity/signing-key/{kid}")
}

/// The JWK thumbprint (RFC 7638, RFC 8037): the key names itself.
fn thumbprint(public: &[u8; 32]) -> String {
    let x = URL_SAFE_NO_PAD.encode(public);
    let jwk = format!(r#"{{"crv":"Ed25519","kty":"OKP","x":"{x}"}}"#);
    URL_SAFE_NO_PAD.encode(Sha256::digest(jwk))
}

fn retired_before(now: Timestamp, times: &KeyTimes) -> Timestamp {
    // `verify_until` of such a key is not after `now`.
    now - times.token_life - crate::domain::Revocation::LEEWAY + chrono::TimeDelta::microseconds(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_thumbprint_is_that_of_rfc_8037() {
        let x = URL_SAFE_NO_PAD.decode("11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo").unwrap();
        let public: [u8; 32] = x.try_into().unwrap();
        assert_eq!(thumbprint(&public), "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k");
    }
}
