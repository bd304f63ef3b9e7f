use motcua_paywire::statement::{Statement, Wrong};
use motcua_vn::Vnd;

use super::{day, rows, wrong};
use crate::at;

/// Version .001.02, of which most banks are.
pub(super) const DAY: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.02">
 <BkToCstmrStmt>
  <GrpHdr><MsgId>M1</MsgId><CreDtTm>2026-11-22T00:10:00</CreDtTm></GrpHdr>
  <Stmt>
   <Id>S1</Id>
   <Acct><Id><Othr><Id>0011001234567</Id></Othr></Id><Ccy>VND</Ccy></Acct>
   <Bal><Tp><CdOrPrtry><Cd>PRCD</Cd></CdOrPrtry></Tp><Amt Ccy="VND">1000000</Amt>
    <CdtDbtInd>CRDT</CdtDbtInd><Dt><Dt>2026-11-20</Dt></Dt></Bal>
   <Bal><Tp><CdOrPrtry><Cd>CLBD</Cd></CdOrPrtry></Tp><Amt Ccy="VND">1109000.00</Amt>
    <CdtDbtInd>CRDT</CdtDbtInd><Dt><Dt>2026-11-21</Dt></Dt></Bal>
   <Ntry>
    <Amt Ccy="VND">50000.00</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts>BOOK</Sts>
    <BookgDt><DtTm>2026-11-21T08:31:55+07:00</DtTm></BookgDt><ValDt><Dt>2026-11-22</Dt></ValDt>
    <AcctSvcrRef>FT2632501</AcctSvcrRef>
    <NtryDtls><TxDtls><Refs><EndToEndId>NOTPROVIDED</EndToEndId></Refs>
     <RmtInf><Ustrd>Nộp lệ phí &amp; phí MC7K3</Ustrd><Ustrd>Q9ZT4XW02</Ustrd></RmtInf>
    </TxDtls></NtryDtls>
    <AddtlNtryInf>CT nhanh</AddtlNtryInf>
   </Ntry>
   <Ntry>
    <Amt Ccy="VND">11000</Amt><CdtDbtInd>DBIT</CdtDbtInd><Sts>BOOK</Sts>
    <BookgDt><Dt>2026-11-21</Dt></BookgDt><AddtlNtryInf>Phí dịch vụ</AddtlNtryInf>
   </Ntry>
   <Ntry>
    <Amt Ccy="VND">999</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts>PDNG</Sts>
   </Ntry>
   <Ntry>
    <Amt Ccy="VND">70000</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts>BOOK</Sts>
    <BookgDt><Dt>2026-11-21</Dt></BookgDt><AcctSvcrRef>BATCH7</AcctSvcrRef>
    <NtryDtls><Btch><NbOfTxs>3</NbOfTxs></Btch>
     <TxDtls><Refs><EndToEndId>MC0000000000 00</EndToEndId></Refs>
      <AmtDtls><TxAmt><Amt Ccy="VND">30000</Amt></TxAmt></AmtDtls></TxDtls>
     <TxDtls><Refs><AcctSvcrRef>FT9</AcctSvcrRef></Refs>
      <AmtDtls><TxAmt><Amt Ccy="VND">50000</Amt></TxAmt></AmtDtls>
      <RmtInf><Strd><CdtrRefInf><Ref>RF18 5390</Ref></CdtrRefInf></Strd></RmtInf></TxDtls>
     <TxDtls><Refs/><Amt Ccy="VND">10000</Amt><CdtDbtInd>DBIT</CdtDbtInd></TxDtls>
    </NtryDtls>
   </Ntry>
  </Stmt>
 </BkToCstmrStmt>
</Document>
"#;

/// Version .001.08, under a prefix, of two days.
pub(super) const NEWER: &str = r#"<c:Document xmlns:c="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"><c:BkToCstmrStmt>
<c:Stmt><c:Acct><c:Id><c:IBAN>VN00 0011</c:IBAN></c:Id></c:Acct>
<c:Bal><c:Tp><c:CdOrPrtry><c:Cd>CLBD</c:Cd></c:CdOrPrtry></c:Tp><c:Amt Ccy="VND">20</c:Amt><c:CdtDbtInd>DBIT</c:CdtDbtInd></c:Bal>
<c:Bal><c:Tp><c:CdOrPrtry><c:Cd>OPBD</c:Cd></c:CdOrPrtry></c:Tp><c:Amt Ccy="VND">0</c:Amt><c:CdtDbtInd>CRDT</c:CdtDbtInd></c:Bal>
<c:Ntry><c:Amt Ccy="VND">20</c:Amt><c:CdtDbtInd>DBIT</c:CdtDbtInd><c:RvslInd>true</c:RvslInd>
<c:Sts><c:Cd>BOOK</c:Cd></c:Sts><c:BookgDt><c:DtTm>2026-11-20T23:30:00Z</c:DtTm></c:BookgDt></c:Ntry></c:Stmt>
<c:Stmt><c:Acct><c:Id><c:IBAN>VN000011</c:IBAN></c:Id></c:Acct>
<c:Bal><c:Tp><c:CdOrPrtry><c:Cd>OPBD</c:Cd></c:CdOrPrtry></c:Tp><c:Amt Ccy="VND">20</c:Amt><c:CdtDbtInd>DBIT</c:CdtDbtInd></c:Bal>
</c:Stmt></c:BkToCstmrStmt></c:Document>"#;

