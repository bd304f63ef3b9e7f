//! Attempts to pay, and money that comes.

use super::support::{ALL, Books, at, attempt, due, officer, payment, receipts, vnd};
use crate::domain::{Account, Arrival, AttemptState, ChargeKind, Event, Method, Refusal, State};

#[test]
fn money_that_comes_pays_what_is_owed_with_a_receipt_of_each_kind() {
    let (mut order, mut books) = (due(), Books::default());
    order.take_happened();
    order.try_to_pay(attempt(1, Method::Gateway, ALL, 1)).unwrap();
    let arrival = order.arrived(payment(1), vnd(ALL), "14226112", at(3), receipts(1)).unwrap();
    assert_eq!(arrival, Arrival::Paid);
    assert_eq!((order.state, order.paid()), (State::Paid, vnd(ALL)));
    let happened = order.take_happened();
    let [(3, Event::Settled { amount, method, .. })] = happened[..] else { panic!("{happened:?}") };
    assert_eq!((amount, method), (vnd(ALL), Some(Method::Gateway)));
    let of_kind = |kind| order.receipts.iter().find(|r| r.kind == kind).unwrap().amount;
    assert_eq!(of_kind(ChargeKind::Fee), vnd(50_000));
    assert_eq!(of_kind(ChargeKind::Charge), vnd(20_001));
    books.take(&mut order);
    assert_eq!((books.of(Account::Gateway), books.of(Account::Receivable)), (ALL, 0));
}

#[test]
fn the_same_money_counts_once() {
    let mut order = due();
    order.try_to_pay(attempt(1, Method::Gateway, ALL, 1)).unwrap();
    let mut arrive = || order.arrived(payment(1), vnd(ALL), "1", at(3), receipts(1)).unwrap();
    assert_eq!([arrive(), arrive()], [Arrival::Paid, Arrival::Known]);
}

#[test]
fn another_amount_changes_nothing() {
    let mut order = due();
    order.try_to_pay(attempt(1, Method::Gateway, ALL, 1)).unwrap();
    let refused = order.arrived(payment(1), vnd(ALL - 1), "1", at(3), receipts(1));
    assert_eq!(refused.unwrap_err(), Refusal::AmountDiffers { expected: vnd(ALL) });
    assert_eq!((order.state, &order.attempts[0].state), (State::Due, &AttemptState::Pending));
}

#[test]
fn money_of_an_attempt_that_was_given_up_is_taken_all_the_same() {
    for give_up in [false, true] {
        let mut order = due();
        order.try_to_pay(attempt(1, Method::Gateway, ALL, 1)).unwrap();
        if give_up {
            assert!(order.declined(payment(1), "Giao dịch đã được hủy.").unwrap());
            assert!(!order.declined(payment(1), "Giao dịch đã được hủy.").unwrap());
        } else {
            assert!(order.expire(payment(1)).unwrap());
        }
        let arrival = order.arrived(payment(1), vnd(ALL), "1", at(90), receipts(1)).unwrap();
        assert_eq!((arrival, order.state), (Arrival::Paid, State::Paid));
    }
}

#[test]
fn what_is_paid_twice_is_surplus() {
    let (mut order, mut books) = (due(), Books::default());
    order.try_to_pay(attempt(1, Method::Gateway, ALL, 1)).unwrap();
    order.try_to_pay(attempt(2, Method::BankTransfer, ALL, 2)).unwrap();
    order.arrived(payment(2), vnd(ALL), "1", at(3), receipts(1)).unwrap();
    let twice = order.arrived(payment(1), vnd(ALL), "2", at(4), receipts(2)).unwrap();
    assert_eq!(twice, Arrival::Surplus);
    assert_eq!((order.paid(), order.surplus()), (vnd(ALL), vnd(ALL)));
    assert_eq!(order.receipts.len(), 2, "what is not owed has no receipt");
    books.take(&mut order);
    assert_eq!((books.money(), books.of(Account::Surplus)), (2 * ALL, -ALL));
}

#[test]
fn what_comes_after_the_end_is_surplus() {
    for cancelled in [false, true] {
        let mut order = due();
        order.try_to_pay(attempt(1, Method::Gateway, ALL, 1)).unwrap();
        let ended = if cancelled { order.cancel(at(9)) } else { order.lapse(at(99_999)) };
        assert!(ended);
        let late = order.arrived(payment(1), vnd(ALL), "1", at(100_000), receipts(1)).unwrap();
        assert_eq!(late, Arrival::Surplus);
        assert_ne!(order.state, State::Paid);
    }
}

#[test]
fn an_attempt_that_waits_goes_on_and_there_are_not_many() {
    let mut order = due();
    let first = order.try_to_pay(attempt(1, Method::Gateway, ALL, 1)).unwrap();
    assert_eq!(order.try_to_pay(attempt(2, Method::Gateway, ALL, 5)).unwrap(), first);
    assert_eq!(order.try_to_pay(attempt(3, Method::Gateway, ALL, 16)).unwrap(), payment(3));
    for n in 4..=21 {
        order.try_to_pay(attempt(n, Method::Gateway, ALL, 20 * i64::try_from(n).unwrap())).unwrap();
    }
    let more = order.try_to_pay(attempt(22, Method::Gateway, ALL, 20 * 22));
    assert_eq!(more.unwrap_err(), Refusal::TooManyAttempts);
}

#[test]
fn the_desk_takes_all_that_is_owed_and_nothing_else() {
    let (mut order, mut books) = (due(), Books::default());
    let less = order.collect(attempt(1, Method::Cash, ALL - 1, 5), receipts(1));
    assert_eq!(less.unwrap_err(), Refusal::AmountDiffers { expected: vnd(ALL) });
    order.collect(attempt(1, Method::Cash, ALL, 5), receipts(1)).unwrap();
    let again = order.collect(attempt(2, Method::Cash, ALL, 6), receipts(2));
    assert_eq!(again.unwrap_err(), Refusal::AlreadyPaid);
    books.take(&mut order);
    assert_eq!(books.of(Account::Cash), ALL);
    assert_eq!(order.attempts[0].till, Some(officer(1)));
}
