//! Statements written in each form, to be read again.

use std::fmt::Write;

use chrono::{Days, TimeDelta};
use motcua_paywire::statement::{Entry, Form, Statement};
use motcua_vn::{
    Vnd, local,
    text::{grouped, tidy},
};
use proptest::prelude::*;

use super::day;

/// A statement whose entries add up. Memos are the words that every form can hold.
pub(super) fn statements() -> impl Strategy<Value = Statement> {
    let entry = (
        0..400_u64,
        1..1_000_000_000_i64,
        any::<(bool, bool)>(),
        "[A-Za-z0-9][A-Za-z0-9 .,()/+-]{0,90}",
        proptest::option::of(0..86_400_i64),
    );
    let entries = proptest::collection::vec(entry, 0..12);
    ("[0-9]{6,19}", -1_000_000_000..1_000_000_000_i64, entries).prop_map(
        |(account, opening, entries)| {
            let mut all = Vec::new();
            for (at, (days, amount, (credit, reversal), memo, seconds)) in
                entries.into_iter().enumerate()
            {
                let booked = day("2026-01-01") + Days::new(days);
                let begin = local::instant(booked.into());
                all.push(Entry {
                    booked,
                    at: seconds.map(|seconds| begin + TimeDelta::seconds(seconds)),
                    amount: Vnd::new(if credit { amount } else { -amount }),
                    reversal,
                    memo: tidy(&memo),
                    bank_reference: format!("FT{at:05}"),
                    line: 0,
                });
            }
            let entries = all;
            let opening = Vnd::new(opening);
            let sum = Vnd::sum(entries.iter().map(|entry| entry.amount)).unwrap();
            Statement {
                form: Form::Csv,
                account,
                currency: "VND".to_owned(),
                opening: Some(opening),
                closing: opening.plus(sum),
                closed: None,
                entries,
            }
        },
    )
}

pub(super) fn csv(statement: &Statement, delimiter: char) -> String {
    let d = delimiter;
    let quoted = |text: &str| format!("\"{}\"", text.replace('"', "\"\""));
    let amount = |dong: i64| quoted(&grouped(dong));
    let mut text = format!("Số tài khoản:{d}{}\n", statement.account);
    let balance =
        |name: &str, of: Option<Vnd>| format!("{name}{d}{}\n", amount(of.unwrap().dong()));
    text += &balance("Số dư đầu kỳ", statement.opening);
    text += &["Ngày giao dịch", "Số bút toán", "Ghi nợ", "Ghi có", "Nội dung"].join(&d.to_string());
    for entry in &statement.entries {
        let (debit, credit) = match entry.amount.dong() {
            dong if dong < 0 => (amount(-dong), String::new()),
            dong => (String::new(), amount(dong)),
        };
        let at = entry.at.map(local::local);
        let at = at.map_or(local::date_text(entry.booked), |at| {
            at.format("%d/%m/%Y %H:%M:%S").to_string()
        });
        let _ = write!(
            text,
            "\n{at}{d}{}{d}{debit}{d}{credit}{d}{}",
            entry.bank_reference,
            quoted(&entry.memo)
        );
    }
    text + "\n" + &balance("Số dư cuối kỳ", statement.closing)
}

pub(super) fn mt940(statement: &Statement) -> String {
    let balance = |tag: &str, of: Option<Vnd>| {
        let dong = of.unwrap().dong();
        let mark = if dong < 0 { 'D' } else { 'C' };
        format!(":{tag}:{mark}261121VND{},\r\n", dong.abs())
    };
    let mut text = format!(
        "{{1:F01}}{{2:I940}}{{4:\r\n:20:1\r\n:25:{}\r\n:28C:1/1\r\n{}",
        statement.account,
        balance("60F", statement.opening)
    );
    for entry in &statement.entries {
        let mark = match (entry.reversal, entry.amount > Vnd::ZERO) {
            (false, true) => "C",
            (false, false) => "D",
            (true, true) => "RD",
            (true, false) => "RC",
        };
        let day = entry.booked;
        let _ = write!(
            text,
            ":61:{}{}{mark}D{},NTRFNONREF//{}\r\n:86:{}\r\n",
            day.format("%y%m%d"),
            day.format("%m%d"),
            entry.amount.dong().abs(),
            entry.bank_reference,
            entry.memo
        );
    }
    text + &balance("62F", statement.closing) + "-}\r\n"
}

pub(super) fn camt053(statement: &Statement) -> String {
    let amount = |of: Vnd| {
        let mark = if of < Vnd::ZERO { "DBIT" } else { "CRDT" };
        format!("<Amt Ccy=\"VND\">{}</Amt><CdtDbtInd>{mark}</CdtDbtInd>", of.dong().abs())
    };
    let balance = |code: &str, of: Option<Vnd>| {
        let code = format!("<Tp><CdOrPrtry><Cd>{code}</Cd></CdOrPrtry></Tp>");
        format!("<Bal>{code}{}</Bal>", amount(of.unwrap()))
    };
    let mut text = format!(
        "<Document><BkToCstmrStmt><Stmt><Acct><Id><Othr><Id>{}</Id></Othr></Id></Acct>{}{}",
        statement.account,
        balance("OPBD", statement.opening),
        balance("CLBD", statement.closing)
    );
    for entry in &statement.entries {
        let at = entry.at.map(|at| format!("<DtTm>{}</DtTm>", at.to_rfc3339()));
        let at = at.unwrap_or_else(|| format!("<Dt>{}</Dt>", entry.booked));
        let _ = write!(
            text,
            "<Ntry>{}<RvslInd>{}</RvslInd><Sts>BOOK</Sts><BookgDt>{at}</BookgDt><NtryDtls><TxDtls>\
             <Refs><AcctSvcrRef>{}</AcctSvcrRef></Refs><RmtInf><Ustrd>{}</Ustrd></RmtInf>\
             </TxDtls></NtryDtls></Ntry>",
            amount(entry.amount),
            entry.reversal,
            entry.bank_reference,
            entry.memo
        );
    }
    text + "</Stmt></BkToCstmrStmt></Document>"
}

/// The statement without what the form does not say, and whichever form it has.
fn without(mut statement: Statement, of: impl Fn(&mut Entry)) -> Statement {
    statement.form = Form::Csv;
    statement.closed = None;
    for entry in &mut statement.entries {
        entry.line = 0;
        of(entry);
    }
    statement
}

proptest! {
    #[test]
    fn what_is_written_in_a_form_is_read_again(
        statement in statements(),
        delimiter in proptest::sample::select(vec![',', ';', '\t']),
    ) {
        let read = Statement::read(csv(&statement, delimiter).as_bytes(), &[]).unwrap();
        let no_reversal = |entry: &mut Entry| entry.reversal = false;
        prop_assert_eq!(without(read, |_| {}), without(statement.clone(), no_reversal));

        let read = Statement::read(mt940(&statement).as_bytes(), &[]).unwrap();
        let no_time = |entry: &mut Entry| entry.at = None;
        prop_assert_eq!(without(read, |_| {}), without(statement.clone(), no_time));

        let read = Statement::read(camt053(&statement).as_bytes(), &[]).unwrap();
        prop_assert_eq!(without(read, |_| {}), statement);
    }
}
