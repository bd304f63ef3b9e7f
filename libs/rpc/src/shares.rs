use std::{
    collections::HashMap,
    net::IpAddr,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use motcua_context::{Actor, System};

/// Who is counted as one caller.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) enum Party {
    /// Whoever calls from an address and has not signed in.
    Guest(Option<IpAddr>),
    /// An account, or another system's, whichever way its call comes.
    Known(String),
    /// One of our services by itself: its own door has bounded what it does.
    Service,
}

impl Party {
    pub(crate) fn of(actor: &Actor, address: Option<IpAddr>) -> Self {
        match actor.principal() {
            Actor::System(System { service: true, .. }) => Self::Service,
            actor => actor.identity().map_or(Self::Guest(address), Self::Known),
        }
    }
}

/// So many places, shared fairly.
///
/// One caller may hold as many as are still free (the dynamic thresholds of Choudhury and Hahne,
/// IEEE/ACM Transactions on Networking 6(2), 1998), but for an eighth that is kept for callers who
/// hold none: not half of them while he is alone, and less the more others hold. Guests together
/// have half of the places at the most, shared among them alike.
#[derive(Debug)]
pub(crate) struct Shares {
    most: usize,
    taken: Mutex<Taken>,
}

#[derive(Debug, Default)]
struct Taken {
    all: usize,
    guests: usize,
    parties: HashMap<Party, usize>,
}

/// A place that is held until this is dropped.
#[derive(Debug)]
pub(crate) struct Share {
    shares: Arc<Shares>,
    party: Party,
}

impl Shares {
    pub(crate) fn new(most: usize) -> Arc<Self> {
        Arc::new(Self { most, taken: Mutex::default() })
    }

    /// One more place for this caller, if he may have it.
    pub(crate) fn take(self: &Arc<Self>, party: Party) -> Option<Share> {
        let mut taken = self.taken();
        let own = taken.parties.get(&party).copied().unwrap_or_default();
        let free = self.most.saturating_sub(taken.all);
        let (free, kept) = match party {
            Party::Guest(_) => {
                let guests = self.most.div_ceil(2);
                (free.min(guests.saturating_sub(taken.guests)), guests / 8)
            }
            Party::Known(_) | Party::Service => (free, self.most / 8),
        };
        let is_first = own == 0 || party == Party::Service;
        if free == 0 || !is_first && own >= free.saturating_sub(kept) {
            return None;
        }
        taken.all += 1;
        taken.guests += usize::from(matches!(party, Party::Guest(_)));
        *taken.parties.entry(party.clone()).or_default() += 1;
        Some(Share { shares: self.clone(), party })
    }

    fn taken(&self) -> MutexGuard<'_, Taken> {
        self.taken.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Share {
    fn drop(&mut self) {
        let mut taken = self.shares.taken();
        taken.all -= 1;
        taken.guests -= usize::from(matches!(self.party, Party::Guest(_)));
        if let Some(own) = taken.parties.get_mut(&self.party) {
            *own -= 1;
            if *own == 0 {
                taken.parties.remove(&self.party);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::iter;

    use motcua_context::Person;
    use motcua_ids::Uuid;

    use super::*;

    fn known(name: &str) -> Party {
        Party::Known(name.to_owned())
    }

    fn guest(last: u8) -> Party {
        Party::Guest(Some([203, 0, 113, last].into()))
    }

    /// All that a caller can get now.
    fn all(shares: &Arc<Shares>, party: &Party) -> Vec<Share> {
        iter::from_fn(|| shares.take(party.clone())).collect()
    }

    #[test]
    fn each_greedy_caller_leaves_more_than_he_holds() {
        let shares = Shares::new(512);
        let first = all(&shares, &known("a"));
        assert_eq!(first.len(), 224);
        let second = all(&shares, &known("b"));
        assert_eq!(second.len(), 112);
        // Whoever gives back does not get it all again while the door is this full.
        drop(first);
        let again = all(&shares, &known("a"));
        assert_eq!((again.len(), second.len()), (168, 112));
    }

    #[test]
    fn a_modest_caller_finds_a_place_however_greedy_the_others_are() {
        let shares = Shares::new(512);
        let greedy: Vec<_> =
            (0..60).flat_map(|n| all(&shares, &known(&format!("greedy {n}")))).collect();
        assert!(greedy.len() > 448, "{}", greedy.len());
        assert!(shares.take(known("modest")).is_some());
    }

    #[test]
    fn guests_have_half_of_the_places_and_each_address_a_share_of_them() {
        let shares = Shares::new(512);
        let one = all(&shares, &guest(1));
        assert_eq!(one.len(), 112);
        let guests: Vec<_> = (2..255).flat_map(|last| all(&shares, &guest(last))).collect();
        assert_eq!(one.len() + guests.len(), 256);
        assert!(shares.take(known("a")).is_some());
    }

    #[test]
    fn what_is_given_back_is_forgotten() {
        let shares = Shares::new(4);
        let held = [known("a"), guest(1), Party::Service].map(|party| shares.take(party).unwrap());
        drop(held);
        let taken = shares.taken();
        assert_eq!((taken.all, taken.guests, taken.parties.len()), (0, 0, 0));
    }

    #[test]
    fn one_caller_is_one_party_whichever_way_he_comes() {
        let person = Actor::Person(Person::citizen(Uuid::from_u128(7).into()));
        let through = Actor::System(System {
            on_behalf_of: Some(Box::new(person.clone())),
            ..System::service("intake")
        });
        let address = Some([203, 0, 113, 7].into());
        assert_eq!(Party::of(&through, address), Party::of(&person, None));
        let other = System { service: false, ..System::service("accounts/x") };
        assert_eq!(Party::of(&Actor::System(other), address), known("accounts/x"));
        let own = Actor::System(System::service("intake"));
        assert_eq!(Party::of(&own, address), Party::Service);
        assert_eq!(Party::of(&Actor::Anonymous, address), Party::Guest(address));
    }
}
