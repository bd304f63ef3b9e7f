use motcua_bus::{Bus, Pile, Stray};
use motcua_post::{Mended, Mending};
use motcua_spine::Spine;

use super::{
    item::Item,
    services,
    which::{Place, Where, Which},
};
use crate::roles;

/// The broker's queues of what could not go on.
pub(super) struct Piles<'a> {
    spine: &'a Spine,
    bus: Bus,
    each: Vec<Pile>,
    order: Vec<Where>,
}

impl<'a> Piles<'a> {
    pub(super) fn of(spine: &'a Spine, places: &[Where]) -> Self {
        let piles = places
            .iter()
            .filter_map(|place| match place {
                Where::Pile(pile) => Some(*pile),
                Where::Inbox(_) => None,
            })
            .collect();
        Self { spine, bus: Bus::new(&spine.bus.config()), each: piles, order: places.to_vec() }
    }

    pub(super) async fn list(
        &self,
        which: &Which,
        after: Option<&Place>,
        limit: u64,
    ) -> anyhow::Result<Vec<Item>> {
        let mut items = Vec::new();
        for pile in &self.each {
            let of = Where::Pile(*pile);
            let left = usize::try_from(limit)?.saturating_sub(items.len());
            let Some(skip) = Place::skip(after, &self.order, of).filter(|_| left > 0) else {
                continue;
            };
            let Some(sought) = which.strays(reason(*pile)) else { continue };
            let skip = usize::try_from(skip)?;
            let strays = self.bus.strays(*pile, &sought, skip.saturating_add(left)).await?;
            let places = (1..).map(|at| Place { of, at });
            let lying = places.zip(strays).skip(skip);
            items.extend(lying.map(|(place, stray)| item(place, stray)));
        }
        Ok(items)
    }

    /// Answers from where and which.
    pub(super) async fn redrive(
        &self,
        which: &Which,
        by: &Mending,
    ) -> anyhow::Result<Vec<(&'static str, String)>> {
        let mut redriven = Vec::new();
        for pile in &self.each {
            let Some(sought) = which.strays(reason(*pile)) else { continue };
            let sent = self.bus.send_again(*pile, &sought).await?;
            for stray in sent {
                self.record(&stray, by).await?;
                redriven.push((pile.as_str(), stray.id));
            }
        }
        Ok(redriven)
    }

    /// Kept by the service that said it, or that could not read it.
    async fn record(&self, stray: &Stray, by: &Mending) -> anyhow::Result<()> {
        let concerned = |service: &&str| {
            stray.source == **service || stray.place.ends_with(&format!("motcua.{service}"))
        };
        let all = services();
        let keeper = all.into_iter().find(concerned).unwrap_or(all[0]);
        let act = Mended {
            by: by.by.clone(),
            at: by.at,
            event: stray.id.clone(),
            event_type: stray.event_type.clone(),
            key: stray.key,
            reason: reason(stray.pile).to_owned(),
            attempts: 0,
        };
        for store in roles::open(self.spine, &[keeper]).await? {
            store.inbox().record_mended(std::slice::from_ref(&act)).await?;
        }
        Ok(())
    }
}

/// Why it lies there.
const fn reason(pile: Pile) -> &'static str {
    match pile {
        Pile::Dead => "NOT_AN_EVENT",
        Pile::Unrouted => "UNROUTED",
    }
}

fn item(place: Place, stray: Stray) -> Item {
    Item {
        place,
        reason: reason(stray.pile).to_owned(),
        id: stray.id,
        event_type: stray.event_type,
        source: stray.source,
        key: stray.key,
        attempts: 0,
        behind: 0,
        said_at: stray.occurred_at,
        traceparent: None,
        size: stray.size,
    }
}
