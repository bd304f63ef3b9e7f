//! What the province offers and who decides it: agencies, desks, fields,
//! procedures with their immutable versions, working calendars and clock policies.

mod app;
mod builtin;
pub mod config;
pub mod domain;
mod events;
mod grpc;
mod store;

use motcua_context::Ctx;
use motcua_fault::Fault;
use motcua_proto::catalog::v1::catalog_service_server::CatalogServiceServer;
use motcua_service::{Env, Module, Mounted};
use sea_orm_migration::MigrationTrait;
use tonic::service::Routes;

pub use app::import::{Done, Format, Instructions, Outcome, Report};
pub use builtin::builtin;

/// Messages hold whole versions and chunks of files; the transport's own limit is 4 MiB.
const LARGEST_MESSAGE: usize = 8 * 1024 * 1024;

/// The service.
pub struct Catalog;

impl Module for Catalog {
    const NAME: &'static str = "catalog";
    type Config = config::Config;

    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        store::migrations::all()
    }

    async fn build(config: config::Config, env: Env) -> anyhow::Result<Mounted> {
        let app = app::App::new(&config, env.store);
        let service = grpc::Service { app, pages: env.pages };
        let server = CatalogServiceServer::new(service).max_decoding_message_size(LARGEST_MESSAGE);
        Ok(Mounted { routes: Routes::new(server), ..Mounted::default() })
    }
}

/// Imports a file past the RPCs, for an operator's command: `ctx` acts as the
/// system and carries the command as its cause.
pub async fn import(
    config: &config::Config,
    env: &Env,
    ctx: &Ctx,
    instructions: Instructions,
    bytes: &[u8],
) -> Result<Report, Fault> {
    app::App::new(config, env.store.clone()).import(ctx, instructions, bytes).await
}
