//! What is answered.

use chrono::NaiveDate;
use motcua_clockwire::instant_message as instant;
use motcua_ids::{AccountId, AgencyPath, FeeOrderId, PaymentId, ReceiptId, RefundId, StatementId};
use motcua_proto::payment::v1 as proto;
use motcua_vn::Vnd;

use crate::{
    app::{Begun, Counts, Reckoned, Sum, TillClosing},
    domain::{
        Assessment, Attempt, AttemptState, ChargeKind, Discrepancy, Kind, Line, Method, Order,
        Outcome, Outlook, Policy, Receipt, Refund, RefundState, Sent, State, Statement,
    },
};

/// An order; officers' words are for officers.
pub(super) fn order(order: &Order, officer: bool) -> proto::FeeOrder {
    proto::FeeOrder {
        name: order.id.name(),
        dossier: order.facts.dossier.name(),
        code: order.facts.code.clone(),
        etag: order.etag(),
        state: state(order.state).into(),
        lines: order.lines.iter().map(line).collect(),
        payable_vnd: order.payable().dong(),
        paid_vnd: order.paid().dong(),
        refunded_vnd: order.refunded().dong(),
        surplus_vnd: order.surplus().dong(),
        due_time: order.due_at.map(instant),
        settle_time: order.settled_at.map(instant),
        collecting_agency: order.facts.collecting.agency().name(),
        payments: order.attempts.iter().map(attempt).collect(),
        receipts: order.receipts.iter().map(|one| receipt(one, officer)).collect(),
        refunds: order.refunds.iter().map(|one| refund(one, officer)).collect(),
        assessments: order.assessments.iter().map(|one| assessment(one, officer)).collect(),
    }
}

const fn state(state: State) -> proto::FeeOrderState {
    match state {
        State::ToAssess => proto::FeeOrderState::ToAssess,
        State::Due => proto::FeeOrderState::Due,
        State::Paid => proto::FeeOrderState::Paid,
        State::NothingDue => proto::FeeOrderState::NothingDue,
        State::Lapsed => proto::FeeOrderState::Lapsed,
        State::Cancelled => proto::FeeOrderState::Cancelled,
    }
}

const fn kind(kind: ChargeKind) -> proto::ChargeKind {
    match kind {
        ChargeKind::Charge => proto::ChargeKind::Charge,
        ChargeKind::Fee => proto::ChargeKind::Fee,
    }
}

/// How money comes.
pub(crate) const fn method_message(method: Method) -> proto::PaymentMethod {
    match method {
        Method::Gateway => proto::PaymentMethod::Gateway,
        Method::BankTransfer => proto::PaymentMethod::BankTransfer,
        Method::Cash => proto::PaymentMethod::Cash,
        Method::Postal => proto::PaymentMethod::Postal,
    }
}

fn line(line: &Line) -> proto::FeeLine {
    let charge = line.charge.as_ref();
    let reduction = charge.and_then(|charge| charge.reduction.as_ref());
    let row = charge.and_then(|charge| charge.row.as_ref());
    proto::FeeLine {
        fee_code: line.code.clone(),
        display_name: line.name.clone(),
        kind: kind(line.kind).into(),
        amount_vnd: charge.map_or(0, |charge| charge.amount.dong()),
        reduction_vnd: reduction.map_or(0, |reduction| reduction.amount.dong()),
        reduction_basis: reduction.map(|reduction| reduction.basis.clone()).unwrap_or_default(),
        assessed: charge.is_some(),
        note: line.note.clone(),
        table_row: row.map(|row| row.text.clone()).unwrap_or_default(),
        table_basis: row.map(|row| row.basis.clone()).unwrap_or_default(),
    }
}

/// What something would cost.
pub(super) fn estimate(lines: &[Line]) -> proto::EstimateFeesResponse {
    proto::EstimateFeesResponse {
        lines: lines.iter().map(line).collect(),
        payable_vnd: lines.iter().map(|line| line.payable().dong()).sum(),
        complete: lines.iter().all(|line| line.charge.is_some()),
    }
}

