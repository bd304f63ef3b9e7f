//! Tills, balances, lists.

use chrono::TimeDelta;
use motcua_context::Role;
use motcua_ids::FeeOrderId;
use motcua_payment::consistency;
use motcua_proto::payment::v1::{
    CloseTillRequest, DecideRefundRequest, FeeOrderState, ListBalancesRequest,
    ListFeeOrdersRequest, PaymentMethod, RequestRefundRequest, TillClosing,
};
use motcua_testkit::Database;

use crate::support::{
    ALL, Office, accountant, desk, elsewhere, leader, notice, officer, on_both, open, order_name,
    province, reason, ward,
};

on_both! {
    a_till_is_closed_once_a_day;
    a_closing_that_is_asked_for_again_the_next_day_is_the_same;
    nothing_comes_into_a_till_while_it_is_counted;
    receipts_of_a_series_have_no_gaps;
    balances_are_paged_by_day_and_agency;
    lists_hold_what_the_role_reaches;
}

pub(crate) async fn close(office: &Office, counted_vnd: i64) -> Result<TillClosing, tonic::Status> {
    let asked = CloseTillRequest {
        request_id: office.env.request_id(),
        agency: ward().name(),
        counted_vnd,
    };
    Ok(office.client(&desk()).close_till(asked).await?.into_inner())
}

async fn a_till_is_closed_once_a_day(database: Database) {
    let office = open(database).await;
    for n in 1..=2 {
        office.accepted(n, "fixed").await;
    }
    office.collect(1, ALL).await.unwrap();
    let closed = close(&office, ALL - 5_000).await.unwrap();
    assert_eq!((closed.expected_vnd, closed.counted_vnd), (ALL, ALL - 5_000));
    assert_eq!(closed.day, "2026-03-02");
    let books = office.books().await;
    assert_eq!((books["cash"], books["difference"]), (ALL - 5_000, 5_000));
    assert_eq!(reason(close(&office, 0).await), "TILL_CLOSED");
    assert_eq!(reason(office.collect(2, ALL).await), "TILL_CLOSED");
    office.env.clock.advance(TimeDelta::days(1));
    office.collect(2, ALL).await.unwrap();
    let next = close(&office, ALL).await.unwrap();
    assert_eq!(next.expected_vnd, ALL, "what was handed in is not in the till any more");
    office.env.stop().await;
}

/// The answer was lost at the end of a day, and the desk's computer asks again.
async fn a_closing_that_is_asked_for_again_the_next_day_is_the_same(database: Database) {
    let office = open(database).await;
    office.accepted(1, "fixed").await;
    office.collect(1, ALL).await.unwrap();
    let asked = CloseTillRequest {
        request_id: office.env.request_id(),
        agency: ward().name(),
        counted_vnd: ALL,
    };
    let first = office.client(&desk()).close_till(asked.clone()).await.unwrap().into_inner();
    office.env.clock.advance(TimeDelta::days(1));
    let again = office.client(&desk()).close_till(asked).await.unwrap().into_inner();
    assert_eq!((again.day.as_str(), &again), ("2026-03-02", &first));
    // And the new day is not closed by it.
    assert_eq!(close(&office, 0).await.unwrap().day, "2026-03-03");
    office.env.stop().await;
}

/// What was taken before the count is counted, and what comes later is refused.
async fn nothing_comes_into_a_till_while_it_is_counted(database: Database) {
    let office = open(database).await;
    for n in 1..=6 {
        office.accepted(n, "fixed").await;
    }
    let take = async |n| office.collect(n, ALL).await.is_ok();
    let some = async { <[bool; 3]>::from(tokio::join!(take(1), take(2), take(3))) };
    let others = async { <[bool; 3]>::from(tokio::join!(take(4), take(5), take(6))) };
    let (some, closed, others) = tokio::join!(some, close(&office, ALL), others);
    let taken: i64 = some.into_iter().chain(others).map(i64::from).sum();
    assert_eq!(closed.unwrap().expected_vnd, taken * ALL, "{taken} were taken");
    office.env.stop().await;
}

