use motcua_paywire::statement::{Column, Statement, Wrong};
use motcua_vn::Vnd;

use super::{rows, wrong};
use crate::at;

/// As internet banking exports it from a spreadsheet.
pub(super) const EXPORT: &str = "\
NGÂN HÀNG TMCP NGOẠI THƯƠNG VIỆT NAM,,,,,\r
SAO KÊ TÀI KHOẢN / STATEMENT OF ACCOUNT,,,,,\r
Số tài khoản / Account No:,0011001234567,,Loại tiền / Currency:,VND,\r
Tên tài khoản:,UBND PHUONG BEN NGHE,,Từ ngày:,21/11/2026,\r
Số dư đầu kỳ:,\"1,000,000\",,,,\r
,,,,,\r
Ngày giao dịch,Số tham chiếu,Số tiền ghi nợ,Số tiền ghi có,Số dư,Nội dung chi tiết\r
Transaction date,Reference No,Debit,Credit,Balance,Description\r
21/11/2026 08:31:55,5091 - 00042,,\"50,000\",\"1,050,000\",\"MBVCB.4512345678.MC7K3Q9ZT4XW02.CT tu 0011\r
0099999 NGUYEN VAN AN\"\r
21/11/2026 09:00,5091 - 00043,\"11,000.00\",0,\"1,039,000\",Phí dịch vụ\r
22/11/2026,5091 - 00042,,\"20,000\",\"1,059,000\",IBFT MC7K3\r
,,,,,Q9ZT4XW02\r
Tổng cộng,,\"11,000\",\"70,000\",,\r
Số dư cuối kỳ:,,,,\"1,059,000\",\r
Trang 1/1,,,,,\r
";

pub(super) const ENGLISH: &str = "\
Posting date\tTransaction details\tAmount\tDr/Cr\tTransaction ID\tCcy
2026-11-21\tTRANSFER MC7K3Q9ZT4XW02\t50000.00\tCR\t'0042\tVND
2026-11-21 17:05:09\tFee\t1.100,00\tDR\t0043\tVND
";

#[test]
fn an_export_is_read_with_what_stands_around_the_table() {
    let statement = Statement::csv(EXPORT.as_bytes(), &[]).unwrap();
    assert_eq!(statement.account, "0011001234567");
    assert_eq!(statement.opening, Some(Vnd::new(1_000_000)));
    assert_eq!(statement.closing, Some(Vnd::new(1_059_000)));
    let first = "MBVCB.4512345678.MC7K3Q9ZT4XW02.CT tu 0011 0099999 NGUYEN VAN AN";
    assert_eq!(
        rows(&statement),
        [
            ("2026-11-21".to_owned(), 50_000, first, "5091 - 00042", 9),
            ("2026-11-21".to_owned(), -11_000, "Phí dịch vụ", "5091 - 00043", 11),
            ("2026-11-22".to_owned(), 20_000, "IBFT MC7K3 Q9ZT4XW02", "5091 - 00042", 12),
        ]
    );
    let times: Vec<_> = statement.entries.iter().map(|entry| entry.at).collect();
    assert_eq!(times, [Some(at("2026-11-21T08:31:55")), Some(at("2026-11-21T09:00:00")), None]);
}

#[test]
fn one_amount_with_a_mark_is_read() {
    let statement = Statement::csv(ENGLISH.as_bytes(), &[]).unwrap();
    assert_eq!(
        (statement.opening, statement.closing, statement.account.as_str()),
        (None, None, "")
    );
    assert_eq!(
        rows(&statement),
        [
            ("2026-11-21".to_owned(), 50_000, "TRANSFER MC7K3Q9ZT4XW02", "0042", 2),
            ("2026-11-21".to_owned(), -1_100, "Fee", "0043", 3),
        ]
    );
    assert_eq!(statement.entries[1].at, Some(at("2026-11-21T17:05:09")));
}

