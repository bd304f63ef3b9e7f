//! What is owed, from the first assessment to the end of owing.

use chrono::{DateTime, NaiveDate, Utc};
use motcua_ids::AccountId;
use motcua_vn::Vnd;

use super::{
    Account, Assessed, Assessment, Attempt, AttemptState, Event, Line, Method, Order, Place,
    Policy, Refusal, State, Transfer, What,
};

impl Order {
    /// An officer says how much some fees are; the others stay. Attempts for another sum than
    /// what is owed then are over.
    pub fn assess(
        &mut self,
        found: Vec<Assessed>,
        by: AccountId,
        reason: String,
        at: DateTime<Utc>,
        due_at: DateTime<Utc>,
    ) -> Result<(), Refusal> {
        match self.state {
            // One that lapsed while its dossier went on is asked for anew.
            State::ToAssess | State::Due | State::NothingDue | State::Lapsed => {}
            State::Paid => self.reopens()?,
            State::Cancelled => return Err(Refusal::OrderEnded),
        }
        if found.iter().any(|one| self.lines.iter().all(|line| line.code != one.code)) {
            return Err(Refusal::FeeUnknown);
        }
        let before: Vec<Vnd> = self.lines.iter().map(Line::payable).collect();
        for one in found {
            if let Some(line) = self.lines.iter_mut().find(|line| line.code == one.code) {
                line.charge = Some(one.charge);
            }
        }
        self.version += 1;
        self.assessed(&before, Some(by), reason, at, due_at);
        Ok(())
    }

    /// What an officer found, less what the policies of the day of acceptance take off; where the
    /// officer names a reduction himself, that one holds.
    pub fn reduced(
        &self,
        mut found: Vec<Assessed>,
        policies: &[Policy],
        day: NaiveDate,
    ) -> Vec<Assessed> {
        let (online, procedure) = (self.facts.online, &self.facts.procedure);
        for one in found.iter_mut().filter(|one| one.charge.reduction.is_none()) {
            let Some(line) = self.lines.iter().find(|line| line.code == one.code) else { continue };
            let mut line = Line { charge: Some(one.charge.clone()), ..line.clone() };
            Policy::apply(policies, day, online, procedure, &mut line);
            one.charge = line.charge.unwrap_or_else(|| one.charge.clone());
        }
        found
    }

    pub(super) fn assessed(
        &mut self,
        before: &[Vnd],
        by: Option<AccountId>,
        reason: String,
        at: DateTime<Utc>,
        due_at: DateTime<Utc>,
    ) {
        let (version, payable, lines) = (self.version, self.payable(), self.lines.clone());
        self.assessments.push(Assessment { version, at, by, payable, reason, lines });
        // What is only partly known is neither asked for nor booked.
        if self.lines.iter().any(|line| line.charge.is_none()) {
            return;
        }
        let was_due = self.state == State::Due;
        let booked = |n: usize| if was_due { before.get(n).copied() } else { None };
        let changes = self.lines.iter().enumerate().filter_map(|(n, line)| {
            let before = booked(n).unwrap_or_default();
            let more = Vnd::new(line.payable().dong() - before.dong());
            owed(&line.code, more)
        });
        let changes = changes.collect();
        self.book(What::Assessed, at, changes);
        for attempt in &mut self.attempts {
            if attempt.state == AttemptState::Pending && attempt.amount != payable {
                attempt.state = AttemptState::Expired;
            }
        }
        if payable > Vnd::ZERO {
            self.state = State::Due;
            self.settled_at = None;
            self.due_at = Some(due_at);
            self.happens(Event::Requested { amount: payable, due_at, at });
        } else {
            self.state = State::NothingDue;
            self.settled_at = Some(at);
            self.due_at = None;
            if was_due {
                self.happens(Event::Settled { amount: Vnd::ZERO, method: None, at });
            }
        }
    }

    /// Until when the order waits for money that may have been sent in time, though the time to pay
    /// is over: by attempts that were begun before, for what is owed, and of which the gateway has not
    /// said what became. A transfer's own end is ours and not the bank's: what was sent before it may
    /// still show. `until` says how long each is waited for.
    pub fn awaits(
        &self,
        at: DateTime<Utc>,
        until: impl Fn(&Attempt) -> DateTime<Utc>,
    ) -> Option<DateTime<Utc>> {
        let due = self.due_at.filter(|due| self.state == State::Due && at >= *due)?;
        let owed = self.payable();
        let counts = |attempt: &&Attempt| {
            let open = match attempt.method {
                Method::Gateway => attempt.state == AttemptState::Pending,
                Method::BankTransfer => {
                    matches!(attempt.state, AttemptState::Pending | AttemptState::Expired)
                }
                Method::Cash | Method::Postal => false,
            };
            open && attempt.created_at < due && attempt.amount == owed
        };
        self.attempts.iter().filter(counts).map(until).filter(|until| *until > at).max()
    }

    /// The time to pay is over. Answers whether that ended the order.
    pub fn lapse(&mut self, at: DateTime<Utc>) -> bool {
        if self.state != State::Due || self.due_at.is_none_or(|due| at < due) {
            return false;
        }
        self.release(State::Lapsed, at);
        self.happens(Event::Lapsed { at });
        true
    }

    /// The dossier ended. What was paid stays paid.
    pub fn cancel(&mut self, at: DateTime<Utc>) -> bool {
        if self.state == State::Paid && self.ended_at.is_none() {
            self.ended_at = Some(at);
            self.version += 1;
            return true;
        }
        if !matches!(self.state, State::ToAssess | State::Due | State::Lapsed) {
            return false;
        }
        self.release(State::Cancelled, at);
        true
    }

    fn release(&mut self, state: State, at: DateTime<Utc>) {
        self.version += 1;
        if self.state == State::Due {
            let back = self
                .lines
                .iter()
                .filter_map(|line| owed(&line.code, Vnd::new(-line.payable().dong())));
            let back = back.collect();
            self.book(What::Released, at, back);
        }
        for attempt in &mut self.attempts {
            if attempt.state == AttemptState::Pending {
                attempt.state = AttemptState::Expired;
            }
        }
        self.state = state;
    }
}

/// So much more is owed of a fee.
fn owed(code: &str, more: Vnd) -> Option<Transfer> {
    Transfer::new(Place::fee(Account::Receivable, code), Place::fee(Account::Income, code), more)
}
