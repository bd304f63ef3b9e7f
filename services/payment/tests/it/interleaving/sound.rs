//! What holds once all that came has been seen to.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use motcua_payment::consistency;
use motcua_proto::payment::v1::{
    FeeOrder, ListBalancesRequest, PaymentMethod, PaymentSettled, PaymentState, RefundState,
};

use super::world::World;
use crate::support::{accountant, province};

/// What there may be none of, each by a statement that counts.
const NONE: [(&str, &str); 6] = [
    (
        "orders that were paid twice, net of what goes back",
        "SELECT count(*) AS n FROM (SELECT p.fee_order FROM payment p \
         WHERE p.state = 'settled' AND p.owed AND p.amount > (\
         SELECT COALESCE(SUM(r.amount), 0) FROM refund r \
         WHERE r.payment = p.id AND r.state IN ('approved', 'refunded')) \
         GROUP BY p.fee_order HAVING count(*) > 1) twice",
    ),
    (
        "orders whose valid receipts are not what is kept",
        "SELECT count(*) AS n FROM fee_order o WHERE (\
         SELECT COALESCE(SUM(c.amount), 0) FROM receipt c \
         WHERE c.fee_order = o.id AND c.cancelled_at IS NULL) <> (\
         SELECT COALESCE(SUM(p.amount), 0) FROM payment p \
         WHERE p.fee_order = o.id AND p.state = 'settled' AND p.owed) - (\
         SELECT COALESCE(SUM(r.amount), 0) FROM refund r JOIN payment p ON p.id = r.payment \
         WHERE r.fee_order = o.id AND p.owed AND r.state IN ('approved', 'refunded'))",
    ),
    (
        "payments of which more goes back than came",
        "SELECT count(*) AS n FROM payment p WHERE (SELECT COALESCE(SUM(r.amount), 0) \
         FROM refund r WHERE r.payment = p.id AND r.state <> 'rejected') \
         > CASE WHEN p.state = 'settled' THEN p.amount ELSE 0 END",
    ),
    (
        "refunds that were approved by whoever asked",
        "SELECT count(*) AS n FROM refund WHERE decided_by = requested_by",
    ),
    (
        "tills that were counted to be expected otherwise than the books say",
        "SELECT count(*) AS n FROM till_closing c WHERE c.expected <> (\
         SELECT COALESCE(SUM(p.amount), 0) FROM posting p \
         WHERE p.till = c.cashier AND p.what <> 'till_counted' AND p.day <= c.day \
         AND p.day > COALESCE((SELECT MAX(b.day) FROM till_closing b \
         WHERE b.cashier = c.cashier AND b.day < c.day), '2000-01-01'))",
    ),
    ("timers that fail by themselves", "SELECT count(*) AS n FROM due WHERE reason = 'INTERNAL'"),
];

impl World {
    pub(super) async fn is_sound(&self) {
        self.office.balanced().await;
        let store = &self.office.env.store;
        let db = store.reader();
        assert!(consistency::gaps(db).await.unwrap().is_empty(), "receipts are gone");
        for (what, sql) in NONE {
            assert_eq!(store.count(sql, []).await.unwrap(), 0, "{what}");
        }
        let orders = self.orders().await;
        numbered_without_gaps(orders.values());
        self.is_told(orders.values()).await;
    }

    /// Others are told of each payment once, and in the order in which it happened.
    async fn is_told(&self, orders: impl Iterator<Item = &FeeOrder>) {
        let mut told: BTreeMap<String, Vec<(i64, i64)>> = BTreeMap::new();
        for said in self.office.env.said::<PaymentSettled>().await {
            told.entry(said.dossier).or_default().push((said.version, said.amount_vnd));
        }
        for order in orders {
            let told = told.get(&order.dossier).map_or(&[][..], |told| told);
            assert!(told.is_sorted_by(|a, b| a.0 < b.0), "{told:?} of {order:?}");
            let sum: i64 = told.iter().map(|(_, amount)| amount).sum();
            assert_eq!(sum, order.paid_vnd, "{told:?} of {order:?}");
        }
    }

