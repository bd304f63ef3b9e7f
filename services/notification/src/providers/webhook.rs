//! Organisations' own systems (Standard Webhooks 1.0): a signed POST; 2xx is taken, 410 is never.

use std::sync::Arc;

use motcua_context::Timestamp;
use motcua_fault::Fault;
use motcua_ids::WebhookId;
use motcua_outside::Strangers;
use url::Url;

use super::Provider;
use crate::{
    config::WebhooksConfig,
    domain::{Address, Answer, Message, Refusal, Taken, WEBHOOK_GONE, Webhook, trial},
};

/// Of CloudEvents in JSON.
const TYPE: &str = "application/cloudevents+json";

/// Who knows where they are.
#[async_trait::async_trait]
pub(crate) trait Registry: Send + Sync {
    /// The address, if there is one.
    async fn webhook(&self, id: WebhookId) -> Result<Option<Webhook>, Fault>;
}

/// The way to them.
pub(crate) struct Receivers {
    way: Strangers,
}

impl Receivers {
    pub(crate) fn new(config: &WebhooksConfig) -> anyhow::Result<Self> {
        let way = Strangers::new(config.answer(), config.ca.as_deref(), config.anywhere)?;
        Ok(Self { way })
    }

    /// Whether an address may be registered.
    pub(crate) async fn admit(&self, url: &Url) -> Result<(), Refusal> {
        self.way.admit(url).await.map_err(|error| {
            if Strangers::is_not_public(&error) {
                Refusal::WebhookNotPublic
            } else {
                Refusal::WebhookNameUnknown
            }
        })
    }

    /// Sends a trial, which is tried once.
    pub(crate) async fn try_out(&self, now: Timestamp, id: &str, webhook: &Webhook) -> Answer {
        self.tell(now, id, webhook, trial(id, now, webhook.id)).await
    }

    async fn tell(&self, now: Timestamp, id: &str, webhook: &Webhook, body: String) -> Answer {
        let not_public = || Answer::later("WEBHOOK_NOT_PUBLIC");
        let request = webhook.hook.url.parse().ok().and_then(|url| self.way.post(&url).ok());
        let Some(request) = request else { return not_public() };
        let request = request
            .header("content-type", TYPE)
            .header("webhook-id", id)
            .header("webhook-timestamp", now.timestamp())
            .header("webhook-signature", webhook.signatures(id, now, &body))
            .body(body);
        match Strangers::status(request).await {
            Ok(status) if status.is_success() => {
                Answer::Taken(Taken { id: None, segments: 1, receipt: false })
            }
            Ok(status) => match status.as_u16() {
                410 => Answer::refused(WEBHOOK_GONE),
                429 => Answer::later("THROTTLED"),
                300..=399 => Answer::later("WEBHOOK_3XX"),
                400..=499 => Answer::later("WEBHOOK_4XX"),
                _ => Answer::later("WEBHOOK_5XX"),
            },
            Err(error) if Strangers::is_not_public(&error) => not_public(),
            Err(error) if motcua_outside::is_timeout(&error) => Answer::later("TIMEOUT"),
            Err(_) => Answer::later("AWAY"),
        }
    }
}

/// Tells whoever the registry knows.
pub(crate) struct Webhooks {
    pub(crate) receivers: Arc<Receivers>,
    pub(crate) registry: Arc<dyn Registry>,
}

#[async_trait::async_trait]
impl Provider for Webhooks {
    async fn send(&self, now: Timestamp, message: &Message) -> Answer {
        let Address::Webhook(id) = message.written.address else {
            return Answer::refused("WEBHOOK_OFF");
        };
        match self.registry.webhook(id).await {
            Ok(Some(webhook)) if webhook.is_on() => {
                let (id, body) = (message.id.uuid().to_string(), message.written.text.clone());
                self.receivers.tell(now, &id, &webhook, body).await
            }
            // Taken away, or turned off meanwhile.
            Ok(_) => Answer::refused("WEBHOOK_OFF"),
            Err(fault) => {
                tracing::warn!(%fault, "where to tell an organisation's system is not known");
                Answer::later("AWAY")
            }
        }
    }
}
