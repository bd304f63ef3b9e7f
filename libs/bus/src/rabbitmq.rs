use std::{collections::HashSet, time::Duration};

use futures::StreamExt;
use lapin::{
    Channel, Confirmation, Connection, ConnectionProperties, Consumer, ExchangeKind,
    message::Delivery,
    options::{
        BasicAckOptions, BasicConsumeOptions, BasicPublishOptions, BasicQosOptions,
        BasicRejectOptions, ConfirmSelectOptions, ExchangeDeclareOptions, QueueBindOptions,
        QueueDeclareOptions,
    },
    types::{AMQPValue, FieldTable},
};
use motcua_fault::Fault;
use motcua_post::Envelope;
use motcua_store::Store;
use tokio::sync::Mutex;
use tokio_util::sync::CancellationToken;

use crate::Subscriptions;

mod aside;
mod binding;

const RECONNECT_AFTER: Duration = Duration::from_secs(1);
/// A broker that takes longer has stopped taking: a memory or disk alarm.
const PATIENCE: Duration = Duration::from_secs(5);
const STORE_AGAIN: Duration = Duration::from_millis(200);
const STORE_AGAIN_AT_MOST: Duration = Duration::from_secs(5);
const DELIVERIES: i32 = 1_000_000;

/// The bus on RabbitMQ: one topic exchange, one quorum queue for each service
/// that listens. What nobody listens to is kept for a while beside it, what
/// cannot be read as one of our events is dead.
pub struct Rabbit {
    url: String,
    names: Names,
    window: u16,
    publisher: Mutex<Option<Line>>,
    /// For looks: a broker bears few connections a second.
    watcher: Mutex<Option<Line>>,
}

/// A connection with the one channel used on it.
struct Line {
    /// Dropping it would close the channel.
    connection: Connection,
    channel: Channel,
}

struct Names {
    prefix: String,
}

impl Names {
    fn events(&self) -> String {
        format!("{}motcua.events", self.prefix)
    }

    fn unrouted(&self) -> String {
        format!("{}motcua.unrouted", self.prefix)
    }

    fn dead(&self) -> String {
        format!("{}motcua.dead", self.prefix)
    }

    fn queue(&self, consumer: &str) -> String {
        format!("{}motcua.{consumer}", self.prefix)
    }
}

impl Rabbit {
    pub(crate) fn new(url: &str, prefix: &str, window: u16) -> Self {
        Self {
            url: url.to_owned(),
            names: Names { prefix: prefix.to_owned() },
            window: window.max(1),
            publisher: Mutex::default(),
            watcher: Mutex::default(),
        }
    }

    async fn connect(&self, name: &str) -> Result<Line, Fault> {
        let properties = ConnectionProperties::default().with_connection_name(name.into());
        let connect = async {
            let connection = Connection::connect(&self.url, properties).await?;
            let channel = connection.create_channel().await?;
            lapin::Result::Ok(Line { connection, channel })
        };
        in_time(async { connect.await.map_err(away) }).await
    }

    pub(crate) async fn ping(&self) -> Result<(), Fault> {
        self.look(async |line| line.channel.basic_qos(1, BasicQosOptions::default()).await).await
    }

    /// Asks over the kept connection; one that fails, or is not waited for, is not kept.
    async fn look<T>(&self, ask: impl AsyncFnOnce(&Line) -> lapin::Result<T>) -> Result<T, Fault> {
        let mut kept = self.watcher.lock().await;
        let line = match kept.take() {
            Some(line) if line.channel.status().connected() => line,
            _ => self.connect("motcua-watch").await?,
        };
        let answer = in_time(async { ask(&line).await.map_err(away) }).await?;
        *kept = Some(line);
        Ok(answer)
    }

    /// What lies in a service's own queue, among the dead and among the unrouted.
    pub(crate) async fn depths(&self, service: &str) -> Result<Vec<(&'static str, u32)>, Fault> {
        let queues = [
            ("own", self.names.queue(service)),
            ("dead", self.names.dead()),
            ("unrouted", self.names.unrouted()),
        ];
        self.look(async |line| {
            let mut depths = Vec::with_capacity(queues.len());
            for (queue, name) in queues {
                let only_look =
                    QueueDeclareOptions { passive: true, ..QueueDeclareOptions::default() };
                // A service that listens to nothing has no queue; asking closes the channel.
                let channel = line.connection.create_channel().await?;
                let looked = channel.queue_declare(name.into(), only_look, FieldTable::default());
                if let Ok(found) = looked.await {
                    depths.push((queue, found.message_count()));
                    channel.close(200, "looked".into()).await?;
                }
            }
            Ok(depths)
        })
        .await
    }

