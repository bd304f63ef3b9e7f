//! What the callers were answered, and how that compares with the stores.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Mutex, MutexGuard, PoisonError},
};

use anyhow::{Result, ensure};
use motcua_proto::intake::v1::{AcceptDossierRequest, Dossier, SubmitDossierRequest};
use motcua_tests::sandbox::Sandbox;
use prost::Message;
use tonic::Code;

const INTAKE: &str = "/motcua.intake.v1.IntakeService/";
/// A gRPC message begins with a flag and four octets of its length.
const PREFIX: usize = 5;

/// Written by all callers.
#[derive(Default)]
pub(super) struct Record(Mutex<Told>);

#[derive(Default)]
struct Told {
    /// Answered creations.
    drafts: BTreeSet<String>,
    /// Answered submissions: dossier and code.
    submitted: BTreeMap<String, String>,
    accepted: BTreeSet<String>,
    /// Sent, and never answered: done or not.
    doubtful: BTreeSet<String>,
    answers: u64,
    refusals: BTreeMap<String, u64>,
    repeats: u64,
    lost_answers: u64,
    without_hint: BTreeSet<String>,
    journeys: u64,
    broken_off: Vec<String>,
}

impl Record {
    fn told(&self) -> MutexGuard<'_, Told> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn answered(&self, method: &str, _sent: &[u8], code: Code, message: &[u8]) {
        let mut told = self.told();
        told.answers += 1;
        if code != Code::Ok {
            *told.refusals.entry(format!("{method} {code:?}")).or_default() += 1;
            return;
        }
        let dossier = || Dossier::decode(message.get(PREFIX..)?).ok();
        match method.strip_prefix(INTAKE) {
            Some("CreateDossier") => told.drafts.extend(dossier().map(|d| d.name)),
            Some("SubmitDossier") => told.submitted.extend(dossier().map(|d| (d.name, d.code))),
            Some("AcceptDossier") => told.accepted.extend(dossier().map(|d| d.name)),
            _ => {}
        }
    }

    pub(super) fn given_up(&self, method: &str, sent: &[u8]) {
        let message = sent.get(PREFIX..).unwrap_or_default();
        let name = match method.strip_prefix(INTAKE) {
            Some("SubmitDossier") => SubmitDossierRequest::decode(message).map(|m| m.name).ok(),
            Some("AcceptDossier") => AcceptDossierRequest::decode(message).map(|m| m.name).ok(),
            _ => None,
        };
        self.told().doubtful.extend(name);
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

    pub(super) fn journey(&self, ended: Result<()>) {
        let mut told = self.told();
        told.journeys += 1;
        told.broken_off.extend(ended.err().map(|error| format!("{error:#}")));
    }

    /// The stores hold what was answered, each once, and nothing else.
    pub(super) async fn compare(&self, sandbox: &Sandbox) -> Result<()> {
        let drafts = "SELECT 'dossiers/' || id::text, '' FROM dossiers";
        let filed = "SELECT 'dossiers/' || id::text, code FROM dossiers WHERE code IS NOT NULL";
        let started = "SELECT 'dossiers/' || id::text, '' FROM process";
        let there: Vec<_> = sandbox.pairs("intake", drafts).await?;
        let filed = sandbox.pairs("intake", filed).await?;
        let started = sandbox.pairs("workflow", started).await?;
        let told = self.told();
        let lost: Vec<_> = told.drafts.iter().filter(|d| !has(&there, d)).collect();
        ensure!(lost.is_empty(), "answered drafts are gone: {lost:?}");
        let lost: Vec<_> = told
            .submitted
            .iter()
            .filter(|(name, code)| !filed.contains(&((*name).clone(), (*code).clone())))
            .collect();
        ensure!(lost.is_empty(), "answered submissions are gone: {lost:?}");
        let lost: Vec<_> = told.accepted.iter().filter(|d| !has(&started, d)).collect();
        ensure!(lost.is_empty(), "accepted dossiers have no process: {lost:?}");
        let doubled: Vec<_> = filed
            .iter()
            .filter(|(name, _)| !told.submitted.contains_key(name) && !told.doubtful.contains(name))
            .collect();
        ensure!(doubled.is_empty(), "dossiers nobody was answered: {doubled:?}");
        let codes: BTreeSet<_> = filed.iter().map(|(_, code)| code).collect();
        ensure!(codes.len() == filed.len(), "{} codes for {} dossiers", codes.len(), filed.len());
        ensure!(
            told.without_hint.is_empty(),
            "UNAVAILABLE without a retry hint: {:?}",
            told.without_hint
        );
        let bugs: Vec<_> = told
            .refusals
            .iter()
            .filter(|(what, _)| what.ends_with("Internal") || what.ends_with("Unknown"))
            .collect();
        ensure!(bugs.is_empty(), "internal errors instead of UNAVAILABLE: {bugs:?}");
        Ok(())
    }

    /// What was counted.
    pub(super) fn lines(&self) -> Vec<String> {
        let told = self.told();
        let counts = [
            (told.journeys, "journeys"),
            (told.broken_off.len() as u64, "  broken off"),
            (told.answers, "answers"),
            (told.repeats, "  after being asked to come again"),
            (told.lost_answers, "  after no answer at all"),
            (told.drafts.len() as u64, "drafts answered"),
            (told.submitted.len() as u64, "submissions answered"),
            (told.accepted.len() as u64, "acceptances answered"),
            (told.doubtful.len() as u64, "never answered"),
        ];
        let counts = counts.iter().map(|(count, what)| format!("{count:>10}  {what}"));
        let broken = told.broken_off.iter().map(|why| format!("broken off: {why}"));
        counts.chain(broken).collect()
    }

    /// How many submissions were answered.
    pub(super) fn submissions(&self) -> usize {
        self.told().submitted.len()
    }
}

fn has(rows: &[(String, String)], name: &str) -> bool {
    rows.iter().any(|(known, _)| known == name)
}