#[test]
fn signs_and_times_of_their_own_are_read() {
    let text = "Ngày GD;Giờ;Mã GD;Số tiền (VND);Diễn giải\n\
                21-11-2026;08:31;A1;+50.000;Nộp lệ phí\n21-11-2026;;A2;-3.300 VND;Phí\n";
    let statement = Statement::csv(text.as_bytes(), &[]).unwrap();
    let read: Vec<_> = statement.entries.iter().map(|e| (e.amount.dong(), e.at)).collect();
    assert_eq!(read, [(50_000, Some(at("2026-11-21T08:31:00"))), (-3_300, None)]);
    // A minus in the column of debits is how some write a debit.
    let text = "Ngày;Nợ;Có;Mô tả\n21/11/2026;-3.300;;Phí\n";
    assert_eq!(Statement::csv(text.as_bytes(), &[]).unwrap().entries[0].amount.dong(), -3_300);
}

#[test]
fn unusual_headings_are_said_by_the_caller() {
    let text = "Khi nào;Bao nhiêu;Lời nhắn;TK;Ngày;Số tiền;Nội dung\n\
                21/11/2026;50.000;MC7K3Q9ZT4XW02;0011;x;y;z\n";
    let headings = [
        (Column::Booked, "KHI NÀO"),
        (Column::Amount, "Bao nhiêu"),
        (Column::Memo, "Lời nhắn"),
        (Column::Account, "TK"),
    ];
    let statement = Statement::csv(text.as_bytes(), &headings).unwrap();
    assert_eq!(statement.account, "0011");
    assert_eq!(rows(&statement), [("2026-11-21".to_owned(), 50_000, "MC7K3Q9ZT4XW02", "", 2)]);
    let none = Statement::csv(text.as_bytes(), &[(Column::Reference, "Số phiếu")]);
    assert!(matches!(wrong(none), (0, _, Wrong::Missing(_))));
}

#[test]
fn what_is_no_table_of_whole_dong_is_refused() {
    let of = |rows: &str| {
        let text = format!("Ngày;Ghi nợ;Ghi có;Nội dung;Loại tiền\n{rows}");
        let (line, item, wrong) = wrong(Statement::csv(text.as_bytes(), &[]));
        (line, wrong, item)
    };
    for (rows, expected) in [
        ("21/11/2026;;50.000,5;A;", (2, Wrong::Amount, "Số tiền ghi có")),
        ("21/11/2026;1.5;;A;", (2, Wrong::Amount, "Số tiền ghi nợ")),
        ("21/11/2026;;-50.000;A;", (2, Wrong::Amount, "Số tiền ghi có")),
        ("21/11/2026;;;A;", (2, Wrong::Amount, "Số tiền")),
        ("21/11/2026;0;0;A;", (2, Wrong::Amount, "Số tiền ghi có")),
        ("21/11/2026;1.000;1.000;A;", (2, Wrong::Mark, "Số tiền ghi có")),
        ("\n;;50.000;A;", (3, Wrong::Date, "Ngày giao dịch")),
        ("2026;;50.000;A;", (2, Wrong::Date, "Ngày giao dịch")),
        ("21/11/2026;;50.000;A;USD", (2, Wrong::Currency, "Loại tiền")),
        ("Số dư cuối kỳ;;nhiều;;", (2, Wrong::Amount, "Số dư cuối kỳ")),
    ] {
        let (line, wrong, item) = of(rows);
        assert_eq!((line, wrong, item.as_str()), expected, "{rows}");
    }
    let dollars = "Loại tiền: USD\nNgày,Số tiền,Nội dung\n21/11/2026,5,A\n";
    assert_eq!(wrong(Statement::csv(dollars.as_bytes(), &[])).2, Wrong::Currency);
    let twice = "Ngày,Số tiền,Số tiền,Nội dung\n21/11/2026,5,6,A\n";
    assert_eq!(wrong(Statement::csv(twice.as_bytes(), &[])).2, Wrong::Twice("cột cùng tên"));
    let accounts = "A;Ngày;Số tiền;Nội dung\n1;21/11/2026;5;A\n2;21/11/2026;5;A\n";
    let read = Statement::csv(accounts.as_bytes(), &[(Column::Account, "A")]);
    assert_eq!(wrong(read), (3, "Số tài khoản".to_owned(), Wrong::Accounts));
    for text in ["", "\n\n", "a,b,c\n1,2,3", "Ngày;Nội dung\n21/11/2026;A"] {
        let read = Statement::csv(text.as_bytes(), &[]);
        assert!(matches!(wrong(read), (0, _, Wrong::Missing(_))), "{text}");
    }
}