    pub(crate) async fn declare(
        &self,
        consumer: &str,
        subscriptions: &Subscriptions,
    ) -> Result<(), Fault> {
        let line = self.connect("motcua-declare").await?;
        self.declare_on(&line.channel, consumer, subscriptions).await.map_err(away)?;
        line.connection.close(200, "declared".into()).await.map_err(away)
    }

    async fn declare_on(
        &self,
        channel: &Channel,
        consumer: &str,
        subscriptions: &Subscriptions,
    ) -> lapin::Result<()> {
        let durable = ExchangeDeclareOptions { durable: true, ..ExchangeDeclareOptions::default() };
        let exchange = async |name: String, kind, arguments| {
            channel.exchange_declare(name.into(), kind, durable, arguments).await
        };
        for aside in [self.names.unrouted(), self.names.dead()] {
            exchange(aside.clone(), ExchangeKind::Fanout, FieldTable::default()).await?;
            // Kept to be looked at, and bounded: the oldest goes first.
            let arguments = table([("x-max-length", AMQPValue::LongInt(100_000))]);
            queue(channel, &aside, arguments).await?;
            bind(channel, &aside, &aside, "").await?;
        }
        let arguments = table([("alternate-exchange", text(&self.names.unrouted()))]);
        exchange(self.names.events(), ExchangeKind::Topic, arguments).await?;
        if subscriptions.is_empty() {
            return Ok(());
        }
        let name = self.names.queue(consumer);
        let arguments = table([
            ("x-queue-type", text("quorum")),
            // Of several pods one receives: that keeps the order of events.
            ("x-single-active-consumer", AMQPValue::Boolean(true)),
            ("x-dead-letter-exchange", text(&self.names.dead())),
            // A lost connection counts as a delivery; only what we reject is dead.
            ("x-delivery-limit", AMQPValue::LongInt(DELIVERIES)),
        ]);
        queue(channel, &name, arguments).await?;
        for event_type in subscriptions.event_types() {
            bind(channel, &name, &self.names.events(), event_type).await?;
        }
        Ok(())
    }

    /// Publishes with confirms in flight, as many as the window allows, and of
    /// one key only one: a refused one must not be overtaken.
    pub(crate) async fn publish(&self, envelopes: &[Envelope]) -> Vec<Result<(), Fault>> {
        let mut line = self.publisher.lock().await;
        let mut answers = Vec::with_capacity(envelopes.len());
        let mut rest = envelopes;
        while !rest.is_empty() {
            let mut keys = HashSet::new();
            let distinct = rest.iter().take_while(|envelope| keys.insert(envelope.key)).count();
            let (window, behind) = rest.split_at(distinct.min(usize::from(self.window)));
            rest = behind;
            match in_time(self.publish_window(&mut line, window)).await {
                Ok(confirmed) => answers.extend(confirmed),
                Err(fault) => {
                    *line = None;
                    tracing::warn!(%fault, "broker did not take events");
                    break;
                }
            }
        }
        answers.resize_with(envelopes.len(), || Err(Fault::unavailable("broker")));
        answers
    }

    async fn publish_window(
        &self,
        line: &mut Option<Line>,
        window: &[Envelope],
    ) -> Result<Vec<Result<(), Fault>>, Fault> {
        let channel = match line {
            Some(line) if line.channel.status().connected() => line.channel.clone(),
            _ => {
                let fresh = self.connect("motcua-relay").await?;
                fresh
                    .channel
                    .confirm_select(ConfirmSelectOptions::default())
                    .await
                    .map_err(away)?;
                line.insert(fresh).channel.clone()
            }
        };
        let mut pending = Vec::with_capacity(window.len());
        for envelope in window {
            let confirm = channel
                .basic_publish(
                    self.names.events().into(),
                    envelope.event_type.clone().into(),
                    BasicPublishOptions { mandatory: true, ..BasicPublishOptions::default() },
                    &envelope.payload,
                    binding::properties(envelope),
                )
                .await
                .map_err(away)?;
            pending.push(confirm);
        }
        let mut confirmed = Vec::with_capacity(pending.len());
        for confirm in pending {
            confirmed.push(match confirm.await.map_err(away)? {
                Confirmation::Ack(None) => Ok(()),
                // Handed back: not even the exchange for unrouted events took it.
                _ => Err(Fault::unavailable("broker")),
            });
        }
        Ok(confirmed)
    }

