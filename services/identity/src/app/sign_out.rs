use motcua_context::{Ctx, Timestamp};
use motcua_fault::Fault;
use motcua_ids::AccountId;
use motcua_store::Tx;

use super::{App, tokens::Tokens};
use crate::domain::{Account, End, Revocation, Revoked};

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
        let db = self.store.reader();
        let Some(token) = self.sessions.token(db, &hash).await? else { return Ok(()) };
        let Some(found) = self.sessions.find(db, token.session).await? else { return Ok(()) };
        self.store
            .write(ctx, token.session.uuid(), async |tx| {
                // The account before its sessions, as everywhere.
                let account = self.accounts.lock(tx, found.account()).await?;
                let Some(mut session) = self.sessions.lock(tx, found.id()).await? else {
                    return Ok(());
                };
                if everywhere && session.ended().is_none() {
                    return self.sign_out_everywhere(tx, ctx, account).await;
                }
                self.end_session(tx, ctx, &mut session, End::SignedOut).await
            })
            .await?;
        Ok(())
    }

    async fn sign_out_everywhere(
        &self,
        tx: &Tx,
        ctx: &Ctx,
        mut account: Account,
    ) -> Result<(), Fault> {
        account.revoke_tokens(self.after_issued(tx, ctx, account.id()).await?);
        self.accounts.save(tx, &account).await?;
        self.end_all_sessions(tx, ctx, &account, End::SignedOut).await
    }

    /// The instant until which the account's tokens are taken back. A sign-in or a refresh that
    /// came after this call may have been served before it: its token is taken back too. The
    /// account must be held.
    pub(super) async fn after_issued(
        &self,
        tx: &Tx,
        ctx: &Ctx,
        account: AccountId,
    ) -> Result<Timestamp, Fault> {
        let later = self.sessions.last_issue_after(tx, account, ctx.now()).await?;
        Ok(later.unwrap_or(ctx.now()))
    }

    /// Ends all sessions of an account whose tokens were taken back.
    pub(super) async fn end_all_sessions(
        &self,
        tx: &Tx,
        ctx: &Ctx,
        account: &Account,
        why: End,
    ) -> Result<(), Fault> {
        self.sessions.end_all(tx, account.id(), why, ctx.now()).await?;
        self.tell_revoked(tx, ctx, account).await
    }

    /// Tells that an account's tokens were taken back; its sessions stay, and get new ones.
    pub(super) async fn tell_revoked(
        &self,
        tx: &Tx,
        ctx: &Ctx,
        account: &Account,
    ) -> Result<(), Fault> {
        let at = account.tokens_revoked_at().unwrap_or(ctx.now());
        let revoked = Revoked::Account(account.id());
        let revocation = Revocation::new(revoked, at, self.config.token_life());
        self.revocations.insert(tx, ctx, &revocation).await
    }
}
