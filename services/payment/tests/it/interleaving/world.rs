//! A service, a bank and a gateway, and everybody who has to do with them.

use std::{
    collections::BTreeMap,
    sync::{
        Arc, Mutex,
        atomic::{AtomicU32, Ordering},
    },
};

use chrono::TimeDelta;
use motcua_context::Actor;
use motcua_proto::{
    intake::v1::DossierStopped,
    payment::v1::{
        AssessFeesRequest, AssessedFee, BeginPaymentRequest, CloseTillRequest,
        CollectPaymentRequest, CompleteRefundRequest, DecideRefundRequest, Discrepancy,
        DiscrepancyKind, DiscrepancyOutcome, FeeOrder, ImportStatementRequest, LookUpReturnRequest,
        Payment, PaymentMethod, PaymentState, Refund, RefundState, ReplaceReceiptRequest,
        RequestRefundRequest, ResolveDiscrepancyRequest,
    },
};
use motcua_testkit::Database;
use motcua_vn::local;
use tokio::task::JoinSet;

use super::{
    drawn::{Memo, Mood, Round, Row, Step, Word},
    gateway::Gateway,
    requests::{Request, Who},
};
use crate::{
    statements::table,
    support::{Office, dossier, notice, open, order_name, ward},
};

/// The orders' numbers.
const ORDERS: [u128; 3] = [1, 2, 3];
/// Days in which everything has its end: a gateway is asked for two, what it gives back is waited for
/// up to three, and once it is taken as long again.
const REST_HOURS: [i64; 14] = [1, 1, 6, 12, 12, 12, 12, 24, 24, 24, 24, 24, 24, 24];

pub(super) struct World {
    pub(super) office: Office,
    pub(super) gateway: Gateway,
    /// How often each attempt was taken over by a notice.
    taken: Mutex<BTreeMap<String, usize>>,
    files: Mutex<Vec<Vec<u8>>>,
    numbers: AtomicU32,
    /// What was done in the round before, and what of its answer is the same each time.
    earlier: Mutex<Vec<(Request, String)>>,
}

/// What everybody sees when a round begins.
struct Seen {
    orders: BTreeMap<u128, FeeOrder>,
    discrepancies: Vec<Discrepancy>,
}

/// One of those that there are.
fn one<T>(of: &[T], which: usize) -> Option<&T> {
    of.get(which % of.len().max(1))
}

impl Seen {
    /// An attempt that has a reference, of this way.
    fn attempt(&self, n: u128, which: usize, method: PaymentMethod) -> Option<Payment> {
        let attempts = self.orders[&n].payments.iter().rev();
        let attempts = attempts.filter(|a| a.method() == method && !a.reference.is_empty());
        one(&attempts.collect::<Vec<_>>(), which).map(|found| (*found).clone())
    }

    /// Those that still go on before those that do not.
    fn refund(&self, n: u128, which: usize, state: RefundState) -> Option<Refund> {
        let mut refunds: Vec<_> = self.orders[&n].refunds.iter().rev().collect();
        refunds.sort_by_key(|refund| refund.state() != state);
        one(&refunds, which).map(|found| (*found).clone())
    }

