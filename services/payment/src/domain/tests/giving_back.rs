//! Money given back.

use proptest::prelude::*;

use super::support::{
    ALL, Books, at, attempt, due, officer, payment, receipts, refund, refund_id, vnd,
};
use crate::domain::{Account, Event, Method, Order, Refusal, shared};

fn paid() -> Order {
    let mut order = due();
    order.try_to_pay(attempt(1, Method::Gateway, ALL, 1)).unwrap();
    order.arrived(payment(1), vnd(ALL), "1", at(3), receipts(1)).unwrap();
    order
}

#[test]
fn a_second_person_approves() {
    let mut order = paid();
    order.request_refund(refund(1, 1, ALL, 1)).unwrap();
    let own = order.decide(refund_id(1), true, officer(1), at(5), receipts(2));
    assert_eq!(own.unwrap_err(), Refusal::SecondPersonNeeded);
    let early = order.complete_refund(refund_id(1), None, at(5));
    assert_eq!(early.unwrap_err(), Refusal::RefundNotApproved);
    order.decide(refund_id(1), true, officer(2), at(6), receipts(2)).unwrap();
    let twice = order.decide(refund_id(1), false, officer(3), at(7), receipts(3));
    assert_eq!(twice.unwrap_err(), Refusal::RefundDecided);
}

#[test]
fn the_whole_goes_back_and_its_receipts_are_cancelled() {
    let (mut order, mut books) = (paid(), Books::default());
    order.take_happened();
    order.request_refund(refund(1, 1, ALL, 1)).unwrap();
    order.decide(refund_id(1), true, officer(2), at(6), receipts(2)).unwrap();
    assert!(order.complete_refund(refund_id(1), None, at(8)).unwrap());
    assert!(!order.complete_refund(refund_id(1), None, at(9)).unwrap(), "once");
    books.take(&mut order);
    assert_eq!((books.of(Account::Income), books.of(Account::Gateway)), (0, 0));
    assert!(order.receipts.iter().all(|r| !r.holds() && r.replaced_by.is_none()));
    assert!(matches!(order.take_happened()[..], [(_, Event::Refunded { .. })]));
    assert_eq!(order.refunded(), vnd(ALL));
}

#[test]
fn a_part_is_shared_out_and_receipts_are_replaced() {
    let (mut order, mut books) = (paid(), Books::default());
    order.request_refund(refund(1, 1, 7_000, 1)).unwrap();
    order.decide(refund_id(1), true, officer(2), at(6), receipts(2)).unwrap();
    books.take(&mut order);
    assert_eq!(books.of(Account::Refunds), -7_000);
    assert_eq!(books.of(Account::Income), -(ALL - 7_000));
    let holding: Vec<_> = order.receipts.iter().filter(|r| r.holds()).collect();
    let left: i64 = holding.iter().map(|r| r.amount.dong()).sum();
    assert_eq!((holding.len(), left), (2, ALL - 7_000));
    let replaced = order.receipts.iter().filter(|r| r.replaced_by.is_some()).count();
    assert_eq!(replaced, 2);
}

#[test]
fn no_more_goes_back_than_came() {
    let mut order = paid();
    order.request_refund(refund(1, 1, ALL - 1, 1)).unwrap();
    let more = order.request_refund(refund(2, 1, 2, 1));
    assert_eq!(more.unwrap_err(), Refusal::RefundTooLarge { left: vnd(1) });
    order.decide(refund_id(1), false, officer(2), at(6), receipts(2)).unwrap();
    order.request_refund(refund(2, 1, ALL, 1)).unwrap();
}

#[test]
fn surplus_goes_back_and_receipts_stay() {
    let (mut order, mut books) = (paid(), Books::default());
    let second = attempt(2, Method::BankTransfer, ALL, 2);
    assert_eq!(order.try_to_pay(second).unwrap_err(), Refusal::AlreadyPaid);
    let mut order_twice = due();
    order_twice.try_to_pay(attempt(1, Method::Gateway, ALL, 1)).unwrap();
    order_twice.try_to_pay(attempt(2, Method::BankTransfer, ALL, 1)).unwrap();
    order = order_twice;
    order.arrived(payment(1), vnd(ALL), "1", at(3), receipts(1)).unwrap();
    order.arrived(payment(2), vnd(ALL), "2", at(4), receipts(2)).unwrap();
    order.request_refund(refund(1, 2, ALL, 1)).unwrap();
    order.decide(refund_id(1), true, officer(2), at(6), receipts(3)).unwrap();
    order.complete_refund(refund_id(1), None, at(7)).unwrap();
    books.take(&mut order);
    assert_eq!((books.of(Account::Surplus), books.of(Account::Bank)), (0, 0));
    assert_eq!((order.surplus(), order.refunded()), (vnd(0), vnd(0)));
    assert!(order.receipts.iter().all(crate::domain::Receipt::holds));
}

proptest! {
    #[test]
    fn shares_add_up_to_the_dong(
        amount in 0_i64..1_000_000_000,
        weights in proptest::collection::vec(0_i64..1_000_000_000, 1..6),
    ) {
        prop_assume!(weights.iter().any(|weight| *weight > 0));
        let weights: Vec<_> = weights.into_iter().map(vnd).collect();
        let all: i64 = weights.iter().map(|weight| weight.dong()).sum();
        let amount = amount.min(all);
        let shares = shared(vnd(amount), &weights);
        prop_assert_eq!(shares.iter().map(|share| share.dong()).sum::<i64>(), amount);
        for (share, weight) in shares.iter().zip(&weights) {
            prop_assert!(share.dong() >= 0);
            let exact = i128::from(amount) * i128::from(weight.dong()) / i128::from(all);
            prop_assert!(i128::from(share.dong()) >= exact);
        }
    }
}
