//! Statements that have the same in other files, in other forms, and days of which none tells.

use std::fmt::Write;

use motcua_proto::payment::v1::{
    DiscrepancyKind, DiscrepancyOutcome, FeeOrderState, ResolveDiscrepancyRequest, Statement,
};
use motcua_testkit::Database;

use crate::support::{ALL, Office, accountant, on_both, open};

on_both! {
    the_newest_first_is_no_other_day;
    another_form_of_a_day_is_the_same_money;
    a_day_that_no_statement_tells_of_is_not_closed;
    a_statement_that_does_not_follow_is_looked_at;
}

/// A file of one day in MT940: sums, the bank's numbers, memos, with the balances around them.
fn mt940(day: &str, opening: i64, rows: &[(i64, &str, &str)]) -> Vec<u8> {
    let closing = opening + rows.iter().map(|(sum, ..)| sum).sum::<i64>();
    let mut text = format!(":20:1\n:25:1234567890\n:28C:1\n:60F:C{day}VND{opening},\n");
    for (sum, number, memo) in rows {
        let mark = if *sum < 0 { 'D' } else { 'C' };
        let sum = sum.abs();
        let booked = &day[2..];
        writeln!(text, ":61:{day}{booked}{mark}{sum},NTRFNONREF//{number}\n:86:{memo}").unwrap();
    }
    writeln!(text, ":62F:C{day}VND{closing},\n-").unwrap();
    text.into_bytes()
}

/// A bank that gives no numbers, and the newest first.
async fn the_newest_first_is_no_other_day(database: Database) {
    let office = open(database).await;
    let mut memos = Vec::new();
    for n in 1..=3 {
        memos.push(office.awaits(n).await.0);
    }
    let row = |n: usize| ("02/03/2026", ALL, "", &*memos[n - 1]);
    let files: [&[usize]; 3] = [&[1], &[2, 1], &[3, 2, 1]];
    for (file, seen) in files.into_iter().zip(1..) {
        let rows: Vec<_> = file.iter().map(|n| row(*n)).collect();
        let imported = office.import(&rows).await;
        assert_eq!((imported.entry_count, imported.new_count), (seen, 1));
    }
    for n in 1..=3 {
        let order = office.order(n).await;
        assert_eq!((order.state(), order.surplus_vnd), (FeeOrderState::Paid, 0));
    }
    // Twice alike in one file is twice.
    let again = office.import(&[row(1), row(1), row(2), row(3)]).await;
    assert_eq!((again.new_count, office.order(1).await.surplus_vnd), (1, ALL));
    office.balanced().await;
    office.env.stop().await;
}

/// In the day a table without numbers, the day's own statement in another form with them.
async fn another_form_of_a_day_is_the_same_money(database: Database) {
    let office = open(database).await;
    let (one, _) = office.awaits(1).await;
    let (two, _) = office.awaits(2).await;
    office.import(&[("02/03/2026", ALL, "", &one)]).await;
    let rows = [(ALL, "FT1", &*one), (ALL, "FT2", &*two), (ALL, "FT3", &*two)];
    let day = office.import_file(mt940("260302", 0, &rows)).await;
    assert_eq!((day.new_count, day.known_count, day.matched_count), (3, 1, 2));
    assert_eq!(day.closing_vnd, Some(3 * ALL));
    let sums = async |n| {
        let order = office.order(n).await;
        (order.paid_vnd, order.surplus_vnd)
    };
    assert_eq!((sums(1).await, sums(2).await), ((ALL, 0), (ALL, ALL)), "FT3 is paid twice");
    // And the table once more, with all of the day.
    let late = [&one, &two, &two].map(|memo| ("02/03/2026", ALL, "", &**memo));
    let late = office.import(&late).await;
    assert_eq!((late.new_count, late.known_count), (2, 2));
    assert_eq!((sums(1).await, sums(2).await), ((ALL, 0), (ALL, ALL)));
    assert_eq!(office.books().await["bank"], 3 * ALL);
    let reckoned = office.reckoned("2026-03-02").await;
    assert_eq!((reckoned.bank_vnd, reckoned.difference_vnd), (3 * ALL, 0));
    office.balanced().await;
    office.env.stop().await;
}

