//! What the service does: one use case, one file. Facts from neighbours first, then one write:
//! load, may this actor, decide, save, say.

mod bar;
mod begin_sign_in;
mod change_password;
mod complete_sign_in;
mod create_officer;
mod create_system;
mod enter;
mod exchange_token;
mod first_administrator;
mod guard;
mod hasher;
mod housekeeping;
mod keys;
mod passwords;
mod reach;
mod read;
mod readings;
mod refresh_token;
mod register_person;
mod reset_password;
mod revocations;
mod roles;
mod rotate_secret;
mod sign_in;
mod sign_out;
mod system_token;
mod tokens;
mod tries;
mod update_account;

use std::sync::Arc;

use motcua_fault::Fault;
use motcua_sealing::Keyring;
use motcua_service::Env;
use motcua_store::Store;

pub(crate) use begin_sign_in::Begun;
pub(crate) use complete_sign_in::Came;
pub(crate) use create_officer::NewOfficer;
pub use first_administrator::FirstAdministrator;
pub(crate) use read::ListAccounts;
pub(crate) use readings::ListReadings;
pub(crate) use revocations::Feed;
pub(crate) use tokens::{Access, Pair};

use crate::{
    config::IdentityConfig,
    grpc::peers::{Catalog, Dossiers},
    providers::Providers,
    store::{Accounts, ExternalSignIns, Readings, Revocations, Sessions, SignInTries, SigningKeys},
};
use guard::Guard;
use hasher::Hasher;
use tokens::Tokens;

/// The names of the service's timers.
pub(crate) mod due {
    /// A signing key has to have a successor.
    pub(crate) const ROTATE_KEY: &str = "identity-rotate-key";
    /// A retired key's last token has expired.
    pub(crate) const DESTROY_KEY: &str = "identity-destroy-key";
    /// What is over and was kept long enough is forgotten.
    pub(crate) const HOUSEKEEPING: &str = "identity-housekeeping";
}

/// The use cases and what they work with.
#[derive(Clone)]
pub(crate) struct App {
    store: Store,
    keyring: Arc<Keyring>,
    config: Arc<IdentityConfig>,
    accounts: Accounts,
    sessions: Sessions,
    revocations: Revocations,
    keys: SigningKeys,
    readings: Readings,
    tries: SignInTries,
    external: ExternalSignIns,
    providers: Providers,
    hasher: Hasher,
    guard: Guard,
    tokens: Tokens,
    catalog: Catalog,
    dossiers: Dossiers,
}

impl App {
    /// Puts the use cases together. Makes one hash, so that unknown logins cost what known ones do.
    pub(crate) async fn new(config: IdentityConfig, env: &Env) -> Result<Self, Fault> {
        let config = Arc::new(config);
        Ok(Self {
            accounts: Accounts::new(env.keyring.clone()),
            sessions: Sessions,
            revocations: Revocations,
            keys: SigningKeys,
            readings: Readings,
            tries: SignInTries::new(env.keyring.clone()),
            external: ExternalSignIns::new(env.keyring.clone()),
            providers: Providers::new(&config.oidc)?,
            hasher: Hasher::new(&config.hashing).await?,
            guard: Guard::new(&env.cache, env.keyring.clone(), config.guessing.clone())
                .await
                .map_err(Fault::internal)?,
            tokens: Tokens::new(&env.issuer, config.clone(), env.keyring.clone()),
            store: env.store.clone(),
            keyring: env.keyring.clone(),
            config,
            catalog: Catalog::new(&env.peers),
            dossiers: Dossiers::new(&env.peers),
        })
    }
}