    /// What the books, the bank and the gateway say of single days is all that they say.
    pub(super) async fn adds_up_by_days(&self) {
        let orders = self.orders().await;
        let first: NaiveDate = "2026-03-02".parse().unwrap();
        let last = motcua_vn::local::day(self.office.env.now());
        let (mut books, mut bank, mut gateway) = (BTreeMap::new(), 0, 0);
        for day in first.iter_days().take_while(|day| *day <= last) {
            let day = day.to_string();
            let reckoned = self.office.reckoned(&day).await;
            bank += reckoned.bank_vnd;
            gateway += reckoned.gateway_vnd;
            let asked = ListBalancesRequest {
                page_size: 100,
                agency: province().name(),
                day,
                ..Default::default()
            };
            let page = self.office.client(&accountant()).list_balances(asked).await.unwrap();
            let mut sum = 0;
            for balance in page.into_inner().balances {
                let more = balance.debit_vnd - balance.credit_vnd;
                *books.entry(balance.account).or_default() += more;
                sum += more;
            }
            assert_eq!(sum, 0, "a day balances by itself");
        }
        assert_eq!(books, self.office.books().await, "days add up");
        let sql = "SELECT CAST(COALESCE(SUM(amount), 0) AS BIGINT) + 1000000000 AS n \
                   FROM statement_entry WHERE state <> 'known'";
        let stated = self.office.env.store.count(sql, []).await.unwrap();
        assert_eq!(bank + 1_000_000_000, i64::try_from(stated).unwrap());
        let through = orders.values().flat_map(|order| &order.payments).filter(|payment| {
            payment.method() == PaymentMethod::Gateway && payment.state() == PaymentState::Settled
        });
        assert_eq!(gateway, through.map(|payment| payment.amount_vnd).sum::<i64>());
    }

    /// Once it has been asked of all: what it has is what is booked, and what goes back has gone once.
    pub(super) async fn agrees_with_the_gateway(&self) {
        let (paid, backs, orders) =
            (self.gateway.paid(), self.gateway.backs(), self.orders().await);
        let names: BTreeSet<_> = backs.iter().map(|back| &back.request_id).collect();
        assert_eq!(names.len(), backs.len(), "{backs:?}");
        let mut held = 0;
        for order in orders.values() {
            for payment in &order.payments {
                if payment.method() != PaymentMethod::Gateway {
                    continue;
                }
                let settled = payment.state() == PaymentState::Settled;
                assert_eq!(settled, paid.contains_key(&payment.reference), "{payment:?}");
                assert_ne!(payment.state(), PaymentState::Pending, "{payment:?}");
                held += if settled { payment.amount_vnd } else { 0 };
                let refunds = order.refunds.iter().filter(|one| one.payment == payment.name);
                let (by_hand, by_itself): (Vec<_>, Vec<_>) = refunds
                    .filter(|one| {
                        !matches!(one.state(), RefundState::Requested | RefundState::Rejected)
                    })
                    .partition(|one| !one.gateway_refusal.is_empty());
                let gone = |refunds: &[&motcua_proto::payment::v1::Refund]| -> i64 {
                    let gone = refunds.iter().filter(|one| one.state() == RefundState::Refunded);
                    gone.map(|one| one.amount_vnd).sum()
                };
                held -= gone(&by_hand) + gone(&by_itself);
                let open = by_itself.iter().any(|one| one.state() == RefundState::Approved);
                assert!(!open, "it has told of all: {order:?}");
                let given: i64 = backs
                    .iter()
                    .filter(|back| back.reference == payment.reference && back.gone)
                    .map(|back| back.amount)
                    .sum();
                if by_hand.is_empty() {
                    assert_eq!(given, gone(&by_itself), "{backs:?} of {order:?}");
                }
            }
        }
        assert_eq!(self.office.books().await.get("gateway").copied().unwrap_or_default(), held);
    }
}

/// Of a series each number is one receipt's, from the first to the last.
fn numbered_without_gaps<'a>(orders: impl Iterator<Item = &'a FeeOrder>) {
    let mut series: BTreeMap<&str, Vec<i64>> = BTreeMap::new();
    for receipt in orders.flat_map(|order| &order.receipts) {
        series.entry(&receipt.series).or_default().push(receipt.number);
    }
    for (series, mut numbers) in series {
        numbers.sort_unstable();
        assert!((1..).zip(&numbers).all(|(n, number)| n == *number), "{series}: {numbers:?}");
    }
}
