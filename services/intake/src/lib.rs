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
use motcua_keys::SealedColumn;
use motcua_proto::intake::v1::intake_service_server::IntakeServiceServer;
use motcua_service::{Env, Module, Mounted};
use sea_orm_migration::MigrationTrait;
use tonic::service::Routes;

pub use config::IntakeConfig;

/// What an examiner may read of this service.
pub mod consistency {
    use crate::app::timer;
    pub use crate::store::consistency::*;

    /// The timer that ends a wait for the citizen; its subject is the dossier.
    pub const SUPPLEMENT: &str = timer::SUPPLEMENT;
    /// The timer that closes a returned dossier.
    pub const CLOSE: &str = timer::CLOSE;
    /// The timer that looks whether a file was kept; its subject is the file.
    pub const FILE: &str = timer::FILE;
}

use crate::app::{App, timer};

/// The service.
pub struct Intake;

impl Module for Intake {
    const NAME: &'static str = "intake";
    type Config = IntakeConfig;

    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        store::migrations()
    }

    fn sealed() -> Vec<SealedColumn> {
        store::sealed::columns()
    }

    async fn build(config: Self::Config, env: Env) -> anyhow::Result<Mounted> {
        let lookouts = store::lookouts::of(&env.store);
        let app = Arc::new(App::new(config, env));
        let service = IntakeServiceServer::new(grpc::IntakeRpc::new(app.clone()));
        let mut mounted = Mounted {
            routes: Routes::new(service),
            subscriptions: events::subscriptions(&app),
            due: timers(&app),
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

/// What is done when a timer comes due, by its name.
fn timers(app: &Arc<App>) -> Vec<DueJob> {
    let (supplement, close, draft) = (app.clone(), app.clone(), app.clone());
    let (scan, file, offer) = (app.clone(), app.clone(), app.clone());
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
        DueJob::new(timer::OFFER, move |ctx, subject| {
            let app = offer.clone();
            async move { app.expire_offer(&ctx, subject.into()).await }
        }),
        DueJob::new(timer::SCAN, move |ctx, subject| {
            let app = scan.clone();
            async move { app.scan_paper(&ctx, subject.into()).await }
        }),
    ]
}
