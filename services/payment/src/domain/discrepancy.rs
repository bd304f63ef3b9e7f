use chrono::{DateTime, NaiveDate, Utc};
use motcua_ids::{
    AccountId, AgencyPath, DiscrepancyId, FeeOrderId, PaymentId, RefundId, StatementEntryId,
    StatementId, Uuid,
};
use motcua_vn::Vnd;

use super::{Account, Place, Refusal, Transfer};

/// Something that does not fit between the books and what a bank or a gateway says (chênh lệch
/// đối soát): a person has to look at it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Discrepancy {
    /// Its id.
    pub id: DiscrepancyId,
    /// What does not fit.
    pub kind: Kind,
    /// Whose books: the agency that collects, or the province's.
    pub agency: AgencyPath,
    /// What the bank booked, where it is about that.
    pub entry: Option<StatementEntryId>,
    /// The order it belongs to, as far as that is known.
    pub order: Option<FeeOrderId>,
    /// Which payment; of money nobody expects, the one it may be for.
    pub payment: Option<PaymentId>,
    /// Which refund.
    pub refund: Option<RefundId>,
    /// The statement, where it is about its balance.
    pub statement: Option<StatementId>,
    /// What the books say.
    pub expected: Vnd,
    /// What the bank or the gateway says.
    pub actual: Vnd,
    /// The day it is about.
    pub day: NaiveDate,
    /// The bank's or the gateway's own number.
    pub bank_reference: String,
    /// When it was found.
    pub found_at: DateTime<Utc>,
    /// Once it is settled.
    pub resolution: Option<Resolution>,
}

/// How a discrepancy was settled.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Resolution {
    /// Who; none: it settled itself.
    pub by: Option<AccountId>,
    /// When.
    pub at: DateTime<Utc>,
    /// How.
    pub outcome: Outcome,
    /// In the officer's words.
    pub words: String,
}

/// What does not fit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// The bank booked something that nothing here expects.
    MissingHere,
    /// It is booked here, and the bank or the gateway does not have it.
    MissingThere,
    /// Another sum than what is owed: it is taken, and what is too much is to be given back.
    Amount,
    /// A statement begins with another balance than those before it end with.
    Balance,
}

/// How a discrepancy ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Outcome {
    /// The money is a payment's after all.
    Assigned,
    /// The gateway paid out what it had collected.
    GatewayPayout,
    /// Cash of an agency's tills was paid in.
    CashDeposit,
    /// The post paid out what it had collected for an agency.
    PostalPayout,
    /// Interest, charges, somebody else's money: not a payment's.
    WrittenOff,
    /// Nothing is left to book.
    Noted,
    /// What was missing came by itself.
    Found,
}

impl Kind {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::MissingHere, Self::MissingThere, Self::Amount, Self::Balance];

    /// The word in rows.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::MissingHere => "missing_here",
            Self::MissingThere => "missing_there",
            Self::Amount => "amount",
            Self::Balance => "balance",
        }
    }
}

impl Outcome {
    /// All of them.
    pub const ALL: [Self; 7] = [
        Self::Assigned,
        Self::GatewayPayout,
        Self::CashDeposit,
        Self::PostalPayout,
        Self::WrittenOff,
        Self::Noted,
        Self::Found,
    ];

    /// The word in rows.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Assigned => "assigned",
            Self::GatewayPayout => "gateway_payout",
            Self::CashDeposit => "cash_deposit",
            Self::PostalPayout => "postal_payout",
            Self::WrittenOff => "written_off",
            Self::Noted => "noted",
            Self::Found => "found",
        }
    }

    /// Where money that the bank has turns out to come from, or to have gone to; none: nowhere, as
    /// nothing is left to book.
    pub const fn account(self) -> Option<Account> {
        match self {
            Self::Assigned => Some(Account::Bank),
            Self::GatewayPayout => Some(Account::Gateway),
            Self::CashDeposit => Some(Account::Cash),
            Self::PostalPayout => Some(Account::Postal),
            Self::WrittenOff => Some(Account::Difference),
            Self::Noted | Self::Found => None,
        }
    }

    /// Whether a person may end this one so: what the bank has and nothing expects is booked
    /// somewhere, and so may be what a gateway turns out not to have; of the others nothing is left
    /// to book.
    const fn fits(self, found: &Discrepancy) -> bool {
        match self {
            Self::Assigned | Self::GatewayPayout | Self::CashDeposit | Self::PostalPayout => {
                matches!(found.kind, Kind::MissingHere)
            }
            Self::WrittenOff => match found.kind {
                Kind::MissingHere => true,
                Kind::MissingThere => found.at_gateway(),
                Kind::Amount | Kind::Balance => false,
            },
            Self::Noted => !matches!(found.kind, Kind::MissingHere),
            Self::Found => false,
        }
    }
}

impl Discrepancy {
    /// What it is found about once.
    pub fn subject(&self) -> Uuid {
        let about = [
            self.entry.map(StatementEntryId::uuid),
            self.refund.map(RefundId::uuid),
            self.statement.map(StatementId::uuid),
            self.payment.map(PaymentId::uuid),
        ];
        about.into_iter().flatten().next().unwrap_or(self.id.uuid())
    }

    /// Whether it is about money that a gateway is said to hold, and not about a refund or a
    /// statement. Once a person has settled it, the gateway's word is waited for no more.
    pub const fn at_gateway(&self) -> bool {
        self.payment.is_some() && self.refund.is_none() && self.entry.is_none()
    }

    /// Where the money goes that the gateway does not have, if it is written off.
    pub fn written_off(&self) -> Option<Transfer> {
        let outcome = self.resolution.as_ref().map(|resolution| resolution.outcome);
        if outcome != Some(Outcome::WrittenOff) || !self.at_gateway() {
            return None;
        }
        let lost = Vnd::new(self.expected.dong() - self.actual.dong());
        Transfer::new(Place::of(Account::Difference), Place::of(Account::Gateway), lost)
    }

    /// Somebody settles it, once.
    pub fn resolve(&mut self, resolution: Resolution) -> Result<(), Refusal> {
        if self.resolution.is_some() {
            return Err(Refusal::AlreadyResolved);
        }
        if !resolution.outcome.fits(self) {
            return Err(Refusal::OutcomeInvalid);
        }
        self.resolution = Some(resolution);
        Ok(())
    }
}
