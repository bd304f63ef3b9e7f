use std::{
    collections::{HashMap, HashSet},
    hash::Hash,
};

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
/// them, and of several that are alike in all, as many are new as there are more than before. What is
/// left then and has the bank's number is the same by that: forms differ in how they write a memo.
#[derive(Debug, Default)]
pub struct Taken {
    had: Vec<(Alike, u32)>,
    last: HashMap<Numbered, u32>,
}

/// Day, sum and the bank's own number.
type Numbered = (NaiveDate, Vnd, String);
/// The same, and memo.
type Alike = (Numbered, String);

impl Taken {
    /// A statement before had this entry, as the `nth` of its day, sum and number of the bank.
    pub fn had(&mut self, entry: &Entry, nth: u32) {
        let last = self.last.entry(numbered(entry)).or_insert(nth);
        *last = nth.max(*last);
        self.had.push(((numbered(entry), entry.memo.clone()), nth));
    }

    /// Those of a file that are new, and which one of its day, sum and number each is: counted from 0,
    /// without a number from 1.
    pub fn new_of<'a>(self, file: &'a [Entry]) -> Vec<(&'a Entry, u32)> {
        let Self { mut had, mut last } = self;
        let mut rest: Vec<_> = file.iter().collect();
        let alike = |entry: &Entry| Some((numbered(entry), entry.memo.clone()));
        pair(&mut had, &mut rest, |(had, _)| Some(had.clone()), alike);
        // A repeated number once had its place in the file behind it.
        let before = |(((day, sum, number), memo), nth): &(Alike, u32)| {
            let name = unnumbered(number).to_owned();
            (*nth == 0).then(|| ((*day, *sum, name), memo.clone()))
        };
        pair(&mut had, &mut rest, before, alike);
        let by_number = |numbered: &Numbered| (!numbered.2.is_empty()).then(|| numbered.clone());
        pair(
            &mut had,
            &mut rest,
            |((of, _), _)| by_number(of),
            |entry| by_number(&numbered(entry)),
        );
        let nth = |entry: &'a Entry| {
            let first = u32::from(entry.bank_reference.is_empty());
            let next = last.get(&numbered(entry)).map_or(first, |last| last + 1);
            last.insert(numbered(entry), next);
            (entry, next)
        };
        rest.into_iter().map(nth).collect()
    }
}

fn numbered(entry: &Entry) -> Numbered {
    (entry.day, entry.amount, entry.bank_reference.clone())
}

/// Takes away each entry for which there was one that is the same by `K`, with that one.
fn pair<K: Eq + Hash>(
    had: &mut Vec<(Alike, u32)>,
    rest: &mut Vec<&Entry>,
    of_had: impl Fn(&(Alike, u32)) -> Option<K>,
    of_entry: impl Fn(&Entry) -> Option<K>,
) {
    let mut left: HashMap<K, Vec<usize>> = HashMap::new();
    for (at, key) in had.iter().enumerate().filter_map(|(at, one)| Some((at, of_had(one)?))) {
        left.entry(key).or_default().push(at);
    }
    let mut found = HashSet::new();
    rest.retain(|entry| {
        let same = of_entry(entry).and_then(|key| left.get_mut(&key)?.pop());
        same.is_none_or(|at| !found.insert(at))
    });
    let mut at = 0..;
    had.retain(|_| at.next().is_none_or(|at| !found.contains(&at)));
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
