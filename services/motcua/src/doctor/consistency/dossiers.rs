//! Every dossier once, with one code; every accepted one with one process that
//! says the same; every live one with somebody who acts next, and a time by which.

use std::collections::{HashMap, HashSet};

use chrono::TimeDelta;
use motcua_context::Timestamp;
use motcua_fault::Fault;
use motcua_ids::Uuid;
use motcua_intake::{
    consistency::{self as intake, DossierFacts},
    domain::State,
};
use motcua_proto::intake::v1::{DossierAccepted, DossierSubmitted};
use motcua_workflow::consistency::{self as workflow, ProcessFacts, TaskFacts};
use prost::Name;

use super::{BATCH, Report, Stores, events::read};

/// What was said so long ago may be asked for, where the log is kept longer.
const ASKED: TimeDelta = TimeDelta::days(80);
/// The log is cleared now and then, and what is asked for must not be gone just now.
const CLEARING: TimeDelta = TimeDelta::days(1);

pub(super) async fn prove(
    stores: &Stores,
    now: Timestamp,
    log_kept: TimeDelta,
    report: &mut Report,
) -> Result<(), Fault> {
    said_and_there(stores, report).await?;
    let logged = now - ASKED.min(log_kept - CLEARING);
    let mut after = Uuid::nil();
    loop {
        let batch = intake::dossiers(stores.intake.reader(), after, BATCH).await?;
        let Some(last) = batch.last() else { break };
        after = last.id;
        let seen = Neighbours::of(stores, &batch).await?;
        for dossier in &batch {
            one(dossier, &seen, logged, report);
        }
    }
    without_dossier(stores, report).await
}

/// What was said of a dossier's filing is there, under the code that was said.
async fn said_and_there(stores: &Stores, report: &mut Report) -> Result<(), Fault> {
    let mut seq = 0;
    loop {
        let batch = stores.intake.outbox().behind(seq, BATCH).await?;
        let Some(last) = batch.last() else { return Ok(()) };
        seq = last.seq;
        let filed = batch.iter().filter_map(|said| {
            let code = read::<DossierSubmitted>(said)
                .map(|event| event.code)
                .or_else(|| read::<DossierAccepted>(said).map(|event| event.code))?;
            Some((said.envelope.key, code))
        });
        let filed: Vec<_> = filed.collect();
        let keys: Vec<_> = filed.iter().map(|(key, _)| *key).collect();
        let known = intake::known(stores.intake.reader(), &keys).await?;
        let codes: HashMap<_, _> = known.into_iter().map(|d| (d.id, d.code)).collect();
        for (key, said) in filed {
            match codes.get(&key) {
                None => report.wrong(
                    name(key),
                    "GONE",
                    format!("was filed under {said} and is gone: restore it from a backup"),
                ),
                Some(code) if code.as_deref() != Some(&said) => report.wrong(
                    name(key),
                    "OTHER_CODE",
                    format!("was filed under {said}, and its row has {code:?}: restore its row"),
                ),
                Some(_) => {}
            }
        }
    }
}

/// What the stores hold about a batch of dossiers.
struct Neighbours {
    processes: HashMap<Uuid, ProcessFacts>,
    started: HashMap<Uuid, usize>,
    tasks: HashMap<Uuid, Vec<TaskFacts>>,
    asking: HashSet<Uuid>,
    asked: HashMap<Uuid, usize>,
    expiry: HashMap<Uuid, Timestamp>,
    closing: HashMap<Uuid, Timestamp>,
    said_submitted: HashSet<Uuid>,
    said_accepted: HashSet<Uuid>,
    /// Approved results, and of which process.
    approved: HashMap<Uuid, Uuid>,
}

impl Neighbours {
    async fn of(stores: &Stores, batch: &[DossierFacts]) -> Result<Self, Fault> {
        let ids: Vec<_> = batch.iter().map(|dossier| dossier.id).collect();
        let results: Vec<_> = batch.iter().filter_map(|dossier| dossier.result).collect();
        let (ours, theirs) = (&stores.intake, stores.workflow.reader());
        let mut tasks: HashMap<_, Vec<_>> = HashMap::new();
        for task in workflow::open_tasks(theirs, &ids).await? {
            tasks.entry(task.process).or_default().push(task);
        }
        let processes = workflow::processes(theirs, &ids).await?;
        Ok(Self {
            processes: processes.into_iter().map(|process| (process.id, process)).collect(),
            started: times(workflow::acts(theirs, &ids, "started").await?),
            tasks,
            asking: workflow::asking(theirs, &ids).await?.into_iter().collect(),
            asked: times(intake::asked(ours.reader(), &ids).await?),
            expiry: ours.timers([intake::SUPPLEMENT], &ids).await?,
            closing: ours.timers([intake::CLOSE], &ids).await?,
            said_submitted: ours.outbox().about(&DossierSubmitted::full_name(), &ids).await?,
            said_accepted: ours.outbox().about(&DossierAccepted::full_name(), &ids).await?,
            approved: workflow::approved(theirs, &results).await?.into_iter().collect(),
        })
    }
}

