use std::hash::{DefaultHasher, Hash, Hasher};

use chrono::{DateTime, TimeDelta, Utc};
use motcua_ids::{AccountId, DossierId, EventId, MessageId};
use serde::{Deserialize, Serialize};

use super::{Address, Arrival, Handover, Refusal, Topic};

type Timestamp = DateTime<Utc>;

/// One message to one person on one channel.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    /// Its id.
    pub id: MessageId,
    /// What it came from.
    pub origin: Origin,
    /// What it is about.
    pub topic: Topic,
    /// The template it was written with.
    pub template: String,
    /// Where it goes and what it says: personal data.
    pub written: Written,
    /// On what terms it goes out.
    pub terms: Terms,
    /// How far it came.
    pub state: MessageState,
    /// Which provider took it, once one has.
    pub handover: Option<Handover>,
    /// When it was written.
    pub created_at: Timestamp,
    /// When the person marked it read.
    pub read_at: Option<Timestamp>,
    /// Grows with every change.
    pub version: i64,
}

/// The event behind a message, and the dossier, if it is about one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Origin {
    /// The event: one of it makes one message on a channel.
    pub event: EventId,
    /// The service that said it.
    pub family: &'static str,
    /// The version of what it was about.
    pub fact_version: i64,
    /// The dossier; none where it is about no single one, as a digest.
    pub dossier: Option<DossierId>,
    /// Its code; empty where none was minted yet.
    pub code: String,
    /// Whose dossier it is, as far as they have an account; of what is about none, who is told.
    pub account: Option<AccountId>,
    /// The dossier's receiving agency and its ancestors, `/<uuid>/<uuid>/`, as far as known; of what
    /// is about none, where the officer works who is told.
    pub agency_path: String,
}

/// Where a message goes and what it says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Written {
    /// Where to.
    pub address: Address,
    /// One line; empty in a short message.
    pub title: String,
    /// The text.
    pub text: String,
}

/// On what terms a message goes out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Terms {
    /// Its place among the person's channels, counted from 0; none where all are told at once.
    pub turn: Option<u16>,
    /// When it is no longer worth handing over; none: never.
    pub expires_at: Option<Timestamp>,
}

/// Why a message need not go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Spare {
    /// A channel before it has told the person.
    Told,
    /// What it reminds of is done.
    Done,
    /// Its telephone was told as much as a day's limit allows; the other channels tell it.
    Capped,
    /// The same was told in the same words just before.
    Repeated,
}

impl Spare {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Told, Self::Done, Self::Capped, Self::Repeated];

    /// The word in rows, and the reason that is told.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Told => "SPARED_TOLD",
            Self::Done => "SPARED_DONE",
            Self::Capped => "SPARED_CAPPED",
            Self::Repeated => "SPARED_REPEATED",
        }
    }
}

/// How far a message came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MessageState {
    /// Waits to be handed over, after so many tries.
    Queued {
        /// Tries so far.
        attempts: u16,
    },
    /// A provider has it, and will say what became of it.
    Sent {
        /// Since when.
        at: Timestamp,
        /// Tries it took.
        attempts: u16,
    },
    /// Is in the inbox, has arrived, or was handed over to a provider that says no more.
    Delivered {
        /// When.
        at: Timestamp,
        /// Tries it took.
        attempts: u16,
    },
    /// Was refused, given up, or did not arrive.
    Failed {
        /// When.
        at: Timestamp,
        /// Tries it took.
        attempts: u16,
        /// The last fault's stable reason.
        reason: String,
    },
    /// It was no longer worth handing over, or nobody said within its time that it arrived.
    Expired {
        /// When.
        at: Timestamp,
        /// Tries it took.
        attempts: u16,
    },
    /// It need not go.
    Spared {
        /// When.
        at: Timestamp,
        /// Tries it took.
        attempts: u16,
        /// Why.
        why: Spare,
    },
}

/// How often handing over is tried, and how long is waited between.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RetryRule {
    /// Tries at the most.
    pub attempts: u16,
    /// The wait after the first try; it doubles.
    pub first_wait: TimeDelta,
    /// The longest wait.
    pub longest_wait: TimeDelta,
}

/// What follows a try that failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Attempt {
    /// Another try then.
    Again(Timestamp),
    /// None.
    GivenUp,
}

impl RetryRule {
    /// The wait of one message after so many tries: three quarters of the rule's to all of
    /// it, so that what failed together does not come back together.
    pub fn wait(self, attempts: u16, message: MessageId) -> TimeDelta {
        let doubled = 2_i32.checked_pow(u32::from(attempts.saturating_sub(1)));
        let full = doubled
            .and_then(|times| self.first_wait.checked_mul(times))
            .map_or(self.longest_wait, |wait| wait.min(self.longest_wait));
        let mut hash = DefaultHasher::new();
        (message.uuid(), attempts).hash(&mut hash);
        let of_1024 = i32::try_from(768 + hash.finish() % 257).unwrap_or(1024);
        full.checked_mul(of_1024).map_or(full, |much| much / 1024)
    }
}

