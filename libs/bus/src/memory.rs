use std::sync::{Arc, PoisonError, RwLock};

use motcua_fault::Fault;
use motcua_post::Envelope;
use motcua_store::Store;

use crate::Subscriptions;

/// The bus within one process. Publishing means storing in every listener's
/// inbox: the promise survives a crash, and a slow listener holds nobody up.
#[derive(Default)]
pub struct Memory {
    listeners: RwLock<Vec<Listener>>,
}

#[derive(Clone)]
struct Listener {
    store: Store,
    event_types: Arc<[String]>,
}

impl Memory {
    pub(crate) fn subscribe(&self, store: Store, subscriptions: &Subscriptions) {
        let event_types = subscriptions.event_types().map(ToOwned::to_owned).collect();
        let listener = Listener { store, event_types };
        self.listeners.write().unwrap_or_else(PoisonError::into_inner).push(listener);
    }

    pub(crate) async fn publish(&self, envelopes: &[Envelope]) -> Vec<Result<(), Fault>> {
        let listeners = self.listeners.read().unwrap_or_else(PoisonError::into_inner).clone();
        for listener in &listeners {
            let heard: Vec<_> = envelopes
                .iter()
                .filter(|envelope| listener.event_types.contains(&envelope.event_type))
                .cloned()
                .collect();
            if heard.is_empty() {
                continue;
            }
            if let Err(fault) = listener.store.inbox().receive(&heard).await {
                // One failure is enough: all is published again, and what lies
                // in an inbox already is passed over there.
                let again = || Err(Fault::unavailable("inbox"));
                tracing::warn!(%fault, consumer = listener.store.service(), "inbox refused");
                return envelopes.iter().map(|_| again()).collect();
            }
        }
        envelopes.iter().map(|_| Ok(())).collect()
    }
}
