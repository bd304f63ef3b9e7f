use std::{collections::BTreeMap, fmt};

use chrono::TimeDelta;
use motcua_context::Timestamp;
use motcua_database::OrFault;
use motcua_fault::Fault;
use sea_orm::{
    ColumnTrait, DbBackend, EntityTrait, IsolationLevel, QueryFilter, QueryOrder, QuerySelect,
    TransactionTrait,
};

use crate::{
    Audit, Head, Seal,
    entry::beginning,
    tables::{chained, told},
};

/// Rows read at once.
const PAGE: u64 = 2_000;

/// What was looked at, and what was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verified {
    /// Rows that follow from the ones before.
    pub rows: u64,
    /// Seals that hold.
    pub seals: usize,
    /// Where the chain stands.
    pub head: Head,
    /// The first thing that is wrong.
    pub broken: Option<Broken>,
}

/// Where a chain is broken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Broken {
    /// The first position that does not fit.
    pub position: i64,
    /// How.
    pub damage: Damage,
}

/// How a chain is broken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Damage {
    /// The row is not what was chained: changed, put in, or moved.
    Changed,
    /// There is no row, and there are later ones.
    Missing,
    /// There is no row, although a seal or a kept head says there was.
    CutOff,
    /// Up to here the chain fits, but a seal says otherwise: it was made anew.
    Rewritten,
    /// Up to here the chain fits, but a head that was kept elsewhere says otherwise.
    Kept,
    /// The seal over this position was not made by a key of the service, or not in this order.
    Forged,
    /// The rows from here on should have been sealed long ago.
    Unsealed,
}

impl fmt::Display for Damage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Changed => "the row was changed, put in or moved",
            Self::Missing => "the row is missing",
            Self::CutOff => "the end of the chain is missing",
            Self::Rewritten => "the chain was made anew: a seal says otherwise",
            Self::Kept => "the chain was made anew: a head kept elsewhere says otherwise",
            Self::Forged => "a seal is missing, changed or not the service's",
            Self::Unsealed => "rows should have been sealed long ago: seals are missing",
        })
    }
}

/// What must stand at a position.
struct Expected {
    hash: Vec<u8>,
    otherwise: Damage,
}

impl Audit {
    /// Computes the chain anew, from the last seal before `since` or from the
    /// beginning, and compares it with the seals and with `kept`: heads that were
    /// written down elsewhere. `keys` are the service's public ones; what is older than
    /// `unsealed` at `now` must have been sealed.
    pub async fn verify(
        &self,
        keys: &[[u8; 32]],
        since: Option<Timestamp>,
        kept: &[Head],
        (now, unsealed): (Timestamp, TimeDelta),
    ) -> Result<Verified, Fault> {
        // One picture of both tables, while both grow.
        let isolation = (self.reader().get_database_backend() == DbBackend::Postgres)
            .then_some(IsolationLevel::RepeatableRead);
        let db = self.reader().begin_with_config(isolation, None).await.or_fault()?;
        let seals = self.seals(&db).await?;
        let holding = self.holding(&seals, keys);
        let forged = seals.get(holding).map(|seal| seal.head.position);
        let seals = &seals[..holding];
        let anchor = since.and_then(|since| seals.iter().rfind(|seal| seal.at < since));
        let begin = anchor.map_or_else(
            || Head { position: 0, hash: beginning(self.service()) },
            |seal| seal.head.clone(),
        );
        let mut walk = Walk::new(begin, seals, kept);
        while walk.broken.is_none() {
            let page = chained::Entity::find()
                .filter(chained::Column::Position.gt(walk.head.position))
                .order_by_asc(chained::Column::Position)
                .limit(PAGE)
                .all(&db)
                .await
                .or_fault()?;
            if page.is_empty() {
                break;
            }
            for row in page {
                walk.step(row, now - unsealed);
            }
        }
        db.rollback().await.or_fault()?;
        walk.end(forged);
        Ok(Verified { rows: walk.rows, seals: seals.len(), head: walk.head, broken: walk.broken })
    }

    /// How many of the seals hold, from the first on.
    fn holding(&self, seals: &[Seal], keys: &[[u8; 32]]) -> usize {
        let mut before = None;
        let mut holding = 0;
        for (seal, number) in seals.iter().zip(1..) {
            if seal.number != number || !seal.holds(self.service(), before, keys) {
                break;
            }
            before = Some(seal);
            holding += 1;
        }
        holding
    }
}

struct Walk {
    head: Head,
    rows: u64,
    sealed: i64,
    expected: BTreeMap<i64, Vec<Expected>>,
    broken: Option<Broken>,
}

impl Walk {
    fn new(begin: Head, seals: &[Seal], kept: &[Head]) -> Self {
        let mut expected: BTreeMap<_, Vec<_>> = BTreeMap::new();
        let seals = seals.iter().map(|seal| (&seal.head, Damage::Rewritten));
        for (head, otherwise) in seals.chain(kept.iter().map(|head| (head, Damage::Kept))) {
            if head.position > begin.position {
                let at = expected.entry(head.position).or_default();
                at.push(Expected { hash: head.hash.clone(), otherwise });
            }
        }
        let sealed = expected
            .iter()
            .rfind(|(_, all)| all.iter().any(|one| one.otherwise == Damage::Rewritten))
            .map_or(begin.position, |(position, _)| *position);
        Self { head: begin, rows: 0, sealed, expected, broken: None }
    }

    fn step(&mut self, row: chained::Model, sealed_before: Timestamp) {
        if self.broken.is_some() {
            return;
        }
        let (position, entry, hash) = told(row);
        let next = self.head.position + 1;
        if position != next {
            return self.find(next, Damage::Missing);
        }
        if entry.hash(&self.head.hash, position) != hash {
            return self.find(position, Damage::Changed);
        }
        let expected = self.expected.remove(&position).unwrap_or_default();
        if let Some(other) = expected.iter().find(|expected| expected.hash != hash) {
            return self.find(position, other.otherwise);
        }
        if position > self.sealed && entry.at < sealed_before {
            return self.find(position, Damage::Unsealed);
        }
        self.head = Head { position, hash };
        self.rows += 1;
    }

    /// What only the end shows.
    fn end(&mut self, forged: Option<i64>) {
        if self.broken.is_none() && !self.expected.is_empty() {
            self.find(self.head.position + 1, Damage::CutOff);
        }
        if let Some(position) = forged
            && self.broken.as_ref().is_none_or(|broken| {
                position <= broken.position || broken.damage == Damage::Unsealed
            })
        {
            self.find(position, Damage::Forged);
        }
    }

    fn find(&mut self, position: i64, damage: Damage) {
        self.broken = Some(Broken { position, damage });
    }
}
