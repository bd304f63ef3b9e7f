//! The aggregate: what is known of a dossier, and what may be done with it.

use chrono::{DateTime, Utc};
use motcua_ids::{AccountId, DossierId, ResultId, SupplementId};

use super::{
    Appointment, By, DeliveryState, Denial, Event, Filing, Finance, Hand, Happened, Illegal,
    ReturnWay, RoundState, State, StopCause, Supplement, Why,
    table::{Command, Outcome, To, outcome},
};

/// Who accepted, when, and what was promised.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Acceptance {
    /// The officer.
    pub by: AccountId,
    /// Ngày tiếp nhận.
    pub at: DateTime<Utc>,
    /// The last instant the law allows.
    pub legal_due_at: Option<DateTime<Utc>>,
    /// Ngày hẹn trả.
    pub promised_due_at: Option<DateTime<Utc>>,
}

/// A withdrawal that processing has not answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Withdrawal {
    /// When it was asked for.
    pub at: DateTime<Utc>,
    /// Where the dossier goes on if it is refused.
    pub resume: State,
}

/// A wait until what is owed is paid.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PaymentWait {
    /// Until when it is to be paid.
    pub due_at: DateTime<Utc>,
    /// Where the dossier goes on.
    pub resume: State,
}

/// How the result reached the citizen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Returned {
    /// The officer.
    pub by: AccountId,
    /// Ngày trả.
    pub at: DateTime<Utc>,
    /// How.
    pub way: ReturnWay,
}

/// A dossier (hồ sơ thủ tục hành chính). What is personal is kept beside it.
#[derive(Debug, Clone)]
pub struct Dossier {
    /// Its id.
    pub id: DossierId,
    /// Grows by one with everything that happens.
    pub version: i64,
    /// Where it stands.
    pub state: State,
    /// What was filed, how, with whom.
    pub filing: Filing,
    /// Mã hồ sơ, once minted.
    pub code: Option<String>,
    /// When it was begun.
    pub created_at: DateTime<Utc>,
    /// Ngày nộp.
    pub submitted_at: Option<DateTime<Utc>>,
    /// Until when the desk must answer.
    pub reply_due_at: Option<DateTime<Utc>>,
    /// Once accepted.
    pub acceptance: Option<Acceptance>,
    /// Every round of supplement, oldest first.
    pub rounds: Vec<Supplement>,
    /// A specialist's ask the desk has not decided on.
    pub pending_ask: Option<SupplementId>,
    /// A withdrawal not yet answered.
    pub withdrawal: Option<Withdrawal>,
    /// A wait for a payment.
    pub payment: Option<PaymentWait>,
    /// The newest fact of payment that was taken in.
    pub payment_version: i64,
    /// The result at the desk, and since when.
    pub result: Option<(ResultId, DateTime<Utc>)>,
    /// Once returned.
    pub returned: Option<Returned>,
    /// How far the result has come.
    pub delivery: DeliveryState,
    /// Why it stops, or stopped.
    pub stop_cause: Option<StopCause>,
    /// When it ended.
    pub ended_at: Option<DateTime<Utc>>,
    /// The newest fact of workflow that was taken in.
    pub process_version: i64,
    stored_version: i64,
    happened: Vec<Happened>,
}

impl Dossier {
    /// Begins a draft.
    pub fn begin(id: DossierId, filing: Filing, hand: &Hand) -> Self {
        let mut dossier = Self::restore(id, 0, State::Draft, filing, hand.at);
        dossier.happens(Event::Created, hand);
        dossier
    }

    /// A dossier as it was stored, before its later facts are put back.
    pub fn restore(
        id: DossierId,
        version: i64,
        state: State,
        filing: Filing,
        created_at: DateTime<Utc>,
    ) -> Self {
        Self {
            id,
            version,
            state,
            filing,
            code: None,
            created_at,
            submitted_at: None,
            reply_due_at: None,
            acceptance: None,
            rounds: Vec::new(),
            pending_ask: None,
            withdrawal: None,
            payment: None,
            payment_version: 0,
            result: None,
            returned: None,
            delivery: DeliveryState::None,
            stop_cause: None,
            ended_at: None,
            process_version: 0,
            stored_version: version,
            happened: Vec::new(),
        }
    }

