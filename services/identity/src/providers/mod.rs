//! The way to OpenID Connect providers outside: their addresses and keys, codes redeemed for tokens,
//! and whether a token is theirs. What a token must say and whom it lets in is the domain's.

mod keys;
mod metadata;
mod provider;
mod signature;

use std::{collections::BTreeMap, sync::Arc};

use motcua_context::Ctx;
use motcua_fault::Fault;

use crate::{config::OidcProvider, domain::external::NotTaken};
pub(crate) use provider::Provider;

/// The providers of the configuration.
#[derive(Clone)]
pub(crate) struct Providers(Arc<BTreeMap<String, Provider>>);

impl Providers {
    /// Makes the ways to them; nobody is asked yet.
    pub(crate) fn new(configured: &BTreeMap<String, OidcProvider>) -> Result<Self, Fault> {
        let ways = configured.iter().map(|(name, config)| {
            let provider = Provider::new(name, config.clone());
            Ok((name.clone(), provider.map_err(Fault::internal)?))
        });
        Ok(Self(Arc::new(ways.collect::<Result<_, Fault>>()?)))
    }

    /// The provider of this name.
    pub(crate) fn get(&self, name: &str) -> Result<&Provider, NotTaken> {
        self.0.get(name).ok_or(NotTaken::ProviderUnknown)
    }

    /// Whether each answers as it should, and what is wrong where it does not.
    pub(crate) async fn probe(&self, ctx: &Ctx) -> Vec<(String, Result<(), String>)> {
        let asked = self
            .0
            .iter()
            .map(|(name, provider)| async move { (name.clone(), provider.probe(ctx).await) });
        futures::future::join_all(asked).await
    }
}
