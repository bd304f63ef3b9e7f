//! What is kept beside a process: its slip, its results, its asks.

use chrono::{DateTime, Utc};
use motcua_ids::{
    AccountId, ActId, FileId, ProcedureId, ProcessId, ResultId, SupplementId, TaskId,
};
use motcua_quarantine::Scan;
use serde::{Deserialize, Serialize};

use super::{ActLine, Outcome, Refusal, Task};

/// A line of the control slip, with who wrote it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Act {
    /// Its id.
    pub id: ActId,
    /// The process's version that it made.
    pub version: i64,
    /// When.
    pub at: DateTime<Utc>,
    /// The officer; absent: the citizen's side or a timer.
    pub actor: Option<AccountId>,
    /// What.
    pub line: ActLine,
    /// Why, in the officer's words.
    pub reason: Option<String>,
}

/// A drafted or approved result.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ResultRecord {
    /// Its id.
    pub id: ResultId,
    /// The process it belongs to.
    pub process: ProcessId,
    /// The task it was drafted in.
    pub task: TaskId,
    /// What it decides.
    pub outcome: Outcome,
    /// Its text and its file's name.
    pub words: ResultWords,
    /// Its bytes.
    pub file: FileId,
    /// By content.
    pub media_type: String,
    /// Length of the bytes.
    pub size_bytes: u64,
    /// Of the bytes.
    pub sha256: Vec<u8>,
    /// What is known of its harmlessness.
    pub scan: Scan,
    /// Who drafted it.
    pub drafted_by: AccountId,
    /// When.
    pub drafted_at: DateTime<Utc>,
    /// Who approved it, and when.
    pub approved: Option<(AccountId, DateTime<Utc>)>,
}

impl ResultRecord {
    /// Whether its bytes may be read, and so be approved. `unscanned_too`: this
    /// deployment does not scan.
    pub fn readable(&self, unscanned_too: bool) -> Result<(), Refusal> {
        match self.scan {
            Scan::Clean => Ok(()),
            Scan::Unscanned | Scan::Waiting if unscanned_too => Ok(()),
            Scan::Unscanned | Scan::Waiting => Err(Refusal::ResultNotScanned),
            Scan::Unfit(unfit) => Err(Refusal::FileUnfit(unfit)),
        }
    }
}

/// The words of a result; sealed at rest.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ResultWords {
    /// The decision; where refused, its reasons.
    pub text: String,
    /// As the specialist named it.
    pub file_name: String,
}

/// An ask for a supplement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ask {
    /// Its id.
    pub id: SupplementId,
    /// The process it belongs to.
    pub process: ProcessId,
    /// The task it came from.
    pub task: TaskId,
    /// Why, and what.
    pub words: AskWords,
    /// Who asks.
    pub by: AccountId,
    /// When.
    pub at: DateTime<Utc>,
    /// What became of it.
    pub state: AskState,
}

/// The words of an ask; sealed at rest.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AskWords {
    /// Why.
    pub reasons: String,
    /// What is to be provided or completed.
    pub papers: Vec<AskedPaper>,
}

/// One paper asked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AskedPaper {
    /// Its code in the procedure's case; empty: another paper.
    pub code: String,
    /// What people read.
    pub name: String,
    /// What is wrong with it.
    pub note: String,
}

/// What became of an ask.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AskState {
    /// The desk has not decided.
    Pending,
    /// The desk asked the citizen.
    Requested,
    /// The desk found it not needed.
    Declined,
    /// The citizen provided it.
    Provided,
    /// The process ended first.
    Cancelled,
}

/// A task with what a list shows of its process.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TaskView {
    /// The task.
    pub task: Task,
    /// Its process.
    pub facts: TaskFacts,
}

/// What a list shows of a task's process.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TaskFacts {
    /// The process.
    pub process: ProcessId,
    /// The dossier's code.
    pub code: String,
    /// The procedure.
    pub procedure: ProcedureId,
    /// Filed online.
    pub online: bool,
    /// The dossier's promised time.
    pub promised_due_at: Option<DateTime<Utc>>,
    /// The process's version.
    pub version: i64,
}
