//! `payment`: phí and lệ phí, from what is owed to what was given back. See `README.md` for what
//! it owns, and `domain` for how the books are kept.

mod app;
pub mod config;
pub mod domain;
mod events;
mod gateways;
mod grpc;
mod store;

use std::sync::Arc;

/// What an examiner may read of this service.
pub mod consistency {
    pub use crate::store::consistency::*;
}

use config::PaymentConfig;
use motcua_bus::DueJob;
use motcua_keys::SealedColumn;
use motcua_proto::payment::v1::payment_service_server::PaymentServiceServer;
use motcua_service::{Env, Module, Mounted};
use sea_orm_migration::MigrationTrait;
use tonic::service::Routes;

use crate::{
    app::{App, timer},
    gateways::{Gateway, Vnpay},
};

/// The service.
pub struct Payment;

impl Module for Payment {
    const NAME: &'static str = "payment";
    type Config = PaymentConfig;

    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        store::migrations()
    }

    fn sealed() -> Vec<SealedColumn> {
        store::sealed_columns()
    }

    async fn build(config: PaymentConfig, env: Env) -> anyhow::Result<Mounted> {
        let gateway = config.vnpay.clone().map(Vnpay::new).transpose()?;
        let app = App {
            orders: store::Orders::new(env.keyring.clone()),
            policies: store::Policies,
            tills: store::Tills,
            catalog: grpc::Catalog::new(env.peers.wire("catalog")),
            gateway: gateway.map(|gateway| Arc::new(gateway) as Arc<dyn Gateway>),
            config: Arc::new(config),
            clock: env.clock,
            store: env.store,
        };
        let subscriptions = events::subscriptions(&app);
        let http = gateways::routes(app.clone());
        let due = timers(&app);
        let server = PaymentServiceServer::new(grpc::Service { app, pages: env.pages });
        Ok(Mounted { routes: Routes::new(server), http, subscriptions, due, ..Mounted::default() })
    }
}

/// What is done when a timer comes due, by its name.
fn timers(app: &App) -> Vec<DueJob> {
    let (lapse, ask, refund) = (app.clone(), app.clone(), app.clone());
    vec![
        DueJob::new(timer::LAPSE, move |ctx, subject| {
            let app = lapse.clone();
            async move { app.lapse(&ctx, subject).await }
        }),
        DueJob::new(timer::ASK, move |ctx, subject| {
            let app = ask.clone();
            async move { app.ask_gateway(&ctx, subject).await }
        }),
        DueJob::new(timer::REFUND, move |ctx, subject| {
            let app = refund.clone();
            async move { app.send_refund(&ctx, subject).await }
        }),
    ]
}
