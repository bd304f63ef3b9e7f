//! What payment tells a dossier. Facts may come twice or too late: those change nothing. Whether
//! something is owed is noted wherever the dossier stands; it waits only where officers work.

use chrono::{DateTime, Utc};

use super::{
    By, Dossier, Event, Finance, Hand, Illegal, PaymentWait, State, StopCause, table::Command,
};

/// What became of what is owed.
#[derive(Debug, Clone, Copy)]
pub enum PaymentFact {
    /// Something is owed.
    Requested {
        /// Until when.
        due_at: DateTime<Utc>,
    },
    /// It is paid, or not owed after all.
    Settled,
    /// It was not paid in time.
    Lapsed,
}

impl PaymentFact {
    const fn command(self) -> Command {
        match self {
            Self::Requested { .. } => Command::PaymentRequested,
            Self::Settled => Command::PaymentSettled,
            Self::Lapsed => Command::PaymentLapsed,
        }
    }
}

impl Dossier {
    /// Takes in a fact of payment. `version` is the order's: a fact not newer than the last one
    /// changes nothing. Answers whether anything changed.
    pub fn hear_payment(
        &mut self,
        fact: PaymentFact,
        version: i64,
        at: DateTime<Utc>,
    ) -> Result<bool, Illegal> {
        if version <= self.payment_version {
            return Ok(false);
        }
        let before = self.state;
        let moved = self.step(fact.command())?.is_some();
        self.payment_version = version;
        let hand = Hand { by: By::Payment, at, why: String::new() };
        match fact {
            PaymentFact::Requested { due_at } => {
                self.filing.finance = Finance::Due;
                match &mut self.payment {
                    Some(wait) => wait.due_at = due_at,
                    None if moved => self.payment = Some(PaymentWait { due_at, resume: before }),
                    None => {}
                }
                let waits = moved && before != State::AwaitingPayment;
                let event = if waits {
                    Event::PaymentAwaited { due_at }
                } else {
                    Event::FinanceNoted { paid: false }
                };
                self.happens(event, &hand);
            }
            PaymentFact::Settled => {
                self.filing.finance = Finance::Paid;
                let wait = self.payment.take();
                if let (Some(wait), Some(withdrawal)) = (wait, &mut self.withdrawal)
                    && moved
                {
                    withdrawal.resume = wait.resume;
                }
                let goes_on = moved && before == State::AwaitingPayment;
                let event =
                    if goes_on { Event::PaymentMade } else { Event::FinanceNoted { paid: true } };
                self.happens(event, &hand);
            }
            PaymentFact::Lapsed if moved => self.stopped(StopCause::PaymentLapsed, &hand),
            PaymentFact::Lapsed => return Ok(false),
        }
        Ok(true)
    }
}
