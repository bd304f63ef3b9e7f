//! Orders as rows and back; what cannot be an order is a fault of that row.

use motcua_fault::Fault;
use motcua_ids::{AccountId, AgencyPath, FeeOrderId, Uuid};
use motcua_keys::{IdKind, SealedColumn};
use motcua_sealing::Keyring;
use motcua_vn::Vnd;
use sea_orm::ActiveValue::Set;

use super::entity::{assessment, fee_order, payment, receipt, refund};
use crate::domain::{
    Assessment, Attempt, AttemptState, Bill, ChargeKind, Facts, Method, Order, Receipt, Refund,
    RefundState, Sent, Series, State, Via,
};

/// The word for [`AttemptState::Pending`].
pub(super) const PENDING: &str = "pending";

/// What is sealed where.
pub(crate) fn sealed_columns() -> Vec<SealedColumn> {
    vec![
        SealedColumn::of("refund", "reason", "payment/refund"),
        SealedColumn {
            id: &[("fee_order", IdKind::Uuid), ("version", IdKind::Number)],
            ..SealedColumn::of("assessment", "reason", "payment/assessment")
        },
        SealedColumn::of("receipt", "cancel_reason", "payment/receipt"),
        SealedColumn::of("receipt", "bill", "payment/receipt_bill"),
        SealedColumn::of("statement_entry", "memo", "payment/statement_entry"),
        SealedColumn::of("discrepancy", "words", "payment/discrepancy"),
    ]
}

pub(super) fn order(row: fee_order::Model) -> Result<Order, Fault> {
    let word = row.state.as_str();
    let state = State::ALL.into_iter().find(|state| state.as_str() == word);
    let state = state.ok_or_else(|| strange("fee_order", row.id, word))?;
    let facts = Facts {
        dossier: row.id.into(),
        code: row.code,
        procedure_version: row.procedure_version.into(),
        procedure: row.procedure,
        collecting: AgencyPath::parse(&row.collecting_path).map_err(Fault::internal)?,
        collecting_code: row.collecting_code,
        competent: AgencyPath::parse(&row.competent_path).map_err(Fault::internal)?,
        payer: row.payer.map(AccountId::new),
        online: row.online,
        accepted_at: row.accepted_at,
    };
    let lines = serde_json::from_str(&row.lines).map_err(Fault::internal)?;
    let mut order = Order::restore(FeeOrderId::new(row.id), row.version, facts, state, lines);
    order.due_at = row.due_at;
    order.settled_at = row.settled_at;
    order.ended_at = row.ended_at;
    Ok(order)
}

pub(super) fn order_row(order: &Order) -> Result<fee_order::ActiveModel, Fault> {
    let facts = &order.facts;
    Ok(fee_order::ActiveModel {
        id: Set(order.id.uuid()),
        version: Set(order.version),
        state: Set(order.state.as_str().to_owned()),
        code: Set(facts.code.clone()),
        procedure_version: Set(facts.procedure_version.uuid()),
        procedure: Set(facts.procedure.clone()),
        collecting: Set(facts.collecting.agency().uuid()),
        collecting_path: Set(facts.collecting.text()),
        collecting_code: Set(facts.collecting_code.clone()),
        competent_path: Set(facts.competent.text()),
        payer: Set(facts.payer.map(AccountId::uuid)),
        online: Set(facts.online),
        accepted_at: Set(facts.accepted_at),
        lines: Set(serde_json::to_string(&order.lines).map_err(Fault::internal)?),
        due_at: Set(order.due_at),
        settled_at: Set(order.settled_at),
        ended_at: Set(order.ended_at),
    })
}

pub(super) fn attempt(row: payment::Model) -> Result<Attempt, Fault> {
    let method = Method::ALL.into_iter().find(|method| method.as_str() == row.method);
    let method = method.ok_or_else(|| strange("payment", row.id, &row.method))?;
    let state = match (row.state.as_str(), row.settled_at, row.owed, row.declined) {
        (PENDING, None, None, None) => AttemptState::Pending,
        ("expired", None, None, None) => AttemptState::Expired,
        ("declined", None, None, Some(why)) => AttemptState::Declined { why },
        ("settled", Some(at), Some(owed), None) => {
            AttemptState::Settled { at, transaction: row.transaction_no.unwrap_or_default(), owed }
        }
        (word, ..) => return Err(strange("payment", row.id, word)),
    };
    Ok(Attempt {
        id: row.id.into(),
        method,
        via: via(method, row.gateway.as_deref()),
        reference: row.reference,
        amount: Vnd::new(row.amount),
        created_at: row.created_at,
        expires_at: row.expires_at,
        till: row.till.map(AccountId::new),
        state,
    })
}

