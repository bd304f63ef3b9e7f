//! A bank's statement of an account, in the forms in which banks give it: tables (CSV),
//! SWIFT's MT940, and ISO 20022's camt.053.
//!
//! Only what is booked is an entry, amounts are whole đồng, and where the balances before and
//! after are known, the entries between them add up: a statement that is taken is whole.
//! What stands in a memo was written by whoever paid, and proves nothing by itself.

mod camt053;
mod csv;
mod forms;
mod mt940;
mod wrong;

use chrono::NaiveDate;
use motcua_vn::{Timestamp, Vnd};

pub use self::{
    csv::Column,
    wrong::{BadStatement, Wrong},
};

/// The most entries of one statement.
pub const MOST_ENTRIES: usize = 200_000;
/// The most characters of a memo that are kept.
pub const MEMO: usize = 1_000;
/// The longest reference or account number, in characters.
const NAME: usize = 100;
const CURRENCY: &str = "VND";
/// Lines by which a form is known.
const START: usize = 10;

/// In which form a bank gives a statement.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Form {
    /// A table.
    Csv,
    /// SWIFT's MT940.
    Mt940,
    /// ISO 20022's camt.053.
    Camt053,
}

/// What became of an account in some days.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Statement {
    /// In which form it was given.
    pub form: Form,
    /// The account's number; empty where the statement does not say it.
    pub account: String,
    /// `VND`.
    pub currency: String,
    /// What was there before.
    pub opening: Option<Vnd>,
    /// What was there after.
    pub closing: Option<Vnd>,
    /// The day of that, where the statement says it: until then it tells of all.
    pub closed: Option<NaiveDate>,
    /// What was booked, in the statement's order.
    pub entries: Vec<Entry>,
}

/// Money that came or went.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// The day by the bank's books.
    pub booked: NaiveDate,
    /// When, where the statement says it.
    pub at: Option<Timestamp>,
    /// How much: positive where the account was credited, negative where it was debited.
    pub amount: Vnd,
    /// Whether it takes back an earlier entry: what is credited so was no payment.
    pub reversal: bool,
    /// The words that came with it, on one line, at most [`MEMO`] characters.
    pub memo: String,
    /// The bank's own reference; empty where it gave none. It may stand at several entries, as at a
    /// transfer and its fee, or in a batch.
    pub bank_reference: String,
    /// The line of the statement on which it begins, from 1.
    pub line: usize,
}

impl Form {
    /// The word in rows.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::Mt940 => "mt940",
            Self::Camt053 => "camt053",
        }
    }
}

impl Statement {
    /// Reads a statement, whichever form it has; tables as [`Statement::csv`] does.
    ///
    /// # Errors
    /// Where it is wrong, and what is wrong there.
    pub fn read(bytes: &[u8], headings: &[(Column, &str)]) -> Result<Self, BadStatement> {
        let text = text(bytes)?;
        // Some banks put lines of their own before a message.
        let swift = |line: &str| line.starts_with(":20:") || line.contains("{4:");
        if text.trim_start().starts_with('<') {
            Self::camt053(bytes)
        } else if text.lines().take(START).any(swift) {
            Self::mt940(bytes)
        } else {
            Self::csv(bytes, headings)
        }
    }

    /// Reads a table with `,`, `;` or tabs between its cells. Its columns are known by their
    /// Vietnamese or English headings; `headings` says those that are unusual.
    ///
    /// # Errors
    /// Where it is wrong, and what is wrong there.
    pub fn csv(bytes: &[u8], headings: &[(Column, &str)]) -> Result<Self, BadStatement> {
        csv::read(text(bytes)?, headings)
    }

    /// Reads one or more messages MT940 of the same account.
    ///
    /// # Errors
    /// Where it is wrong, and what is wrong there.
    pub fn mt940(bytes: &[u8]) -> Result<Self, BadStatement> {
        mt940::read(text(bytes)?)
    }

    /// Reads a document camt.053 (ISO 20022), of whichever version.
    ///
    /// # Errors
    /// Where it is wrong, and what is wrong there.
    pub fn camt053(bytes: &[u8]) -> Result<Self, BadStatement> {
        camt053::read(text(bytes)?)
    }
}

