//! `workflow`: the officers' processing of accepted dossiers: steps and tasks, the clock, the
//! control slip, and the result until it is at the desk.

mod app;
pub mod config;
pub mod domain;
mod events;
mod grpc;
mod store;

use std::{sync::Arc, time::Duration};

use motcua_bus::DueJob;
use motcua_keys::SealedColumn;
use motcua_proto::workflow::v1::workflow_service_server::WorkflowServiceServer;
use motcua_service::{Chore, Env, Module, Mounted};
use sea_orm_migration::MigrationTrait;
use tonic::service::Routes;

/// What an examiner may read of this service.
pub mod consistency {
    pub use crate::store::consistency::*;

    /// The timer that looks whether a file was kept; its subject is the file.
    pub const FILE: &str = crate::app::FILE;
}

use app::App;
use config::WorkflowConfig;
use grpc::WorkflowRpc;
use grpc::peers::Catalog;

/// Octets of a message: the longest is a chunk of a file, 256 KiB.
const LARGEST_MESSAGE: usize = 512 * 1024;
/// How soon a morning is noticed.
const LOOK_EVERY: Duration = Duration::from_secs(2);

/// The service.
#[derive(Debug)]
pub struct Workflow;

impl Module for Workflow {
    const NAME: &'static str = "workflow";
    type Config = WorkflowConfig;

    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        store::migrations()
    }

    fn sealed() -> Vec<SealedColumn> {
        vec![
            SealedColumn::of("act", "reason", "workflow/act/reason"),
            SealedColumn::of("ask", "words", "workflow/ask/words"),
            SealedColumn::of("result", "words", "workflow/result/words"),
        ]
    }

    async fn build(config: WorkflowConfig, env: Env) -> anyhow::Result<Mounted> {
        let lookouts = store::lookouts(&env.store);
        let catalog = Catalog::new(env.peers.wire("catalog"));
        let pages = env.pages.clone();
        let app = Arc::new(App::new(env, catalog, config));
        let rpc = WorkflowRpc { app: app.clone(), pages };
        let server = WorkflowServiceServer::new(rpc);
        let mut mounted = Mounted {
            routes: Routes::new(server.max_decoding_message_size(LARGEST_MESSAGE)),
            subscriptions: events::subscriptions(&app),
            due: due_jobs(&app),
            chores: vec![digests(&app)],
            lookouts,
            ..Mounted::default()
        };
        let examined = app.clone();
        app.quarantine().mount(&mut mounted, move |ctx, look, verdict| {
            let app = examined.clone();
            async move { app.settle_file(&ctx, look, verdict).await }
        });
        Ok(mounted)
    }
}

fn digests(app: &Arc<App>) -> Chore {
    let app = app.clone();
    Chore::new("digests", LOOK_EVERY, move |now| {
        let app = app.clone();
        async move { app.digest(now).await }
    })
}

fn due_jobs(app: &Arc<App>) -> Vec<DueJob> {
    let (near, overdue, file) = (app.clone(), app.clone(), app.clone());
    vec![
        DueJob::new(app::FILE, move |_, id| {
            let app = file.clone();
            async move { app.unused_file(id.into()).await }
        }),
        DueJob::new(app::NEAR_DUE, move |ctx, id| {
            let app = near.clone();
            async move { app.warn(&ctx, id).await }
        }),
        DueJob::new(app::OVERDUE, move |ctx, id| {
            let app = overdue.clone();
            async move { app.mark_overdue(&ctx, id).await }
        }),
    ]
}
