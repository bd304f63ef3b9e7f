//! What of a statement is new.

use chrono::NaiveDate;
use proptest::prelude::*;

use super::support::{id, vnd};
use crate::domain::{Outlook, StatementEntry, Taken};

fn entry(amount: i64, bank_reference: &str, memo: &str) -> StatementEntry {
    StatementEntry {
        id: id(1).into(),
        line: 1,
        day: NaiveDate::from_ymd_opt(2026, 11, 2).unwrap(),
        amount: vnd(amount),
        bank_reference: bank_reference.into(),
        memo: memo.into(),
        reversal: false,
        outlook: Outlook::New,
    }
}

/// The rows of a service that takes files over one by one.
#[derive(Default)]
struct Rows(Vec<(StatementEntry, u32)>);

impl Rows {
    fn take(&mut self, file: &[StatementEntry]) -> usize {
        let mut taken = Taken::default();
        for (entry, nth) in &self.0 {
            taken.had(entry, *nth);
        }
        let new: Vec<_> =
            taken.new_of(file).into_iter().map(|(entry, nth)| (entry.clone(), nth)).collect();
        let many = new.len();
        self.0.extend(new);
        many
    }

    /// What was booked, in whichever order; the database's key holds.
    fn booked(&self) -> Vec<(i64, String, String)> {
        let mut keys: Vec<_> = self
            .0
            .iter()
            .map(|(one, nth)| (one.amount.dong(), one.bank_reference.clone(), *nth))
            .collect();
        keys.sort_unstable();
        let all = keys.len();
        keys.dedup();
        assert_eq!(keys.len(), all, "two rows with one key");
        sorted(self.0.iter().map(|(entry, _)| entry))
    }
}

fn sorted<'a>(entries: impl Iterator<Item = &'a StatementEntry>) -> Vec<(i64, String, String)> {
    let said =
        |one: &StatementEntry| (one.amount.dong(), one.bank_reference.clone(), one.memo.clone());
    let mut all: Vec<_> = entries.map(said).collect();
    all.sort_unstable();
    all
}

/// A day's entries: fixed fees, memos that repeat, numbers of the bank that are missing or stand at
/// several.
fn days() -> impl Strategy<Value = Vec<StatementEntry>> {
    let sum = prop_oneof![Just(50_000_i64), Just(20_000), Just(-1_100)];
    let number = prop_oneof![3 => Just(""), 1 => Just("FT1"), 1 => Just("FT2")];
    let memo = "[a-e]";
    let entry = (sum, number, memo).prop_map(|(sum, number, memo)| entry(sum, number, &memo));
    proptest::collection::vec(entry, 1..12)
}

proptest! {
    /// Files of any stretch of a day, in any order, the newest or the oldest first, and all of it at
    /// some time: each entry is booked once.
    #[test]
    fn however_a_day_is_cut_into_files_each_is_booked_once(
        day in days(),
        files in proptest::collection::vec((any::<[proptest::sample::Index; 2]>(), any::<bool>()), 0..6),
        whole in any::<(proptest::sample::Index, bool)>(),
    ) {
        let mut cuts: Vec<(usize, usize, bool)> = files
            .into_iter()
            .map(|([a, b], turned)| {
                let (a, b) = (a.index(day.len()), b.index(day.len()));
                (a.min(b), a.max(b) + 1, turned)
            })
            .collect();
        cuts.insert(whole.0.index(cuts.len() + 1), (0, day.len(), whole.1));
        let mut rows = Rows::default();
        for (from, to, turned) in cuts {
            let mut file = day[from..to].to_vec();
            if turned {
                file.reverse();
            }
            rows.take(&file);
        }
        prop_assert_eq!(rows.booked(), sorted(day.iter()));
    }
}

#[test]
fn what_was_numbered_by_its_place_in_a_file_is_known_again() {
    // As rows were kept before: a repeated number had its place behind it, and no count.
    let mut rows = Rows::default();
    rows.0.push((entry(50_000, "FT1", "a"), 0));
    rows.0.push((entry(50_000, "FT1/2", "b"), 0));
    rows.0.push((entry(20_000, "HD/7", "c"), 0));
    rows.0.push((entry(20_000, "", "d"), 1));
    let again = [
        // The bank's number says that it is the same, whatever the memo.
        entry(50_000, "FT1", "b"),
        entry(50_000, "FT1", "a"),
        entry(20_000, "HD/7", "c"),
        entry(20_000, "", "d"),
    ];
    assert_eq!(rows.take(&again), 0);
    assert_eq!(rows.take(&[entry(50_000, "FT3", "e"), entry(20_000, "HD/8", "c")]), 2);
    assert_eq!(rows.booked().len(), 6);
}

#[test]
fn one_number_is_one_entry_however_its_memo_is_written() {
    let mut rows = Rows::default();
    let fees = [entry(-11_000, "FT9", "PHI DICH VU"), entry(-11_000, "", "PHI SMS")];
    assert_eq!(rows.take(&fees), 2);
    let other_form = [entry(-11_000, "FT9", "Phí dịch vụ"), entry(-11_000, "", "Phí SMS")];
    assert_eq!(rows.take(&other_form), 1, "without a number the memo is all there is");
    // Two of one number, of which a file had one: the whole day has the other too.
    let two = [entry(-11_000, "FT9", "PHI DICH VU"), entry(-11_000, "FT9", "PHI KHAC")];
    assert_eq!(rows.take(&two), 1);
    assert_eq!(rows.booked().len(), 4);
}