fn text(bytes: &[u8]) -> Result<&str, BadStatement> {
    let text = std::str::from_utf8(bytes).map_err(|_| Wrong::NotUtf8.whole())?;
    Ok(text.strip_prefix('\u{feff}').unwrap_or(text))
}

/// A statement while it is read, perhaps in several parts that follow each other.
#[derive(Default)]
struct Draft {
    account: String,
    opening: Option<Vnd>,
    closing: Option<Vnd>,
    closed: Option<NaiveDate>,
    parts: usize,
    entries: Vec<Entry>,
}

impl Draft {
    /// The account, which is the same in every part.
    fn account(&mut self, text: &str) -> Result<(), Wrong> {
        let account = name(&text.split_whitespace().collect::<String>())?;
        if !self.account.is_empty() && self.account != account {
            return Err(Wrong::Accounts);
        }
        self.account = account;
        Ok(())
    }

    /// A part begins: with what the one before it ended with.
    fn open(&mut self, opening: Option<Vnd>) -> Result<(), Wrong> {
        match (self.closing, opening) {
            (Some(reckoned), Some(said)) if self.parts > 0 && reckoned != said => {
                return Err(Wrong::Balance { reckoned, said });
            }
            _ if self.parts == 0 => self.opening = opening,
            _ => {}
        }
        self.parts += 1;
        Ok(())
    }

    fn close(&mut self, closing: Option<Vnd>, day: Option<NaiveDate>) {
        self.closing = closing;
        self.closed = day;
    }

    fn push(&mut self, mut entry: Entry) -> Result<(), Wrong> {
        if self.entries.len() == MOST_ENTRIES {
            return Err(Wrong::Many(MOST_ENTRIES));
        }
        if entry.amount == Vnd::ZERO {
            return Err(Wrong::Amount);
        }
        entry.memo = forms::words(&entry.memo, MEMO);
        entry.bank_reference = name(&entry.bank_reference)?;
        self.entries.push(entry);
        Ok(())
    }

    /// More words of the entry before.
    fn more(&mut self, words: &str) {
        let Some(entry) = self.entries.last_mut() else { return };
        let room = MEMO.saturating_sub(entry.memo.chars().count() + 1);
        let words = if room > 0 { forms::words(words, room) } else { String::new() };
        if !words.is_empty() && !entry.memo.is_empty() {
            entry.memo.push(' ');
        }
        entry.memo += &words;
    }

    fn finish(self, form: Form) -> Result<Statement, BadStatement> {
        let sum = Vnd::sum(self.entries.iter().map(|entry| entry.amount));
        let sum = sum.ok_or_else(|| Wrong::Amount.whole())?;
        if let (Some(opening), Some(said)) = (self.opening, self.closing) {
            let reckoned = opening.plus(sum).ok_or_else(|| Wrong::Amount.whole())?;
            if reckoned != said {
                return Err(Wrong::Balance { reckoned, said }.whole());
            }
        }
        Ok(Statement {
            form,
            account: self.account,
            currency: CURRENCY.to_owned(),
            opening: self.opening,
            closing: self.closing,
            closed: self.closed,
            entries: self.entries,
        })
    }
}

/// A number or a reference, whole: one that was cut would be another one.
fn name(text: &str) -> Result<String, Wrong> {
    let name = forms::words(text, NAME + 1);
    if name.chars().count() > NAME { Err(Wrong::Long(NAME)) } else { Ok(name) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_are_not_more_entries_than_can_be_held() {
        let entry = Entry {
            booked: NaiveDate::MIN,
            at: None,
            amount: Vnd::new(1),
            reversal: false,
            memo: String::new(),
            bank_reference: String::new(),
            line: 1,
        };
        let mut draft = Draft::default();
        for _ in 0..MOST_ENTRIES {
            draft.push(entry.clone()).unwrap();
        }
        assert_eq!(draft.push(entry), Err(Wrong::Many(200_000)));
    }
}
