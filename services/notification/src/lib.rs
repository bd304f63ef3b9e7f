//! Tells people what happens to their dossiers: in their inbox, and by short
//! message and e-mail through a spool.

mod app;
pub mod config;
pub mod domain;
mod events;
mod grpc;
mod store;

use std::sync::Arc;

/// What an examiner may read of this service.
pub mod consistency {
    pub use crate::store::consistency::*;

    /// The timer that hands a message over; its subject is the message.
    pub const DELIVERY: &str = crate::app::DELIVERY;
}

use config::NotificationConfig;
use motcua_bus::DueJob;
use motcua_keys::SealedColumn;
use motcua_proto::notification::v1::notification_service_server::NotificationServiceServer;
use motcua_service::{Env, Module, Mounted};
use sea_orm_migration::MigrationTrait;
use tonic::service::Routes;

/// Octets of a message: the longest is a template.
const LARGEST_MESSAGE: usize = 256 * 1024;

/// The service.
pub struct Notification;

impl Module for Notification {
    const NAME: &'static str = "notification";
    type Config = NotificationConfig;

    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        store::migrations()
    }

    fn sealed() -> Vec<SealedColumn> {
        vec![store::sealed_column()]
    }

    async fn build(config: NotificationConfig, env: Env) -> anyhow::Result<Mounted> {
        let app = app::App {
            messages: store::Messages::new(env.keyring.clone()),
            preferred: store::Preferred,
            renderer: Arc::new(app::Renderer::new()?),
            intake: grpc::Intake::new(env.peers.wire("intake")),
            retry: config.retry(),
            quiet: config.quiet(),
            spool_file: config.spool_dir.as_deref().map(app::SpoolFile::new).map(Arc::new),
            store: env.store,
        };
        let subscriptions = events::subscriptions(&app);
        let deliverer = app.clone();
        let delivery = DueJob::new(app::DELIVERY, move |ctx, message| {
            let app = deliverer.clone();
            async move { app.deliver(&ctx, message).await }
        });
        let service = grpc::Service { app, pages: env.pages };
        let server = NotificationServiceServer::new(service);
        let routes = Routes::new(server.max_decoding_message_size(LARGEST_MESSAGE));
        Ok(Mounted { routes, subscriptions, due: vec![delivery], ..Mounted::default() })
    }
}
