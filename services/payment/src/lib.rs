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
use motcua_service::{Chore, Env, Module, Mounted};
use sea_orm_migration::MigrationTrait;
use tonic::service::Routes;

use crate::{
    app::{App, check_books, timer},
    gateways::Gateways,
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
        let app = App {
            orders: store::Orders::new(env.keyring.clone()),
            policies: store::Policies,
            tills: store::Tills,
            statements: store::Statements::new(env.keyring.clone()),
            discrepancies: store::Discrepancies::new(env.keyring.clone()),
            catalog: grpc::Catalog::new(env.peers.wire("catalog")),
            intake: grpc::Intake::new(env.peers.wire("intake")),
            gateways: Gateways::new(&config)?,
            config: Arc::new(config),
            clock: env.clock,
            store: env.store,
        };
        let lookouts = store::lookouts::of(&app.store);
        let subscriptions = events::subscriptions(&app);
        let http = gateways::routes(app.clone());
        let due = timers(&app);
        let store = app.store.clone();
        let books = Chore::new("books", app.config.books_check(), move |now| {
            let store = store.clone();
            async move { check_books(&store, now).await.map(|()| false) }
        });
        let server = PaymentServiceServer::new(grpc::Service { app, pages: env.pages });
        Ok(Mounted {
            routes: Routes::new(server),
            http,
            subscriptions,
            due,
            chores: vec![books],
            lookouts,
            ..Mounted::default()
        })
    }
}

/// What is done when a timer comes due, by its name.
fn timers(app: &App) -> Vec<DueJob> {
    let (lapse, ask, refund) = (app.clone(), app.clone(), app.clone());
    let (parity, statement, bill) = (app.clone(), app.clone(), app.clone());
    vec![
        DueJob::new(timer::LAPSE, move |ctx, subject| {
            let app = lapse.clone();
            async move { app.lapse(&ctx, subject).await }
        }),
        DueJob::new(timer::ASK, move |ctx, subject| {
            let app = ask.clone();
            async move { app.ask_gateway(&ctx, subject).await }
        }),
        DueJob::new(timer::PARITY, move |ctx, subject| {
            let app = parity.clone();
            async move { app.check_parity(&ctx, subject).await }
        }),
        DueJob::new(timer::STATEMENT, move |ctx, subject| {
            let app = statement.clone();
            async move { app.match_entries(&ctx, subject).await }
        }),
        DueJob::new(timer::BILL, move |ctx, subject| {
            let app = bill.clone();
            async move { app.note_bill(&ctx, subject).await }
        }),
        DueJob::new(timer::REFUND, move |ctx, subject| {
            let app = refund.clone();
            async move { app.send_refund(&ctx, subject).await }
        }),
    ]
}
