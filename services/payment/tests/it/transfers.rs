//! Bank transfers by VietQR.

use std::collections::BTreeMap;

use chrono::TimeDelta;
use motcua_paywire::{Reference, VietQr};
use motcua_proto::payment::v1::{
    DiscrepancyOutcome, ListBalancesRequest, PaymentMethod, PaymentState,
};
use motcua_testkit::Database;
use motcua_vn::Vnd;

use crate::support::{ALL, Office, accountant, on_both, open, plain, province, ready, reason};

on_both! {
    what_a_bank_tells_of_is_of_the_banks_day;
}

impl Office {
    /// What happened to the accounts on a day: debit less credit, of those that changed.
    async fn booked(&self, day: &str) -> BTreeMap<String, i64> {
        let asked = ListBalancesRequest {
            page_size: 100,
            agency: province().name(),
            day: day.to_owned(),
            ..Default::default()
        };
        let answer = self.client(&accountant()).list_balances(asked).await.unwrap().into_inner();
        let mut moved = BTreeMap::new();
        for one in answer.balances {
            *moved.entry(one.account).or_default() += one.debit_vnd - one.credit_vnd;
        }
        moved.retain(|_, dong| *dong != 0);
        moved
    }
}

fn sums<const N: usize>(of: [(&str, i64); N]) -> BTreeMap<String, i64> {
    of.map(|(account, dong)| (account.to_owned(), dong)).into()
}

/// Monday's statement comes on Tuesday, and one more entry of Monday on Wednesday, when the day was
/// closed: the books of the days say what the bank's do.
async fn what_a_bank_tells_of_is_of_the_banks_day(database: Database) {
    let office = open(database).await;
    let (first, _) = office.awaits(1).await;
    let (late, _) = office.awaits(2).await;
    let days = ["2026-03-02", "2026-03-03", "2026-03-04"];
    let owed = sums([("receivable", 2 * ALL), ("income", -2 * ALL)]);
    assert_eq!(office.booked(days[0]).await, owed);

    office.env.clock.advance(TimeDelta::days(1));
    let unclear = ("02/03/2026", 5_000, "FT2", "Lai tien gui");
    office.import(&[("02/03/2026", ALL, "FT1", &first), unclear]).await;
    let monday = |bank: i64, receivable: i64| {
        let income = ("income", -2 * ALL);
        let mut all = sums([("bank", bank), income, ("unidentified", -5_000)]);
        all.extend(sums([("receivable", receivable)]));
        all.retain(|_, dong| *dong != 0);
        all
    };
    assert_eq!(office.booked(days[0]).await, monday(ALL + 5_000, ALL));
    assert_eq!(office.booked(days[1]).await, sums([]));
    let paid = office.order(1).await;
    assert_eq!(paid.receipts[0].issue_time, paid.settle_time, "it is written today");
    let [found] = &office.discrepancies().await[..] else { panic!("one") };
    // Whose it is was found out today.
    office.resolve(found, DiscrepancyOutcome::WrittenOff, "").await.unwrap();
    assert_eq!(
        office.booked(days[1]).await,
        sums([("unidentified", 5_000), ("difference", -5_000)])
    );
    let closed = office.reckoned(days[0]).await;
    assert_eq!((closed.difference_vnd, closed.open_count, closed.stated), (0, 0, true));
    office.gives_back(1, 20_000).await;

    office.env.clock.advance(TimeDelta::days(1));
    let back = ("03/03/2026", -20_000, "FT4", &*first);
    office.import(&[("02/03/2026", ALL, "FT3", &late), back]).await;
    assert_eq!(office.booked(days[0]).await, monday(2 * ALL + 5_000, 0));
    let tuesday = office.booked(days[1]).await;
    assert_eq!((tuesday["bank"], tuesday.get("refunds")), (-20_000, None));
    assert_eq!(office.booked(days[2]).await, sums([]));
    let anew = office.reckoned(days[0]).await;
    assert_eq!((anew.bank_vnd, anew.difference_vnd), (2 * ALL + 5_000, 0));
    office.balanced().await;
    office.env.stop().await;
}

#[tokio::test]
async fn the_code_names_account_sum_and_reference() {
    let office = open(Database::Sqlite).await;
    office.accepted(1, "fixed").await;
    let payment = office.begin(1, PaymentMethod::BankTransfer).await.unwrap();
    let code = VietQr::decode(&payment.vietqr).unwrap();
    assert_eq!((code.bank.as_str(), code.account.as_str()), ("970418", "1234567890"));
    assert_eq!((code.amount, &code.memo), (Some(Vnd::new(ALL)), &payment.reference));
    assert!(payment.reference.parse::<Reference>().is_ok());
    assert_eq!(payment.redirect_url, "");
    // Asked for again while it waits, it is the same attempt.
    assert_eq!(office.begin(1, PaymentMethod::BankTransfer).await.unwrap(), payment);

    office.env.clock.advance(TimeDelta::days(4));
    office
        .env
        .until(async || {
            let state = office.order(1).await.payments[0].state();
            (state == PaymentState::Expired).then_some(())
        })
        .await;
    office.env.stop().await;
}

#[tokio::test]
async fn what_is_not_set_up_is_not_offered() {
    let (env, name) = plain(Database::Sqlite);
    let env = env.start().await;
    ready(&env).await;
    let office = crate::support::Office { env, api: crate::support::Api::default(), name };
    office.accepted(1, "fixed").await;
    for method in [PaymentMethod::Gateway, PaymentMethod::BankTransfer] {
        assert_eq!(reason(office.begin(1, method).await), "METHOD_NOT_OFFERED");
    }
    assert_eq!(office.notice("vnp_TxnRef=1").await, "01", "there is no gateway");
    office.collect(1, ALL).await.unwrap();
    office.env.stop().await;
}