/// There was one gateway before rows said which.
pub(super) fn via(method: Method, word: Option<&str>) -> Option<Via> {
    match word {
        Some(word) => Via::ALL.into_iter().find(|via| via.as_str() == word),
        None => (method == Method::Gateway).then_some(Via::Vnpay),
    }
}

pub(super) fn attempt_row(order: FeeOrderId, attempt: &Attempt) -> payment::ActiveModel {
    let (state, settled_at, transaction_no, owed, declined) = match &attempt.state {
        AttemptState::Pending => (PENDING, None, None, None, None),
        AttemptState::Expired => ("expired", None, None, None, None),
        AttemptState::Declined { why } => ("declined", None, None, None, Some(why.clone())),
        AttemptState::Settled { at, transaction, owed } => {
            ("settled", Some(*at), Some(transaction.clone()), Some(*owed), None)
        }
    };
    payment::ActiveModel {
        id: Set(attempt.id.uuid()),
        fee_order: Set(order.uuid()),
        method: Set(attempt.method.as_str().to_owned()),
        gateway: Set(attempt.via.map(|via| via.as_str().to_owned())),
        reference: Set(attempt.reference.clone()),
        amount: Set(attempt.amount.dong()),
        created_at: Set(attempt.created_at),
        expires_at: Set(attempt.expires_at),
        till: Set(attempt.till.map(AccountId::uuid)),
        state: Set(state.to_owned()),
        settled_at: Set(settled_at),
        transaction_no: Set(transaction_no),
        owed: Set(owed),
        declined: Set(declined),
        ..Default::default()
    }
}

pub(super) fn refund(keyring: &Keyring, row: &refund::Model) -> Result<Refund, Fault> {
    let by = row.decided_by.map(AccountId::new);
    let state = match (row.state.as_str(), by, row.decided_at, row.refunded_at) {
        ("requested", None, None, None) => RefundState::Requested,
        ("approved", Some(by), Some(at), None) => RefundState::Approved { by, at },
        ("rejected", Some(by), Some(at), None) => RefundState::Rejected { by, at },
        ("refunded", Some(by), Some(decided_at), Some(at)) => {
            RefundState::Refunded { by, decided_at, at }
        }
        (word, ..) => return Err(strange("refund", row.id, word)),
    };
    let parts = row.parts.as_deref().map(serde_json::from_str).transpose();
    Ok(Refund {
        id: row.id.into(),
        payment: row.payment.into(),
        amount: Vnd::new(row.amount),
        fee: row.fee_code.clone(),
        parts: parts.map_err(Fault::internal)?.unwrap_or_default(),
        requested_by: row.requested_by.into(),
        requested_at: row.requested_at,
        reason: keyring.open_json(&refund_label(row.id), &row.reason)?,
        state,
        sent: match (&row.refused, row.taken_at) {
            (Some(code), _) => Sent::Refused { code: code.clone() },
            (None, Some(at)) => Sent::Taken { at },
            (None, None) => Sent::No,
        },
    })
}

pub(super) fn refund_row(
    keyring: &Keyring,
    order: FeeOrderId,
    refund: &Refund,
) -> Result<refund::ActiveModel, Fault> {
    let (state, decided, refunded_at) = match refund.state {
        RefundState::Requested => ("requested", None, None),
        RefundState::Approved { by, at } => ("approved", Some((by, at)), None),
        RefundState::Rejected { by, at } => ("rejected", Some((by, at)), None),
        RefundState::Refunded { by, decided_at, at } => {
            ("refunded", Some((by, decided_at)), Some(at))
        }
    };
    let (taken_at, refused) = match &refund.sent {
        Sent::No => (None, None),
        Sent::Taken { at } => (Some(*at), None),
        Sent::Refused { code } => (None, Some(code.clone())),
    };
    let id = refund.id.uuid();
    let parts = (!refund.parts.is_empty()).then(|| serde_json::to_string(&refund.parts));
    Ok(refund::ActiveModel {
        id: Set(id),
        fee_order: Set(order.uuid()),
        payment: Set(refund.payment.uuid()),
        amount: Set(refund.amount.dong()),
        fee_code: Set(refund.fee.clone()),
        parts: Set(parts.transpose().map_err(Fault::internal)?),
        requested_by: Set(refund.requested_by.uuid()),
        requested_at: Set(refund.requested_at),
        reason: Set(keyring.seal_json(&refund_label(id), &refund.reason)?),
        state: Set(state.to_owned()),
        decided_by: Set(decided.map(|(by, _)| by.uuid())),
        decided_at: Set(decided.map(|(_, at)| at)),
        refunded_at: Set(refunded_at),
        taken_at: Set(taken_at),
        refused: Set(refused),
    })
}