/// Of what happened before `logged` the events are no longer asked for.
fn one(dossier: &DossierFacts, seen: &Neighbours, logged: Timestamp, report: &mut Report) {
    let id = dossier.id;
    let Some(state) = State::parse(&dossier.state) else {
        let wrong = format!("has a state nobody knows, {}", dossier.state);
        report.wrong(name(id), "UNKNOWN_STATE", wrong);
        return;
    };
    let mut wrong = |kind, what: String| report.wrong(name(id), kind, what);
    let recent = |at: &Timestamp| *at > logged;
    // A filing at the desk says nothing, and has no code, until it is accepted.
    let filed = dossier.submitted_at.filter(|_| dossier.is_online());
    if filed.as_ref().is_some_and(recent) && !seen.said_submitted.contains(&id) {
        let what = "was submitted, and DossierSubmitted was never said: nobody was told";
        wrong("SUBMISSION_UNSAID", what.to_owned());
    }
    if dossier.accepted_at.as_ref().is_some_and(recent) && !seen.said_accepted.contains(&id) {
        let what = "was accepted, and DossierAccepted was never said: no process begins";
        wrong("ACCEPTANCE_UNSAID", what.to_owned());
    }
    if dossier.code.is_none() && (filed.is_some() || dossier.accepted_at.is_some()) {
        wrong("NO_CODE", "was filed, and has no code: restore its row from a backup".to_owned());
    }
    match (dossier.accepted_at.is_some(), seen.processes.get(&id)) {
        (true, Some(process)) => agree(dossier, state, process, seen, &mut wrong),
        (true, None) => wrong(
            "NO_PROCESS",
            "was accepted, and has no process: look for its DossierAccepted, redrive it at workflow"
                .to_owned(),
        ),
        (false, Some(_)) => {
            wrong("PROCESS_TOO_MANY", "has a process, and was never accepted".to_owned());
        }
        (false, None) => {}
    }
    if let Err(missing) = next_actor(dossier, state, seen) {
        wrong("NOBODY_ACTS", missing);
    }
    let live = !state.is_final() && state != State::Draft;
    report.count("dossiers", 1);
    report.count("  drafts", usize::from(state == State::Draft));
    report.count("  live", usize::from(live));
    report.count("  ended", usize::from(state.is_final()));
    report.count("  with a code", usize::from(dossier.code.is_some()));
    report.count("  accepted", usize::from(dossier.accepted_at.is_some()));
    report.count("processes", usize::from(seen.processes.contains_key(&id)));
    report.count("open tasks", seen.tasks.get(&id).map_or(0, Vec::len));
}

