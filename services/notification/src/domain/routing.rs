//! Which of several providers of a channel carries a message: by weight, past those that fail, and
//! back by a trickle of trials.

use std::{
    collections::VecDeque,
    hash::{DefaultHasher, Hash, Hasher},
};

use chrono::{DateTime, TimeDelta, Utc};
use motcua_ids::MessageId;

use super::{Answer, MAILBOX};

type Timestamp = DateTime<Utc>;

/// When a provider is left alone, and how it comes back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ShiftRule {
    /// Over how long hand-overs are judged.
    pub window: TimeDelta,
    /// How many of them are judged at the least.
    pub least: usize,
    /// How many of a hundred may fail; as many are too many.
    pub failing: usize,
    /// What takes as long has failed, whatever the answer.
    pub slow: TimeDelta,
    /// How long it is left alone at the least.
    pub stay: TimeDelta,
    /// Then one of so many of its messages is a trial.
    pub one_in: u32,
    /// So many trials in a row have to succeed.
    pub trials: u32,
}

/// How a provider has done lately, as one process sees it.
#[derive(Debug, Clone, Default)]
pub struct Health {
    /// When each hand-over was, and whether it was good; the oldest first.
    marks: VecDeque<(Timestamp, bool)>,
    away: Option<Away>,
}

/// It is left alone.
#[derive(Debug, Clone, Copy)]
struct Away {
    /// Since when; a trial that fails begins anew.
    since: Timestamp,
    /// Trials in a row that were good.
    good: u32,
}

/// A change of where messages go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shift {
    /// Away from it.
    Away,
    /// Back to it.
    Back,
}

impl Shift {
    /// The word in numbers.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Away => "away",
            Self::Back => "back",
        }
    }
}

/// Whether messages go to a provider.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// They do.
    Well,
    /// Some do, as trials.
    Tried,
    /// None, unless nobody else is there.
    Away,
}

/// A provider that may be chosen.
#[derive(Debug, Clone, Copy)]
pub struct Candidate<'a> {
    /// Our word for it.
    pub name: &'a str,
    /// How many messages it has, beside those of the others; 0: a reserve, which has some only
    /// while none of the others is well.
    pub weight: u32,
    /// Whether messages go to it.
    pub standing: Standing,
}

impl ShiftRule {
    /// Whether a hand-over speaks for the provider. To refuse one message is no failure, nor is that
    /// somebody's mailbox is full.
    pub fn is_good(self, answer: &Answer, took: TimeDelta) -> bool {
        let failed = |reason: &str| !reason.starts_with(MAILBOX);
        !matches!(answer, Answer::Later { reason, .. } if failed(reason)) && took < self.slow
    }
}

impl Health {
    /// Takes down how a hand-over went. Whether that moves messages.
    pub fn note(&mut self, now: Timestamp, good: bool, rule: ShiftRule) -> Option<Shift> {
        if let Some(away) = &mut self.away {
            if !good {
                *away = Away { since: now, good: 0 };
                return None;
            }
            // What was on its way before it was left alone says nothing new.
            if now < away.since + rule.stay {
                return None;
            }
            away.good += 1;
            if away.good < rule.trials {
                return None;
            }
            *self = Self::default();
            return Some(Shift::Back);
        }
        self.marks.push_back((now, good));
        while self.marks.front().is_some_and(|(at, _)| *at <= now - rule.window) {
            self.marks.pop_front();
        }
        let bad = self.marks.iter().filter(|(_, good)| !good).count();
        if self.marks.len() < rule.least || bad * 100 < rule.failing * self.marks.len() {
            return None;
        }
        self.marks.clear();
        self.away = Some(Away { since: now, good: 0 });
        Some(Shift::Away)
    }

    /// Whether messages go there.
    pub fn standing(&self, now: Timestamp, rule: ShiftRule) -> Standing {
        match self.away {
            None => Standing::Well,
            Some(away) if now >= away.since + rule.stay => Standing::Tried,
            Some(_) => Standing::Away,
        }
    }
}

/// Who carries a message at its next try: the same at every try, as long as it is well, so that
/// it knows a repeat. None of none.
pub fn choose<'a>(
    message: MessageId,
    attempts: u16,
    candidates: &[Candidate<'a>],
    rule: ShiftRule,
) -> Option<&'a str> {
    let first = |among: &dyn Fn(&Candidate<'_>) -> bool| {
        let some = candidates.iter().filter(|one| among(one));
        some.max_by_key(|one| draw(message, one)).copied()
    };
    let own = first(&|one| one.weight > 0);
    if let Some(own) = own {
        let tried = own.standing == Standing::Tried
            && hash(&(message.uuid(), attempts, own.name)).is_multiple_of(rule.one_in.into());
        if tried || own.standing == Standing::Well {
            return Some(own.name);
        }
    }
    let well = |one: &Candidate<'_>| one.standing == Standing::Well;
    first(&|one| well(one) && one.weight > 0)
        .or_else(|| first(&well))
        // Nobody is well: better any than none, and first who may be well again.
        .or_else(|| first(&|one| one.standing == Standing::Tried))
        .or(own)
        .or_else(|| first(&|_| true))
        .map(|one| one.name)
}

/// The luck of one for a message: the highest of as many draws as it has weight. So the others'
/// messages stay where they are when one goes or comes.
fn draw(message: MessageId, one: &Candidate<'_>) -> u64 {
    let draws = (0..one.weight.max(1)).map(|n| hash(&(message.uuid(), one.name, n)));
    draws.max().unwrap_or_default()
}

fn hash(what: &impl Hash) -> u64 {
    let mut hash = DefaultHasher::new();
    what.hash(&mut hash);
    hash.finish()
}

#[cfg(test)]
mod tests;