    /// What is asked of money that goes back, or fits with nothing.
    fn about_money(&self, step: &Step, request_id: String) -> Option<Request> {
        let by = |accountant: bool, other| if accountant { Who::Accountant } else { other };
        Some(match step {
            Step::Ask { n, which, amount, fee, accountant } => {
                let mut payments: Vec<_> = self.orders[n].payments.iter().collect();
                payments.sort_by_key(|payment| payment.state() != PaymentState::Settled);
                let asked = RequestRefundRequest {
                    request_id,
                    name: order_name(*n),
                    payment: one(&payments, *which)?.name.clone(),
                    amount_vnd: *amount,
                    reason: "Nộp thừa".into(),
                    fee_code: if *fee { "phi".into() } else { String::new() },
                };
                Request::Ask(asked, by(*accountant, Who::Desk))
            }
            Step::Decide { n, which, approve, accountant } => {
                let asked = DecideRefundRequest {
                    request_id,
                    name: order_name(*n),
                    refund: self.refund(*n, *which, RefundState::Requested)?.name,
                    approve: *approve,
                };
                Request::Decide(asked, by(*accountant, Who::Leader))
            }
            Step::Complete { n, which, accountant } => {
                let asked = CompleteRefundRequest {
                    request_id,
                    name: order_name(*n),
                    refund: self.refund(*n, *which, RefundState::Approved)?.name,
                    in_cash: false,
                };
                Request::Complete(asked, by(*accountant, Who::Desk))
            }
            Step::Resolve { which, assign } => {
                let found = one(&self.discrepancies, *which)?;
                let nobodys = found.kind() == DiscrepancyKind::MissingHere;
                let transfers = |n: &u128| self.attempt(*n, *which, PaymentMethod::BankTransfer);
                let transfer = ORDERS.iter().find_map(transfers);
                let transfer = transfer.filter(|_| *assign).map(|transfer| transfer.name);
                let outcome = match (nobodys, &transfer) {
                    (true, Some(_)) => DiscrepancyOutcome::Assigned,
                    (true, None) => DiscrepancyOutcome::WrittenOff,
                    (false, _) => DiscrepancyOutcome::Noted,
                };
                Request::Resolve(ResolveDiscrepancyRequest {
                    request_id,
                    name: found.name.clone(),
                    outcome: outcome.into(),
                    payment: transfer.filter(|_| nobodys).unwrap_or_default(),
                    agency: String::new(),
                    resolution: "Đã đối chiếu".into(),
                })
            }
            _ => return None,
        })
    }
}

impl World {
    pub(super) async fn open(database: Database) -> Arc<Self> {
        let office = open(database).await;
        let gateway = Gateway::default();
        gateway.answers_for(&office.api);
        for n in ORDERS {
            office.accepted(n, "fixed").await;
        }
        Arc::new(Self {
            office,
            gateway,
            taken: Mutex::default(),
            files: Mutex::default(),
            numbers: AtomicU32::new(1),
            earlier: Mutex::default(),
        })
    }

    pub(super) async fn close(self: Arc<Self>) {
        let world = Arc::into_inner(self).expect("everybody has gone home");
        world.office.env.stop().await;
    }

    pub(super) async fn orders(&self) -> BTreeMap<u128, FeeOrder> {
        let mut orders = BTreeMap::new();
        for n in ORDERS {
            orders.insert(n, self.office.order(n).await);
        }
        orders
    }

    /// All of a round at once, and what comes due; then the same requests again.
    pub(super) async fn live(self: &Arc<Self>, round: Round) {
        self.gateway.is(round.mood);
        let seen = Arc::new(Seen {
            orders: self.orders().await,
            discrepancies: self.office.discrepancies().await,
        });
        let mut at_once = JoinSet::new();
        self.office.env.clock.advance(TimeDelta::minutes(round.minutes));
        for (step, times) in round.steps {
            if let Some(request) = self.request(&seen, &step) {
                for _ in 0..times {
                    let (world, request) = (self.clone(), request.clone());
                    at_once.spawn(async move {
                        let same = request.send(&world.office).await;
                        Some((request, same.ok()?))
                    });
                }
            } else {
                for _ in 0..times {
                    let (world, seen, step) = (self.clone(), seen.clone(), step.clone());
                    at_once.spawn(async move {
                        world.outside(&seen, step).await;
                        None
                    });
                }
            }
        }
        let done: Vec<_> = at_once.join_all().await.into_iter().flatten().collect();
        self.quiet().await;
        let before = self.orders().await;
        let earlier = std::mem::replace(&mut *self.earlier.lock().unwrap(), done.clone());
        for (request, same) in earlier.into_iter().chain(done) {
            let again = request.send(&self.office).await;
            assert_eq!(again, Ok(same), "{request:?}");
        }
        self.quiet().await;
        assert_eq!(self.orders().await, before, "what is asked again changes nothing");
    }