pub(super) fn receipt(keyring: &Keyring, row: receipt::Model) -> Result<Receipt, Fault> {
    let reason = row.cancel_reason.as_ref();
    let reason = reason.map(|sealed| keyring.open_json(&receipt_label(row.id), sealed));
    let kind = ChargeKind::ALL.into_iter().find(|kind| kind.as_str() == row.kind);
    Ok(Receipt {
        id: row.id.into(),
        kind: kind.ok_or_else(|| strange("receipt", row.id, &row.kind))?,
        amount: Vnd::new(row.amount),
        issued_at: row.issued_at,
        number: Some((Series::kept(row.series), row.number)),
        cancelled_at: row.cancelled_at,
        cancelled_by: row.cancelled_by.map(AccountId::new),
        cancel_reason: reason.transpose()?.unwrap_or_default(),
        replaced_by: row.replaced_by.map(Into::into),
    })
}

pub(super) fn receipt_row(
    keyring: &Keyring,
    order: FeeOrderId,
    receipt: &Receipt,
    (series, number): (&Series, i64),
) -> Result<receipt::ActiveModel, Fault> {
    let id = receipt.id.uuid();
    let reason = (!receipt.cancel_reason.is_empty())
        .then(|| keyring.seal_json(&receipt_label(id), &receipt.cancel_reason))
        .transpose()?;
    Ok(receipt::ActiveModel {
        id: Set(id),
        fee_order: Set(order.uuid()),
        series: Set(series.as_str().to_owned()),
        number: Set(number),
        kind: Set(receipt.kind.as_str().to_owned()),
        amount: Set(receipt.amount.dong()),
        issued_at: Set(receipt.issued_at),
        cancelled_at: Set(receipt.cancelled_at),
        cancelled_by: Set(receipt.cancelled_by.map(AccountId::uuid)),
        cancel_reason: Set(reason),
        replaced_by: Set(receipt.replaced_by.map(Into::into)),
        ..Default::default()
    })
}

pub(super) fn bill(keyring: &Keyring, row: &receipt::Model) -> Result<Option<Bill>, Fault> {
    let sealed = row.bill.as_deref();
    sealed.map(|sealed| keyring.open_json(&bill_label(row.id), sealed)).transpose()
}

pub(super) fn bill_row(
    keyring: &Keyring,
    id: Uuid,
    bill: &Bill,
) -> Result<receipt::ActiveModel, Fault> {
    let sealed = keyring.seal_json(&bill_label(id), bill)?;
    Ok(receipt::ActiveModel { id: Set(id), bill: Set(Some(sealed)), ..Default::default() })
}

pub(super) fn assessment(keyring: &Keyring, row: &assessment::Model) -> Result<Assessment, Fault> {
    let reason = match &row.reason {
        Some(sealed) => keyring.open_json(&assessment_label(row.fee_order, row.version), sealed)?,
        None => String::new(),
    };
    let lines = row.lines.as_deref().map(serde_json::from_str).transpose();
    Ok(Assessment {
        version: row.version,
        at: row.at,
        by: row.officer.map(AccountId::new),
        payable: Vnd::new(row.payable),
        reason,
        lines: lines.map_err(Fault::internal)?.unwrap_or_default(),
    })
}

pub(super) fn assessment_row(
    keyring: &Keyring,
    order: FeeOrderId,
    assessment: &Assessment,
) -> Result<assessment::ActiveModel, Fault> {
    let label = assessment_label(order.uuid(), assessment.version);
    let reason = (!assessment.reason.is_empty())
        .then(|| keyring.seal_json(&label, &assessment.reason))
        .transpose()?;
    Ok(assessment::ActiveModel {
        fee_order: Set(order.uuid()),
        version: Set(assessment.version),
        at: Set(assessment.at),
        officer: Set(assessment.by.map(AccountId::uuid)),
        payable: Set(assessment.payable.dong()),
        reason: Set(reason),
        lines: Set(Some(serde_json::to_string(&assessment.lines).map_err(Fault::internal)?)),
    })
}

fn receipt_label(id: Uuid) -> String {
    format!("payment/receipt/{id}")
}

fn bill_label(id: Uuid) -> String {
    format!("payment/receipt_bill/{id}")
}

fn refund_label(id: Uuid) -> String {
    format!("payment/refund/{id}")
}

fn assessment_label(order: Uuid, version: i64) -> String {
    format!("payment/assessment/{order}/{version}")
}

fn strange(table: &str, id: Uuid, word: &str) -> Fault {
    Fault::internal(format!("{table} {id} is {word}"))
}
