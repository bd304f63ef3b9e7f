//! Money given back.

use proptest::prelude::*;

use super::support::{
    ALL, Books, at, attempt, due, facts, line, officer, payment, receipts, refund, refund_id, vnd,
};
use crate::domain::{
    Account, Assessed, Charge, ChargeKind, Event, Method, Order, Refund, Refusal, Sent, State,
    shared,
};

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

/// The twenty-first is told what is wrong, and that is not its sum; what was rejected takes no place.
#[test]
fn there_are_no_more_refunds_than_anybody_needs() {
    let mut order = paid();
    for n in 1..=20 {
        order.request_refund(refund(n, 1, 1, 1)).unwrap();
    }
    assert_eq!(order.request_refund(refund(21, 1, 1, 1)).unwrap_err(), Refusal::TooManyRefunds);
    let large = order.request_refund(refund(21, 1, ALL, 1));
    assert_eq!(large.unwrap_err(), Refusal::RefundTooLarge { left: vnd(ALL - 20) });
    order.decide(refund_id(20), false, officer(2), at(6), receipts(2)).unwrap();
    order.request_refund(refund(21, 1, ALL - 19, 1)).unwrap();
    assert!(Refusal::TooManyRefunds.to_string().contains("đã có 20 yêu cầu hoàn tiền"));
}

