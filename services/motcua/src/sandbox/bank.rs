//! A sandbox of a bank: the statement (sao kê) that it would give of transfers made by VietQR codes.

use std::fmt::Write;

use anyhow::Context;
use chrono::NaiveDate;
use motcua_paywire::VietQr;
use motcua_vn::local;

/// A table of transfers that came on a day, each as its code asks for it; the memo as banks write
/// it, in other words and lower case.
///
/// # Errors
/// A code asks for no sum, or two are of different accounts.
pub fn statement(codes: &[VietQr], day: NaiveDate) -> anyhow::Result<String> {
    let account = &codes.first().context("no code, no statement")?.account;
    let mut table =
        format!("Số tài khoản;{account}\nNgày giao dịch;Số tham chiếu;Ghi nợ;Ghi có;Nội dung\n");
    for code in codes {
        anyhow::ensure!(&code.account == account, "a statement is of one account");
        let sum = code.amount.context("a code that asks for no sum")?.dong();
        let memo = &code.memo;
        let number: String = memo.chars().filter(char::is_ascii_alphanumeric).collect();
        let (day, memo) = (local::date_text(day), memo.to_lowercase());
        writeln!(table, "{day};FT{number};;{sum};IBFT {memo} chuyen tien tu TK 0011")?;
    }
    Ok(table)
}