pub(super) fn attempt(attempt: &Attempt) -> proto::Payment {
    let (state, settle_time, decline_text, transaction) = match &attempt.state {
        AttemptState::Pending => (proto::PaymentState::Pending, None, String::new(), String::new()),
        AttemptState::Expired => (proto::PaymentState::Expired, None, String::new(), String::new()),
        AttemptState::Declined { why } => {
            (proto::PaymentState::Declined, None, why.clone(), String::new())
        }
        AttemptState::Settled { at, transaction, .. } => {
            (proto::PaymentState::Settled, Some(instant(*at)), String::new(), transaction.clone())
        }
    };
    proto::Payment {
        name: attempt.id.name(),
        method: method_message(attempt.method).into(),
        state: state.into(),
        reference: attempt.reference.clone().unwrap_or_default(),
        amount_vnd: attempt.amount.dong(),
        create_time: Some(instant(attempt.created_at)),
        expire_time: Some(instant(attempt.expires_at)),
        settle_time,
        redirect_url: String::new(),
        vietqr: String::new(),
        decline_text,
        transaction,
    }
}

pub(super) fn begun(begun: Begun) -> proto::Payment {
    let Begun { attempt: one, redirect_url, vietqr } = begun;
    proto::Payment { redirect_url, vietqr, ..attempt(&one) }
}

pub(super) fn returned(order: &Order, one: &Attempt) -> proto::LookUpReturnResponse {
    let shown = attempt(one);
    proto::LookUpReturnResponse {
        state: shown.state,
        dossier: order.facts.dossier.name(),
        amount_vnd: shown.amount_vnd,
        decline_text: shown.decline_text,
    }
}

fn receipt(receipt: &Receipt, officer: bool) -> proto::Receipt {
    let (series, number) = receipt
        .number
        .as_ref()
        .map_or_else(Default::default, |(series, number)| (series.as_str().to_owned(), *number));
    proto::Receipt {
        name: receipt.id.name(),
        series,
        number,
        kind: kind(receipt.kind).into(),
        amount_vnd: receipt.amount.dong(),
        issue_time: Some(instant(receipt.issued_at)),
        cancel_time: receipt.cancelled_at.map(instant),
        replaced_by: receipt.replaced_by.map(ReceiptId::name).unwrap_or_default(),
        cancelled_by: receipt.cancelled_by.map(AccountId::name).unwrap_or_default(),
        cancel_reason: if officer { receipt.cancel_reason.clone() } else { String::new() },
    }
}

fn refund(refund: &Refund, officer: bool) -> proto::Refund {
    let (state, decided, refunded_at) = match refund.state {
        RefundState::Requested => (proto::RefundState::Requested, None, None),
        RefundState::Approved { by, at } => (proto::RefundState::Approved, Some((by, at)), None),
        RefundState::Rejected { by, at } => (proto::RefundState::Rejected, Some((by, at)), None),
        RefundState::Refunded { by, decided_at, at } => {
            (proto::RefundState::Refunded, Some((by, decided_at)), Some(at))
        }
    };
    proto::Refund {
        name: refund.id.name(),
        state: state.into(),
        payment: refund.payment.name(),
        amount_vnd: refund.amount.dong(),
        reason: if officer { refund.reason.clone() } else { String::new() },
        requested_by: refund.requested_by.name(),
        request_time: Some(instant(refund.requested_at)),
        decided_by: decided.map(|(by, _)| by.name()).unwrap_or_default(),
        decide_time: decided.map(|(_, at)| instant(at)),
        refund_time: refunded_at.map(instant),
        fee_code: refund.fee.clone().unwrap_or_default(),
        gateway_refusal: match &refund.sent {
            Sent::Refused { code } if code.is_empty() => "?".to_owned(),
            Sent::Refused { code } => code.clone(),
            Sent::No | Sent::Taken { .. } => String::new(),
        },
    }
}

fn assessment(assessment: &Assessment, officer: bool) -> proto::Assessment {
    proto::Assessment {
        assess_time: Some(instant(assessment.at)),
        assessed_by: assessment.by.map(AccountId::name).unwrap_or_default(),
        payable_vnd: assessment.payable.dong(),
        reason: if officer { assessment.reason.clone() } else { String::new() },
        lines: assessment.lines.iter().map(line).collect(),
    }
}

pub(super) fn policy(policy: Policy) -> proto::FeePolicy {
    let terms = policy.terms;
    proto::FeePolicy {
        name: policy.id.name(),
        display_name: terms.title,
        legal_basis: terms.basis,
        valid_from: terms.valid_from.to_string(),
        valid_to: terms.valid_to.map(|day| day.to_string()).unwrap_or_default(),
        percent: terms.percent.into(),
        online_only: terms.online_only,
        kind: terms.kind.map_or(proto::ChargeKind::Unspecified, kind).into(),
        procedure_numbers: terms.procedures,
        end_time: policy.ended_at.map(instant),
    }
}