async fn receipts_of_a_series_have_no_gaps(database: Database) {
    let office = open(database).await;
    for n in 1..=4 {
        office.accepted(n, "fixed").await;
    }
    // A refused payment takes no number.
    office.collect(1, ALL).await.unwrap();
    assert_eq!(reason(office.collect(2, ALL - 1).await), "AMOUNT_DIFFERS");
    let (second, third, fourth) =
        tokio::join!(office.collect(2, ALL), office.collect(3, ALL), office.collect(4, ALL));
    let orders = [office.order(1).await, second.unwrap(), third.unwrap(), fourth.unwrap()];
    for series in ["P-H53.41-26", "LP-H53.41-26"] {
        let mut numbers: Vec<_> = orders
            .iter()
            .flat_map(|order| &order.receipts)
            .filter(|receipt| receipt.series == series)
            .map(|receipt| receipt.number)
            .collect();
        numbers.sort_unstable();
        assert_eq!(numbers, [1, 2, 3, 4], "{series}");
    }
    let db = office.env.store.reader();
    assert!(consistency::gaps(db).await.unwrap().is_empty());
    assert!(consistency::unbalanced(db).await.unwrap().is_empty());
    assert!(consistency::disowned(db).await.unwrap().is_empty());
    assert!(consistency::unbooked(db).await.unwrap().is_empty());
    office.env.stop().await;
}

async fn balances_are_paged_by_day_and_agency(database: Database) {
    let office = open(database).await;
    office.accepted(1, "fixed").await;
    office.env.clock.advance(TimeDelta::days(1));
    office.collect(1, ALL).await.unwrap();
    let mut asked =
        ListBalancesRequest { page_size: 1, agency: province().name(), ..Default::default() };
    let mut client = office.client(&accountant());
    let mut all = Vec::new();
    loop {
        let page = client.list_balances(asked.clone()).await.unwrap().into_inner();
        all.extend(page.balances);
        if page.next_page_token.is_empty() {
            break;
        }
        asked.page_token = page.next_page_token;
    }
    let accounts: Vec<_> = all.iter().map(|b| (b.account.as_str(), b.fee_code.as_str())).collect();
    let expected = [
        ("cash", ""),
        ("income", "le-phi"),
        ("income", "phi"),
        ("receivable", "le-phi"),
        ("receivable", "phi"),
    ];
    assert_eq!(accounts, expected);
    assert!(all.iter().all(|balance| balance.agency == ward().name()));
    let day = ListBalancesRequest {
        page_size: 100,
        page_token: String::new(),
        day: "2026-03-03".into(),
        ..asked.clone()
    };
    let page = client.list_balances(day).await.unwrap().into_inner();
    let income = page.balances.iter().any(|balance| balance.account == "income");
    assert!(!income, "it was earned the day before: {page:?}");
    let other = ListBalancesRequest { agency: elsewhere().name(), ..Default::default() };
    assert_eq!(reason(office.client(&leader()).list_balances(other).await), "NOT_YOUR_AGENCY");
    office.env.stop().await;
}

async fn lists_hold_what_the_role_reaches(database: Database) {
    let office = open(database).await;
    for n in 1..=3 {
        office.accepted(n, "fixed").await;
    }
    office.collect(2, ALL).await.unwrap();
    let list = async |actor, state: FeeOrderState| {
        let asked = ListFeeOrdersRequest { state: state.into(), ..Default::default() };
        let page = office.client(&actor).list_fee_orders(asked).await.unwrap().into_inner();
        page.fee_orders.into_iter().map(|order| order.name).collect::<Vec<_>>()
    };
    let names = |numbers: &[u128]| numbers.iter().map(|n| order_name(*n)).collect::<Vec<_>>();
    assert_eq!(list(desk(), FeeOrderState::Unspecified).await, names(&[3, 2, 1]));
    assert_eq!(list(accountant(), FeeOrderState::Due).await, names(&[3, 1]));
    let far = officer(51, Role::DeskOfficer, elsewhere());
    assert_eq!(list(far, FeeOrderState::Unspecified).await, names(&[]));
    let above = officer(52, Role::DeskOfficer, province());
    assert_eq!(list(above, FeeOrderState::Unspecified).await, names(&[]), "its own alone");
    office.env.stop().await;
}

