//! What happened → what the others are told. A new kind of happening forces a
//! decision here: there is no wildcard arm.

use chrono::{DateTime, Utc};
use motcua_clockwire::{instant_message, limit_message, row_message};
use motcua_ids::{AccountId, ResultId, SupplementId};
use motcua_proto::{intake::v1 as proto, r#type::v1::SupplementRegime as Regime};
use motcua_store::Tx;
use motcua_vn::SupplementRegime;

use crate::{
    domain::{Appointment, Dossier, Event, Happened, ReturnWay, StopCause, Supplement},
    grpc::words,
};

/// Says everything that happened to a dossier, in order.
pub(crate) fn all(tx: &Tx, dossier: &Dossier, happened: &[Happened]) {
    for act in happened {
        publish(tx, dossier, act);
    }
}

fn publish(tx: &Tx, dossier: &Dossier, act: &Happened) {
    let key = dossier.id.uuid();
    match &act.event {
        // Inside matters: drafts are private, and workflow's facts are told by workflow.
        Event::Created
        | Event::ProcessStarted
        | Event::SupplementNeeded { .. }
        | Event::DueDateMoved
        | Event::ProcessStopped
        | Event::WithdrawalRefused
        | Event::PaperReleased
        | Event::PicturesSent { .. }
        | Event::FinanceNoted { .. } => {}
        Event::Submitted => tx.publish(key, &submitted(dossier, act)),
        Event::Accepted(appointment) => tx.publish(key, &accepted(dossier, act, appointment)),
        Event::SupplementRequested(round) => tx.publish(key, &requested(dossier, act, round)),
        Event::SupplementDeclined { ask } => tx.publish(key, &declined(dossier, act, *ask)),
        Event::SupplementProvided(round) => tx.publish(key, &provided(dossier, act, round)),
        Event::SupplementExpired(round) => tx.publish(key, &expired(dossier, act, round)),
        Event::Rejected => tx.publish(key, &rejected(dossier, act)),
        Event::WithdrawalRequested => tx.publish(key, &withdrawal(dossier, act)),
        Event::Stopped { cause, before_acceptance } => {
            tx.publish(key, &stopped(dossier, act, *cause, *before_acceptance));
        }
        Event::ResultReady { result, way } => {
            tx.publish(key, &ready(dossier, act, *result, *way));
        }
        Event::ResultReturned { result, way } => {
            tx.publish(key, &returned(dossier, act, *result, *way));
        }
        Event::Closed => tx.publish(key, &closed(dossier, act)),
        Event::PaymentAwaited { due_at } => tx.publish(
            key,
            &proto::PaymentAwaited {
                dossier: dossier.id.name(),
                code: code(dossier),
                version: act.version,
                await_time: at(act),
                due_time: Some(instant_message(*due_at)),
            },
        ),
        Event::PaymentMade => tx.publish(
            key,
            &proto::PaymentMade {
                dossier: dossier.id.name(),
                code: code(dossier),
                version: act.version,
                make_time: at(act),
            },
        ),
        Event::PaperQuarantined { paper, code: component, title, unfit } => {
            let event = proto::PaperQuarantined {
                dossier: dossier.id.name(),
                code: code(dossier),
                version: act.version,
                paper: paper.name(),
                paper_code: component.clone(),
                paper_title: title.clone(),
                problem: motcua_quarantine::problem(*unfit).into(),
                quarantine_time: at(act),
            };
            tx.publish(key, &event);
        }
    }
}

fn submitted(dossier: &Dossier, act: &Happened) -> proto::DossierSubmitted {
    let filing = &dossier.filing;
    proto::DossierSubmitted {
        dossier: dossier.id.name(),
        code: code(dossier),
        version: act.version,
        procedure: filing.procedure.name(),
        procedure_version: filing.version.name(),
        case_code: filing.case.clone(),
        filing_channel: words::channel(filing.channel).into(),
        receiving_agency: filing.receiving.agency().name(),
        competent_agency: filing.competent.agency().name(),
        applicant: account(filing.account),
        submit_time: at(act),
        reply_due_time: maybe(dossier.reply_due_at),
        receiving_path: filing.receiving.text(),
        competent_path: filing.competent.text(),
    }
}

fn accepted(dossier: &Dossier, act: &Happened, promise: &Appointment) -> proto::DossierAccepted {
    let filing = &dossier.filing;
    proto::DossierAccepted {
        dossier: dossier.id.name(),
        code: code(dossier),
        version: act.version,
        procedure: filing.procedure.name(),
        procedure_version: filing.version.name(),
        case_code: filing.case.clone(),
        filing_channel: words::channel(filing.channel).into(),
        receiving_agency: filing.receiving.agency().name(),
        receiving_path: filing.receiving.text(),
        competent_agency: filing.competent.agency().name(),
        competent_path: filing.competent.text(),
        applicant: account(filing.account),
        submit_time: maybe(dossier.submitted_at),
        accept_time: at(act),
        accepted_by: by(act),
        legal_due_time: promise.due.map(|due| instant_message(due.legal)),
        promised_due_time: promise.due.map(|due| instant_message(due.promised)),
        calendar: promise.calendar.0.clone(),
        calendar_version: promise.calendar.1.clone(),
        policy: promise.policy.0.clone(),
        policy_version: promise.policy.1.clone(),
        limit: promise.limit.as_ref().map(|(limit, source)| limit_message(*limit, source)),
        supplement_regime: match promise.regime {
            SupplementRegime::Shift => Regime::Shift,
            SupplementRegime::Restart => Regime::Restart,
        }
        .into(),
        provisional: promise.due.is_some_and(|due| due.provisional),
        rows: promise.rows.iter().map(row_message).collect(),
        legal_rows: promise.legal_rows.iter().map(row_message).collect(),
    }
}

fn requested(dossier: &Dossier, act: &Happened, round: &Supplement) -> proto::SupplementRequested {
    proto::SupplementRequested {
        dossier: dossier.id.name(),
        code: code(dossier),
        version: act.version,
        supplement: round.id.name(),
        round: number(round),
        before_acceptance: round.before_acceptance,
        ask: ask(round),
        request_time: at(act),
        deadline: Some(instant_message(round.deadline)),
        requested_by: by(act),
    }
}

fn provided(dossier: &Dossier, act: &Happened, round: &Supplement) -> proto::SupplementProvided {
    proto::SupplementProvided {
        dossier: dossier.id.name(),
        code: code(dossier),
        version: act.version,
        supplement: round.id.name(),
        round: number(round),
        before_acceptance: round.before_acceptance,
        ask: ask(round),
        provide_time: at(act),
    }
}

fn expired(dossier: &Dossier, act: &Happened, round: &Supplement) -> proto::SupplementExpired {
    proto::SupplementExpired {
        dossier: dossier.id.name(),
        code: code(dossier),
        version: act.version,
        supplement: round.id.name(),
        round: number(round),
        before_acceptance: round.before_acceptance,
        ask: ask(round),
        expire_time: at(act),
    }
}

fn declined(dossier: &Dossier, act: &Happened, ask: SupplementId) -> proto::SupplementDeclined {
    proto::SupplementDeclined {
        dossier: dossier.id.name(),
        code: code(dossier),
        version: act.version,
        ask: ask.name(),
        decline_time: at(act),
        declined_by: by(act),
    }
}

fn rejected(dossier: &Dossier, act: &Happened) -> proto::DossierRejected {
    let filing = &dossier.filing;
    proto::DossierRejected {
        dossier: dossier.id.name(),
        code: code(dossier),
        version: act.version,
        procedure: filing.procedure.name(),
        receiving_agency: filing.receiving.agency().name(),
        receiving_path: filing.receiving.text(),
        competent_agency: filing.competent.agency().name(),
        competent_path: filing.competent.text(),
        reject_time: at(act),
        rejected_by: by(act),
    }
}

fn withdrawal(dossier: &Dossier, act: &Happened) -> proto::WithdrawalRequested {
    proto::WithdrawalRequested {
        dossier: dossier.id.name(),
        code: code(dossier),
        version: act.version,
        request_time: at(act),
    }
}

fn stopped(
    dossier: &Dossier,
    act: &Happened,
    cause: StopCause,
    before_acceptance: bool,
) -> proto::DossierStopped {
    proto::DossierStopped {
        dossier: dossier.id.name(),
        code: code(dossier),
        version: act.version,
        cause: words::stop_cause(cause).into(),
        before_acceptance,
        stop_time: at(act),
    }
}

fn ready(
    dossier: &Dossier,
    act: &Happened,
    result: ResultId,
    way: ReturnWay,
) -> proto::ResultReady {
    proto::ResultReady {
        dossier: dossier.id.name(),
        code: code(dossier),
        version: act.version,
        result: result.name(),
        ready_time: at(act),
        way: words::return_way(way).into(),
    }
}

fn returned(
    dossier: &Dossier,
    act: &Happened,
    result: ResultId,
    way: ReturnWay,
) -> proto::ResultReturned {
    proto::ResultReturned {
        dossier: dossier.id.name(),
        code: code(dossier),
        version: act.version,
        result: result.name(),
        way: words::return_way(way).into(),
        return_time: at(act),
        returned_by: by(act),
    }
}

fn closed(dossier: &Dossier, act: &Happened) -> proto::DossierClosed {
    proto::DossierClosed {
        dossier: dossier.id.name(),
        code: code(dossier),
        version: act.version,
        close_time: at(act),
    }
}

fn code(dossier: &Dossier) -> String {
    dossier.code.clone().unwrap_or_default()
}

#[expect(clippy::unnecessary_wraps, reason = "what a message's field holds")]
fn at(act: &Happened) -> Option<prost_types::Timestamp> {
    Some(instant_message(act.hand.at))
}

fn maybe(at: Option<DateTime<Utc>>) -> Option<prost_types::Timestamp> {
    at.map(instant_message)
}

fn by(act: &Happened) -> String {
    account(act.hand.by.account())
}

fn account(account: Option<AccountId>) -> String {
    account.map(AccountId::name).unwrap_or_default()
}

fn ask(round: &Supplement) -> String {
    round.ask.map(SupplementId::name).unwrap_or_default()
}

fn number(round: &Supplement) -> i32 {
    i32::try_from(round.round).unwrap_or(i32::MAX)
}
