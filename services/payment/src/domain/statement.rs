use std::collections::HashMap;

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
    /// The days it tells of: those of its entries, and that of its closing balance; none: neither.
    pub days: Option<(NaiveDate, NaiveDate)>,
    /// What was on the account before, where it says so.
    pub opening: Option<Vnd>,
    /// What was on it after.
    pub closing: Option<Vnd>,
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
    /// A payment or a refund that a statement of another form had before, under another number of
    /// the bank or none: it is the same money, and booked there.
    Known,
    /// Nobody knows what for.
    Open,
    /// A person said what for.
    Resolved,
}

impl Outlook {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::New, Self::Matched, Self::Known, Self::Open, Self::Resolved];

    /// The word in rows.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::Matched => "matched",
            Self::Known => "known",
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

    /// It was nobody's, and is now known to be from `account`: of another agency's books, where one
    /// is named.
    pub fn known_to_be(&self, account: Account, agency: Option<AgencyPath>) -> Option<Transfer> {
        let from = Place { agency, ..Place::of(account) };
        Transfer::new(Place::of(Account::Unidentified), from, self.amount)
    }
}

/// What statements before had of some days.
///
/// The order of a file says nothing: some banks give the newest first, and an afternoon's file has
/// what the morning's had somewhere in it. So two entries are the same by all that the bank says of
/// them, and of several that are alike in all, as many are new as there are more than before.
#[derive(Debug, Default)]
pub struct Taken {
    alike: HashMap<Alike, usize>,
    /// Whole references of rows from when a repeated one had its number behind it, by what stood
    /// before that.
    numbered: HashMap<Alike, Vec<String>>,
    last: HashMap<(NaiveDate, Vnd, String), u32>,
}

/// Day, sum, the bank's own number, and memo.
type Alike = (NaiveDate, Vnd, String, String);

impl Taken {
    /// A statement before had this entry, as the `nth` of its day, sum and number of the bank. Rows
    /// of the time when only those without a number were counted have 0.
    pub fn had(&mut self, entry: &Entry, nth: u32) {
        let Entry { day, amount, bank_reference, memo, .. } = entry;
        let reference = bank_reference.clone();
        if nth == 0 {
            let alike = (*day, *amount, unnumbered(&reference).to_owned(), memo.clone());
            self.numbered.entry(alike).or_default().push(reference.clone());
        } else {
            let alike = (*day, *amount, reference.clone(), memo.clone());
            *self.alike.entry(alike).or_default() += 1;
        }
        let last = self.last.entry((*day, *amount, reference)).or_default();
        *last = nth.max(*last);
    }

    /// Which one of its day, sum and number an entry is, if it is new.
    pub fn take(&mut self, entry: &Entry) -> Option<u32> {
        let Entry { day, amount, bank_reference, memo, .. } = entry;
        let mut alike = (*day, *amount, bank_reference.clone(), memo.clone());
        if let Some(left) = self.alike.get_mut(&alike).filter(|left| **left > 0) {
            *left -= 1;
            return None;
        }
        unnumbered(bank_reference).clone_into(&mut alike.2);
        let same = |had: &String| had == bank_reference || unnumbered(had) == bank_reference;
        if let Some(before) = self.numbered.get_mut(&alike)
            && let Some(at) = before.iter().position(same)
        {
            before.swap_remove(at);
            return None;
        }
        let last = self.last.entry((*day, *amount, bank_reference.clone())).or_default();
        *last += 1;
        Some(*last)
    }
}

/// `FT1` of `FT1/2`.
fn unnumbered(reference: &str) -> &str {
    match reference.rsplit_once('/') {
        Some((name, n)) if !n.is_empty() && n.bytes().all(|b| b.is_ascii_digit()) => name,
        _ => reference,
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
