//! Tells people what happens to their dossiers, and officers what awaits them: in their inbox, and by
//! short message and e-mail through whoever carries them.

mod app;
pub mod config;
pub mod domain;
mod events;
mod grpc;
mod hearing;
mod providers;
mod store;
mod talks;
mod timers;

use std::sync::Arc;

/// What an operator may turn: `motcua providers`.
pub use app::switches;

/// What an examiner may read of this service.
pub mod consistency {
    pub use crate::store::consistency::*;

    /// The timers that hand messages over; their subject is the message.
    pub fn deliveries() -> impl Iterator<Item = &'static str> {
        crate::domain::Channel::ALL.into_iter().map(crate::app::delivery)
    }
}

use config::NotificationConfig;
use motcua_keys::SealedColumn;
use motcua_proto::notification::v1::notification_service_server::NotificationServiceServer;
use motcua_service::{Env, Module, Mounted};
use providers::Providers;
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
        store::sealed()
    }

    async fn build(config: NotificationConfig, env: Env) -> anyhow::Result<Mounted> {
        let messages = store::Messages::new(env.keyring.clone());
        let purse = config.zalo.as_ref().map(|own| purse(own, &env)).transpose()?;
        let talks = talks::talks(&config, &env, purse.as_ref())?;
        let forgetting = talks::chore(&env);
        let zns = config.zalo.clone().map(|own| own.templates).unwrap_or_default();
        let rules = config.rules();
        let turns = app::Turns { messages: messages.clone(), rules, quiet: config.quiet() };
        let arrivals = app::Arrivals {
            store: env.store.clone(),
            messages: messages.clone(),
            receipts: store::Receipts,
            turns: turns.clone(),
            clock: env.clock,
        };
        let inquiries = store::Inquiries::new(env.keyring.clone());
        let ear = app::Ear {
            arrivals: arrivals.clone(),
            inquiries: inquiries.clone(),
            a_day: config.inquiries.a_day.into(),
        };
        let webhooks = store::Webhooks::new(env.keyring.clone());
        let receivers = Arc::new(providers::Receivers::new(&config.webhooks)?);
        let addresses = app::Addresses { store: env.store.clone(), webhooks: webhooks.clone() };
        let systems =
            providers::Webhooks { receivers: receivers.clone(), registry: Arc::new(addresses) };
        let letters = providers::Letters {
            returns: providers::ReturnAddress::new(&config.bounces, &env.keyring),
            unsubscribing: providers::Unsubscribing::new(&config.smtp, &env.keyring),
        };
        let returned = app::bounces(&config.bounces, letters.returns.as_ref(), &arrivals)?;
        let http = talks::routes(&config, hearing::listener(&arrivals), talks.as_ref());
        let app = app::App {
            messages,
            inquiries,
            preferred: store::Preferred,
            reminders: store::Reminders,
            renderer: Arc::new(app::Renderer::new(config.sms_marks)?),
            intake: grpc::Intake::new(env.peers.wire("intake")),
            catalog: grpc::Catalog::new(env.peers.wire("catalog")),
            identity: grpc::Identity::new(env.peers.wire("identity")),
            retry: config.retry(),
            rules,
            leads: config.reminders.leads(),
            limits: config.limits(),
            turns,
            providers: Providers::new(
                &config,
                hearing::listener(&arrivals),
                hearing::asker(&ear),
                purse.as_ref(),
                systems,
                &letters,
            )?,
            hooks: config.webhooks.clone(),
            webhooks,
            receivers,
            tariffs: Arc::new(config.tariffs()),
            switches: store::Switches,
            arrivals: arrivals.clone(),
            zns: Arc::new(zns),
            receipt_awaited: config.receipt_awaited(),
            letters: config.bounces.rule(),
            store: env.store,
        };
        let http = http.merge(letters.unsubscribing.routes(hearing::stopper(&app)));
        let subscriptions = events::subscriptions(&app);
        let mut due = timers::timers(&app, config.smpp.window);
        due.extend(talks.iter().flat_map(talks::timers));
        let chores =
            timers::chores(&app, ear).into_iter().chain(returned).chain([forgetting]).collect();
        let service = grpc::Service { app, pages: env.pages };
        let server = NotificationServiceServer::new(service);
        let routes = Routes::new(server.max_decoding_message_size(LARGEST_MESSAGE));
        Ok(Mounted { routes, http, subscriptions, due, chores, ..Mounted::default() })
    }
}

/// What we are known by at Zalo is kept in the store.
fn purse(own: &config::ZaloConfig, env: &Env) -> anyhow::Result<Arc<dyn providers::Holder>> {
    Ok(Arc::new(app::Purse {
        store: env.store.clone(),
        passes: store::Passes::new(env.keyring.clone()),
        clock: env.clock.clone(),
        oauth: providers::Oauth::new(own.clone())?,
        turn: tokio::sync::Mutex::default(),
    }))
}
