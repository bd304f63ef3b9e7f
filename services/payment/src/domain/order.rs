//! The aggregate: what is owed, and everything that was paid upon it.

use chrono::{DateTime, Utc};
use motcua_ids::{
    AccountId, AgencyPath, DossierId, FeeOrderId, PaymentId, ProcedureVersionId, RefundId,
};
use motcua_vn::Vnd;

use super::{
    Attempt, ChargeKind, Entry, Event, Line, Receipt, Refund, RefundState, Refusal, Transfer, What,
};

/// What is owed for one dossier (yêu cầu nộp phí, lệ phí).
#[derive(Debug, Clone)]
pub struct Order {
    /// With the dossier's UUID.
    pub id: FeeOrderId,
    /// Grows by one with everything that happens.
    pub version: i64,
    /// Which dossier, where, whose.
    pub facts: Facts,
    /// Where it stands.
    pub state: State,
    /// What the procedure's version charges.
    pub lines: Vec<Line>,
    /// Until when it is to be paid.
    pub due_at: Option<DateTime<Utc>>,
    /// When it was paid, or found to cost nothing.
    pub settled_at: Option<DateTime<Utc>>,
    /// When the dossier ended, if it was paid by then: it is never asked for anew.
    pub ended_at: Option<DateTime<Utc>>,
    /// Oldest first.
    pub attempts: Vec<Attempt>,
    /// Oldest first.
    pub receipts: Vec<Receipt>,
    /// Oldest first.
    pub refunds: Vec<Refund>,
    /// Oldest first.
    pub assessments: Vec<Assessment>,
    stored_version: i64,
    happened: Vec<(i64, Event)>,
    booked: Vec<Entry>,
}

/// What does not change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Facts {
    /// The dossier.
    pub dossier: DossierId,
    /// Mã hồ sơ.
    pub code: String,
    /// The version it was filed under.
    pub procedure_version: ProcedureVersionId,
    /// The procedure's national number.
    pub procedure: String,
    /// Who collects: the agency that receives.
    pub collecting: AgencyPath,
    /// Its identifier code, for series of receipts.
    pub collecting_code: String,
    /// Who decides.
    pub competent: AgencyPath,
    /// Who filed it from an account.
    pub payer: Option<AccountId>,
    /// Filed online.
    pub online: bool,
    /// When it was accepted.
    pub accepted_at: DateTime<Utc>,
}

/// Where an order stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum State {
    /// Chờ xác định mức thu.
    ToAssess,
    /// Chờ nộp.
    Due,
    /// Đã nộp.
    Paid,
    /// Không phải nộp.
    NothingDue,
    /// Quá hạn nộp.
    Lapsed,
    /// Hủy: the dossier ended first.
    Cancelled,
}

/// What somebody found to be owed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Assessment {
    /// The order's version that it made.
    pub version: i64,
    /// When.
    pub at: DateTime<Utc>,
    /// The officer; none: the procedure's version and the policies.
    pub by: Option<AccountId>,
    /// What it made of the order.
    pub payable: Vnd,
    /// Why, in the officer's words.
    pub reason: String,
    /// Every line as it was from then on: who examines what was changed sees what it was before.
    /// None where it was kept before lines were.
    pub lines: Vec<Line>,
}

impl State {
    /// All of them.
    pub const ALL: [Self; 6] =
        [Self::ToAssess, Self::Due, Self::Paid, Self::NothingDue, Self::Lapsed, Self::Cancelled];

    /// The word in rows.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::ToAssess => "to_assess",
            Self::Due => "due",
            Self::Paid => "paid",
            Self::NothingDue => "nothing_due",
            Self::Lapsed => "lapsed",
            Self::Cancelled => "cancelled",
        }
    }
}

impl Order {
    /// What is owed for a dossier that was accepted. Where all is known, it is asked for at once.
    pub fn open(facts: Facts, lines: Vec<Line>, at: DateTime<Utc>, due_at: DateTime<Utc>) -> Self {
        let id = FeeOrderId::new(facts.dossier.uuid());
        let mut order = Self::restore(id, 0, facts, State::ToAssess, lines);
        order.version = 1;
        let unassessed: Vec<Vnd> = vec![Vnd::ZERO; order.lines.len()];
        order.assessed(&unassessed, None, String::new(), at, due_at);
        order
    }

