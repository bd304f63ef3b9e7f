use motcua_context::Ctx;
use motcua_fault::Fault;
use motcua_ids::Uuid;

use super::{App, Pair, enter::Shown};
use crate::domain::external::{NotTaken, check};

impl App {
    /// Opens a session for an ID token that an app was given by a provider.
    pub(crate) async fn exchange_token(
        &self,
        ctx: &Ctx,
        request: Uuid,
        provider: &str,
        token: &str,
    ) -> Result<Pair, Fault> {
        let origin = self.guard.admit(ctx).await?;
        let shown = self.shown_token(ctx, provider, token).await;
        let shown = self.count_refused(ctx, &origin, shown).await?;
        self.enter(ctx, request, shown).await
    }

    async fn shown_token(
        &self,
        ctx: &Ctx,
        provider: &str,
        token: &str,
    ) -> Result<Shown<'_>, Fault> {
        let provider = self.providers.get(provider)?;
        let config = &provider.config;
        if config.audiences.is_empty() {
            return Err(NotTaken::ExchangeRefused.into());
        }
        let redeemed = provider.proved(ctx, token).await?;
        let apps: Vec<&str> = config.audiences.iter().map(String::as_str).collect();
        let trusted = [config.client_id.as_str()];
        let expected = config.expected(&apps, &trusted, None);
        let until = check(&redeemed.claims, &expected, ctx.now())?;
        if let Some(session) = self.external.opened(self.store.reader(), &redeemed.digest).await? {
            return Ok(Shown::Before(session));
        }
        let spent = vec![(redeemed.digest, until)];
        Ok(Shown::Now { config, claims: redeemed.claims, spent })
    }
}
