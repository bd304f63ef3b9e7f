//! The queues of what could not go on: looked at without taking, and put back on its way.

use lapin::{
    Channel, Confirmation,
    message::{BasicGetMessage, Delivery},
    options::{BasicAckOptions, BasicGetOptions, BasicPublishOptions, ConfirmSelectOptions},
    types::{AMQPValue, FieldTable},
};
use motcua_fault::Fault;
use motcua_ids::Uuid;
use sha2::{Digest, Sha256};

use super::{Rabbit, away, binding, in_time};
use crate::stray::{Pile, SoughtStray, Stray};

/// Names in hostile messages are cut here.
const LONGEST: usize = 200;
const REJECTED_FROM: &str = "x-first-death-queue";

impl Rabbit {
    /// What lies there and is sought, the oldest first. It stays there.
    pub(crate) async fn strays(
        &self,
        pile: Pile,
        sought: &SoughtStray,
        limit: usize,
    ) -> Result<Vec<Stray>, Fault> {
        let line = self.connect("motcua-events").await?;
        let mut strays = Vec::new();
        while strays.len() < limit
            && let Some(message) = get(&line.channel, &self.pile(pile)).await?
        {
            let stray = stray(pile, &message.delivery);
            if sought.admits(&stray) {
                strays.push(stray);
            }
        }
        // What is not acknowledged goes back to its place.
        line.connection.close(200, "looked".into()).await.map_err(away)?;
        Ok(strays)
    }

    /// Sends what is sought on its way again: what nobody was bound for to the
    /// exchange, what was rejected to the queue that it was rejected from. What
    /// cannot go on this time either comes back.
    pub(crate) async fn send_again(
        &self,
        pile: Pile,
        sought: &SoughtStray,
    ) -> Result<Vec<Stray>, Fault> {
        let line = self.connect("motcua-events").await?;
        let channel = &line.channel;
        channel.confirm_select(ConfirmSelectOptions::default()).await.map_err(away)?;
        let mut sent = Vec::new();
        // Not more than lay there at the beginning: what comes back is not sent twice.
        let mut left = None;
        while left != Some(0)
            && let Some(message) = get(channel, &self.pile(pile)).await?
        {
            left = Some(left.unwrap_or(message.message_count + 1) - 1);
            let stray = stray(pile, &message.delivery);
            if sought.admits(&stray) {
                self.send(channel, pile, &message.delivery).await?;
                sent.push(stray);
            }
        }
        line.connection.close(200, "sent".into()).await.map_err(away)?;
        Ok(sent)
    }

    /// Confirmed first, taken away then: twice in doubt, never not at all.
    async fn send(&self, channel: &Channel, pile: Pile, delivery: &Delivery) -> Result<(), Fault> {
        let (exchange, to) = match (pile, rejected_from(delivery)) {
            (Pile::Dead, Some(queue)) => (String::new(), queue),
            _ => (self.names.events(), delivery.routing_key.to_string()),
        };
        // The broker's own notes on it are not ours to send.
        let mut headers = FieldTable::default();
        for (name, value) in delivery.properties.headers().iter().flat_map(FieldTable::inner) {
            if !name.as_str().starts_with("x-") {
                headers.insert(name.clone(), value.clone());
            }
        }
        let publish = channel.basic_publish(
            exchange.into(),
            to.into(),
            BasicPublishOptions { mandatory: true, ..BasicPublishOptions::default() },
            &delivery.data,
            delivery.properties.clone().with_headers(headers),
        );
        let confirmed = in_time(async { publish.await.map_err(away)?.await.map_err(away) }).await?;
        if !matches!(confirmed, Confirmation::Ack(None)) {
            return Err(Fault::unavailable("broker"));
        }
        delivery.ack(BasicAckOptions::default()).await.map_err(away)?;
        Ok(())
    }

    fn pile(&self, pile: Pile) -> String {
        match pile {
            Pile::Dead => self.names.dead(),
            Pile::Unrouted => self.names.unrouted(),
        }
    }
}

async fn get(channel: &Channel, queue: &str) -> Result<Option<BasicGetMessage>, Fault> {
    let get = channel.basic_get(queue.into(), BasicGetOptions::default());
    in_time(async { get.await.map_err(away) }).await
}

fn stray(pile: Pile, delivery: &Delivery) -> Stray {
    let text = |name: &str| binding::text(&delivery.properties, name).unwrap_or_default();
    let id = text("id");
    let place = match pile {
        Pile::Dead => rejected_from(delivery).unwrap_or_default(),
        Pile::Unrouted => delivery.routing_key.to_string(),
    };
    Stray {
        pile,
        id: if Uuid::try_parse(&id).is_ok() { id } else { hash(delivery) },
        event_type: plain(&text("type")),
        source: plain(text("source").trim_start_matches(binding::SOURCE)),
        key: Uuid::try_parse(&text("subject")).ok(),
        place: plain(&place),
        occurred_at: text("time").parse().ok(),
        size: delivery.data.len(),
    }
}

fn rejected_from(delivery: &Delivery) -> Option<String> {
    match delivery.properties.headers().as_ref()?.inner().get(REJECTED_FROM)? {
        AMQPValue::LongString(text) => Some(text.to_string()),
        AMQPValue::ShortString(text) => Some(text.to_string()),
        _ => None,
    }
}

/// Only what a name of ours is written with: a stranger's words stay in their message.
fn plain(text: &str) -> String {
    let known = |c: &char| c.is_ascii_alphanumeric() || "._-/".contains(*c);
    text.chars().take(LONGEST).take_while(known).collect()
}

fn hash(delivery: &Delivery) -> String {
    let hash = Sha256::digest(&delivery.data);
    hash[..8].iter().fold("x".to_owned(), |text, byte| format!("{text}{byte:02x}"))
}