pub(super) fn closing(closing: TillClosing) -> proto::TillClosing {
    proto::TillClosing {
        cashier: closing.cashier.name(),
        agency: closing.agency.name(),
        day: closing.day.to_string(),
        expected_vnd: closing.expected.dong(),
        counted_vnd: closing.counted.dong(),
        close_time: Some(instant(closing.closed_at)),
    }
}

pub(super) fn balance(sum: Sum) -> proto::Balance {
    let agency = AgencyPath::parse(&sum.slot.agency_path).map(|path| path.agency().name());
    proto::Balance {
        account: sum.slot.account,
        agency: agency.unwrap_or_default(),
        fee_code: sum.slot.fee,
        debit_vnd: sum.debit.dong(),
        credit_vnd: sum.credit.dong(),
    }
}

/// A statement, with how many of its new entries stand where.
pub(super) fn statement(statement: &Statement, counts: &Counts) -> proto::Statement {
    let (first, last) = statement.days.unzip();
    let day = |day: Option<NaiveDate>| day.map(|day| day.to_string()).unwrap_or_default();
    let count = |outlook| number(counts.get(&outlook).copied().unwrap_or_default());
    proto::Statement {
        name: statement.id.name(),
        imported_by: statement.by.map(AccountId::name).unwrap_or_default(),
        import_time: Some(instant(statement.at)),
        first_day: day(first),
        last_day: day(last),
        entry_count: number(statement.entries),
        new_count: number(statement.new),
        waiting_count: count(Outlook::New),
        matched_count: count(Outlook::Matched),
        open_count: count(Outlook::Open),
        known_count: count(Outlook::Known),
        opening_vnd: statement.opening.map(Vnd::dong),
        closing_vnd: statement.closing.map(Vnd::dong),
    }
}

fn number<N: TryInto<i32>>(many: N) -> i32 {
    many.try_into().unwrap_or(i32::MAX)
}

/// What does not fit, with what was written with the money.
pub(super) fn discrepancy(found: &Discrepancy, memo: String) -> proto::Discrepancy {
    let kind = match found.kind {
        Kind::MissingHere => proto::DiscrepancyKind::MissingHere,
        Kind::MissingThere => proto::DiscrepancyKind::MissingThere,
        Kind::Amount => proto::DiscrepancyKind::Amount,
        Kind::Balance => proto::DiscrepancyKind::Balance,
    };
    let resolution = found.resolution.as_ref();
    let outcome = resolution.map(|resolution| match resolution.outcome {
        Outcome::Assigned => proto::DiscrepancyOutcome::Assigned,
        Outcome::GatewayPayout => proto::DiscrepancyOutcome::GatewayPayout,
        Outcome::CashDeposit => proto::DiscrepancyOutcome::CashDeposit,
        Outcome::PostalPayout => proto::DiscrepancyOutcome::PostalPayout,
        Outcome::WrittenOff => proto::DiscrepancyOutcome::WrittenOff,
        Outcome::Noted => proto::DiscrepancyOutcome::Noted,
        Outcome::Found => proto::DiscrepancyOutcome::Found,
    });
    let by = resolution.and_then(|resolution| resolution.by);
    proto::Discrepancy {
        name: found.id.name(),
        kind: kind.into(),
        agency: found.agency.agency().name(),
        fee_order: found.order.map(FeeOrderId::name).unwrap_or_default(),
        payment: found.payment.map(PaymentId::name).unwrap_or_default(),
        refund: found.refund.map(RefundId::name).unwrap_or_default(),
        expected_vnd: found.expected.dong(),
        actual_vnd: found.actual.dong(),
        day: found.day.to_string(),
        bank_reference: found.bank_reference.clone(),
        memo,
        find_time: Some(instant(found.found_at)),
        resolve_time: resolution.map(|resolution| instant(resolution.at)),
        resolved_by: by.map(AccountId::name).unwrap_or_default(),
        outcome: outcome.unwrap_or_default().into(),
        resolution: resolution.map(|one| one.words.clone()).unwrap_or_default(),
        statement: found.statement.map(StatementId::name).unwrap_or_default(),
    }
}

/// What is said of a day.
pub(super) fn reconciliation(day: NaiveDate, said: &Reckoned) -> proto::Reconciliation {
    let unconfirmed = said.gateway.dong() - said.confirmed.dong();
    proto::Reconciliation {
        day: day.to_string(),
        entry_count: said.entries,
        bank_vnd: said.bank.dong(),
        explained_vnd: said.explained.dong(),
        gateway_vnd: said.gateway.dong(),
        confirmed_vnd: said.confirmed.dong(),
        open_count: said.open,
        difference_vnd: said.unexplained.dong() + unconfirmed,
        stated: said.stated,
    }
}