    /// What happened since it was loaded; each thing is answered once.
    pub fn take_happened(&mut self) -> Vec<Happened> {
        std::mem::take(&mut self.happened)
    }

    /// The version it was loaded with; 0: it was never stored.
    pub const fn stored_version(&self) -> i64 {
        self.stored_version
    }

    /// The instant whose day the code is minted for: filed online at submission,
    /// else at acceptance.
    pub fn minted_at(&self) -> Option<DateTime<Utc>> {
        if self.filing.is_online() {
            self.submitted_at
        } else {
            self.acceptance.as_ref().map(|acceptance| acceptance.at)
        }
    }

    /// It is time for a code, and there is none yet.
    pub fn needs_code(&self) -> bool {
        self.code.is_none() && self.minted_at().is_some()
    }

    /// The round the citizen has not answered.
    pub fn open_round(&self) -> Option<&Supplement> {
        self.rounds.iter().rfind(|round| round.state == RoundState::Requested)
    }

    /// Whether the citizen has answered this round.
    pub fn is_provided(&self, round: SupplementId) -> bool {
        self.rounds.iter().any(|r| r.id == round && r.state == RoundState::Provided)
    }

    /// Whether an etag seen by the caller is this version's; an empty one asks for nothing.
    pub fn matches(&self, etag: &str) -> Result<(), Denial> {
        if etag.is_empty() || etag == self.etag() { Ok(()) } else { Err(Denial::EtagMismatch) }
    }

    /// What changes with every change.
    pub fn etag(&self) -> String {
        format!("v{}", self.version)
    }

    /// Papers and answers may be changed now; the change itself is kept elsewhere.
    pub fn edit(&mut self) -> Result<(), Illegal> {
        self.step(Command::Edit)?;
        self.version += 1;
        Ok(())
    }

    /// May be thrown away.
    pub fn discard(&mut self) -> Result<(), Illegal> {
        self.step(Command::Discard).map(drop)
    }

    /// Nộp hồ sơ.
    pub fn submit(&mut self, hand: &Hand, reply_due_at: DateTime<Utc>) -> Result<(), Illegal> {
        self.step(Command::Submit)?;
        self.submitted_at = Some(hand.at);
        self.reply_due_at = Some(reply_due_at);
        self.happens(Event::Submitted, hand);
        Ok(())
    }

    /// Tiếp nhận at the desk: filed and accepted at once.
    pub fn receive(
        &mut self,
        officer: AccountId,
        hand: &Hand,
        appointment: Appointment,
    ) -> Result<(), Illegal> {
        self.step(Command::Receive)?;
        self.submitted_at = Some(hand.at);
        self.accepted(officer, hand, appointment);
        Ok(())
    }

    /// Tiếp nhận an online filing.
    pub fn accept(
        &mut self,
        officer: AccountId,
        hand: &Hand,
        appointment: Appointment,
    ) -> Result<(), Illegal> {
        self.step(Command::Accept)?;
        self.accepted(officer, hand, appointment);
        Ok(())
    }

    /// Yêu cầu bổ sung; `most` rounds before acceptance, and as many during processing.
    pub fn request_supplement(
        &mut self,
        hand: &Hand,
        mut round: Supplement,
        most: u32,
    ) -> Result<(), motcua_fault::Fault> {
        let before_acceptance = self.acceptance.is_none();
        self.may(Command::RequestSupplement)?;
        let same_phase = |r: &&Supplement| r.before_acceptance == before_acceptance;
        let asked = self.rounds.iter().filter(same_phase).count();
        if u32::try_from(asked).unwrap_or(u32::MAX) >= most {
            return Err(Denial::TooManyRounds { most }.into());
        }
        self.bring(hand)?;
        self.step(Command::RequestSupplement)?;
        self.reply_due_at = None;
        round.round = u32::try_from(self.rounds.len()).unwrap_or(u32::MAX).saturating_add(1);
        round.before_acceptance = before_acceptance;
        round.ask = self.pending_ask.take();
        self.rounds.push(round.clone());
        self.happens(Event::SupplementRequested(round), hand);
        Ok(())
    }

