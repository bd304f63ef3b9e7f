//! Attempts to pay, and money that comes.

use chrono::{DateTime, Utc};
use motcua_ids::{PaymentId, ReceiptId};
use motcua_vn::Vnd;

use super::{
    Account, Arrival, Attempt, AttemptState, Came, ChargeKind, Event, Method, Order, Place,
    Receipt, Refusal, State, Transfer, What,
};

/// More than anybody needs.
const ATTEMPTS: usize = 20;

impl Order {
    /// Begins to pay all that is owed. An attempt of the same way that still waits goes on; none is
    /// begun once the time to pay is over, or the order would never end.
    pub fn try_to_pay(&mut self, attempt: Attempt) -> Result<PaymentId, Refusal> {
        self.owing()?;
        let (method, at) = (attempt.method, attempt.created_at);
        if let Some(waits) = self.attempts.iter().find(|a| a.method == method && a.waits(at)) {
            return Ok(waits.id);
        }
        if self.due_at.is_some_and(|due| at >= due) {
            return Err(Refusal::OrderEnded);
        }
        if self.attempts.len() >= ATTEMPTS {
            return Err(Refusal::TooManyAttempts);
        }
        self.version += 1;
        let id = attempt.id;
        self.attempts.push(attempt);
        Ok(id)
    }

    /// The gateway or the bank has money of an attempt, whatever was thought of it before. It
    /// pays what is owed, or is surplus.
    pub fn arrived(
        &mut self,
        id: PaymentId,
        amount: Vnd,
        transaction: &str,
        at: DateTime<Utc>,
        receipts: [ReceiptId; 2],
    ) -> Result<Arrival, Refusal> {
        let attempt = self.attempt(id)?;
        if attempt.settled().is_some() {
            return Ok(Arrival::Known);
        }
        if attempt.amount != amount {
            return Err(Refusal::AmountDiffers { expected: attempt.amount });
        }
        let (method, till) = (attempt.method, attempt.till);
        let owed = self.state == State::Due && self.payable() == amount;
        let transaction = transaction.to_owned();
        if let Some(attempt) = self.attempts.iter_mut().find(|attempt| attempt.id == id) {
            attempt.state = AttemptState::Settled { at, transaction, owed };
        }
        self.version += 1;
        let money = Place::money(method, till);
        if owed {
            self.settled(method, &money, at, receipts);
            Ok(Arrival::Paid)
        } else {
            let surplus = Transfer::new(money, Place::of(Account::Surplus), amount);
            self.book(What::Surplus, at, surplus.into_iter().collect());
            Ok(Arrival::Surplus)
        }
    }

    /// A transfer came under an attempt's reference. What is more than what was asked for, or came
    /// when nothing was asked for any more, is surplus under `more`; so is all of one that is less.
    pub fn transferred(
        &mut self,
        id: PaymentId,
        came: &Came<'_>,
        more: PaymentId,
        receipts: [ReceiptId; 2],
    ) -> Result<Arrival, Refusal> {
        let asked = self.attempt(id)?.clone();
        if asked.settled().is_some() || came.amount < asked.amount {
            self.surplus_came(more, came, came.amount);
            return Ok(Arrival::Surplus);
        }
        let arrival = self.arrived(id, asked.amount, came.transaction, came.at, receipts)?;
        let rest = Vnd::new(came.amount.dong() - asked.amount.dong());
        if rest > Vnd::ZERO {
            self.surplus_came(more, came, rest);
        }
        Ok(arrival)
    }

    fn surplus_came(&mut self, id: PaymentId, came: &Came<'_>, amount: Vnd) {
        let transaction = came.transaction.to_owned();
        self.attempts.push(Attempt {
            id,
            method: Method::BankTransfer,
            via: None,
            reference: None,
            amount,
            created_at: came.at,
            expires_at: came.at,
            till: None,
            state: AttemptState::Settled { at: came.at, transaction, owed: false },
        });
        self.version += 1;
        let bank = Place::of(Account::Bank);
        let surplus = Transfer::new(bank, Place::of(Account::Surplus), amount);
        self.book(What::Surplus, came.at, surplus.into_iter().collect());
    }

    /// The gateway says that an attempt came to nothing. Answers whether that is news.
    pub fn declined(&mut self, id: PaymentId, why: &str) -> Result<bool, Refusal> {
        self.attempt(id)?;
        let state = AttemptState::Declined { why: why.to_owned() };
        Ok(self.gave_up(id, state))
    }

    /// Nobody paid in time. Answers whether that is news.
    pub fn expire(&mut self, id: PaymentId) -> Result<bool, Refusal> {
        self.attempt(id)?;
        Ok(self.gave_up(id, AttemptState::Expired))
    }

    fn gave_up(&mut self, id: PaymentId, state: AttemptState) -> bool {
        let waits =
            |attempt: &&mut Attempt| attempt.id == id && attempt.state == AttemptState::Pending;
        let Some(attempt) = self.attempts.iter_mut().find(waits) else { return false };
        attempt.state = state;
        self.version += 1;
        true
    }

    /// An officer took all that is owed: `attempt` is settled as it is begun.
    pub fn collect(&mut self, attempt: Attempt, receipts: [ReceiptId; 2]) -> Result<(), Refusal> {
        self.owing()?;
        if attempt.amount != self.payable() {
            return Err(Refusal::AmountDiffers { expected: self.payable() });
        }
        let (method, at) = (attempt.method, attempt.created_at);
        let money = Place::money(method, attempt.till);
        let state = AttemptState::Settled { at, transaction: String::new(), owed: true };
        self.attempts.push(Attempt { state, ..attempt });
        self.version += 1;
        self.settled(method, &money, at, receipts);
        Ok(())
    }

    fn settled(
        &mut self,
        method: Method,
        money: &Place,
        at: DateTime<Utc>,
        receipts: [ReceiptId; 2],
    ) {
        let parts = self.lines.iter().filter_map(|line| {
            let owed = Place::fee(Account::Receivable, &line.code);
            Transfer::new(money.clone(), owed, line.payable())
        });
        let parts = parts.collect();
        self.book(What::Settled, at, parts);
        let paid: Vec<Vnd> = self.lines.iter().map(super::Line::payable).collect();
        self.share_out(&vec![Vnd::ZERO; paid.len()], &paid, at);
        self.state = State::Paid;
        self.settled_at = Some(at);
        for (kind, id) in ChargeKind::ALL.into_iter().zip(receipts) {
            let amount = self.of_kind(kind);
            if amount > Vnd::ZERO {
                self.receipts.push(Receipt::new(id, kind, amount, at));
            }
        }
        let amount = self.payable();
        self.happens(Event::Settled { amount, method: Some(method), at });
    }

    fn owing(&self) -> Result<(), Refusal> {
        match self.state {
            State::Due => Ok(()),
            // What was given back as a whole is owed again only once an officer says so.
            State::Paid => self.reopens().and(Err(Refusal::NothingDue)),
            State::ToAssess | State::NothingDue => Err(Refusal::NothingDue),
            State::Lapsed | State::Cancelled => Err(Refusal::OrderEnded),
        }
    }
}
