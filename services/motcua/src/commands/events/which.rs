use std::{fmt, str::FromStr};

use anyhow::{Context, bail};
use clap::Args;
use motcua_bus::{Pile, SoughtStray};
use motcua_ids::Uuid;
use motcua_post::Sought;

use super::services;

/// Which events; all conditions hold at once.
#[derive(Debug, Clone, Default, Args)]
pub(crate) struct Which {
    #[arg(skip)]
    id: Option<String>,
    /// Only what waits at these listeners, by comma; `dead` is what the broker was handed back
    /// as no event, `unrouted` what no queue was bound for.
    #[arg(long, value_delimiter = ',', value_name = "SERVICE")]
    consumer: Vec<String>,
    /// Only what this service said.
    #[arg(long, value_name = "SERVICE")]
    source: Option<String>,
    /// Only events of this type, `motcua.intake.v1.DossierAccepted`.
    #[arg(long = "type", value_name = "NAME")]
    event_type: Option<String>,
    /// Only what is about this: a UUID, or a name such as `dossiers/…`.
    #[arg(long, value_parser = key)]
    key: Option<Uuid>,
    /// Only what was parked for this reason.
    #[arg(long)]
    reason: Option<String>,
}

impl Which {
    /// One event, wherever it waits.
    pub(super) fn event(id: &str) -> Self {
        Self { id: Some(id.to_owned()), ..Self::default() }
    }

    /// The same, of one event if it is named.
    pub(super) fn of(mut self, id: Option<String>) -> Self {
        self.id = id;
        self
    }

    pub(super) fn is_everything(&self) -> bool {
        self.id.is_none()
            && self.consumer.is_empty()
            && self.source.is_none()
            && self.event_type.is_none()
            && self.key.is_none()
            && self.reason.is_none()
    }

    /// Where to look.
    pub(super) fn places(&self) -> anyhow::Result<Vec<Where>> {
        let all = services().into_iter().map(Where::Inbox).chain(Pile::ALL.map(Where::Pile));
        if self.consumer.is_empty() {
            return Ok(all.collect());
        }
        let known: Vec<_> = all.collect();
        self.consumer
            .iter()
            .map(|name| {
                let found = known.iter().find(|place| place.as_str() == name);
                found.copied().with_context(|| {
                    let names: Vec<_> = known.iter().map(Where::as_str).collect();
                    format!("--consumer {name}: write {}", names.join(", "))
                })
            })
            .collect()
    }

    /// As an inbox is asked; `None` where nothing of this can lie in one.
    pub(super) fn letters(&self, after: Option<i64>) -> Option<Sought> {
        let id = match &self.id {
            Some(id) => Some(Uuid::try_parse(id).ok()?.into()),
            None => None,
        };
        Some(Sought {
            id,
            source: self.source.clone(),
            event_type: self.event_type.clone(),
            key: self.key,
            reason: self.reason.clone(),
            after,
        })
    }

    /// As the broker is asked; `None` where nothing of this can lie there.
    pub(super) fn strays(&self, reason: &str) -> Option<SoughtStray> {
        if self.reason.as_ref().is_some_and(|sought| sought != reason) {
            return None;
        }
        Some(SoughtStray {
            id: self.id.clone(),
            source: self.source.clone(),
            event_type: self.event_type.clone(),
            key: self.key,
        })
    }
}

/// Where something waits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Where {
    /// A service's inbox.
    Inbox(&'static str),
    /// A queue of the broker.
    Pile(Pile),
}

impl Where {
    pub(super) const fn as_str(&self) -> &'static str {
        match self {
            Self::Inbox(service) => service,
            Self::Pile(pile) => pile.as_str(),
        }
    }
}

/// Where, and how far: `workflow/17`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Place {
    pub(super) of: Where,
    pub(super) at: i64,
}

impl Place {
    /// How far to go on in `of`: nothing of what comes before in the list.
    pub(super) fn skip(after: Option<&Self>, order: &[Where], of: Where) -> Option<i64> {
        let Some(after) = after else { return Some(0) };
        let rank = |sought: Where| order.iter().position(|place| *place == sought);
        match rank(of).cmp(&rank(after.of)) {
            std::cmp::Ordering::Less => None,
            std::cmp::Ordering::Equal => Some(after.at),
            std::cmp::Ordering::Greater => Some(0),
        }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.of.as_str(), self.at)
    }
}

impl FromStr for Place {
    type Err = anyhow::Error;

    fn from_str(text: &str) -> anyhow::Result<Self> {
        let (of, at) = text.split_once('/').context("write PLACE as `list` does: workflow/17")?;
        let which = Which { consumer: vec![of.to_owned()], ..Which::default() };
        let Some(of) = which.places()?.pop() else { bail!("no place") };
        Ok(Self { of, at: at.parse()? })
    }
}

fn key(text: &str) -> Result<Uuid, String> {
    let id = text.rsplit('/').next().unwrap_or_default();
    Uuid::try_parse(id).map_err(|_| "write a UUID, or a name such as dossiers/<UUID>".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_goes_on_where_the_last_one_ended() {
        let order = [Where::Inbox("intake"), Where::Inbox("workflow"), Where::Pile(Pile::Dead)];
        let after: Place = "workflow/17".parse().unwrap();
        assert_eq!(after.to_string(), "workflow/17");
        let skips = order.map(|of| Place::skip(Some(&after), &order, of));
        assert_eq!(skips, [None, Some(17), Some(0)]);
        assert_eq!(order.map(|of| Place::skip(None, &order, of)), [Some(0); 3]);
        assert!("nowhere/1".parse::<Place>().is_err() && "dead".parse::<Place>().is_err());
    }

    #[test]
    fn a_dossier_is_known_by_its_name_or_its_id() {
        let id = Uuid::from_u128(7);
        assert_eq!(key(&format!("dossiers/{id}")), Ok(id));
        assert_eq!(key(&id.to_string()), Ok(id));
        assert!(key("H53.41-261122-0001").is_err());
    }

    proptest::proptest! {
        #[test]
        fn any_text_is_a_place_or_none(text in proptest::prop_oneof![
            proptest::prelude::any::<String>(), "(dead|stray|[a-z]{1,9})/-?[0-9]{0,20}",
        ]) {
            let _ = (text.parse::<Place>(), key(&text));
        }
    }
}
