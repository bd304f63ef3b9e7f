//! What the service does, one use case a file.
//!
//! Each has one shape: facts from neighbours first, then one write: load, may
//! this officer, decide, save, say. Nothing else writes.

mod alarm;
mod approve_result;
mod ask_supplement;
mod assign_task;
mod consult;
mod digest;
mod download_result;
mod draft_result;
mod extend_due_date;
mod forward_task;
mod hear;
mod learn;
mod list_tasks;
mod permit;
mod read;
mod recall_task;
mod record;
mod release_task;
mod send_back_task;
mod settle_file;
mod start;
mod take_task;
mod unused_file;

use motcua_files::Files;
use motcua_quarantine::Quarantine;
use motcua_service::Env;
use motcua_store::Store;

use crate::config::WorkflowConfig;
use crate::grpc::peers::Catalog;
use crate::store::{Acts, Asks, Loads, Officers, Processes, Queue, Results};

pub(crate) use approve_result::ApproveResult;
pub(crate) use ask_supplement::AskSupplement;
pub(crate) use assign_task::AssignTask;
pub(crate) use draft_result::DraftResult;
pub(crate) use extend_due_date::ExtendDueDate;
pub(crate) use forward_task::ForwardTask;
pub(crate) use hear::Told;
pub(crate) use list_tasks::ListTasks;
pub(crate) use read::{Explained, ProcessView};
pub(crate) use send_back_task::SendBackTask;
pub(crate) use start::Start;

/// The timer that warns before the promised time.
pub(crate) const NEAR_DUE: &str = "process-near-due";
/// The timer that tells of the promised time's passing.
pub(crate) const OVERDUE: &str = "process-overdue";

/// The timer that looks whether a drafted file was kept; its subject is the file.
pub(crate) const FILE: &str = "file-unused";

/// The service's use cases.
pub(crate) struct App {
    store: Store,
    files: Files,
    quarantine: Quarantine,
    catalog: Catalog,
    config: WorkflowConfig,
    processes: Processes,
    queue: Queue,
    acts: Acts,
    asks: Asks,
    results: Results,
    officers: Officers,
    loads: Loads,
}

/// What every act on a task says.
#[derive(Debug, Clone)]
pub(crate) struct OnTask {
    /// The task.
    pub(crate) task: motcua_ids::TaskId,
    /// The process's version the officer saw; absent: whichever.
    pub(crate) etag: Option<i64>,
    /// Why.
    pub(crate) reason: Option<String>,
}

impl App {
    pub(crate) fn new(env: Env, catalog: Catalog, config: WorkflowConfig) -> Self {
        let keyring = &env.keyring;
        Self {
            quarantine: Quarantine::new(&env),
            catalog,
            config,
            processes: Processes,
            queue: Queue,
            acts: Acts::new(keyring.clone()),
            asks: Asks::new(keyring.clone()),
            results: Results::new(keyring.clone()),
            officers: Officers,
            loads: Loads,
            store: env.store,
            files: env.files,
        }
    }

    /// The files that are not served.
    pub(crate) const fn quarantine(&self) -> &Quarantine {
        &self.quarantine
    }

    /// The limits requests are read by.
    pub(crate) fn config(&self) -> &WorkflowConfig {
        &self.config
    }
}
