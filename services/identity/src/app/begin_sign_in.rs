use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use motcua_context::Ctx;
use motcua_fault::Fault;

use super::App;
use crate::domain::external::{NotTaken, Pending};

/// What a ticket is sealed under.
const LABEL: &str = "identity/sign-in-ticket";

/// A sign-in that waits for the provider's answer.
#[derive(Debug, Clone)]
pub(crate) struct Begun {
    pub(crate) authorization_url: String,
    pub(crate) ticket: String,
    pub(crate) pending: Pending,
}

impl App {
    /// Begins a sign-in at a provider. Nothing is kept: the caller carries it, sealed.
    pub(crate) async fn begin_sign_in(
        &self,
        ctx: &Ctx,
        provider: &str,
        redirect_uri: &str,
    ) -> Result<Begun, Fault> {
        self.guard.admit(ctx).await?;
        let asked = self.providers.get(provider)?;
        if !asked.config.redirect_uris.iter().any(|known| known == redirect_uri) {
            return Err(NotTaken::RedirectUriRefused.into());
        }
        let secret = || URL_SAFE_NO_PAD.encode(ctx.random::<32>());
        let pending = Pending {
            provider: provider.to_owned(),
            redirect_uri: redirect_uri.to_owned(),
            state: secret(),
            nonce: secret(),
            verifier: secret(),
            expires_at: ctx.now() + Pending::LIFE,
        };
        let authorization_url = asked.authorization_url(ctx, &pending).await?;
        let ticket = URL_SAFE_NO_PAD.encode(self.keyring.seal_json(LABEL, &pending)?);
        Ok(Begun { authorization_url, ticket, pending })
    }

    /// The sign-in that a ticket of ours is for.
    pub(super) fn pending(&self, ticket: &str) -> Result<Pending, NotTaken> {
        let sealed = URL_SAFE_NO_PAD.decode(ticket).map_err(|_| NotTaken::Expired)?;
        self.keyring.open_json(LABEL, &sealed).map_err(|_| NotTaken::Expired)
    }
}
