//! `identity`: who may sign in, as what, and until when; and who read whose personal data.

mod app;
pub mod config;
pub mod domain;
mod events;
mod grpc;
mod providers;
mod store;

pub use app::FirstAdministrator;
use app::{App, due};
use config::IdentityConfig;
use grpc::{AccountRpc, AuthRpc};
use motcua_bus::DueJob;
use motcua_context::{Actor, Ctx, System, Timestamp};
use motcua_fault::Fault;
use motcua_ids::AccountId;
use motcua_keys::SealedColumn;
use motcua_proto::identity::v1::{
    account_service_server::AccountServiceServer, auth_service_server::AuthServiceServer,
};
use motcua_service::{Env, Module, Mounted};
use sea_orm_migration::MigrationTrait;
use tonic::service::Routes;

/// Octets of a message: accounts and what proves them.
const LARGEST_MESSAGE: usize = 128 * 1024;

/// The service.
#[derive(Debug)]
pub struct Identity;

impl Module for Identity {
    const NAME: &'static str = "identity";
    type Config = IdentityConfig;

    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        store::migrations()
    }

    fn sealed() -> Vec<SealedColumn> {
        store::sealed_columns()
    }

    async fn build(config: IdentityConfig, env: Env) -> anyhow::Result<Mounted> {
        let app = App::new(config, &env).await?;
        app.ensure_key(&command(&env)).await?;
        let accounts = AccountRpc { app: app.clone(), pages: env.pages.clone() };
        Ok(Mounted {
            routes: Routes::new(
                AuthServiceServer::new(AuthRpc(app.clone()))
                    .max_decoding_message_size(LARGEST_MESSAGE),
            )
            .add_service(
                AccountServiceServer::new(accounts).max_decoding_message_size(LARGEST_MESSAGE),
            ),
            subscriptions: events::subscriptions(&app),
            due: due_jobs(&app),
            lookouts: Vec::new(),
            ..Mounted::default()
        })
    }
}

/// Makes the first administrator, for the `motcua` command alone: there is no RPC for it.
///
/// # Errors
/// `ADMINISTRATOR_EXISTS` if there is an active one; `NOT_THE_PROVINCE` if the agency is another;
/// `AGENCY_NOT_FOUND`; `ACCOUNT_EXISTS` if the username is taken;
/// the reasons of a malformed username, name or password.
pub async fn create_first_administrator(
    config: IdentityConfig,
    env: &Env,
    first: FirstAdministrator,
) -> Result<AccountId, Fault> {
    let app = App::new(config, env).await?;
    Ok(app.create_first_administrator(&command(env), first).await?.id())
}

/// Sets the password of an administrator of the province who lost it, to be replaced before the
/// next sign-in, for the `motcua` command alone. Recorded as a reading of the account.
///
/// # Errors
/// `ACCOUNT_NOT_FOUND`; `NOT_THE_PROVINCE` if the account administers something else or nothing;
/// `ACCOUNT_DISABLED`; the reasons of a bad password.
pub async fn reset_administrator_password(
    config: IdentityConfig,
    env: &Env,
    username: &str,
    password: &str,
) -> Result<AccountId, Fault> {
    let app = App::new(config, env).await?;
    Ok(app.reset_administrator_password(&command(env), username, password).await?.id())
}

/// Whether each OpenID Connect provider of the configuration answers as it should, by its name, and
/// what is wrong where it does not. Nothing is kept of it.
///
/// # Errors
/// A certificate file of the configuration cannot be read.
pub async fn probe_providers(
    config: &IdentityConfig,
    now: Timestamp,
) -> Result<Vec<(String, Result<(), String>)>, Fault> {
    let ctx = Ctx::new(Actor::System(System::service(Identity::NAME)), now);
    Ok(providers::Providers::new(&config.oidc)?.probe(&ctx).await)
}

fn due_jobs(app: &App) -> Vec<DueJob> {
    let [rotate, destroy, keep] = [app.clone(), app.clone(), app.clone()];
    vec![
        DueJob::new(due::ROTATE_KEY, move |ctx, _| {
            let app = rotate.clone();
            async move { app.rotate_key(&ctx).await }
        }),
        DueJob::new(due::DESTROY_KEY, move |ctx, _| {
            let app = destroy.clone();
            async move { app.destroy_keys(&ctx).await }
        }),
        DueJob::new(due::HOUSEKEEPING, move |ctx, _| {
            let app = keep.clone();
            async move { app.keep_house(&ctx).await }
        }),
    ]
}

fn command(env: &Env) -> Ctx {
    Ctx::new(Actor::System(System::service(Identity::NAME)), env.clock.now())
}
