use std::{sync::Arc, time::Duration};

use motcua_fault::Fault;
use motcua_post::Envelope;
use motcua_store::Store;
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use crate::{
    Subscriptions,
    memory::Memory,
    rabbitmq::Rabbit,
    stray::{Pile, SoughtStray, Stray},
};

/// Where the bus is.
#[derive(Debug, Clone)]
pub enum BusConfig {
    /// In this process: every service must be mounted here.
    Memory,
    /// `amqp://…`: RabbitMQ.
    Rabbit {
        /// The broker's address with its credentials and virtual host.
        url: String,
        /// Put before the names of exchange and queues, so that several
        /// deployments can share a broker. Empty in production.
        prefix: String,
        /// Events that may be on their way to be confirmed, or to be stored by a listener.
        window: u16,
    },
}

/// The bus.
#[derive(Clone)]
pub enum Bus {
    /// Within this process.
    Memory(Arc<Memory>),
    /// RabbitMQ.
    Rabbit(Arc<Rabbit>),
}

impl Bus {
    /// The bus at its place. RabbitMQ is connected when it is first needed.
    pub fn new(config: &BusConfig) -> Self {
        match config {
            BusConfig::Memory => Self::Memory(Arc::default()),
            BusConfig::Rabbit { url, prefix, window } => {
                Self::Rabbit(Arc::new(Rabbit::new(url, prefix, *window)))
            }
        }
    }

    /// Its name in traces and metrics.
    pub(crate) const fn system(&self) -> &'static str {
        match self {
            Self::Memory(_) => "motcua",
            Self::Rabbit(_) => "rabbitmq",
        }
    }

    /// How many events lie in the broker for a service, and aside; none where
    /// there is no broker.
    pub async fn depths(&self, service: &str) -> Result<Vec<(&'static str, u32)>, Fault> {
        match self {
            Self::Memory(_) => Ok(Vec::new()),
            Self::Rabbit(rabbit) => rabbit.depths(service).await,
        }
    }

    /// Declares the exchange, and the queue of a service with what it listens
    /// to. `motcua migrate` does it in production.
    pub async fn declare(
        &self,
        consumer: &str,
        subscriptions: &Subscriptions,
    ) -> Result<(), Fault> {
        match self {
            Self::Memory(_) => Ok(()),
            Self::Rabbit(rabbit) => rabbit.declare(consumer, subscriptions).await,
        }
    }

    /// Begins to bring what `store`'s service listens to into its inbox.
    pub fn subscribe(
        &self,
        store: &Store,
        subscriptions: &Subscriptions,
        tasks: &TaskTracker,
        stop: CancellationToken,
    ) {
        match self {
            Self::Memory(memory) => memory.subscribe(store.clone(), subscriptions),
            Self::Rabbit(rabbit) if !subscriptions.is_empty() => {
                let (rabbit, store) = (rabbit.clone(), store.clone());
                tasks.spawn(async move { rabbit.deliver(store, stop).await });
            }
            Self::Rabbit(_) => {}
        }
    }

    /// Publishes events in their order. Answers which are safe: in every
    /// listener's inbox, or confirmed by the broker. What is not has to be
    /// published again, and everything behind it of the same key with it.
    pub async fn publish(&self, envelopes: &[Envelope]) -> Vec<Result<(), Fault>> {
        match self {
            Self::Memory(memory) => memory.publish(envelopes).await,
            Self::Rabbit(rabbit) => rabbit.publish(envelopes).await,
        }
    }

    /// What is kept aside there and is sought, the oldest first; it stays there.
    pub async fn strays(
        &self,
        pile: Pile,
        sought: &SoughtStray,
        limit: usize,
    ) -> Result<Vec<Stray>, Fault> {
        match self {
            // What has no listener is nowhere, and what lies in an inbox was read.
            Self::Memory(_) => Ok(Vec::new()),
            Self::Rabbit(rabbit) => rabbit.strays(pile, sought, limit).await,
        }
    }

    /// Sends what is kept aside there and is sought on its way again; answers what.
    pub async fn send_again(&self, pile: Pile, sought: &SoughtStray) -> Result<Vec<Stray>, Fault> {
        match self {
            Self::Memory(_) => Ok(Vec::new()),
            Self::Rabbit(rabbit) => rabbit.send_again(pile, sought).await,
        }
    }

    /// Whether the bus can be reached.
    pub async fn ping(&self) -> Result<(), Fault> {
        match self {
            Self::Memory(_) => Ok(()),
            Self::Rabbit(rabbit) => tokio::time::timeout(Duration::from_secs(3), rabbit.ping())
                .await
                .unwrap_or_else(|_| Err(Fault::unavailable("broker"))),
        }
    }
}
