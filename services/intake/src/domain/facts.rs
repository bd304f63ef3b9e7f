//! What workflow tells a dossier. Facts come in order for one dossier, but may
//! come twice or too late: those change nothing.

use chrono::{DateTime, Utc};
use motcua_ids::{ResultId, SupplementId};

use super::{
    By, DeliveryState, Dossier, Event, Hand, Illegal, ReturnWay, RoundState, State, StopCause,
    table::Command,
};

/// What became of processing.
#[derive(Debug, Clone, Copy)]
pub enum Fact {
    /// Officers began.
    ProcessStarted,
    /// A specialist asks the desk for more.
    SupplementNeeded {
        /// The ask.
        ask: SupplementId,
    },
    /// The appointment moved.
    DueDateChanged {
        /// Hạn theo quy định.
        legal_due_at: Option<DateTime<Utc>>,
        /// Ngày hẹn trả.
        promised_due_at: Option<DateTime<Utc>>,
    },
    /// The result is at the desk.
    ResultApproved {
        /// Workflow's result.
        result: ResultId,
        /// How the citizen wants it.
        way: ReturnWay,
    },
    /// It ended without a result.
    ProcessStopped {
        /// Why.
        cause: StopCause,
    },
    /// Too late to withdraw.
    StopRefused,
}

impl Fact {
    const fn command(&self) -> Command {
        match self {
            Self::ProcessStarted => Command::ProcessStarted,
            Self::SupplementNeeded { .. } => Command::SupplementNeeded,
            Self::DueDateChanged { .. } => Command::DueDateChanged,
            Self::ResultApproved { .. } => Command::ResultApproved,
            Self::ProcessStopped { .. } => Command::ProcessStopped,
            Self::StopRefused => Command::StopRefused,
        }
    }
}

impl Dossier {
    /// Takes in a fact of workflow. `version` is the process's: a fact not newer
    /// than the last one changes nothing. Answers whether anything changed.
    pub fn hear(&mut self, fact: Fact, version: i64, at: DateTime<Utc>) -> Result<bool, Illegal> {
        if version <= self.process_version {
            return Ok(false);
        }
        let Some(_) = self.step(fact.command())? else { return Ok(false) };
        self.process_version = version;
        let hand = Hand { by: By::Workflow, at, why: String::new() };
        match fact {
            Fact::ProcessStarted => self.happens(Event::ProcessStarted, &hand),
            Fact::SupplementNeeded { ask } => {
                self.pending_ask = Some(ask);
                self.happens(Event::SupplementNeeded { ask }, &hand);
            }
            Fact::DueDateChanged { legal_due_at, promised_due_at } => {
                if let Some(acceptance) = &mut self.acceptance {
                    acceptance.legal_due_at = legal_due_at;
                    acceptance.promised_due_at = promised_due_at;
                }
                self.happens(Event::DueDateMoved, &hand);
            }
            Fact::ResultApproved { result, way } => {
                // Decided before the withdrawal reached the officers.
                self.withdrawal = None;
                self.pending_ask = None;
                self.end_round(RoundState::Cancelled, at);
                self.result = Some((result, at));
                self.delivery = DeliveryState::Waiting;
                self.happens(Event::ResultReady { result, way }, &hand);
            }
            Fact::ProcessStopped { cause } => {
                self.pending_ask = None;
                self.stop_cause = Some(cause);
                self.end_round(RoundState::Cancelled, at);
                self.happens(Event::ProcessStopped, &hand);
            }
            Fact::StopRefused => {
                self.resume_round(at);
                self.happens(Event::WithdrawalRefused, &hand);
            }
        }
        Ok(true)
    }

    /// The citizen does not lose the days spent waiting for the answer.
    fn resume_round(&mut self, at: DateTime<Utc>) {
        let Some(withdrawal) = self.withdrawal.take() else { return };
        if self.state != State::AwaitingSupplement {
            return;
        }
        if let Some(round) = self.rounds.iter_mut().rfind(|r| r.state == RoundState::Requested) {
            round.deadline += at - withdrawal.at;
        }
    }
}
