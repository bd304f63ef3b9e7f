//! An order, people, and books that add up.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};
use motcua_ids::{AccountId, AgencyId, AgencyPath, PaymentId, ReceiptId, RefundId, Uuid};
use motcua_vn::Vnd;

use crate::domain::{
    Account, Attempt, AttemptState, Charge, ChargeKind, Entry, Facts, Line, Method, Order, Place,
    Refund, RefundState, Sent, Share,
};

pub(super) fn at(minutes: i64) -> DateTime<Utc> {
    let begin: DateTime<Utc> = "2026-11-02T01:00:00Z".parse().unwrap();
    begin + TimeDelta::minutes(minutes)
}

pub(super) fn id(n: u128) -> Uuid {
    Uuid::from_u128(n)
}

pub(super) fn officer(n: u128) -> AccountId {
    id(100 + n).into()
}

pub(super) fn payment(n: u128) -> PaymentId {
    id(200 + n).into()
}

pub(super) fn refund_id(n: u128) -> RefundId {
    id(300 + n).into()
}

pub(super) fn receipts(n: u128) -> [ReceiptId; 2] {
    [id(400 + 2 * n).into(), id(401 + 2 * n).into()]
}

pub(super) fn vnd(dong: i64) -> Vnd {
    Vnd::new(dong)
}

pub(super) fn facts() -> Facts {
    let ward = AgencyPath::root(AgencyId::new(id(1))).child(AgencyId::new(id(2)));
    Facts {
        dossier: id(9).into(),
        code: "H53.41-261102-0001".into(),
        procedure_version: id(8).into(),
        procedure: "1.001193".into(),
        collecting: ward.clone(),
        collecting_code: "H53.41".into(),
        competent: ward,
        payer: Some(id(50).into()),
        online: true,
        accepted_at: at(0),
    }
}

pub(super) fn line(code: &str, kind: ChargeKind, amount: Option<i64>) -> Line {
    Line {
        code: code.into(),
        name: code.into(),
        kind,
        charge: amount.map(|dong| Charge::full(vnd(dong))),
        note: String::new(),
        shares: Vec::new(),
    }
}

/// The agency that decides, with 30 percent of the phí, and one that has 15 of it.
pub(super) fn sharing() -> [AgencyPath; 2] {
    let province = AgencyPath::root(AgencyId::new(id(1)));
    [3, 4].map(|n| province.child(AgencyId::new(id(n))))
}

/// Lệ phí of 50,000 and phí of 20,001, of which others have shares, due on the tenth day.
pub(super) fn due() -> Order {
    let [department, fund] = sharing();
    let shares =
        vec![Share { agency: department, percent: 30 }, Share { agency: fund, percent: 15 }];
    let lines = vec![
        line("le-phi", ChargeKind::Fee, Some(50_000)),
        Line { shares, ..line("phi", ChargeKind::Charge, Some(20_001)) },
    ];
    Order::open(facts(), lines, at(0), at(10 * 24 * 60))
}

pub(super) const ALL: i64 = 70_001;

pub(super) fn attempt(n: u128, method: Method, amount: i64, begun: i64) -> Attempt {
    let outside = matches!(method, Method::Gateway | Method::BankTransfer);
    Attempt {
        id: payment(n),
        method,
        via: None,
        reference: outside.then(|| format!("MC{n}")),
        amount: vnd(amount),
        created_at: at(begun),
        expires_at: at(begun + 15),
        till: (method == Method::Cash).then(|| officer(1)),
        state: AttemptState::Pending,
    }
}

pub(super) fn refund(n: u128, of: u128, amount: i64, by: u128) -> Refund {
    Refund {
        id: refund_id(n),
        payment: payment(of),
        amount: vnd(amount),
        fee: None,
        parts: Vec::new(),
        requested_by: officer(by),
        requested_at: at(100),
        reason: "Nộp hai lần".into(),
        state: RefundState::Requested,
        sent: Sent::No,
    }
}

/// The books of one order, as they would be summed up.
#[derive(Debug, Default)]
pub(super) struct Books(BTreeMap<Place, i64>);

impl Books {
    pub(super) fn take(&mut self, order: &mut Order) {
        for Entry { transfers, .. } in order.take_booked() {
            for transfer in transfers {
                assert!(transfer.amount > Vnd::ZERO, "{transfer:?}");
                *self.0.entry(transfer.debit).or_default() += transfer.amount.dong();
                *self.0.entry(transfer.credit).or_default() -= transfer.amount.dong();
            }
        }
    }

    /// Debit above nothing.
    pub(super) fn of(&self, account: Account) -> i64 {
        let own = self.0.iter().filter(|(place, _)| place.account == account);
        own.map(|(_, dong)| dong).sum()
    }

    pub(super) fn of_fee(&self, account: Account, code: &str) -> i64 {
        self.0.get(&Place::fee(account, code)).copied().unwrap_or_default()
    }

    pub(super) fn of_share(&self, agency: &AgencyPath, code: &str) -> i64 {
        self.0.get(&Place::share(agency, code)).copied().unwrap_or_default()
    }

    pub(super) fn money(&self) -> i64 {
        let money = [Account::Gateway, Account::Bank, Account::Cash, Account::Postal];
        money.into_iter().map(|account| self.of(account)).sum()
    }

    pub(super) fn sum(&self) -> i64 {
        self.0.values().sum()
    }
}
