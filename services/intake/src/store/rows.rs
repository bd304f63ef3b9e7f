//! Row ↔ domain. An impossible row is refused, never guessed at.

use motcua_fault::{Fault, Kind};
use motcua_ids::AgencyPath;
use sea_orm::ActiveValue::{NotSet, Set};

use super::entity::{dossier, supplement};
use crate::domain::{
    Acceptance, Channel, DeliveryState, Dossier, Filing, Finance, PaymentWait, ReturnWay, Returned,
    RoundState, State, StopCause, Supplement, Withdrawal,
};

/// What is not sent to the national database yet.
const NOT_SENT: &str = "not_sent";

/// The dossier of a row, with its rounds.
pub(super) fn dossier(
    row: &dossier::Model,
    rounds: &[supplement::Model],
) -> Result<Dossier, Fault> {
    let state = State::parse(&row.state).ok_or_else(|| newer("state", &row.state))?;
    let filing = filing(row)?;
    let mut dossier = Dossier::restore(row.id.into(), row.version, state, filing, row.created_at);
    dossier.code.clone_from(&row.code);
    dossier.submitted_at = row.submitted_at;
    dossier.reply_due_at = row.reply_due_at;
    dossier.acceptance = match (row.accepted_by, row.accepted_at) {
        (Some(by), Some(at)) => Some(Acceptance {
            by: by.into(),
            at,
            legal_due_at: row.legal_due_at,
            promised_due_at: row.promised_due_at,
        }),
        (None, None) => None,
        _ => return Err(impossible("accepted_by", "half")),
    };
    dossier.rounds = rounds.iter().map(round).collect::<Result<_, _>>()?;
    dossier.pending_ask = row.pending_ask.map(Into::into);
    dossier.withdrawal = match (row.withdrawal_at, &row.resume) {
        (Some(at), Some(resume)) => {
            let resume = State::parse(resume).ok_or_else(|| newer("resume", resume))?;
            Some(Withdrawal { at, resume })
        }
        _ => None,
    };
    dossier.result = row.result.zip(row.result_at).map(|(result, at)| (result.into(), at));
    dossier.returned = match (row.returned_by, row.returned_at, &row.returned_way) {
        (Some(by), Some(at), Some(way)) => Some(Returned {
            by: by.into(),
            at,
            way: ReturnWay::parse(way).ok_or_else(|| newer("returned_way", way))?,
        }),
        _ => None,
    };
    dossier.delivery =
        DeliveryState::parse(&row.delivery).ok_or_else(|| newer("delivery", &row.delivery))?;
    dossier.stop_cause = row.stop_cause.as_deref().and_then(StopCause::parse);
    dossier.ended_at = row.ended_at;
    dossier.process_version = row.process_version;
    dossier.payment_version = row.payment_version;
    dossier.payment = match (row.payment_due_at, &row.payment_resume) {
        (Some(due_at), Some(resume)) => {
            let resume = State::parse(resume).ok_or_else(|| newer("payment_resume", resume))?;
            Some(PaymentWait { due_at, resume })
        }
        _ => None,
    };
    Ok(dossier)
}

fn filing(row: &dossier::Model) -> Result<Filing, Fault> {
    let path = |text: &str| AgencyPath::parse(text).map_err(Fault::internal);
    Ok(Filing {
        procedure: row.procedure.into(),
        version: row.procedure_version.into(),
        number: row.procedure_number.clone(),
        name: row.procedure_name.clone(),
        case: row.case_code.clone(),
        channel: Channel::parse(&row.channel).ok_or_else(|| newer("channel", &row.channel))?,
        account: row.account.map(Into::into),
        receiving: path(&row.receiving_path)?,
        receiving_code: row.receiving_code.clone(),
        competent: path(&row.competent_path)?,
        finance: Finance::parse(&row.finance),
    })
}

