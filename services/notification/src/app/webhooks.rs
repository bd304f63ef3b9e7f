use motcua_context::{Ctx, PersonKind};
use motcua_fault::Fault;
use motcua_ids::{AccountId, WebhookId};
use motcua_rpc::Page;
use motcua_store::{Once, Tx};
use url::Url;

use super::App;
use crate::domain::{Answer, Refusal, Shared, WEBHOOKS, Webhook};

/// What an owner changes of an address; what is none stays.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct WebhookChange {
    /// Which.
    pub(crate) id: WebhookId,
    /// Where requests go.
    pub(crate) url: Option<Url>,
    /// Whether it is told of news.
    pub(crate) on: Option<bool>,
    /// The version that is changed; none: whatever it is.
    pub(crate) version: Option<i64>,
}

/// An address with its secret, where that is shown: once.
pub(crate) type Shown = (Webhook, Shared);

impl App {
    /// Registers an address of the caller's organisation.
    pub(crate) async fn create_webhook(&self, ctx: &Ctx, url: Url) -> Result<Shown, Fault> {
        let owner = organisation(ctx)?;
        self.receivers.admit(&url).await?;
        let id = ctx.new_id::<WebhookId>();
        let (webhook, secret) = Webhook::register(id, owner, url.into(), ctx.random(), ctx.now());
        let created = self.store.write(ctx, id.uuid(), async |tx| {
            if self.webhooks.of(tx.db(), owner).await?.len() >= WEBHOOKS {
                return Err(Refusal::WebhooksTooMany.into());
            }
            self.webhooks.insert(tx, &webhook).await?;
            Ok(())
        });
        match created.await? {
            Once::Done(()) => Ok((webhook, secret)),
            Once::Already(first) => {
                Ok((self.own_webhook(owner, WebhookId::new(first)).await?, Shared::new()))
            }
        }
    }

    /// A page of those of the caller's organisation, and whether there are more.
    pub(crate) async fn webhooks(
        &self,
        ctx: &Ctx,
        page: Page<WebhookId>,
    ) -> Result<(Vec<Webhook>, bool), Fault> {
        let mut all = self.webhooks.of(self.store.reader(), organisation(ctx)?).await?;
        all.retain(|webhook| page.after.is_none_or(|after| webhook.id > after));
        let size = usize::try_from(page.size).unwrap_or(usize::MAX);
        let more = all.len() > size;
        all.truncate(size);
        Ok((all, more))
    }

    /// Moves an address, or turns it on or off.
    pub(crate) async fn change_webhook(
        &self,
        ctx: &Ctx,
        change: WebhookChange,
    ) -> Result<Webhook, Fault> {
        let owner = organisation(ctx)?;
        self.own_webhook(owner, change.id).await?;
        if let Some(url) = &change.url {
            self.receivers.admit(url).await?;
        }
        let changed = self.store.write(ctx, change.id.uuid(), async |tx| {
            let mut webhook = self.lock_own(tx, owner, change.id).await?;
            let url = change.url.clone().map(String::from);
            webhook.change(url, change.on, change.version, ctx.now())?;
            self.webhooks.save(tx, &webhook).await?;
            Ok(webhook)
        });
        changed.await?.or_reload(async |_| self.own_webhook(owner, change.id).await).await
    }

    /// Gives an address another secret; the former counts on for a while.
    pub(crate) async fn rotate_secret(&self, ctx: &Ctx, id: WebhookId) -> Result<Shown, Fault> {
        let owner = organisation(ctx)?;
        let rotated = self.store.write(ctx, id.uuid(), async |tx| {
            let mut webhook = self.lock_own(tx, owner, id).await?;
            let secret = webhook.rotate(ctx.random(), ctx.now(), self.hooks.overlap());
            self.webhooks.save(tx, &webhook).await?;
            Ok((webhook, secret))
        });
        let reload = async |_| Ok((self.own_webhook(owner, id).await?, Shared::new()));
        rotated.await?.or_reload(reload).await
    }

    /// Forgets an address. What waits for it fails.
    pub(crate) async fn delete_webhook(&self, ctx: &Ctx, id: WebhookId) -> Result<(), Fault> {
        let owner = organisation(ctx)?;
        let deleted = self.store.write(ctx, id.uuid(), async |tx| {
            self.lock_own(tx, owner, id).await?;
            self.webhooks.delete(tx, id).await
        });
        deleted.await.map(drop)
    }

    /// Sends a trial to an address at once, and says what was answered; none where this request
    /// was done before.
    pub(crate) async fn try_webhook(
        &self,
        ctx: &Ctx,
        id: WebhookId,
    ) -> Result<Option<Answer>, Fault> {
        let owner = organisation(ctx)?;
        let allowed = self.store.write(ctx, id.uuid(), async |tx| {
            let mut webhook = self.lock_own(tx, owner, id).await?;
            webhook.try_out(ctx.now())?;
            self.webhooks.save(tx, &webhook).await?;
            Ok(webhook)
        });
        let Once::Done(webhook) = allowed.await? else { return Ok(None) };
        let trial = uuid::Builder::from_random_bytes(ctx.random()).into_uuid().to_string();
        Ok(Some(self.receivers.try_out(ctx.now(), &trial, &webhook).await))
    }

    async fn own_webhook(&self, owner: AccountId, id: WebhookId) -> Result<Webhook, Fault> {
        let found = self.webhooks.get(self.store.reader(), id).await?;
        own(found, owner)
    }

    async fn lock_own(&self, tx: &Tx, owner: AccountId, id: WebhookId) -> Result<Webhook, Fault> {
        own(self.webhooks.lock(tx, id).await?, owner)
    }
}

/// What is somebody else's is unknown.
fn own(found: Option<Webhook>, owner: AccountId) -> Result<Webhook, Fault> {
    let own = found.filter(|webhook| webhook.owner == owner);
    own.ok_or_else(|| Refusal::WebhookUnknown.into())
}

fn organisation(ctx: &Ctx) -> Result<AccountId, Fault> {
    let person = ctx.person()?;
    match person.kind {
        PersonKind::Organisation => Ok(person.account),
        PersonKind::Citizen => Err(Refusal::NotAnOrganisation.into()),
    }
}
