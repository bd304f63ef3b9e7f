use motcua_context::{Cause, Ctx};
use motcua_fault::Fault;
use motcua_ids::{SessionId, Uuid};
use motcua_store::{Once, Tx};

use super::{App, Pair, tokens::Tokens};
use crate::domain::{Account, End, Presented, RefreshToken, Refusal, Revocation, Revoked, Session};

/// What a shown token led to.
enum Exchange {
    /// The next token: new, or the one this very request was given before.
    Next(Box<(Account, Session, RefreshToken)>),
    /// Two hold the chain. It is ended, and that has to be kept although the caller is refused.
    Stolen,
}

impl App {
    /// Exchanges a refresh token for the next pair.
    ///
    /// The token is its own claim, being good once; so the write has a cause of its own, and a
    /// repeated request is told from a thief by what it would be given.
    pub(crate) async fn refresh_token(
        &self,
        ctx: &Ctx,
        request: Uuid,
        shown: &str,
    ) -> Result<Pair, Fault> {
        let hash = Tokens::hash(shown);
        let known = self.sessions.token(self.store.reader(), &hash).await?;
        let session = known.ok_or(Refusal::RefreshRefused)?.session;
        let found = self.sessions.find(self.store.reader(), session).await?;
        let account = found.ok_or(Refusal::RefreshRefused)?.account();
        let key = self.signer(ctx).await?;
        let nexts = self.tokens.next_refreshes(shown, request);
        let hashes: Vec<_> = nexts.iter().map(|next| Tokens::hash(next)).collect();
        let own = ctx.clone().with_cause(Cause::Command { id: Uuid::from_bytes(ctx.random()) });
        let exchanged = self.store.write(&own, session.uuid(), async |tx| {
            // Held before its sessions: whoever bars it waits, or is waited for.
            let account = self.accounts.lock(tx, account).await?;
            self.exchange(tx, &own, account, session, &hash, &hashes).await
        });
        match exchanged.await? {
            Once::Done(Exchange::Next(found)) => {
                let (account, session, token) = *found;
                let next = nexts.into_iter().find(|next| Tokens::hash(next) == token.hash);
                let next = next.ok_or_else(|| Fault::internal("a token of another request"))?;
                self.tokens.pair(&key, &account, &session, next, &token)
            }
            Once::Done(Exchange::Stolen) => {
                tracing::warn!(%session, "a spent refresh token was shown: session ended");
                Err(Refusal::RefreshRefused.into())
            }
            Once::Already(_) => Err(Fault::internal("a random cause came twice")),
        }
    }

    async fn exchange(
        &self,
        tx: &Tx,
        ctx: &Ctx,
        account: Account,
        session: SessionId,
        hash: &[u8; 32],
        nexts: &[[u8; 32]],
    ) -> Result<Exchange, Fault> {
        let session = self.sessions.lock(tx, session).await?;
        let token = self.sessions.token(tx.db(), hash).await?;
        let (Some(mut session), Some(mut token)) = (session, token) else {
            return Err(Refusal::RefreshRefused.into());
        };
        account.may_sign_in().map_err(|_| Refusal::RefreshRefused)?;
        let limits = self.tokens.limits(account.holder());
        let repeated = match session.present(&token, ctx.now(), &limits)? {
            Presented::Current => {
                let next = session.rotate(&mut token, nexts[0], ctx.now(), &limits);
                self.sessions.rotate(tx, &session, &token, &next).await?;
                return Ok(Exchange::Next(Box::new((account, session, next))));
            }
            Presented::JustSpent => self.sessions.one_of(tx.db(), nexts).await?,
            Presented::Reused => None,
        };
        if let Some(next) = repeated
            && next.session == session.id()
            && next.spent_at.is_none()
        {
            return Ok(Exchange::Next(Box::new((account, session, next))));
        }
        self.end_session(tx, ctx, &mut session, End::TokenReused).await?;
        Ok(Exchange::Stolen)
    }

    /// Ends a session and takes its access tokens back.
    pub(super) async fn end_session(
        &self,
        tx: &Tx,
        ctx: &Ctx,
        session: &mut Session,
        why: End,
    ) -> Result<(), Fault> {
        if !session.end(why, ctx.now()) {
            return Ok(());
        }
        self.sessions.save(tx, session).await?;
        let revoked = Revoked::Session(session.id());
        let revocation = Revocation::new(revoked, ctx.now(), self.config.token_life());
        self.revocations.insert(tx, ctx, &revocation).await
    }
}
