//! What the callers were answered.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Mutex, MutexGuard, PoisonError},
};

use anyhow::{Result, ensure};
use motcua_proto::{
    intake::v1::{
        AcceptDossierRequest, Dossier, Paper, ReceiveDossierRequest, SubmitDossierRequest,
    },
    workflow::v1,
};
use prost::Message;
use tonic::Code;

use super::load::Kind;

const INTAKE: &str = "/motcua.intake.v1.IntakeService/";
const WORKFLOW: &str = "/motcua.workflow.v1.WorkflowService/";
/// A gRPC message begins with a flag and four octets of its length.
const PREFIX: usize = 5;
/// How a story breaks off on a machine that is too slow for the patience of its teller.
const TOO_SLOW: &str = "did not happen within";
/// Of so many stories one may, and none for another reason.
const SLOW_ONE_OF: usize = 10;

/// Written by all callers.
#[derive(Default)]
pub(super) struct Record(Mutex<Told>);

#[derive(Default)]
pub(super) struct Told {
    /// Answered dossiers, each with the newest version that was answered.
    pub(super) versions: BTreeMap<String, i64>,
    /// Answered codes.
    pub(super) codes: BTreeMap<String, String>,
    pub(super) accepted: BTreeSet<String>,
    pub(super) papers: BTreeSet<String>,
    pub(super) results: BTreeSet<String>,
    /// Asked for a code, and never answered: done or not.
    pub(super) doubtful: BTreeSet<String>,
    /// Begun, and never answered: there or not.
    pub(super) doubtful_drafts: usize,
    pub(super) refusals: BTreeMap<String, u64>,
    pub(super) without_hint: BTreeSet<String>,
    pub(super) answers: usize,
    pub(super) repeats: usize,
    pub(super) lost_answers: usize,
    pub(super) given_up: usize,
    pub(super) finished: BTreeMap<Kind, usize>,
    pub(super) broken_off: Vec<String>,
}

impl Record {
    pub(super) fn told(&self) -> MutexGuard<'_, Told> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn answered(&self, method: &str, code: Code, message: &[u8]) {
        let mut told = self.told();
        told.answers += 1;
        if code != Code::Ok {
            *told.refusals.entry(format!("{method} {code:?}")).or_default() += 1;
            return;
        }
        let message = message.get(PREFIX..).unwrap_or_default();
        match (method.strip_prefix(INTAKE), method.strip_prefix(WORKFLOW)) {
            (Some("UploadPaper"), _) => {
                told.papers.extend(Paper::decode(message).ok().map(|paper| paper.name));
            }
            (Some(intake), _) if answers_a_dossier(intake) => {
                if let Ok(dossier) = Dossier::decode(message) {
                    told.dossier(intake, dossier);
                }
            }
            (_, Some("DraftResult")) => {
                told.results.extend(v1::Result::decode(message).ok().map(|result| result.name));
            }
            _ => {}
        }
    }

    pub(super) fn given_up(&self, method: &str, sent: &[u8]) {
        let message = sent.get(PREFIX..).unwrap_or_default();
        let mut told = self.told();
        told.given_up += 1;
        let name = match method.strip_prefix(INTAKE) {
            Some("SubmitDossier") => SubmitDossierRequest::decode(message).map(|m| m.name).ok(),
            Some("AcceptDossier") => AcceptDossierRequest::decode(message).map(|m| m.name).ok(),
            Some("ReceiveDossier") => ReceiveDossierRequest::decode(message).map(|m| m.name).ok(),
            Some("CreateDossier") => {
                told.doubtful_drafts += 1;
                None
            }
            _ => None,
        };
        told.doubtful.extend(name);
    }

    pub(super) fn asked_to_repeat(&self, method: &str, code: Code, hint: bool) {
        let mut told = self.told();
        told.repeats += 1;
        if code == Code::Unavailable && !hint {
            told.without_hint.insert(method.to_owned());
        }
    }

    pub(super) fn unanswered(&self) {
        self.told().lost_answers += 1;
    }

    pub(super) fn journey(&self, kind: Kind, ended: Result<()>) {
        let mut told = self.told();
        match ended {
            Ok(()) => *told.finished.entry(kind).or_default() += 1,
            Err(error) => told.broken_off.push(format!("{kind:?}: {error:#}")),
        }
    }

    /// The kinds of stories of which none came to its end.
    pub(super) fn unfinished(&self) -> Vec<Kind> {
        let told = self.told();
        Kind::ALL.into_iter().filter(|kind| !told.finished.contains_key(kind)).collect()
    }

    /// Stories of every kind came to their end, and none was refused its way.
    pub(super) fn told_enough(&self) -> Result<()> {
        let unfinished = self.unfinished();
        ensure!(unfinished.is_empty(), "no story came to its end of: {unfinished:?}");
        let told = self.told();
        let refused: Vec<_> =
            told.broken_off.iter().filter(|why| !why.contains(TOO_SLOW)).collect();
        ensure!(refused.is_empty(), "stories broke off: {refused:#?}");
        let (slow, all) = (told.broken_off.len(), told.journeys());
        ensure!(slow * SLOW_ONE_OF <= all, "{slow} of {all} stories broke off");
        Ok(())
    }

    /// What was counted.
    pub(super) fn lines(&self) -> Vec<String> {
        let told = self.told();
        let counts = [
            (told.journeys(), "journeys"),
            (told.broken_off.len(), "  broken off"),
            (told.answers, "answers"),
            (told.repeats, "  after being asked to come again"),
            (told.lost_answers, "  after no answer at all"),
            (told.given_up, "never answered"),
            (told.versions.len(), "dossiers answered"),
            (told.codes.len(), "codes answered"),
            (told.accepted.len(), "acceptances answered"),
            (told.papers.len(), "papers answered"),
            (told.results.len(), "results answered"),
        ];
        let counts = counts.iter().map(|(count, what)| format!("{count:>10}  {what}"));
        let kinds = told.finished.iter().map(|(kind, n)| format!("{n:>10}  {kind:?}, to the end"));
        let broken = told.broken_off.iter().map(|why| format!("broken off: {why}"));
        counts.chain(kinds).chain(broken).collect()
    }
}

impl Told {
    fn dossier(&mut self, method: &str, dossier: Dossier) {
        let Dossier { name, code, etag, .. } = dossier;
        let version: i64 = etag.trim_start_matches('v').parse().unwrap_or_default();
        let newest = self.versions.entry(name.clone()).or_default();
        *newest = version.max(*newest);
        if matches!(method, "AcceptDossier" | "ReceiveDossier") {
            self.accepted.insert(name.clone());
        }
        if !code.is_empty() {
            self.codes.insert(name, code);
        }
    }

    fn journeys(&self) -> usize {
        self.finished.values().sum::<usize>() + self.broken_off.len()
    }
}

/// Whoever changes one is answered what became of it.
fn answers_a_dossier(method: &str) -> bool {
    matches!(
        method,
        "CreateDossier"
            | "UpdateDossier"
            | "SubmitDossier"
            | "ReceiveDossier"
            | "AcceptDossier"
            | "RequestSupplement"
            | "ProvideSupplement"
            | "RejectDossier"
            | "RequestWithdrawal"
            | "IssueStopNotice"
            | "ReturnResult"
            | "CloseDossier"
            | "GetDossier"
    )
}