    /// Waits until nothing is due any more. A timer that is put off while it is acted upon is gone
    /// before its work is done: what the gateway was asked by it is waited for.
    async fn quiet(&self) {
        let env = &self.office.env;
        let sql = "SELECT count(*) AS n FROM due WHERE at <= $1";
        let due = async || env.store.count(sql, [env.now().into()]).await.unwrap();
        env.until(async || (due().await == 0).then_some(())).await;
        let said = self.gateway.said();
        let open = |payment: &Payment| {
            payment.state() != PaymentState::Settled && said.contains(&payment.reference)
        };
        let heard = async || {
            let orders = self.orders().await;
            !orders.values().flat_map(|order| &order.payments).any(open)
        };
        env.until(async || heard().await.then_some(())).await;
    }

    /// The gateway answers, and time passes until it has told all that it knows.
    pub(super) async fn come_to_rest(&self) {
        self.gateway.is(Mood::Up);
        for hours in REST_HOURS {
            self.office.env.clock.advance(TimeDelta::hours(hours));
            self.quiet().await;
        }
    }

    /// What is asked of the service by request, where there is something to ask.
    fn request(&self, seen: &Seen, step: &Step) -> Option<Request> {
        let request_id = self.office.env.request_id();
        Some(match step {
            Step::Begin { n, method } => Request::Begin(BeginPaymentRequest {
                request_id,
                name: order_name(*n),
                method: (*method).into(),
                english: false,
            }),
            Step::Collect { n, method, off } => Request::Collect(CollectPaymentRequest {
                request_id,
                name: order_name(*n),
                etag: String::new(),
                method: (*method).into(),
                amount_vnd: seen.orders[n].payable_vnd + off,
            }),
            Step::CloseTill { off } => Request::CloseTill(CloseTillRequest {
                request_id,
                agency: ward().name(),
                counted_vnd: 70_000 + off,
            }),
            Step::Import { rows } => {
                let content = self.file(seen, rows)?;
                self.files.lock().unwrap().push(content.clone());
                Request::Import(ImportStatementRequest {
                    request_id,
                    content,
                    account: String::new(),
                })
            }
            Step::ImportAgain { which } => {
                let content = one(&self.files.lock().unwrap(), *which)?.clone();
                Request::Import(ImportStatementRequest {
                    request_id,
                    content,
                    account: String::new(),
                })
            }
            Step::Assess { n, dong } => Request::Assess(AssessFeesRequest {
                request_id,
                name: order_name(*n),
                fees: vec![AssessedFee {
                    fee_code: "le-phi".into(),
                    amount_vnd: *dong,
                    ..AssessedFee::default()
                }],
                reason: "Thu sai mức".into(),
                ..AssessFeesRequest::default()
            }),
            Step::Replace { n, which } => Request::Replace(ReplaceReceiptRequest {
                request_id,
                name: order_name(*n),
                receipt: one(&seen.orders[n].receipts, *which)?.name.clone(),
                reason: "In sai tên".into(),
            }),
            _ => return seen.about_money(step, request_id),
        })
    }

    /// A bank's table of a day, where its rows name something.
    fn file(&self, seen: &Seen, rows: &[Row]) -> Option<Vec<u8>> {
        let day = local::day(self.office.env.now()).format("%d/%m/%Y").to_string();
        let rows: Vec<_> = rows.iter().filter_map(|row| self.row(seen, row)).collect();
        let rows: Vec<_> = rows
            .iter()
            .map(|(amount, number, memo)| (&*day, *amount, &**number, &**memo))
            .collect();
        (!rows.is_empty()).then(|| table(&rows))
    }