#[test]
fn a_day_is_read_and_a_batch_is_its_transactions() {
    let statement = Statement::camt053(DAY.as_bytes()).unwrap();
    assert_eq!(statement.account, "0011001234567");
    assert_eq!(statement.opening, Some(Vnd::new(1_000_000)));
    assert_eq!(statement.closing, Some(Vnd::new(1_109_000)));
    assert_eq!(statement.closed, Some(day("2026-11-21")));
    let today = || "2026-11-21".to_owned();
    assert_eq!(
        rows(&statement),
        [
            (today(), 50_000, "CT nhanh Nộp lệ phí & phí MC7K3 Q9ZT4XW02", "FT2632501", 12),
            (today(), -11_000, "Phí dịch vụ", "", 21),
            (today(), 30_000, "MC0000000000 00", "BATCH7", 28),
            (today(), 50_000, "RF18 5390", "FT9", 28),
            (today(), -10_000, "", "BATCH7", 28),
        ]
    );
    assert_eq!(statement.entries[0].at, Some(at("2026-11-21T08:31:55")));
    assert_eq!(statement.entries[1].at, None);
}

#[test]
fn another_version_under_a_prefix_is_read() {
    let statement = Statement::camt053(NEWER.as_bytes()).unwrap();
    assert_eq!((statement.opening, statement.closing), (Some(Vnd::ZERO), None));
    // Half past six in the morning by Viet Nam's clocks.
    assert_eq!(rows(&statement), [("2026-11-21".to_owned(), -20, "", "", 5)]);
    assert!(statement.entries[0].reversal);
}

#[test]
fn what_is_no_statement_in_dong_is_refused() {
    let malformed = Wrong::Malformed("camt.053");
    for (from, to, item, what) in [
        ("<Amt Ccy=\"VND\">50000.00", "<Amt Ccy=\"USD\">50000.00", "Ntry/Amt", Wrong::Currency),
        ("<Amt Ccy=\"VND\">50000.00", "<Amt>50000.00", "Ntry/Amt", Wrong::Currency),
        ("50000.00", "50000.50", "Ntry/Amt", Wrong::Amount),
        ("50000.00", "50,000", "Ntry/Amt", Wrong::Amount),
        ("50000.00", "-50000", "Ntry/Amt", Wrong::Amount),
        ("<Ccy>VND", "<Ccy>USD", "Acct/Ccy", Wrong::Currency),
        ("CRDT</CdtDbtInd><Sts>", "CR</CdtDbtInd><Sts>", "Ntry/CdtDbtInd", Wrong::Mark),
        ("<CdtDbtInd>CRDT</CdtDbtInd><Sts>", "<Sts>", "Ntry", Wrong::Mark),
        ("<Sts>BOOK", "<Sts>MAYBE", "Ntry/Sts", Wrong::Status),
        ("<Sts>BOOK</Sts>", "", "Ntry", Wrong::Missing("Sts")),
        ("21T08:31:55", "31T08:31:55", "Ntry/BookgDt/DtTm", Wrong::Date),
        (
            "<BookgDt><Dt>2026-11-21</Dt></BookgDt><Addtl",
            "<Addtl",
            "Ntry",
            Wrong::Missing("BookgDt"),
        ),
        ("<Amt Ccy=\"VND\">10000</Amt>", "", "Ntry", Wrong::Missing("TxDtls/Amt")),
        ("<Refs/><Amt Ccy=\"VND\"", "<Refs/><Amt Ccy=\"USD\"", "Ntry", Wrong::Currency),
        (
            ">10000<",
            ">10001<",
            "Ntry",
            Wrong::Batch { reckoned: Vnd::new(69_999), said: Vnd::new(70_000) },
        ),
        (
            "1109000.00",
            "1109001",
            "",
            Wrong::Balance { reckoned: Vnd::new(1_109_000), said: Vnd::new(1_109_001) },
        ),
        ("PRCD", "CLBD", "Bal", Wrong::Twice("số dư cùng loại")),
        ("&amp;", "&phi;", "", Wrong::Declared),
        ("&amp;", "&#0;", "", malformed.clone()),
        ("<Document ", "<!DOCTYPE Document [<!ENTITY a \"b\">]><Document ", "", Wrong::Declared),
        ("UTF-8", "ISO-8859-1", "", Wrong::NotUtf8),
        ("</Document>", "", "", malformed.clone()),
        ("</Ntry>", "", "", malformed.clone()),
    ] {
        let text = DAY.replacen(from, to, 1);
        assert_ne!(text, DAY, "{from}");
        let (_, at, why) = wrong(Statement::camt053(text.as_bytes()));
        assert_eq!((at.as_str(), why), (item, what), "{from} {to}");
    }
    for text in ["", "<a/>", "<Document/>", "<Document><BkToCstmrAcctRpt/></Document>", "<!-- -->"]
    {
        assert_eq!(wrong(Statement::camt053(text.as_bytes())).2, malformed, "{text}");
    }
    let other = NEWER.replacen("VN000011", "VN000012", 1);
    assert_eq!(wrong(Statement::camt053(other.as_bytes())).2, Wrong::Accounts);
    let deep = "<Document>".to_owned() + &"<a>".repeat(100_000);
    assert_eq!(wrong(Statement::camt053(deep.as_bytes())), (1, String::new(), Wrong::Deep));
    // The line on which it is wrong.
    let late = DAY.replacen(">70000<", ">70000.5<", 1);
    assert_eq!(
        wrong(Statement::camt053(late.as_bytes())),
        (29, "Ntry/Amt".to_owned(), Wrong::Amount)
    );
}
