//! Guessing at one login. The count and the lock lie in the database: they outlive the cache and
//! every restart, and all processes see them.

use motcua_context::Ctx;
use motcua_fault::Fault;
use motcua_ids::Uuid;
use motcua_store::{Once, Tx};

use super::App;
use crate::store::Counted;

impl App {
    /// Counts a try before it is looked at; refuses it while the login is locked, which the last
    /// try too many brings about. An unknown login is treated alike.
    ///
    /// The same request sent twice is one try: it can hold one guess only.
    pub(super) async fn count_try(&self, ctx: &Ctx, login: &str) -> Result<Counted, Fault> {
        let login = self.tries.of(login);
        if let Some(tries) = self.tries.find(self.store.reader(), &login).await? {
            tries.refuse_locked(ctx.now())?;
        }
        let limits = self.config.guessing.per_login();
        let counting = ctx.step("try");
        let counted = self.store.write(&counting, Uuid::nil(), async |tx| {
            let mut tries = self.tries.lock(tx, &login, ctx.now()).await?;
            tries.refuse_locked(ctx.now())?;
            tries.count(ctx.now(), &limits);
            self.tries.save(tx, &login, &tries).await?;
            Ok(tries)
        });
        if let Once::Done(tries) = counted.await? {
            // The lock is kept, and only then told.
            tries.refuse_locked(ctx.now()).inspect_err(|_| {
                tracing::warn!("too many wrong sign-ins for one login: locked");
            })?;
        }
        Ok(login)
    }

    /// Forgets the tries before this right one, in the write that it leads to.
    pub(super) async fn forget_tries(
        &self,
        tx: &Tx,
        ctx: &Ctx,
        login: &Counted,
    ) -> Result<(), Fault> {
        self.tries.forget(tx, login, ctx.now()).await
    }
}