impl Message {
    /// A message just written, on no terms yet. In an inbox it has arrived.
    pub fn write(
        id: MessageId,
        origin: Origin,
        topic: Topic,
        template: String,
        written: Written,
        at: Timestamp,
    ) -> Self {
        let state = match written.address {
            Address::Inbox(_) => MessageState::Delivered { at, attempts: 1 },
            Address::Sms(_) | Address::Email(_) | Address::Zalo(_) | Address::Webhook(_) => {
                MessageState::Queued { attempts: 0 }
            }
        };
        Self {
            id,
            origin,
            topic,
            template,
            written,
            terms: Terms::default(),
            state,
            handover: None,
            created_at: at,
            read_at: None,
            version: 1,
        }
    }

    /// Notes that a provider took it. One that says no more of it has delivered it, as far as
    /// can be known; of another a receipt is awaited.
    pub fn hand_over(&mut self, handover: Handover, receipt: bool) -> Result<(), Refusal> {
        let attempts = match self.state {
            // It was under way when it turned out that it need not go.
            MessageState::Spared { attempts, .. } => attempts,
            _ => self.queued()?,
        } + 1;
        let at = handover.at;
        self.state = if receipt {
            MessageState::Sent { at, attempts }
        } else {
            MessageState::Delivered { at, attempts }
        };
        self.handover = Some(handover);
        self.version += 1;
        Ok(())
    }

    /// Notes that handing it over failed, and may succeed after `wait` at the earliest.
    pub fn fail(
        &mut self,
        at: Timestamp,
        reason: &str,
        wait: Option<TimeDelta>,
        rule: RetryRule,
    ) -> Result<Attempt, Refusal> {
        let attempts = self.queued()? + 1;
        if attempts >= rule.attempts {
            self.refuse(at, reason)?;
            return Ok(Attempt::GivenUp);
        }
        self.state = MessageState::Queued { attempts };
        self.version += 1;
        let own = rule.wait(attempts, self.id);
        Ok(Attempt::Again(at + wait.map_or(own, |asked| asked.max(own))))
    }

    /// Notes that it will never be taken.
    pub fn refuse(&mut self, at: Timestamp, reason: &str) -> Result<(), Refusal> {
        let attempts = self.queued()? + 1;
        self.state = MessageState::Failed { at, attempts, reason: reason.to_owned() };
        self.version += 1;
        Ok(())
    }

    /// Notes that it need not go any more.
    pub fn spare(&mut self, at: Timestamp, why: Spare) -> Result<(), Refusal> {
        self.state = MessageState::Spared { at, attempts: self.queued()?, why };
        self.version += 1;
        Ok(())
    }

    /// Notes while it is written that it need not go.
    pub fn withhold(&mut self, why: Spare) {
        self.state = MessageState::Spared { at: self.created_at, attempts: 0, why };
    }

    /// Whether it is no longer worth handing over.
    pub fn is_stale(&self, now: Timestamp) -> bool {
        self.terms.expires_at.is_some_and(|at| at <= now)
    }

    /// Notes that it was not handed over in its time.
    pub fn expire(&mut self, at: Timestamp) -> Result<(), Refusal> {
        self.state = MessageState::Expired { at, attempts: self.queued()? };
        self.version += 1;
        Ok(())
    }

    /// Notes what became of it. Whether that was news: the first word counts, and what
    /// nobody waits for any more changes nothing.
    pub fn arrive(&mut self, at: Timestamp, arrival: Arrival) -> bool {
        let MessageState::Sent { attempts, .. } = self.state else { return false };
        self.state = match arrival {
            Arrival::Delivered => MessageState::Delivered { at, attempts },
            Arrival::Expired => MessageState::Expired { at, attempts },
            Arrival::Undeliverable | Arrival::Rejected => {
                MessageState::Failed { at, attempts, reason: arrival.word().to_owned() }
            }
        };
        self.version += 1;
        true
    }

    /// Whether it was not tried yet, and is the one to go where `other` has not arrived.
    pub fn is_next_after(&self, other: &Self) -> bool {
        let untried = matches!(self.state, MessageState::Queued { attempts: 0 });
        untried && self.terms.turn == other.terms.turn.map(|turn| turn + 1)
    }

    fn queued(&self) -> Result<u16, Refusal> {
        match self.state {
            MessageState::Queued { attempts } => Ok(attempts),
            _ => Err(Refusal::NotQueued),
        }
    }

    /// Marks it read by its owner; the first time counts.
    pub fn read(&mut self, by: AccountId, at: Timestamp) -> Result<(), Refusal> {
        match self.written.address {
            Address::Inbox(owner) if owner == by => {}
            Address::Inbox(_) => return Err(Refusal::MessageUnknown),
            Address::Sms(_) | Address::Email(_) | Address::Zalo(_) | Address::Webhook(_) => {
                return Err(Refusal::NotInInbox);
            }
        }
        if self.read_at.is_none() {
            self.read_at = Some(at);
            self.version += 1;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests;
