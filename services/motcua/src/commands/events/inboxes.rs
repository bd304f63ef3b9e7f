use motcua_ids::EventId;
use motcua_post::{Mended, Mending, ParkedLetter};
use motcua_spine::Spine;
use motcua_store::Store;

use super::{
    item::Item,
    which::{Place, Where, Which},
};
use crate::roles;

/// The inboxes of some services.
pub(super) struct Inboxes {
    stores: Vec<Store>,
    order: Vec<Where>,
}

impl Inboxes {
    /// Those named by `places`; of the broker's queues those who keep what is done about them.
    pub(super) async fn open(spine: &Spine, places: &[Where]) -> anyhow::Result<Self> {
        let chosen: Vec<_> = places
            .iter()
            .filter_map(|place| match place {
                Where::Inbox(service) => Some(*service),
                Where::Pile(_) => None,
            })
            .collect();
        let stores = roles::open(spine, &chosen).await?;
        Ok(Self { stores, order: places.to_vec() })
    }

    pub(super) async fn list(
        &self,
        which: &Which,
        after: Option<&Place>,
        limit: u64,
    ) -> anyhow::Result<Vec<Item>> {
        let mut items = Vec::new();
        for store in &self.stores {
            let of = Where::Inbox(store.service());
            let left = limit.saturating_sub(items.len() as u64);
            let Some(skip) = Place::skip(after, &self.order, of).filter(|_| left > 0) else {
                continue;
            };
            let Some(sought) = which.letters(Some(skip)) else { continue };
            let parked = store.inbox().parked(&sought, left).await?;
            items.extend(parked.into_iter().map(|letter| item(of, letter)));
        }
        Ok(items)
    }

    /// Answers at whom and which.
    pub(super) async fn redrive(
        &self,
        which: &Which,
        by: &Mending,
    ) -> anyhow::Result<Vec<(&'static str, String)>> {
        let mut redriven = Vec::new();
        let Some(sought) = which.letters(None) else { return Ok(redriven) };
        for store in &self.stores {
            let ids = store.inbox().redrive(&sought, by).await?;
            redriven.extend(ids.into_iter().map(|id| (store.service(), id.uuid().to_string())));
        }
        Ok(redriven)
    }

    /// Says an event of a log again. Answers whose log it is.
    pub(super) async fn say_again(
        &self,
        event: EventId,
        by: &Mending,
    ) -> anyhow::Result<Option<&'static str>> {
        for store in &self.stores {
            if store.outbox().say_again(event, by).await? {
                return Ok(Some(store.service()));
            }
        }
        Ok(None)
    }

    /// What people put back on its way, with the service that keeps it; the newest first.
    pub(super) async fn acts(
        &self,
        event: Option<&str>,
        limit: u64,
    ) -> anyhow::Result<Vec<(&'static str, Mended)>> {
        let mut acts = Vec::new();
        for store in &self.stores {
            let of = store.inbox().mended(event, limit).await?;
            acts.extend(of.into_iter().map(|act| (store.service(), act)));
        }
        acts.sort_by_key(|(_, act)| std::cmp::Reverse(act.at));
        acts.truncate(usize::try_from(limit)?);
        Ok(acts)
    }
}

fn item(of: Where, letter: ParkedLetter) -> Item {
    let ParkedLetter { position, envelope, reason, attempts, behind } = letter;
    Item {
        place: Place { of, at: position },
        id: envelope.id.uuid().to_string(),
        event_type: envelope.event_type,
        source: envelope.source,
        key: Some(envelope.key),
        reason,
        attempts,
        behind,
        said_at: Some(envelope.occurred_at),
        traceparent: envelope.traceparent,
        size: envelope.payload.len(),
    }
}
