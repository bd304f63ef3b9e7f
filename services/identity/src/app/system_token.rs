use motcua_context::Ctx;
use motcua_fault::Fault;
use motcua_ids::Uuid;

use super::{Access, App};
use crate::domain::{Account, Handle, Identifier, Scope, Secret};

impl App {
    /// Gives another system a token for its credentials. Nothing is kept of it.
    ///
    /// Wrong secrets count against their address and not against the client: nobody guesses 32
    /// random letters, and whoever knows a client's id could else shut that system out.
    pub(crate) async fn issue_system_token(
        &self,
        ctx: &Ctx,
        client_id: &str,
        secret: &Secret,
        asked: &[Scope],
    ) -> Result<Access, Fault> {
        let origin = self.guard.admit(ctx).await?;
        let may = |account: &Account| account.system_may_sign_in().map(|_| ());
        let login = Handle::client_id(client_id).ok().map(Identifier::Handle);
        let account = self.check(ctx, &origin, login, secret, may).await?;
        let scopes = account.system_may_sign_in()?.grant(asked)?;
        let key = self.signer(ctx).await?;
        let jti = Uuid::from_bytes(ctx.random());
        self.tokens.access(&key, &account, None, &scopes, ctx.now(), jti)
    }
}