/// Whoever asks again and again for what is rejected fills no order without end.
#[test]
fn rejected_refunds_end_as_well() {
    let mut order = paid();
    for n in 1..=100 {
        order.request_refund(refund(n, 1, 1, 1)).unwrap();
        order.decide(refund_id(n), false, officer(2), at(6), receipts(2)).unwrap();
    }
    let more = order.request_refund(refund(101, 1, 1, 1));
    assert_eq!(more.unwrap_err(), Refusal::RefundsExhausted);
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

#[test]
fn one_fee_goes_back_and_the_others_receipts_stay() {
    let (mut order, mut books) = (paid(), Books::default());
    let of = |n, fee: &str, amount| Refund { fee: Some(fee.into()), ..refund(n, 1, amount, 1) };
    let left = |dong| Refusal::RefundTooLarge { left: vnd(dong) };
    assert_eq!(order.request_refund(of(1, "phi", 20_002)).unwrap_err(), left(20_001));
    assert_eq!(order.request_refund(of(1, "khac", 1)).unwrap_err(), Refusal::FeeUnknown);
    order.request_refund(of(1, "phi", 20_001)).unwrap();
    assert_eq!(order.request_refund(of(2, "phi", 1)).unwrap_err(), left(0));
    // What is asked back of all meanwhile takes nothing of it, and either may be approved first.
    order.request_refund(refund(2, 1, 50_000, 1)).unwrap();
    for (n, ids) in [(2, 2), (1, 3)] {
        order.decide(refund_id(n), true, officer(2), at(6), receipts(ids)).unwrap();
        books.take(&mut order);
        let kept = if n == 2 { 20_001 } else { 0 };
        assert_eq!(books.of(Account::Income), -kept);
        assert_eq!(books.of_fee(Account::Income, "le-phi"), 0);
        let held: i64 = order.receipts.iter().filter(|r| r.holds()).map(|r| r.amount.dong()).sum();
        assert_eq!(held, kept);
    }
    let replaced = order.receipts.iter().filter(|receipt| receipt.replaced_by.is_some());
    assert_eq!(replaced.count(), 0, "each kind was given back as a whole");
}

/// Somebody asks back so many thousandths of what is left, of one line or of all; it is approved or
/// not, at once or with all that still waits.
#[derive(Debug, Clone)]
struct Asked {
    line: Option<usize>,
    thousandths: i64,
    approve: bool,
    waits: bool,
}

fn asked() -> impl Strategy<Value = Vec<Asked>> {
    let part = prop_oneof![2 => 1..1_000_i64, 1 => Just(1_000)];
    let one = (proptest::option::of(0..5_usize), part, any::<[bool; 2]>());
    let one = one.prop_map(|(line, thousandths, [approve, waits])| Asked {
        line,
        thousandths,
        approve,
        waits,
    });
    proptest::collection::vec(one, 1..12)
}

/// Of every fee the books have what is kept of it, and the receipts are over that, kind by kind.
fn receipted(order: &Order, books: &Books) -> Result<(), TestCaseError> {
    let kept = order.kept();
    for (line, kept) in order.lines.iter().zip(&kept) {
        prop_assert!(kept.dong() >= 0, "{}: {}", &line.code, kept);
        prop_assert_eq!(-books.of_fee(Account::Income, &line.code), kept.dong(), "{}", &line.code);
    }
    for kind in ChargeKind::ALL {
        let own = order.lines.iter().zip(&kept).filter(|(line, _)| line.kind == kind);
        let own: i64 = own.map(|(_, kept)| kept.dong()).sum();
        let held = order.receipts.iter().filter(|one| one.kind == kind && one.holds());
        prop_assert_eq!(held.map(|one| one.amount.dong()).sum::<i64>(), own);
    }
    Ok(())
}

proptest! {
    #[test]
    fn receipts_and_books_say_the_same_of_every_fee(
        fees in proptest::collection::vec((any::<bool>(), 1_i64..60_000), 1..5),
        asked in asked(),
    ) {
        let line = |(n, (charge, amount)): (usize, &(bool, i64))| {
            let kind = if *charge { ChargeKind::Charge } else { ChargeKind::Fee };
            line(&format!("khoan-{n}"), kind, Some(*amount))
        };
        let lines = fees.iter().enumerate().map(line).collect();
        let mut order = Order::open(facts(), lines, at(0), at(10 * 24 * 60));
        let all = order.payable();
        order.try_to_pay(attempt(1, Method::Gateway, all.dong(), 1)).unwrap();
        order.arrived(payment(1), all, "1", at(3), receipts(1)).unwrap();
        let mut books = Books::default();
        let mut waiting = Vec::new();
        for (n, step) in (1..).zip(asked) {
            let fee = step.line.and_then(|line| order.lines.get(line)).map(|line| line.code.clone());
            let left = order.refundable(payment(1), fee.as_deref()).unwrap().dong();
            let amount = left * step.thousandths / 1_000;
            if amount > 0 {
                let wanted = Refund { fee, ..refund(n, 1, amount, 1) };
                order.request_refund(wanted).unwrap();
                waiting.push((n, step.approve));
            }
            // The last that was asked for is decided first.
            while let Some((n, approve)) = waiting.pop_if(|_| !step.waits) {
                order.decide(refund_id(n), approve, officer(2), at(5), receipts(n)).unwrap();
                books.take(&mut order);
                receipted(&order, &books)?;
            }
        }
        for (n, _) in waiting {
            order.decide(refund_id(n), true, officer(2), at(6), receipts(n)).unwrap();
        }
        // Whatever was kept goes back in the end, to the đồng.
        let left = order.refundable(payment(1), None).unwrap().dong();
        if left > 0 {
            order.request_refund(refund(99, 1, left, 1)).unwrap();
            order.decide(refund_id(99), true, officer(2), at(7), receipts(99)).unwrap();
        }
        books.take(&mut order);
        receipted(&order, &books)?;
        prop_assert!(order.kept().iter().all(|kept| kept.dong() == 0));
        prop_assert!(order.receipts.iter().all(|receipt| !receipt.holds()));
    }
}

#[test]
fn what_went_back_as_a_whole_is_asked_for_anew() {
    let (mut order, mut books) = (paid(), Books::default());
    let anew = |order: &mut Order, n| {
        let found = Assessed { code: "le-phi".into(), charge: Charge::full(vnd(40_000)) };
        order.assess(vec![found], officer(1), "Thu lại".into(), at(n), at(20_000))
    };
    order.request_refund(refund(1, 1, ALL - 1, 1)).unwrap();
    order.decide(refund_id(1), true, officer(2), at(6), receipts(2)).unwrap();
    assert_eq!(anew(&mut order, 7).unwrap_err(), Refusal::AlreadyPaid, "something is kept");
    order.request_refund(refund(2, 1, 1, 1)).unwrap();
    order.decide(refund_id(2), true, officer(2), at(8), receipts(3)).unwrap();
    let cash = |n, amount| attempt(n, Method::Cash, amount, 9);
    // Nothing is owed before an officer says so, for the record.
    let early = order.collect(cash(2, ALL), receipts(4)).unwrap_err();
    assert_eq!(early, Refusal::NothingDue);
    order.take_happened();
    anew(&mut order, 10).unwrap();
    let all = 60_001;
    assert_eq!((order.state, order.payable()), (State::Due, vnd(all)));
    let happened = order.take_happened();
    assert!(matches!(happened[..], [(_, Event::Requested { .. })]), "{happened:?}");
    assert_eq!(order.assessments.last().map(|one| one.by), Some(Some(officer(1))));
    order.collect(attempt(2, Method::Cash, all, 11), receipts(5)).unwrap();
    books.take(&mut order);
    assert_eq!((books.of(Account::Income), books.of(Account::Receivable)), (-all, 0));
    assert_eq!((books.of(Account::Refunds), books.of(Account::Cash)), (-ALL, all));
    let held: i64 = order.receipts.iter().filter(|r| r.holds()).map(|r| r.amount.dong()).sum();
    assert_eq!((held, order.kept().iter().map(|kept| kept.dong()).sum()), (all, all));
    assert_eq!(order.paid_until(at(5)).unwrap().id, payment(1), "of the receipts before");
    assert_eq!(order.refundable(payment(1), None).unwrap(), vnd(0));
    assert!(order.cancel(at(11)) && !order.cancel(at(11)), "the dossier ends, once");
    // The second time is given back like the first.
    order.request_refund(refund(3, 2, all, 1)).unwrap();
    order.decide(refund_id(3), true, officer(2), at(12), receipts(6)).unwrap();
    books.take(&mut order);
    assert_eq!(books.of(Account::Income), 0);
    assert!(order.receipts.iter().all(|receipt| !receipt.holds()));
    // Of a dossier that has ended nothing is asked for anew.
    assert_eq!(anew(&mut order, 13).unwrap_err(), Refusal::OrderEnded);
    assert_eq!(order.collect(cash(3, all), receipts(7)).unwrap_err(), Refusal::OrderEnded);
}

#[test]
fn a_gateway_gives_back_one_at_a_time() {
    let mut order = paid();
    for n in 1..=3 {
        order.request_refund(refund(n, 1, 7_000, 1)).unwrap();
    }
    for (n, minute) in [(2, 5), (1, 6)] {
        let (by, ids) = (officer(2), receipts(10 + n));
        order.decide(refund_id(n), true, by, at(minute), ids).unwrap();
    }
    let waits = |order: &Order| [1, 2, 3].map(|n| order.waits_behind(refund_id(n)).unwrap());
    assert_eq!(waits(&order), [true, false, true], "the one that was approved first is the first");
    assert!(!order.has_twin(refund_id(1)).unwrap());
    // What a person sees to holds nobody up, and is not the gateway's any more.
    let refused = || Sent::Refused { code: "95".into() };
    assert!(order.sent(refund_id(2), Sent::Taken { at: at(7) }).unwrap());
    assert!(!order.sent(refund_id(2), Sent::Taken { at: at(8) }).unwrap());
    assert!(order.sent(refund_id(2), refused()).unwrap());
    assert!(!order.sent(refund_id(2), Sent::Taken { at: at(9) }).unwrap());
    assert!(!order.sent(refund_id(3), refused()).unwrap(), "nobody has approved it");
    assert_eq!(waits(&order), [false, true, true]);
    order.complete_refund(refund_id(2), None, at(9)).unwrap();
    assert!(order.has_twin(refund_id(1)).unwrap());
}
