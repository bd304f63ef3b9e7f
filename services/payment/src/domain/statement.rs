use chrono::{DateTime, NaiveDate, Utc};
use motcua_ids::{AccountId, AgencyPath, StatementEntryId, StatementId};
use motcua_paywire::{Found, find};
use motcua_vn::Vnd;

use super::{Account, Place, Transfer};

/// A bank's statement of the collecting account, as it was imported (sao kê).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Statement {
    /// Its id.
    pub id: StatementId,
    /// Who imported it; none: another system did.
    pub by: Option<AccountId>,
    /// The agency whose collecting account it is.
    pub agency: AgencyPath,
    /// When.
    pub at: DateTime<Utc>,
    /// The days of its entries; none: it has none.
    pub days: Option<(NaiveDate, NaiveDate)>,
    /// How many entries there are.
    pub entries: usize,
    /// How many of them no statement before had.
    pub new: usize,
}

/// Money that came or went by a statement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Its id.
    pub id: StatementEntryId,
    /// Where it stands in the statement: of two for one payment, the first pays.
    pub line: usize,
    /// The day by the bank's books.
    pub day: NaiveDate,
    /// Positive: it came.
    pub amount: Vnd,
    /// The bank's own number.
    pub bank_reference: String,
    /// Which one of those that have the same day and sum and no number, from 1; else 0.
    pub nth: u32,
    /// What was written with it.
    pub memo: String,
    /// It takes an earlier one back: what comes so is no payment.
    pub reversal: bool,
    /// Where it stands.
    pub outlook: Outlook,
}

/// Where an entry of a statement stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Outlook {
    /// Not yet looked at.
    New,
    /// A payment or a refund.
    Matched,
    /// Nobody knows what for.
    Open,
    /// A person said what for.
    Resolved,
}

impl Outlook {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::New, Self::Matched, Self::Open, Self::Resolved];

    /// The word in rows.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::Matched => "matched",
            Self::Open => "open",
            Self::Resolved => "resolved",
        }
    }
}

impl Entry {
    /// From the collecting account's other side, as far as it is known, onto the account.
    pub fn against(&self, other: Account) -> Option<Transfer> {
        Transfer::new(Place::of(Account::Bank), Place::of(other), self.amount)
    }

    /// It was nobody's, and is now known to be `account`'s.
    pub fn known_to_be(&self, account: Account) -> Option<Transfer> {
        Transfer::new(Place::of(Account::Unidentified), Place::of(account), self.amount)
    }
}

/// What a memo names: references that stand there whole, then beginnings of some.
pub fn named(memo: &str) -> (Vec<String>, Vec<String>) {
    let (mut whole, mut cut) = (Vec::new(), Vec::new());
    for found in find(memo) {
        match found {
            Found::Whole(reference) => whole.push(reference.to_string()),
            Found::Cut(begin) => cut.push(begin),
        }
    }
    (whole, cut)
}
