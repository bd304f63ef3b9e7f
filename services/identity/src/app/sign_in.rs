use motcua_context::Ctx;
use motcua_fault::Fault;
use motcua_ids::{SessionId, Uuid};
use motcua_store::Once;

use super::{App, Pair, passwords::Proved, tokens::Tokens};
use crate::domain::{Account, Refusal, Secret, Session};

impl App {
    /// Opens a session for whoever knows the password.
    pub(crate) async fn sign_in(
        &self,
        ctx: &Ctx,
        request: Uuid,
        login: &str,
        secret: &Secret,
    ) -> Result<Pair, Fault> {
        let Proved { account, tried, rehashed } =
            self.prove(ctx, login, secret, Account::may_sign_in).await?;
        let key = self.signer(ctx).await?;
        let limits = self.tokens.limits(account.holder());
        let id: SessionId = ctx.new_id();
        let refresh = self.tokens.first_refresh(id, request);
        let (session, first) =
            Session::open(id, account.id(), Tokens::hash(&refresh), ctx.now(), &limits);
        let opened = self.store.write(ctx, id.uuid(), async |tx| {
            // It may have been barred, or the password replaced, while we hashed.
            let mut now = self.accounts.lock(tx, account.id()).await?;
            now.may_sign_in()?;
            if now.credential() != account.credential() {
                return Err(Refusal::Busy.into());
            }
            if let Some(hash) = rehashed {
                now.rehash(hash, ctx.now());
                self.accounts.save(tx, &now).await?;
            }
            self.sessions.insert(tx, &session, &first).await?;
            self.forget_tries(tx, ctx, &tried).await?;
            Ok(now)
        });
        match opened.await? {
            Once::Done(account) => self.tokens.pair(&key, &account, &session, refresh, &first),
            Once::Already(id) => {
                self.answer_again(&account, SessionId::new(id), request, ctx).await
            }
        }
    }

    /// The first pair of a session again, for a caller who lost the answer, until it was used.
    pub(super) async fn answer_again(
        &self,
        account: &Account,
        id: SessionId,
        request: Uuid,
        ctx: &Ctx,
    ) -> Result<Pair, Fault> {
        let refreshes = self.tokens.first_refreshes(id, request);
        let hashes: Vec<_> = refreshes.iter().map(|refresh| Tokens::hash(refresh)).collect();
        let db = self.store.reader();
        let token = self.sessions.one_of(db, &hashes).await?;
        let session = self.sessions.find(db, id).await?;
        let (Some(token), Some(session)) = (token, session) else {
            return Err(Refusal::RefreshRefused.into());
        };
        let refresh = refreshes.into_iter().find(|refresh| Tokens::hash(refresh) == token.hash);
        let refresh = refresh.ok_or(Refusal::RefreshRefused)?;
        let limits = self.tokens.limits(account.holder());
        let shown = session.present(&token, ctx.now(), &limits)?;
        if shown != crate::domain::Presented::Current {
            return Err(Refusal::RefreshRefused.into());
        }
        self.tokens.pair(&self.signer(ctx).await?, account, &session, refresh, &token)
    }
}
