use std::sync::Arc;

use motcua_context::{Actor, Cause, Clock, Ctx, System, Timestamp};
use motcua_fault::Fault;
use motcua_ids::Uuid;
use motcua_store::Store;
use sha2::{Digest, Sha256};
use tokio::sync::Mutex;

use crate::{
    domain::{Pass, Renewed},
    providers::{Holder, Oauth},
    store::Passes,
};

/// Holds what we are known by at Zalo. A refresh token is good once, so one process at a time asks
/// for the next, with the row held; and what came is kept before anything is sent with it.
pub(crate) struct Purse {
    pub(crate) store: Store,
    pub(crate) passes: Passes,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) oauth: Oauth,
    /// One renewal at a time within this process.
    pub(crate) turn: Mutex<Held>,
}

/// What this process knows of it.
#[derive(Default)]
pub(crate) struct Held {
    pass: Option<Pass>,
    /// What came for a refresh token and could not be kept: the only copy there is.
    unsaved: Option<(String, Renewed)>,
}

#[async_trait::async_trait]
impl Holder for Purse {
    async fn access(&self, refused: Option<&str>) -> Result<String, Fault> {
        let mut held = self.turn.lock().await;
        let now = self.clock.now();
        let good = |pass: &Pass| pass.is_good(now, refused);
        if let Some(pass) = held.pass.as_ref().filter(|pass| good(pass)) {
            return Ok(pass.access.clone());
        }
        let kept = self.passes.get(self.store.reader(), self.oauth.app()).await?;
        let pass = match kept.map(|pass| self.begun(pass)).filter(good) {
            Some(pass) => pass,
            None => self.renew(&mut held, now, refused).await?,
        };
        Ok(held.pass.insert(pass).access.clone())
    }
}

impl Purse {
    async fn renew(
        &self,
        held: &mut Held,
        now: Timestamp,
        refused: Option<&str>,
    ) -> Result<Pass, Fault> {
        let app = self.oauth.app();
        let ctx = self.ctx(now);
        let subject = uuid::Builder::from_custom_bytes(ctx.random()).into_uuid();
        let written = self.store.write(&ctx, subject, async |tx| {
            let pass = self.begun(self.passes.lock(tx, app).await?);
            if pass.is_good(now, refused) {
                return Ok(pass);
            }
            if !pass.may_renew(now) {
                return Err(Fault::unavailable("zalo"));
            }
            let renewed = match held.unsaved.take_if(|(of, _)| *of == pass.refresh) {
                Some((_, renewed)) => renewed,
                None => self.oauth.renew(&pass.refresh).await?,
            };
            held.unsaved = Some((pass.refresh.clone(), renewed.clone()));
            let pass = pass.renewed(now, renewed);
            self.passes.save(tx, app, &pass).await?;
            Ok(pass)
        });
        let pass = written
            .await?
            .or_reload(async |_| Err(Fault::internal("a pass was renewed twice for one cause")))
            .await?;
        held.unsaved = None;
        tracing::info!("what we are known by at Zalo is kept");
        Ok(pass)
    }

    fn begun(&self, pass: Pass) -> Pass {
        let first = self.oauth.first();
        let octets: [u8; 32] = Sha256::digest(first).into();
        let mark = octets.first_chunk().map_or(0, |head| u64::from_be_bytes(*head));
        pass.begun(first, &format!("{mark:016x}"))
    }

    /// A cause of its own for every renewal.
    fn ctx(&self, now: Timestamp) -> Ctx {
        let actor = Actor::System(System::service(self.store.service()));
        let ctx = Ctx::new(actor, now);
        let id = Uuid::from_bytes(ctx.random());
        ctx.with_cause(Cause::Due { name: "zalo-pass", id, generation: 0 })
    }
}
