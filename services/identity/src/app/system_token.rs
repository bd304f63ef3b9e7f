use motcua_context::Ctx;
use motcua_fault::Fault;
use motcua_ids::Uuid;

use super::{Access, App, passwords::Proved};
use crate::domain::{Account, Scope, Secret};

impl App {
    /// Gives another system a token for its credentials. Nothing is kept of it.
    pub(crate) async fn issue_system_token(
        &self,
        ctx: &Ctx,
        client_id: &str,
        secret: &Secret,
        asked: &[Scope],
    ) -> Result<Access, Fault> {
        let may = |account: &Account| account.system_may_sign_in().map(|_| ());
        let Proved { account, tried, .. } = self.prove(ctx, client_id, secret, may).await?;
        self.guard.succeeded(ctx, &tried).await;
        let scopes = account.system_may_sign_in()?.grant(asked)?;
        let key = self.signer(ctx).await?;
        let jti = Uuid::from_bytes(ctx.random());
        self.tokens.access(&key, &account, None, &scopes, ctx.now(), jti)
    }
}