    fn row(&self, seen: &Seen, row: &Row) -> Option<(i64, String, String)> {
        let number = self.numbers.fetch_add(1, Ordering::Relaxed);
        let attempt = || seen.attempt(row.n, row.which, PaymentMethod::BankTransfer);
        let (amount, memo) = match row.memo {
            Memo::Nobody => (10_000 + i64::from(number), format!("Chuyen tien {number}")),
            Memo::Whole => {
                let attempt = attempt()?;
                (attempt.amount_vnd, attempt.reference)
            }
            Memo::Cut => {
                let attempt = attempt()?;
                (attempt.amount_vnd, attempt.reference[..10].to_owned())
            }
            Memo::GivenBack => {
                let refund = seen.refund(row.n, row.which, RefundState::Approved)?;
                let payments = &seen.orders[&row.n].payments;
                let payment = payments.iter().find(|one| one.name == refund.payment)?;
                (-refund.amount_vnd, payment.reference.clone())
            }
        };
        let number = if row.numbered { format!("FT{number}") } else { String::new() };
        let amount = if amount + row.off == 0 { amount } else { amount + row.off };
        Some((amount, number, memo))
    }

    /// What comes from outside, and has no request's id.
    async fn outside(&self, seen: &Seen, step: Step) {
        match step {
            Step::Pay { n, which } => {
                let now = self.office.env.now().timestamp();
                let attempt = seen.attempt(n, which, PaymentMethod::Gateway);
                let open = attempt.filter(|one| one.expire_time.unwrap().seconds > now);
                if let Some(attempt) = open {
                    self.gateway.takes(&attempt);
                }
            }
            Step::Tell { n, which, word } => {
                if let Some(attempt) = seen.attempt(n, which, PaymentMethod::Gateway) {
                    self.told(&attempt, word).await;
                }
            }
            Step::Return { n, which, paid } => {
                let Some(attempt) = seen.attempt(n, which, PaymentMethod::Gateway) else { return };
                let said = if paid { "00" } else { "24" };
                let query = notice(&attempt, attempt.amount_vnd, said);
                let mut anybody = self.office.client(&Actor::Anonymous);
                let back = anybody.look_up_return(LookUpReturnRequest { query }).await.unwrap();
                if back.into_inner().state() == PaymentState::Settled {
                    let known = self.gateway.paid().contains_key(&attempt.reference);
                    assert!(known, "settled by what the payer brings: {attempt:?}");
                }
            }
            Step::Cancel { n } => {
                let stopped = DossierStopped { dossier: dossier(n).name(), ..Default::default() };
                assert_eq!(self.office.env.tell(dossier(n).uuid(), &stopped).await, None);
            }
            _ => {}
        }
    }

    /// What the gateway tells by itself has its documented answer.
    async fn told(&self, attempt: &Payment, word: Word) {
        let all = attempt.amount_vnd;
        let query = match word {
            Word::Paid => {
                self.gateway.takes(attempt);
                notice(attempt, all, "00")
            }
            Word::Declined => {
                self.gateway.declines(attempt);
                notice(attempt, all, "24")
            }
            Word::OtherSum => notice(attempt, all + 1_000, "00"),
            Word::Forged => {
                notice(attempt, all, "24").replace("vnp_ResponseCode=24", "vnp_ResponseCode=00")
            }
            Word::Unknown => {
                let unknown = Payment { reference: "MC0".into(), ..attempt.clone() };
                notice(&unknown, all, "00")
            }
        };
        let code = self.office.notice(&query).await;
        let expected: &[&str] = match word {
            Word::Paid | Word::Declined => &["00", "02"],
            Word::OtherSum => &["04"],
            Word::Forged => &["97"],
            Word::Unknown => &["01"],
        };
        assert!(expected.contains(&&*code), "{word:?} of {attempt:?}: {code}");
        if matches!(word, Word::Paid) && code == "00" {
            let mut taken = self.taken.lock().unwrap();
            let times = taken.entry(attempt.reference.clone()).or_default();
            *times += 1;
            assert_eq!(*times, 1, "taken over twice: {attempt:?}");
        }
    }
}
