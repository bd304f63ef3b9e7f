//! The way in for whom a provider vouches for, however that was shown.

use motcua_context::{Ctx, Timestamp};
use motcua_fault::{Fault, Kind};
use motcua_ids::{AccountId, SessionId, Uuid};
use motcua_store::{Once, Tx};

use super::{App, Pair, guard::Origin, tokens::Tokens};
use crate::{
    config::OidcProvider,
    domain::{
        Account, Contacts, Credential, End, Holder, Identifier, Session,
        external::{Asserted, Claims, Entry, Known, NotTaken, decide},
    },
    events,
};

/// What a caller has shown.
pub(super) enum Shown<'a> {
    /// What opened a session before: good for the same answer to the same request.
    Before(SessionId),
    /// Claims that count.
    Now {
        config: &'a OidcProvider,
        claims: Claims,
        /// What is good for this session alone, and until when it could be shown again.
        spent: Vec<([u8; 32], Timestamp)>,
    },
}

impl App {
    /// Counts what no honest caller shows against its address.
    pub(super) async fn count_refused<T>(
        &self,
        ctx: &Ctx,
        origin: &Origin,
        shown: Result<T, Fault>,
    ) -> Result<T, Fault> {
        if shown.as_ref().is_err_and(|fault| fault.kind() == Kind::Unauthenticated) {
            self.guard.failed(ctx, origin).await;
        }
        shown
    }

    /// Opens a session for whom the claims speak of.
    pub(super) async fn enter(
        &self,
        ctx: &Ctx,
        request: Uuid,
        shown: Shown<'_>,
    ) -> Result<Pair, Fault> {
        let (config, claims, spent) = match shown {
            Shown::Before(session) => return self.entered_before(ctx, request, session).await,
            Shown::Now { config, claims, spent } => (config, claims, spent),
        };
        let asserted = config.claims.read(&claims)?;
        let key = self.signer(ctx).await?;
        let id: SessionId = ctx.new_id();
        let refresh = self.tokens.first_refresh(id, request);
        let opened = self.store.write(ctx, id.uuid(), async |tx| {
            for (hash, until) in &spent {
                if !self.external.spend(tx, hash, id, *until).await? {
                    return Err(NotTaken::Replayed.into());
                }
            }
            let account = self.come_in(tx, ctx, config, &asserted).await?;
            let limits = self.tokens.limits(account.holder());
            let hash = Tokens::hash(&refresh);
            let (session, first) = Session::open(id, account.id(), hash, ctx.now(), &limits);
            self.sessions.insert(tx, &session, &first).await?;
            Ok((account, session, first))
        });
        match opened.await? {
            Once::Done((account, session, first)) => {
                self.tokens.pair(&key, &account, &session, refresh.clone(), &first)
            }
            Once::Already(id) => self.entered_before(ctx, request, SessionId::new(id)).await,
        }
    }

    /// The answer of the first time, for the same request alone.
    async fn entered_before(
        &self,
        ctx: &Ctx,
        request: Uuid,
        session: SessionId,
    ) -> Result<Pair, Fault> {
        let db = self.store.reader();
        let first = Tokens::hash(&self.tokens.first_refresh(session, request));
        let known = self.sessions.token(db, &first).await?.is_some();
        let found = self.sessions.find(db, session).await?.filter(|_| known);
        let account = self.accounts.get(db, found.ok_or(NotTaken::Replayed)?.account()).await?;
        self.answer_again(&account, session, request, ctx).await
    }

    /// The account of whom the provider vouches for, held: found, linked, or opened.
    async fn come_in(
        &self,
        tx: &Tx,
        ctx: &Ctx,
        config: &OidcProvider,
        asserted: &Asserted,
    ) -> Result<Account, Fault> {
        let known = self.known(tx, config, asserted).await?;
        match decide(asserted, known, config.opening())? {
            Entry::Linked(account) => Ok(account),
            Entry::Officer(account) => {
                self.link(tx, ctx, config, asserted, account.id()).await?;
                Ok(account)
            }
            Entry::Claimed(mut account) => {
                let contacts = self.free_contacts(tx, asserted, Some(account.id())).await?;
                account.claim(contacts, self.after_issued(tx, ctx, account.id()).await?)?;
                self.accounts.save(tx, &account).await?;
                self.end_all_sessions(tx, ctx, &account, End::Claimed).await?;
                self.link(tx, ctx, config, asserted, account.id()).await?;
                Ok(account)
            }
            Entry::New(mut holder) => {
                if let Holder::Citizen(citizen) = &mut holder {
                    citizen.contacts = self.free_contacts(tx, asserted, None).await?;
                }
                let id: AccountId = ctx.new_id();
                let (account, event) = Account::open(id, holder, Credential::none(), ctx.now());
                self.accounts.insert(tx, &account).await?;
                self.link(tx, ctx, config, asserted, id).await?;
                events::publish(tx, event);
                Ok(account)
            }
        }
    }

    /// What is known here of the person; the account is held, so that what is decided of it holds.
    async fn known(
        &self,
        tx: &Tx,
        config: &OidcProvider,
        asserted: &Asserted,
    ) -> Result<Known, Fault> {
        let (issuer, subject) = (&config.issuer, &asserted.subject);
        if let Some(id) = self.external.account(tx.db(), issuer, subject).await? {
            return Ok(Known { linked: Some(self.accounts.lock(tx, id).await?), named: None });
        }
        let Some(identifier) = asserted.identifier() else { return Ok(Known::default()) };
        let found = self.accounts.by_identifier(tx.db(), &identifier).await?;
        let Some(found) = found else { return Ok(Known::default()) };
        let account = self.accounts.lock(tx, found.id()).await?;
        // Before it was held, the number may have been taken from it.
        if !Identifier::of(account.holder()).contains(&identifier) {
            return Ok(Known::default());
        }
        let taken = self.external.is_linked(tx.db(), issuer, account.id()).await?;
        Ok(Known { linked: None, named: Some((account, taken)) })
    }

    async fn link(
        &self,
        tx: &Tx,
        ctx: &Ctx,
        config: &OidcProvider,
        asserted: &Asserted,
        account: AccountId,
    ) -> Result<(), Fault> {
        self.external.link(tx, ctx, account, &config.issuer, &asserted.subject).await
    }

    /// The contacts that the provider vouches for and no other account has.
    async fn free_contacts(
        &self,
        tx: &Tx,
        asserted: &Asserted,
        own: Option<AccountId>,
    ) -> Result<Contacts, Fault> {
        let free = async |identifier: Option<Identifier>| -> Result<bool, Fault> {
            let Some(identifier) = identifier else { return Ok(false) };
            let holder = self.accounts.by_identifier(tx.db(), &identifier).await?;
            Ok(holder.is_none_or(|holder| Some(holder.id()) == own))
        };
        let (phone, email) = (asserted.phone.clone(), asserted.email.clone());
        let phone_is_free = free(phone.clone().map(Identifier::Phone)).await?;
        let email_is_free = free(email.clone().map(Identifier::Email)).await?;
        Ok(Contacts {
            phone: phone.filter(|_| phone_is_free),
            email: email.filter(|_| email_is_free),
        })
    }
}