/// What is owed, what is to be given back and what is not owed are as the orders say, to the đồng.
#[expect(clippy::disallowed_methods, reason = "changed behind the service's back")]
#[tokio::test]
async fn an_examiner_finds_a_dong() {
    use sea_orm::ConnectionTrait;
    let office = open(Database::Sqlite).await;
    for n in 1..=3 {
        office.accepted(n, "fixed").await;
    }
    let late = office.begin(2, PaymentMethod::Gateway).await.unwrap();
    office.collect(2, ALL).await.unwrap();
    assert_eq!(office.notice(&notice(&late, ALL, "00")).await, "00", "it is surplus");
    let paid = office.collect(3, ALL).await.unwrap();
    let asked = RequestRefundRequest {
        request_id: office.env.request_id(),
        name: order_name(3),
        payment: paid.payments[0].name.clone(),
        amount_vnd: 20_000,
        reason: "Thu thừa".into(),
        ..Default::default()
    };
    let asked = office.client(&desk()).request_refund(asked).await.unwrap().into_inner();
    let decided = DecideRefundRequest {
        request_id: office.env.request_id(),
        name: order_name(3),
        refund: asked.refunds[0].name.clone(),
        approve: true,
    };
    office.client(&leader()).decide_refund(decided).await.unwrap();
    office.balanced().await;
    let db = office.env.store.reader();
    let file = office.env.dir().join("payment.db");
    let other = sea_orm::Database::connect(format!("sqlite:{}", file.display())).await.unwrap();
    // Who can change the schema can change the books.
    other.execute_unprepared("DROP TRIGGER posting_kept").await.unwrap();
    let wrong = async || {
        [
            consistency::disowned(db).await.unwrap(),
            consistency::misheld(db).await.unwrap(),
            consistency::unreturned(db).await.unwrap(),
        ]
        .map(|orders| orders.into_iter().map(|id| FeeOrderId::new(id).name()).collect::<Vec<_>>())
    };
    for (n, account) in [(0, "receivable"), (1, "surplus"), (2, "refunds")] {
        let one = "SELECT id FROM fee_order ORDER BY id LIMIT 1 OFFSET";
        for by in ["+ 1", "- 1"] {
            let change = format!(
                "UPDATE posting SET amount = amount {by} WHERE account = '{account}' \
                 AND fee IN ('', 'phi') AND fee_order = ({one} {n})"
            );
            other.execute_unprepared(&change).await.unwrap();
            let mut expected: [Vec<String>; 3] = Default::default();
            if by == "+ 1" {
                expected[n] = vec![order_name(n as u128 + 1)];
            }
            assert_eq!(wrong().await, expected, "{account} {by}");
        }
    }
    office.env.stop().await;
}

#[expect(clippy::disallowed_methods, reason = "changed behind the service's back")]
#[tokio::test]
async fn an_examiner_finds_what_was_changed_by_hand() {
    use sea_orm::ConnectionTrait;
    let office = open(Database::Sqlite).await;
    office.accepted(1, "fixed").await;
    office.accepted(2, "fixed").await;
    office.collect(1, ALL).await.unwrap();
    let db = office.env.store.reader();
    let file = office.env.dir().join("payment.db");
    let other = sea_orm::Database::connect(format!("sqlite:{}", file.display())).await.unwrap();
    for change in [
        "DROP TRIGGER posting_kept",
        "UPDATE posting SET amount = amount + 1 WHERE account = 'receivable' AND amount > 0",
        "DROP TRIGGER receipt_stays",
        "DELETE FROM receipt WHERE series LIKE 'LP%'",
        "UPDATE payment SET amount = amount - 1",
    ] {
        other.execute_unprepared(change).await.unwrap();
    }
    assert!(!consistency::unbalanced(db).await.unwrap().is_empty());
    assert!(!consistency::disowned(db).await.unwrap().is_empty());
    assert!(!consistency::unbooked(db).await.unwrap().is_empty());
    assert_eq!(consistency::gaps(db).await.unwrap(), ["LP-H53.41-26"]);
    // So does the service by itself, for whoever watches.
    let sql = "SELECT count(*) AS n FROM books_finding WHERE number > 0";
    let store = &office.env.store;
    office.env.until(async || (store.count(sql, []).await.unwrap() == 4).then_some(())).await;
    office.env.stop().await;
}