/// Intake's mirror of a process.
fn agree(
    dossier: &DossierFacts,
    state: State,
    process: &ProcessFacts,
    seen: &Neighbours,
    wrong: &mut impl FnMut(&'static str, String),
) {
    let started = seen.started.get(&dossier.id).copied().unwrap_or_default();
    if started != 1 {
        wrong("BEGAN_AGAIN", format!("its process began {started} times by its control slip"));
    }
    if dossier.code.as_deref() != Some(&process.code) {
        wrong(
            "PROCESS_CODE",
            format!("has the code {:?}, its process {}", dossier.code, process.code),
        );
    }
    if !states_agree(state, &process.state, seen.asking.contains(&dossier.id)) {
        let what = format!(
            "is {state}, and its process is {}: look for a parked event of either",
            process.state
        );
        wrong("PROCESS_STATE", what);
    }
    let theirs = (process.legal_due_at, process.promised_due_at);
    if (dossier.legal_due_at, dossier.promised_due_at) != theirs {
        let what = format!(
            "is due {:?} by intake and {:?} by workflow: look for a parked DueDateChanged",
            dossier.promised_due_at, process.promised_due_at
        );
        wrong("DUE_TIME", what);
    }
}

/// `STATES.md` of intake beside the states of workflow.
fn states_agree(state: State, process: &str, asking: bool) -> bool {
    match state {
        State::Processing => process == "running" && !asking,
        State::SupplementNeeded => process == "running" && asking,
        State::AwaitingSupplement => process == "awaiting_supplement",
        State::AwaitingPayment => process == "awaiting_payment",
        State::Stopping | State::Stopped => process == "stopped",
        State::ResultReady => process == "finished",
        State::Returned => process == "returned",
        State::Closed => process == "closed",
        // In the first two each owes the other an answer, which is on its way; in the
        // others there is no process.
        State::Accepted
        | State::WithdrawalRequested
        | State::Draft
        | State::Submitted
        | State::AwaitingCompletion
        | State::Rejected => false,
    }
}

/// Somebody acts next, and by a time where there is a limit.
fn next_actor(dossier: &DossierFacts, state: State, seen: &Neighbours) -> Result<(), String> {
    let id = dossier.id;
    match state {
        State::Submitted if dossier.reply_due_at.is_none() => {
            Err("waits for the desk without a time by which".to_owned())
        }
        State::AwaitingCompletion | State::AwaitingSupplement => {
            match (seen.asked.get(&id).copied().unwrap_or_default(), seen.expiry.contains_key(&id))
            {
                (1, true) => Ok(()),
                (rounds, timer) => Err(format!(
                    "waits for the citizen with {rounds} open rounds and {} timer: the desk has to \
                     decide on it",
                    if timer { "a" } else { "no" }
                )),
            }
        }
        State::Processing | State::SupplementNeeded => working(dossier, seen),
        // That workflow answers it is asked where the states are compared.
        State::WithdrawalRequested if dossier.withdrawal_at.is_none() => {
            Err("waits for a withdrawal nobody asked for: restore its row from a backup".to_owned())
        }
        State::Stopping if dossier.stop_cause.is_none() => {
            Err("stops without a cause to tell: restore its row from a backup".to_owned())
        }
        State::ResultReady | State::Returned if !has_result(dossier, seen) => {
            Err("has no approved result to hand over: restore the result from a backup".to_owned())
        }
        State::Returned if !seen.closing.contains_key(&id) => {
            Err("was returned, and no timer closes it: close it at the desk".to_owned())
        }
        _ => Ok(()),
    }
}

/// Whether workflow knows what lies at the desk.
fn has_result(dossier: &DossierFacts, seen: &Neighbours) -> bool {
    let result = dossier.result.and_then(|result| seen.approved.get(&result));
    result == Some(&dossier.id)
}

fn working(dossier: &DossierFacts, seen: &Neighbours) -> Result<(), String> {
    let tasks = seen.tasks.get(&dossier.id).map_or(&[][..], Vec::as_slice);
    let at_work = || tasks.iter().filter(|task| task.state != "suspended");
    if at_work().count() == 0 {
        return Err("is processed, and no task is anybody's: a head assigns it anew".to_owned());
    }
    if dossier.promised_due_at.is_some() && at_work().all(|task| task.due_at.is_none()) {
        return Err("has an appointment, and no task of it a due time".to_owned());
    }
    Ok(())
}

async fn without_dossier(stores: &Stores, report: &mut Report) -> Result<(), Fault> {
    let mut after = Uuid::nil();
    loop {
        let batch = workflow::processes_behind(stores.workflow.reader(), after, BATCH).await?;
        let Some(last) = batch.last() else { return Ok(()) };
        after = last.id;
        let ids: Vec<_> = batch.iter().map(|process| process.id).collect();
        let known = intake::known(stores.intake.reader(), &ids).await?;
        let known: HashSet<_> = known.into_iter().map(|dossier| dossier.id).collect();
        for process in batch.iter().filter(|process| !known.contains(&process.id)) {
            report.wrong(
                format!("processes/{}", process.id),
                "NO_DOSSIER",
                format!("of {} has no dossier: restore it from a backup", process.code),
            );
        }
    }
}

fn times(ids: Vec<Uuid>) -> HashMap<Uuid, usize> {
    let mut times = HashMap::new();
    for id in ids {
        *times.entry(id).or_default() += 1;
    }
    times
}

fn name(dossier: Uuid) -> String {
    format!("dossiers/{dossier}")
}
