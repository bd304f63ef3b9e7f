use motcua_context::Ctx;
use motcua_fault::Fault;
use motcua_ids::Uuid;

use super::{App, Pair, enter::Shown, tokens::Tokens};
use crate::domain::external::check;

/// What came back from a provider, with the ticket of whoever began.
pub(crate) struct Came {
    pub(crate) ticket: String,
    pub(crate) state: String,
    pub(crate) code: String,
    /// Who the way back says it comes from; empty where it does not.
    pub(crate) issuer: String,
}

impl App {
    /// Opens a session for whom a provider has sent back.
    pub(crate) async fn complete_sign_in(
        &self,
        ctx: &Ctx,
        request: Uuid,
        came: &Came,
    ) -> Result<Pair, Fault> {
        let origin = self.guard.admit(ctx).await?;
        let shown = self.shown_code(ctx, came).await;
        let shown = self.count_refused(ctx, &origin, shown).await?;
        self.enter(ctx, request, shown).await
    }

    async fn shown_code(&self, ctx: &Ctx, came: &Came) -> Result<Shown<'_>, Fault> {
        let pending = self.pending(&came.ticket)?;
        pending.require(&came.state, ctx.now())?;
        let provider = self.providers.get(&pending.provider)?;
        let ticket = Tokens::hash(&came.ticket);
        if let Some(session) = self.external.opened(self.store.reader(), &ticket).await? {
            return Ok(Shown::Before(session));
        }
        let redeemed = provider.redeem(ctx, &pending, &came.code, &came.issuer).await?;
        let config = &provider.config;
        let trusted: Vec<&str> = config.audiences.iter().map(String::as_str).collect();
        let ours = [config.client_id.as_str()];
        let expected = config.expected(&ours, &trusted, Some(&pending.nonce));
        let until = check(&redeemed.claims, &expected, ctx.now())?;
        // The token too: a provider could hand it out elsewhere.
        let spent = vec![(ticket, pending.expires_at), (redeemed.digest, until)];
        Ok(Shown::Now { config, claims: redeemed.claims, spent })
    }
}