    /// An order as it was kept, before what hangs on it is put back.
    pub fn restore(
        id: FeeOrderId,
        version: i64,
        facts: Facts,
        state: State,
        lines: Vec<Line>,
    ) -> Self {
        Self {
            id,
            version,
            facts,
            state,
            lines,
            due_at: None,
            settled_at: None,
            ended_at: None,
            attempts: Vec::new(),
            receipts: Vec::new(),
            refunds: Vec::new(),
            assessments: Vec::new(),
            stored_version: version,
            happened: Vec::new(),
            booked: Vec::new(),
        }
    }

    /// What changes with everything that happens.
    pub fn etag(&self) -> String {
        format!("v{}", self.version)
    }

    /// Whether an etag seen by the caller is this version's; an empty one asks for nothing.
    pub fn matches(&self, etag: &str) -> Result<(), Refusal> {
        if etag.is_empty() || etag == self.etag() { Ok(()) } else { Err(Refusal::EtagMismatch) }
    }

    /// The version it was loaded with; 0: it was never kept.
    pub const fn stored_version(&self) -> i64 {
        self.stored_version
    }

    /// What others are told of what happened since it was loaded, each with the version it made.
    pub fn take_happened(&mut self) -> Vec<(i64, Event)> {
        std::mem::take(&mut self.happened)
    }

    /// What is to be booked of what happened since it was loaded.
    pub fn take_booked(&mut self) -> Vec<Entry> {
        std::mem::take(&mut self.booked)
    }

    /// All that is to be paid, reductions taken off.
    pub fn payable(&self) -> Vnd {
        total(self.lines.iter().map(Line::payable))
    }

    /// What was paid of it.
    pub fn paid(&self) -> Vnd {
        total(self.attempts.iter().filter(|a| a.settled() == Some(true)).map(|a| a.amount))
    }

    /// Of what was owed and paid: what was given back.
    pub fn refunded(&self) -> Vnd {
        self.given_back(true)
    }

    /// What came and is not owed, less what was given back of it.
    pub fn surplus(&self) -> Vnd {
        let came =
            total(self.attempts.iter().filter(|a| a.settled() == Some(false)).map(|a| a.amount));
        Vnd::new(came.dong() - self.given_back(false).dong())
    }

    fn given_back(&self, owed: bool) -> Vnd {
        let gone = self.refunds.iter().filter(|refund| {
            matches!(refund.state, RefundState::Refunded { .. })
                && self.attempt(refund.payment).ok().and_then(Attempt::settled) == Some(owed)
        });
        total(gone.map(|refund| refund.amount))
    }

    /// One of its attempts.
    pub fn attempt(&self, id: PaymentId) -> Result<&Attempt, Refusal> {
        self.attempts.iter().find(|attempt| attempt.id == id).ok_or(Refusal::PaymentUnknown)
    }

    /// One of its refunds.
    pub fn refund(&self, id: RefundId) -> Result<&Refund, Refusal> {
        self.refunds.iter().find(|refund| refund.id == id).ok_or(Refusal::RefundUnknown)
    }

    pub(super) fn of_kind(&self, kind: ChargeKind) -> Vnd {
        total(self.lines.iter().filter(|line| line.kind == kind).map(Line::payable))
    }

    pub(super) fn book(&mut self, what: What, at: DateTime<Utc>, transfers: Vec<Transfer>) {
        if !transfers.is_empty() {
            self.booked.push(Entry { what, at, transfers });
        }
    }

    pub(super) fn happens(&mut self, event: Event) {
        self.happened.push((self.version, event));
    }
}

/// The sums of an order are bounded by what an officer may assess.
pub(super) fn total(amounts: impl IntoIterator<Item = Vnd>) -> Vnd {
    Vnd::new(amounts.into_iter().map(Vnd::dong).sum())
}