async fn a_day_that_no_statement_tells_of_is_not_closed(database: Database) {
    let office = open(database).await;
    let stated = async |day: &str| office.reckoned(&format!("2026-03-{day}")).await.stated;
    assert!(!stated("02").await);
    office.import(&[("02/03/2026", 1_000, "FT1", "a"), ("04/03/2026", 1_000, "FT2", "b")]).await;
    assert!(stated("02").await && stated("03").await && stated("04").await);
    assert!(!stated("05").await);
    assert_eq!(office.reckoned("2026-03-05").await.difference_vnd, 0, "which says nothing");
    // A day on which nothing was booked, and whose statement says so.
    let empty = office.import_file(mt940("260305", 0, &[])).await;
    assert_eq!((&*empty.first_day, &*empty.last_day), ("2026-03-05", "2026-03-05"));
    assert!(stated("05").await && !stated("06").await);
    office.env.stop().await;
}

async fn balances(office: &Office) -> Vec<(String, i64, i64)> {
    let found = office.discrepancies().await;
    let kind = DiscrepancyKind::Balance;
    let balances = found.into_iter().filter(|one| one.kind() == kind);
    let told = balances.map(|one| (one.statement, one.expected_vnd, one.actual_vnd));
    let mut told: Vec<_> = told.collect();
    told.sort();
    told
}

async fn a_statement_that_does_not_follow_is_looked_at(database: Database) {
    let office = open(database).await;
    let day = async |day: &str, opening, sum: i64, memo: &str| -> Statement {
        office.import_file(mt940(day, opening, &[(sum, memo, memo)])).await
    };
    day("260302", 0, 5_000, "A").await;
    day("260303", 5_000, 1_000, "B").await;
    assert_eq!(balances(&office).await, [], "it follows");
    // Wednesday's is missing, until it comes.
    let thursday = day("260305", 8_000, 1_000, "D").await;
    assert_eq!(balances(&office).await, [(thursday.name.clone(), 6_000, 8_000)]);
    let listed = office.discrepancies().await.into_iter().find(|one| !one.statement.is_empty());
    let ended = ResolveDiscrepancyRequest {
        request_id: office.env.request_id(),
        name: listed.unwrap().name,
        outcome: DiscrepancyOutcome::WrittenOff.into(),
        resolution: "x".into(),
        ..Default::default()
    };
    let refused = office.client(&accountant()).resolve_discrepancy(ended).await;
    assert_eq!(crate::support::reason(refused), "OUTCOME_INVALID", "there is no money in it");
    // The same once more is as wrong, and makes the first one no better.
    let again = day("260305", 8_000, 1_000, "D").await;
    let mut both = [thursday.name, again.name].map(|name| (name, 6_000, 8_000));
    both.sort();
    assert_eq!(balances(&office).await, both);
    // The day so far, and then all of it, begin alike.
    let rows = [(1_000, "C", "C"), (1_000, "E", "E")];
    office.import_file(mt940("260304", 6_000, &rows[..1])).await;
    assert_eq!(balances(&office).await, both);
    office.import_file(mt940("260304", 6_000, &rows)).await;
    assert_eq!(balances(&office).await, []);
    // A table has no balances: what it had between counts. One that lacks an entry is found out.
    office.import(&[("06/03/2026", 2_000, "F", "F")]).await;
    day("260309", 11_000, 1_000, "G").await;
    assert_eq!(balances(&office).await, []);
    let last = day("260310", 12_500, 1_000, "H").await;
    assert_eq!(balances(&office).await, [(last.name, 12_000, 12_500)]);
    office.env.stop().await;
}