    /// The citizen need not be asked.
    pub fn decline_supplement(&mut self, hand: &Hand) -> Result<(), Illegal> {
        self.step(Command::DeclineSupplement)?;
        if let Some(ask) = self.pending_ask.take() {
            self.happens(Event::SupplementDeclined { ask }, hand);
        }
        Ok(())
    }

    /// Bổ sung hồ sơ. Before acceptance the desk owes an answer again, until
    /// `reply_due_at`.
    pub fn provide_supplement(
        &mut self,
        hand: &Hand,
        reply_due_at: Option<DateTime<Utc>>,
    ) -> Result<(), motcua_fault::Fault> {
        self.may(Command::ProvideSupplement)?;
        // The timer may be late; the law is not.
        if self.open_round().is_some_and(|round| hand.at > round.deadline) {
            return Err(Denial::SupplementExpired.into());
        }
        self.step(Command::ProvideSupplement)?;
        if self.state == State::Submitted {
            self.reply_due_at = reply_due_at;
        }
        if let Some(round) = self.end_round(RoundState::Provided, hand.at) {
            self.happens(Event::SupplementProvided(round), hand);
        }
        Ok(())
    }

    /// The deadline of the open round passed. Answers whether it ended the
    /// dossier: a round that was answered, or moved, is left alone.
    pub fn expire_supplement(&mut self, at: DateTime<Utc>) -> Result<bool, Illegal> {
        if self.open_round().is_none_or(|round| at <= round.deadline) {
            return Ok(false);
        }
        if self.step(Command::ExpireSupplement)?.is_none() {
            return Ok(false);
        }
        let hand = Hand { by: By::Timer, at, why: String::new() };
        let Some(round) = self.end_round(RoundState::Expired, at) else { return Ok(false) };
        let before_acceptance = round.before_acceptance;
        self.happens(Event::SupplementExpired(round), &hand);
        self.ended_at = Some(at);
        if before_acceptance {
            self.happens(Event::Rejected, &hand);
        } else {
            let cause = StopCause::SupplementExpired;
            self.stop_cause = Some(cause);
            self.happens(Event::Stopped { cause, before_acceptance }, &hand);
        }
        Ok(true)
    }

    /// Từ chối tiếp nhận.
    pub fn reject(&mut self, hand: &Hand) -> Result<(), Illegal> {
        self.may(Command::Reject)?;
        self.bring(hand)?;
        self.step(Command::Reject)?;
        self.reply_due_at = None;
        self.ended_at = Some(hand.at);
        self.happens(Event::Rejected, hand);
        Ok(())
    }

    /// Rút hồ sơ: before acceptance it ends; during processing workflow is asked.
    pub fn withdraw(&mut self, hand: &Hand) -> Result<(), Illegal> {
        let before = self.state;
        self.step(Command::Withdraw)?;
        if self.state == State::Stopped {
            self.end_round(RoundState::Cancelled, hand.at);
            self.stopped(StopCause::Withdrawn, hand);
        } else {
            self.withdrawal = Some(Withdrawal { at: hand.at, resume: before });
            self.happens(Event::WithdrawalRequested, hand);
        }
        Ok(())
    }

    /// Thông báo dừng giải quyết.
    pub fn issue_stop_notice(&mut self, hand: &Hand) -> Result<(), Illegal> {
        self.step(Command::IssueStopNotice)?;
        self.stopped(self.stop_cause.unwrap_or(StopCause::Process), hand);
        Ok(())
    }

    /// Trả kết quả.
    pub fn return_result(
        &mut self,
        officer: AccountId,
        hand: &Hand,
        way: ReturnWay,
    ) -> Result<(), motcua_fault::Fault> {
        self.may(Command::ReturnResult)?;
        if self.filing.finance == Finance::Due {
            return Err(Denial::PaymentDue.into());
        }
        self.step(Command::ReturnResult)?;
        self.delivery = match way {
            ReturnWay::Post => DeliveryState::Sent,
            ReturnWay::Online | ReturnWay::Desk => DeliveryState::Delivered,
        };
        self.returned = Some(Returned { by: officer, at: hand.at, way });
        if let Some((result, _)) = self.result {
            self.happens(Event::ResultReturned { result, way }, hand);
        }
        Ok(())
    }

