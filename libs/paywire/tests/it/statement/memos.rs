//! References in memos, after what banks do to these.

use motcua_paywire::{
    Found, Reference, find,
    statement::{Entry, Form, Statement},
};
use motcua_vn::Vnd;
use proptest::prelude::*;

use super::{day, written};

/// What a bank makes of a memo.
#[derive(Debug, Clone)]
struct Bank {
    prefix: &'static str,
    upper: bool,
    plain: bool,
    suffix: &'static str,
}

fn banks() -> impl Strategy<Value = Bank> {
    let prefixes = ["", "MBVCB.4512345678.042.", "IBFT ", "REM TFR AC:/", "Q-", "ND:", "/REMI/"];
    let suffixes =
        ["", ".CT tu 0011009999999 NGUYEN VAN AN toi UBND", "-211126-08:31:55 042", " GD 42"];
    (
        proptest::sample::select(prefixes.to_vec()),
        any::<(bool, bool)>(),
        proptest::sample::select(suffixes.to_vec()),
    )
        .prop_map(|(prefix, (upper, plain), suffix)| Bank { prefix, upper, plain, suffix })
}

impl Bank {
    fn memo(&self, memo: &str) -> String {
        let mut memo = format!("{}{memo}{}", self.prefix, self.suffix);
        if self.plain {
            memo = motcua_vn::text::plain_ascii(&memo);
        }
        if self.upper { memo.to_uppercase() } else { memo }
    }
}

/// Lines of so many characters, with what stands between them.
fn cut(memo: &str, length: usize, between: &str) -> String {
    let characters: Vec<char> = memo.chars().collect();
    let lines: Vec<String> = characters.chunks(length).map(|line| line.iter().collect()).collect();
    lines.join(between)
}

fn one(memo: &str) -> Statement {
    let entry = Entry {
        booked: day("2026-11-21"),
        at: None,
        amount: Vnd::new(50_000),
        reversal: false,
        memo: memo.to_owned(),
        bank_reference: "FT1".to_owned(),
        line: 0,
    };
    Statement {
        form: Form::Csv,
        account: "0011001234567".to_owned(),
        currency: "VND".to_owned(),
        opening: Some(Vnd::ZERO),
        closing: Some(Vnd::new(50_000)),
        closed: None,
        entries: vec![entry],
    }
}

/// The memo as each form holds it.
fn forms(memo: &str, length: usize) -> Vec<String> {
    let lines = cut(memo, length, "\n");
    let fields = format!("166?00GUTSCHRIFT{}?32NGUYEN VAN AN", numbered(memo));
    let below = cut(memo, length, "\"\n;;;;\"");
    vec![
        written::csv(&one(&lines), ';'),
        written::csv(&one("BELOW"), ';').replace("BELOW", &below),
        written::mt940(&one(&lines)),
        written::mt940(&one(&cut(&fields, 65, "\r\n"))),
        written::camt053(&one(&cut(memo, length, "</Ustrd><Ustrd>"))),
        written::camt053(&one(&lines)),
    ]
}

/// In fields of 27 characters, numbered from 20 to 29 and from 60.
fn numbered(memo: &str) -> String {
    let characters: Vec<char> = memo.chars().collect();
    let fields = (20..30).chain(60..64).zip(characters.chunks(27));
    let field = |(number, text): (i32, &[char])| format!("?{number}{}", String::from_iter(text));
    fields.map(field).collect::<Vec<_>>().concat()
}

proptest! {
    #[test]
    fn references_survive_what_banks_do_to_memos(
        random in any::<u64>(),
        before in "(Nộp lệ phí |thanh toan ho so |chuyen tien |[a-z ]{0,70})",
        bank in banks(),
        length in proptest::sample::select(vec![35_usize, 65]),
    ) {
        let reference = Reference::new(random);
        let memo = bank.memo(&format!("{before}{reference} cam on"));
        for text in forms(&memo, length) {
            let statement = Statement::read(text.as_bytes(), &[]).unwrap();
            prop_assert_eq!(statement.entries.len(), 1, "{}", text);
            let found = find(&statement.entries[0].memo);
            prop_assert!(found.contains(&Found::Whole(reference.clone())), "{} {:?}", text, found);
        }
    }

    #[test]
    fn a_reference_that_was_cut_off_is_still_a_hint(
        random in any::<u64>(),
        kept in 8..14_usize,
        length in proptest::sample::select(vec![35_usize, 65]),
    ) {
        let reference = Reference::new(random);
        let memo = format!("IBFT le phi {}", &reference.as_str()[..kept]);
        let hint = Found::Cut(reference.as_str()[..kept].to_owned());
        for text in forms(&memo, length) {
            let statement = Statement::read(text.as_bytes(), &[]).unwrap();
            let found = find(&statement.entries[0].memo);
            prop_assert!(found.contains(&hint), "{} {:?}", text, found);
        }
    }
}
