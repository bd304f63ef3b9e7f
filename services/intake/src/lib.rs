//! `intake`: the citizen's dossier, from its draft to its end. See `README.md`
//! for what it owns, and `STATES.md` for the life of a dossier.

mod app;
mod config;
pub mod domain;
mod events;
mod grpc;
mod store;

use std::sync::Arc;

use motcua_bus::DueJob;
use motcua_proto::intake::v1::intake_service_server::IntakeServiceServer;
use motcua_service::{Env, Module, Mounted};
use sea_orm_migration::MigrationTrait;
use tonic::service::Routes;

pub use config::IntakeConfig;

use crate::app::{App, timer};

/// The service.
pub struct Intake;

impl Module for Intake {
    const NAME: &'static str = "intake";
    type Config = IntakeConfig;

    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        store::migrations()
    }

    async fn build(config: Self::Config, env: Env) -> anyhow::Result<Mounted> {
        let app = Arc::new(App::new(config, env));
        let service = IntakeServiceServer::new(grpc::IntakeRpc::new(app.clone()));
        Ok(Mounted {
            routes: Routes::new(service),
            subscriptions: events::subscriptions(&app),
            due: timers(&app),
        })
    }
}

/// What is done when a timer comes due, by its name.
fn timers(app: &Arc<App>) -> Vec<DueJob> {
    let (supplement, close, draft) = (app.clone(), app.clone(), app.clone());
    let (scan, file) = (app.clone(), app.clone());
    vec![
        DueJob::new(timer::SUPPLEMENT, move |ctx, subject| {
            let app = supplement.clone();
            async move { app.expire_supplement(&ctx, subject.into()).await }
        }),
        DueJob::new(timer::CLOSE, move |ctx, subject| {
            let app = close.clone();
            async move { app.close_by_timer(&ctx, subject.into()).await }
        }),
        DueJob::new(timer::DRAFT, move |ctx, subject| {
            let app = draft.clone();
            async move { app.expire_draft(&ctx, subject.into()).await }
        }),
        DueJob::new(timer::FILE, move |_, subject| {
            let app = file.clone();
            async move { app.unused_file(subject.into()).await }
        }),
        DueJob::new(timer::SCAN, move |ctx, subject| {
            let app = scan.clone();
            async move { app.scan_paper(&ctx, subject.into()).await }
        }),
    ]
}