    /// Đóng hồ sơ.
    pub fn close(&mut self, hand: &Hand) -> Result<(), Illegal> {
        self.step(Command::Close)?;
        self.delivery = DeliveryState::Delivered;
        self.ended_at = Some(hand.at);
        self.happens(Event::Closed, hand);
        Ok(())
    }

    /// A draft of the desk counts as filed with the desk's first answer to it;
    /// an online one is filed by its writer alone.
    fn bring(&mut self, hand: &Hand) -> Result<(), Illegal> {
        if self.state != State::Draft {
            return Ok(());
        }
        if self.filing.is_online() {
            return Err(self.refuse(Why::NotSubmitted));
        }
        self.submitted_at = Some(hand.at);
        Ok(())
    }

    fn accepted(&mut self, officer: AccountId, hand: &Hand, appointment: Appointment) {
        self.reply_due_at = None;
        self.acceptance = Some(Acceptance {
            by: officer,
            at: hand.at,
            legal_due_at: appointment.due.map(|due| due.legal),
            promised_due_at: appointment.due.map(|due| due.promised),
        });
        self.happens(Event::Accepted(Box::new(appointment)), hand);
    }

    pub(super) fn stopped(&mut self, cause: StopCause, hand: &Hand) {
        let before_acceptance = self.acceptance.is_none();
        self.stop_cause = Some(cause);
        self.ended_at = Some(hand.at);
        self.reply_due_at = None;
        self.withdrawal = None;
        self.payment = None;
        self.happens(Event::Stopped { cause, before_acceptance }, hand);
    }

    pub(super) fn end_round(&mut self, state: RoundState, at: DateTime<Utc>) -> Option<Supplement> {
        let round = self.rounds.iter_mut().rfind(|r| r.state == RoundState::Requested)?;
        round.state = state;
        round.ended_at = Some(at);
        Some(round.clone())
    }

    pub(super) fn happens(&mut self, event: Event, hand: &Hand) {
        self.version += 1;
        self.happened.push(Happened {
            event,
            version: self.version,
            state: self.state,
            hand: hand.clone(),
        });
    }

    /// Whether the table allows `command` now.
    pub fn may(&self, command: Command) -> Result<(), Illegal> {
        match outcome(self.state, command) {
            Outcome::No(why) => Err(self.refuse(why)),
            Outcome::Do(_) | Outcome::Late => Ok(()),
        }
    }

    /// Takes the step the table shows; `None`: a fact that came too late.
    pub(super) fn step(&mut self, command: Command) -> Result<Option<To>, Illegal> {
        match outcome(self.state, command) {
            Outcome::Late => Ok(None),
            Outcome::No(why) => Err(self.refuse(why)),
            Outcome::Do(to) => {
                match to {
                    To::State(state) => self.state = state,
                    To::ResumeLater(state) => {
                        // Late where it would be late without the wait.
                        let resumed = self
                            .resume()
                            .filter(|resume| matches!(outcome(**resume, command), Outcome::Do(_)));
                        let Some(resume) = resumed else { return Ok(None) };
                        *resume = state;
                    }
                    To::Resume => {
                        self.state = self.resume().map_or(State::Processing, |resume| *resume);
                    }
                    To::Same | To::Gone => {}
                }
                Ok(Some(to))
            }
        }
    }

    /// Where it goes on when what it waits for has come.
    fn resume(&mut self) -> Option<&mut State> {
        if self.state == State::AwaitingPayment {
            return self.payment.as_mut().map(|wait| &mut wait.resume);
        }
        self.withdrawal.as_mut().map(|withdrawal| &mut withdrawal.resume)
    }

    fn refuse(&self, why: Why) -> Illegal {
        let accepted = self.acceptance.as_ref().map(|a| (a.by, a.at));
        Illegal { why, state: self.state, accepted }
    }
}

#[cfg(test)]
#[path = "dossier_tests.rs"]
mod tests;
