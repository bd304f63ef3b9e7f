use std::{collections::BTreeMap, sync::Arc};

use futures::future::BoxFuture;
use motcua_context::{Actor, Cause, Ctx, System, Timestamp};
use motcua_fault::Fault;
use motcua_post::Letter;
use prost::{Message, Name};

use crate::Retries;

type Handler = Arc<dyn Fn(Ctx, &[u8]) -> BoxFuture<'static, Result<(), Fault>> + Send + Sync>;

/// What a service does when it is told an event.
#[derive(Clone)]
pub struct Subscription {
    event_type: String,
    handler: Handler,
}

/// Acts upon events `E` by `handler`.
///
/// The handler's context has the event as its cause, so its write happens once.
/// A transient fault is tried again later while the events of the same key
/// wait; any other fault parks the event for a person.
pub fn on<E, F, R>(handler: F) -> Subscription
where
    E: Message + Name + Default,
    F: Fn(Ctx, E) -> R + Send + Sync + 'static,
    R: Future<Output = Result<(), Fault>> + Send + 'static,
{
    let handler = move |ctx: Ctx, payload: &[u8]| -> BoxFuture<'static, _> {
        match E::decode(payload) {
            Ok(event) => Box::pin(handler(ctx, event)),
            Err(error) => Box::pin(async move { Err(undecodable(&error)) }),
        }
    };
    Subscription { event_type: E::full_name(), handler: Arc::new(handler) }
}

/// Everything a service listens to.
#[derive(Clone, Default)]
pub struct Subscriptions {
    handlers: Arc<BTreeMap<String, Handler>>,
    retries: Retries,
}

impl Subscriptions {
    /// One handler for each type of event.
    pub fn new(all: impl IntoIterator<Item = Subscription>) -> Self {
        let handlers = all.into_iter().map(|s| (s.event_type, s.handler)).collect();
        Self { handlers: Arc::new(handlers), retries: Retries::default() }
    }

    /// How often what fails is tried again.
    #[must_use]
    pub fn with_retries(mut self, retries: Retries) -> Self {
        self.retries = retries;
        self
    }

    pub(crate) const fn retries(&self) -> &Retries {
        &self.retries
    }

    /// The types of event listened to: `motcua.intake.v1.DossierAccepted`.
    pub fn event_types(&self) -> impl Iterator<Item = &str> {
        self.handlers.keys().map(String::as_str)
    }

    /// Whether anything is listened to.
    pub fn is_empty(&self) -> bool {
        self.handlers.is_empty()
    }

    pub(crate) async fn handle(
        &self,
        consumer: &'static str,
        letter: &Letter,
        now: Timestamp,
    ) -> Result<(), Fault> {
        // What was listened to once and no longer is has nobody to act upon it.
        let Some(handler) = self.handlers.get(&letter.envelope.event_type) else { return Ok(()) };
        let cause = Cause::Event { consumer, event: letter.envelope.id };
        let ctx = Ctx::new(Actor::System(System::service(consumer)), now)
            .with_cause(cause)
            .with_traceparent(motcua_telemetry::current_traceparent());
        handler(ctx, &letter.envelope.payload).await
    }
}

fn undecodable(error: &prost::DecodeError) -> Fault {
    Fault::new(
        motcua_fault::Kind::InvalidArgument,
        "EVENT_UNDECODABLE",
        "Sự kiện không đọc được theo hợp đồng dữ liệu.",
    )
    .with("cause", error)
}