    /// Brings events into a service's inbox until stopped, connecting anew as often as needed.
    pub(crate) async fn deliver(&self, store: Store, stop: CancellationToken) {
        while !stop.is_cancelled() {
            if let Err(fault) = self.deliver_once(&store, &stop).await {
                tracing::warn!(%fault, service = store.service(), "delivery is held up");
                tokio::select! {
                    () = tokio::time::sleep(RECONNECT_AFTER) => {}
                    () = stop.cancelled() => {}
                }
            }
        }
    }

    async fn deliver_once(&self, store: &Store, stop: &CancellationToken) -> Result<(), Fault> {
        let line = self.connect(&format!("motcua-{}", store.service())).await?;
        let consumer = self.consume(&line.channel, store.service()).await.map_err(away)?;
        let mut batches = consumer.ready_chunks(usize::from(self.window));
        loop {
            let batch = tokio::select! {
                batch = batches.next() => batch,
                () = stop.cancelled() => break,
            };
            let Some(batch) = batch else { return Err(Fault::unavailable("broker")) };
            let deliveries = batch.into_iter().collect::<lapin::Result<Vec<_>>>().map_err(away)?;
            store_deliveries(store, &deliveries, stop).await?;
        }
        // What is not acknowledged goes to the next consumer.
        line.connection.close(200, "stopped".into()).await.map_err(away)
    }

    async fn consume(&self, channel: &Channel, service: &str) -> lapin::Result<Consumer> {
        channel.basic_qos(self.window, BasicQosOptions::default()).await?;
        channel
            .basic_consume(
                self.names.queue(service).into(),
                "".into(),
                BasicConsumeOptions::default(),
                FieldTable::default(),
            )
            .await
    }
}

/// Stored first, acknowledged then.
async fn store_deliveries(
    store: &Store,
    deliveries: &[Delivery],
    stop: &CancellationToken,
) -> Result<(), Fault> {
    let mut envelopes = Vec::with_capacity(deliveries.len());
    let mut good = Vec::with_capacity(deliveries.len());
    for delivery in deliveries {
        if let Some(envelope) = binding::envelope(delivery) {
            envelopes.push(envelope);
            good.push(delivery);
        } else {
            tracing::error!(routing_key = %delivery.routing_key, "message is no event of ours");
            delivery.reject(BasicRejectOptions { requeue: false }).await.map_err(away)?;
        }
    }
    // Never handed back: a queue takes back in another order. What is not
    // acknowledged when the connection ends goes back in its own.
    let mut pause = STORE_AGAIN;
    while let Err(fault) = store.inbox().receive(&envelopes).await {
        tracing::warn!(%fault, service = store.service(), "inbox does not take events");
        tokio::select! {
            () = tokio::time::sleep(pause) => pause = (pause * 2).min(STORE_AGAIN_AT_MOST),
            () = stop.cancelled() => return Err(fault),
        }
    }
    for delivery in good {
        delivery.ack(BasicAckOptions::default()).await.map_err(away)?;
    }
    Ok(())
}

async fn queue(channel: &Channel, name: &str, arguments: FieldTable) -> lapin::Result<()> {
    let options = QueueDeclareOptions { durable: true, ..QueueDeclareOptions::default() };
    channel.queue_declare(name.into(), options, arguments).await?;
    Ok(())
}

async fn bind(channel: &Channel, queue: &str, exchange: &str, key: &str) -> lapin::Result<()> {
    channel
        .queue_bind(
            queue.into(),
            exchange.into(),
            key.into(),
            QueueBindOptions::default(),
            FieldTable::default(),
        )
        .await
}

fn table<const N: usize>(entries: [(&str, AMQPValue); N]) -> FieldTable {
    let mut table = FieldTable::default();
    for (key, value) in entries {
        table.insert(key.into(), value);
    }
    table
}

fn text(value: &str) -> AMQPValue {
    AMQPValue::LongString(value.into())
}

async fn in_time<T>(work: impl Future<Output = Result<T, Fault>>) -> Result<T, Fault> {
    tokio::time::timeout(PATIENCE, work).await.unwrap_or_else(|_| Err(Fault::unavailable("broker")))
}

fn away(error: lapin::Error) -> Fault {
    Fault::unavailable("broker").because(error)
}
