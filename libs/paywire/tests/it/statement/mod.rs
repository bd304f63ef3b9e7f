//! Statements as banks give them, and everything else.

mod camt053;
mod csv;
mod memos;
mod mt940;
mod written;

use chrono::NaiveDate;
use motcua_fault::{Fault, Refusal};
use motcua_paywire::statement::{BadStatement, Entry, Statement, Wrong};
use motcua_vn::Vnd;
use proptest::{prelude::*, sample::Index};

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

/// Day, amount, memo, reference and line of each entry.
fn rows(statement: &Statement) -> Vec<(String, i64, &str, &str, usize)> {
    let row = |e: &'_ Entry| (e.booked.to_string(), e.amount.dong());
    let entries = statement.entries.iter();
    let all = entries.map(|e| (row(e), e.memo.as_str(), e.bank_reference.as_str(), e.line));
    all.map(|((day, amount), memo, reference, line)| (day, amount, memo, reference, line)).collect()
}

/// Where it is wrong, and what.
fn wrong(read: Result<Statement, BadStatement>) -> (usize, String, Wrong) {
    let bad = read.unwrap_err();
    (bad.line, bad.item, bad.wrong)
}

#[test]
fn what_is_wrong_is_told_in_vietnamese_and_by_a_reason() {
    let read = Statement::csv(
        "Ngày giao dịch;Số tiền;Nội dung\n21/11/2026;50.000;A\n31/11/2026;1;NGUYEN VAN AN"
            .as_bytes(),
        &[],
    );
    let bad = read.unwrap_err();
    assert_eq!(bad.to_string(), "Dòng 3, mục «Ngày giao dịch»: không đọc được ngày giờ.");
    assert_eq!(bad.reason(), "STATEMENT_DATE_INVALID");
    let fault = Fault::from(bad);
    assert_eq!(fault.metadata()[0], ("line".to_owned(), "3".to_owned()));

    let bad = Statement::read(b"\xff\xfe", &[]).unwrap_err();
    assert_eq!(
        bad.to_string(),
        "Sao kê: không phải văn bản UTF-8; hãy lưu lại theo bảng mã UTF-8."
    );
    let unbalanced =
        "Số dư đầu kỳ;1.000\nNgày;Số tiền;Nội dung\n21/11/2026;50.000;A\nSố dư cuối kỳ;2.000";
    let bad = Statement::csv(unbalanced.as_bytes(), &[]).unwrap_err();
    assert_eq!(bad.reason(), "STATEMENT_UNBALANCED");
    assert_eq!(
        bad.to_string(),
        "Sao kê: số dư không khớp: tính từ số dư đầu và các giao dịch là 51.000 đồng, sao kê ghi \
         2.000 đồng."
    );
}

#[test]
fn a_statement_is_known_by_how_it_begins() {
    let other = format!("\nBFTVVNVX\n940\n{}", mt940::PLAIN);
    for text in [csv::EXPORT, mt940::SWIFT, mt940::PLAIN, &other, camt053::DAY] {
        let statement = Statement::read(text.as_bytes(), &[]).unwrap();
        assert_eq!((&*statement.account, &*statement.currency), ("0011001234567", "VND"));
        let with_mark = Statement::read(format!("\u{feff}{text}").as_bytes(), &[]).unwrap();
        assert_eq!(with_mark, statement);
    }
}

#[test]
fn memos_are_cut_and_references_are_not() {
    let head = "Ngày,Số tiền,Nội dung,Số tham chiếu\n";
    let long = format!("{head}21/11/2026,1,{},R", "ệ ".repeat(5_000));
    let statement = Statement::csv(long.as_bytes(), &[]).unwrap();
    assert_eq!(statement.entries[0].memo.chars().count(), 1_000);
    let long = format!("{head}21/11/2026,1,A,{}", "R".repeat(101));
    assert_eq!(wrong(Statement::csv(long.as_bytes(), &[])).2, Wrong::Long(100));

    let all = "9223372036854775807";
    let over = format!("{head}21/11/2026,{all},A,\n21/11/2026,{all},A,\n");
    assert_eq!(wrong(Statement::csv(over.as_bytes(), &[])).2, Wrong::Amount);
}

/// A text with some octets put otherwise, left out or doubled.
fn mutated(text: &str, edits: &[(Index, u8, u8)]) -> Vec<u8> {
    let mut text = text.as_bytes().to_vec();
    for (at, octet, how) in edits {
        let at = at.index(text.len());
        match how % 4 {
            0 => text[at] = *octet,
            1 => text.truncate(at + 1),
            2 => text.insert(at, *octet),
            _ => text.extend_from_within(at..),
        }
    }
    text
}

/// Each reader reads it or refuses it; what is read adds up.
fn try_all(bytes: &[u8]) -> Result<(), TestCaseError> {
    let read = [
        Statement::read(bytes, &[]),
        Statement::csv(bytes, &[]),
        Statement::mt940(bytes),
        Statement::camt053(bytes),
    ];
    for read in read {
        match read {
            Ok(read) => {
                let sum = Vnd::sum(read.entries.iter().map(|e| e.amount)).unwrap();
                if let (Some(opening), Some(closing)) = (read.opening, read.closing) {
                    prop_assert_eq!(opening.plus(sum), Some(closing));
                }
                prop_assert!(read.entries.iter().all(|e| e.memo.chars().count() <= 1_000));
            }
            Err(bad) => prop_assert!(!bad.to_string().is_empty()),
        }
    }
    Ok(())
}

proptest! {
    #[test]
    fn any_bytes_are_a_statement_or_are_refused(
        bytes in proptest::collection::vec(any::<u8>(), 0..300),
        text in "\\PC{0,200}",
    ) {
        try_all(&bytes)?;
        try_all(text.as_bytes())?;
    }

    #[test]
    fn any_damage_is_a_statement_or_is_refused(
        edits in proptest::collection::vec(any::<(Index, u8, u8)>(), 1..6),
    ) {
        for text in [csv::EXPORT, csv::ENGLISH, mt940::SWIFT, mt940::PLAIN, camt053::DAY, camt053::NEWER] {
            try_all(&mutated(text, &edits))?;
        }
    }

    #[test]
    fn any_words_of_the_forms_are_a_statement_or_are_refused(
        words in proptest::collection::vec(proptest::sample::select(WORDS.to_vec()), 0..40),
    ) {
        try_all(words.concat().as_bytes())?;
    }
}

/// Of what the forms are made.
const WORDS: [&str; 46] = [
    "\n",
    ";",
    ",",
    "\"",
    "Ngày",
    "Số tiền",
    "Nội dung",
    "Số dư đầu kỳ:",
    "21/11/2026",
    "50.000",
    "-",
    ":20:",
    ":25:",
    ":60F:",
    ":61:",
    ":86:",
    ":62F:",
    "-}",
    "{4:",
    "C261121VND5,",
    "2611211121CD5,NTRF",
    "//",
    "?20",
    "166?00",
    "C",
    "<Document>",
    "</Document>",
    "<BkToCstmrStmt>",
    "</BkToCstmrStmt>",
    "<Stmt>",
    "</Stmt>",
    "<Ntry>",
    "</Ntry>",
    "<Amt Ccy=\"VND\">",
    "</Amt>",
    "<CdtDbtInd>CRDT</CdtDbtInd>",
    "<Sts>BOOK</Sts>",
    "<BookgDt><Dt>2026-11-21</Dt></BookgDt>",
    "<Bal>",
    "</Bal>",
    "&amp;",
    "&x;",
    "<![CDATA[",
    "]]>",
    "<!DOCTYPE d>",
    "5",
];
