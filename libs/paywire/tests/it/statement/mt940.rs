use motcua_paywire::statement::{Statement, Wrong};
use motcua_vn::Vnd;

use super::{day, rows, wrong};

/// Two pages in the blocks of the network.
pub(super) const SWIFT: &str = "\
{1:F01BFTVVNVXAXXX0000000000}{2:I940BFTVVNVXXXXXN}{4:\r
:20:STMT261121\r
:25:BFTVVNVX/0011001234567\r
:28C:325/1\r
:60F:C261120VND1000000,\r
:61:2611211121CD50000,NTRFNONREF//FT2632501\r
CHUYEN TIEN NHANH\r
:86:MBVCB.4512345678.MC7K3Q9Z\r
T4XW02.CT tu 0011009999999 NGUYEN VAN AN\r
:61:2611211121D11000,00NCHGNONREF//FT2632502\r
:86:PHI DICH VU\r
:62M:C261121VND1039000,\r
-}{5:{CHK:0123456789AB}}\r
{1:F01BFTVVNVXAXXX0000000000}{2:I940BFTVVNVXXXXXN}{4:\r
:20:STMT261121\r
:25:BFTVVNVX/0011001234567\r
:28C:325/2\r
:60M:C261121VND1039000,\r
:61:2611211121RD20000,NTRFNONREF//FT2632503\r
:86:HOAN PHI TRA LAI\r
:61:2611211121RC50000,NTRFMC7K3Q9ZT4XW02//FT2632504\r
:62F:C261121VND1009000,\r
:86:CAM ON QUY KHACH\r
-}\r
";

/// Without blocks, and with memos that are cut into fields.
pub(super) const PLAIN: &str = "\
:20:1
:25:0011001234567VND
:28C:1
:60F:D261230VND500,
:61:2612310101C1500,NMSC123
:86:166?00GUTSCHRIFT?20Le phi ho so MC7K3Q9?21ZT4XW02?30BFTVVNVX?31001
1009999999?32NGUYEN VAN AN
:62F:C270101VND1000,
:64:C270101VND1000,
-
";

#[test]
fn pages_in_blocks_are_one_statement() {
    let statement = Statement::mt940(SWIFT.as_bytes()).unwrap();
    assert_eq!(statement.account, "0011001234567");
    assert_eq!(statement.opening, Some(Vnd::new(1_000_000)));
    assert_eq!(statement.closing, Some(Vnd::new(1_009_000)));
    let first =
        "CHUYEN TIEN NHANH MBVCB.4512345678.MC7K3Q9Z T4XW02.CT tu 0011009999999 NGUYEN VAN AN";
    let today = || "2026-11-21".to_owned();
    assert_eq!(
        rows(&statement),
        [
            (today(), 50_000, first, "FT2632501", 6),
            (today(), -11_000, "PHI DICH VU", "FT2632502", 10),
            (today(), 20_000, "HOAN PHI TRA LAI", "FT2632503", 19),
            (today(), -50_000, "MC7K3Q9ZT4XW02", "FT2632504", 21),
        ]
    );
    let reversals: Vec<_> = statement.entries.iter().map(|entry| entry.reversal).collect();
    assert_eq!(reversals, [false, false, true, true]);
}

#[test]
fn a_memo_in_fields_is_put_together() {
    let statement = Statement::mt940(PLAIN.as_bytes()).unwrap();
    assert_eq!(statement.account, "0011001234567");
    assert_eq!(statement.opening, Some(Vnd::new(-500)));
    assert_eq!(statement.closed, Some(day("2027-01-01")));
    let entry = &statement.entries[0];
    assert_eq!(entry.memo, "123 NGUYEN VAN AN Le phi ho so MC7K3Q9 ZT4XW02");
    // Worth a year before it was booked.
    assert_eq!(entry.booked, day("2027-01-01"));
    assert_eq!((entry.amount, entry.bank_reference.as_str()), (Vnd::new(1_500), ""));
}

#[test]
fn what_only_looks_like_a_tag_is_a_memo() {
    let text = PLAIN.replace("?32NGUYEN", "\n:99:AB\n:8:\n?32NGUYEN");
    let statement = Statement::mt940(text.as_bytes()).unwrap();
    assert!(statement.entries[0].memo.ends_with("MC7K3Q9 ZT4XW02"));
    // What stands behind the last balance changes nothing.
    let text = PLAIN.replace(":64:", ":86:MC\n:64:");
    assert_eq!(Statement::mt940(text.as_bytes()).unwrap().entries.len(), 1);
}

#[test]
fn what_is_no_statement_in_dong_is_refused() {
    let malformed = Wrong::Malformed("MT940");
    for (from, to, line, item, what) in [
        ("D261230VND500,", "D261230USD500,", 4, ":60F:", Wrong::Currency),
        ("D261230VND500,", "D261230VND500,5", 4, ":60F:", Wrong::Amount),
        ("D261230VND500,", "E261230VND500,", 4, ":60F:", Wrong::Mark),
        ("D261230VND500,", "D261330VND500,", 4, ":60F:", Wrong::Date),
        ("0101C1500,", "0101C1500,50", 5, ":61:", Wrong::Amount),
        ("0101C1500,", "0101C1.500,", 5, ":61:", Wrong::Amount),
        ("0101C1500,", "0101C0,", 5, ":61:", Wrong::Amount),
        ("0101C1500,", "0101EC1500,", 5, ":61:", Wrong::Mark),
        ("0101C1500,", "1301C1500,", 5, ":61:", Wrong::Date),
        ("NMSC123", "NMS", 5, ":61:", malformed.clone()),
        (":60F:D261230VND500,\n", "", 4, ":61:", malformed.clone()),
        (":62F:C270101VND1000,\n", "", 9, "", Wrong::Missing("số dư cuối (:62F:)")),
        (":64:", ":61:2612310101C1500,NMSC123\n:64:", 9, ":61:", malformed.clone()),
        (":20:1\n", "", 1, ":25:", malformed.clone()),
        (
            "C270101VND1000,\n:64",
            "C270101VND1001,\n:64",
            0,
            "",
            Wrong::Balance { reckoned: Vnd::new(1_000), said: Vnd::new(1_001) },
        ),
    ] {
        let text = PLAIN.replacen(from, to, 1);
        assert_ne!(text, PLAIN);
        assert_eq!(
            wrong(Statement::mt940(text.as_bytes())),
            (line, item.to_owned(), what),
            "{from} {to}"
        );
    }
    assert_eq!(wrong(Statement::mt940(b"")).2, malformed);
    let other = SWIFT.replacen("0011001234567", "0011001234568", 1);
    assert_eq!(wrong(Statement::mt940(other.as_bytes())).2, Wrong::Accounts);
    // A page that is missing.
    let page = SWIFT.replace(":60M:C261121VND1039000,", ":60M:C261121VND1040000,");
    let (line, item, what) = wrong(Statement::mt940(page.as_bytes()));
    assert_eq!((line, item.as_str()), (18, ":60M:"));
    assert!(matches!(what, Wrong::Balance { .. }));
}