/// The columns of a dossier but what is sealed.
pub(super) fn columns(dossier: &Dossier) -> dossier::ActiveModel {
    let filing = &dossier.filing;
    let acceptance = dossier.acceptance.as_ref();
    let withdrawal = dossier.withdrawal.as_ref();
    let returned = dossier.returned.as_ref();
    dossier::ActiveModel {
        id: Set(dossier.id.uuid()),
        version: Set(dossier.version),
        state: Set(dossier.state.as_str().to_owned()),
        code: Set(dossier.code.clone()),
        procedure: Set(filing.procedure.uuid()),
        procedure_version: Set(filing.version.uuid()),
        procedure_number: Set(filing.number.clone()),
        procedure_name: Set(filing.name.clone()),
        case_code: Set(filing.case.clone()),
        channel: Set(filing.channel.as_str().to_owned()),
        account: Set(filing.account.map(Into::into)),
        receiving: Set(filing.receiving.agency().uuid()),
        receiving_path: Set(filing.receiving.text()),
        receiving_code: Set(filing.receiving_code.clone()),
        competent: Set(filing.competent.agency().uuid()),
        competent_path: Set(filing.competent.text()),
        finance: Set(filing.finance.as_str().to_owned()),
        delivery: Set(dossier.delivery.as_str().to_owned()),
        sync: Set(NOT_SENT.to_owned()),
        created_at: Set(dossier.created_at),
        submitted_at: Set(dossier.submitted_at),
        reply_due_at: Set(dossier.reply_due_at),
        accepted_by: Set(acceptance.map(|a| a.by.uuid())),
        accepted_at: Set(acceptance.map(|a| a.at)),
        legal_due_at: Set(acceptance.and_then(|a| a.legal_due_at)),
        promised_due_at: Set(acceptance.and_then(|a| a.promised_due_at)),
        rounds: Set(i32::try_from(dossier.rounds.len()).unwrap_or(i32::MAX)),
        pending_ask: Set(dossier.pending_ask.map(Into::into)),
        withdrawal_at: Set(withdrawal.map(|w| w.at)),
        resume: Set(withdrawal.map(|w| w.resume.as_str().to_owned())),
        result: Set(dossier.result.map(|(result, _)| result.uuid())),
        result_at: Set(dossier.result.map(|(_, at)| at)),
        returned_by: Set(returned.map(|r| r.by.uuid())),
        returned_at: Set(returned.map(|r| r.at)),
        returned_way: Set(returned.map(|r| r.way.as_str().to_owned())),
        stop_cause: Set(dossier.stop_cause.map(|cause| cause.as_str().to_owned())),
        ended_at: Set(dossier.ended_at),
        process_version: Set(dossier.process_version),
        payment_version: Set(dossier.payment_version),
        payment_due_at: Set(dossier.payment.as_ref().map(|wait| wait.due_at)),
        payment_resume: Set(dossier.payment.as_ref().map(|w| w.resume.as_str().to_owned())),
        return_way: NotSet,
        person: NotSet,
        answers: NotSet,
        phone_index: NotSet,
        citizen_index: NotSet,
        factors: NotSet,
    }
}

/// The round of a row.
pub(super) fn round(row: &supplement::Model) -> Result<Supplement, Fault> {
    let texts = |json: &serde_json::Value| -> Result<Vec<String>, Fault> {
        serde_json::from_value(json.clone()).map_err(Fault::internal)
    };
    Ok(Supplement {
        id: row.id.into(),
        round: u32::try_from(row.round).unwrap_or_default(),
        state: RoundState::parse(&row.state).ok_or_else(|| newer("round", &row.state))?,
        before_acceptance: row.before_acceptance,
        papers: texts(&row.papers)?,
        answers: texts(&row.answers)?,
        ask: row.ask.map(Into::into),
        requested_at: row.requested_at,
        deadline: row.deadline,
        ended_at: row.ended_at,
    })
}

/// A word of a newer release: this one must not act on it.
fn newer(column: &str, word: &str) -> Fault {
    Fault::new(
        Kind::Unavailable,
        "NEWER_DATA",
        "Hệ thống đang được nâng cấp, vui lòng thử lại sau ít phút.",
    )
    .with("column", column)
    .with("word", word)
}

fn impossible(column: &str, what: &str) -> Fault {
    Fault::internal(format!("impossible row: {column} is {what}"))
}
