//! What is owed, from the first assessment to the end of owing.

use chrono::{DateTime, Utc};
use motcua_ids::AccountId;
use motcua_vn::Vnd;

use super::{
    Account, Assessed, Assessment, AttemptState, Event, Line, Order, Place, Refusal, State,
    Transfer, What,
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

    pub(super) fn assessed(
        &mut self,
        before: &[Vnd],
        by: Option<AccountId>,
        reason: String,
        at: DateTime<Utc>,
        due_at: DateTime<Utc>,
    ) {
        let payable = self.payable();
        self.assessments.push(Assessment { version: self.version, at, by, payable, reason });
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
