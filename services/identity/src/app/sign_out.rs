use motcua_context::Ctx;
use motcua_fault::Fault;
use motcua_ids::AccountId;
use motcua_store::Tx;

use super::{App, tokens::Tokens};
use crate::domain::{End, Revocation, Revoked};

impl App {
    /// Ends the session of a refresh token, or all of its account's. A token that was never given
    /// out is answered alike.
    pub(crate) async fn sign_out(
        &self,
        ctx: &Ctx,
        shown: &str,
        everywhere: bool,
    ) -> Result<(), Fault> {
        let hash = Tokens::hash(shown);
        let Some(token) = self.sessions.token(self.store.reader(), &hash).await? else {
            return Ok(());
        };
        self.store
            .write(ctx, token.session.uuid(), async |tx| {
                let Some(mut session) = self.sessions.lock(tx, token.session).await? else {
                    return Ok(());
                };
                if everywhere && session.ended().is_none() {
                    return self.end_all_sessions(tx, ctx, session.account(), End::SignedOut).await;
                }
                self.end_session(tx, ctx, &mut session, End::SignedOut).await
            })
            .await?;
        Ok(())
    }

    /// Ends all sessions of an account and takes its access tokens back.
    pub(super) async fn end_all_sessions(
        &self,
        tx: &Tx,
        ctx: &Ctx,
        account: AccountId,
        why: End,
    ) -> Result<(), Fault> {
        self.sessions.end_all(tx, account, why, ctx.now()).await?;
        self.revoke_tokens(tx, ctx, account).await
    }

    /// Takes an account's access tokens back; its sessions stay, and get new ones.
    pub(super) async fn revoke_tokens(
        &self,
        tx: &Tx,
        ctx: &Ctx,
        account: AccountId,
    ) -> Result<(), Fault> {
        let revoked = Revoked::Account(account);
        let revocation = Revocation::new(revoked, ctx.now(), self.config.token_life());
        self.revocations.insert(tx, ctx, &revocation).await
    }
}
