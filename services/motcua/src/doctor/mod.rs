//! Examines what the services need, a file for each kind of thing. Nothing is
//! made and nothing is changed: what `serve` will make by itself is said so.

pub(crate) mod consistency;
mod folders;
mod keys;
mod neighbours;
mod ports;
mod providers;
mod servers;
mod stores;
mod tls;

use std::{fmt, time::Duration};

use motcua_config::Settings;
use motcua_context::Timestamp;
use motcua_spine::Spine;
use tokio::{net::TcpStream, time::timeout};

pub(crate) use stores::examine as store;

use crate::roles;

/// Within what time whoever is there takes a connection.
const PATIENCE: Duration = Duration::from_secs(3);

/// What an examination found: one line for an operator.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Finding {
    what: String,
    verdict: Verdict,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Verdict {
    Well,
    /// Well, and there is something to know.
    Note(String),
    /// What is wrong, and what to do.
    Wrong(String),
}

impl Finding {
    fn well(what: impl Into<String>) -> Self {
        Self { what: what.into(), verdict: Verdict::Well }
    }

    fn note(what: impl Into<String>, note: impl Into<String>) -> Self {
        Self { what: what.into(), verdict: Verdict::Note(note.into()) }
    }

    fn wrong(what: impl Into<String>, wrong: impl Into<String>) -> Self {
        Self { what: what.into(), verdict: Verdict::Wrong(wrong.into()) }
    }

    /// Whether something has to be done.
    pub(crate) fn is_wrong(&self) -> bool {
        matches!(self.verdict, Verdict::Wrong(_))
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.verdict {
            Verdict::Well => write!(f, "ok     {}", self.what),
            Verdict::Note(note) => write!(f, "ok     {}: {note}", self.what),
            Verdict::Wrong(wrong) => write!(f, "WRONG  {}: {wrong}", self.what),
        }
    }
}

/// Everything that these services need, in the order in which it is best mended;
/// `refused` is what is unsafe in the settings.
pub(crate) async fn examine(
    loaded: &Settings,
    spine: &Spine,
    refused: Vec<String>,
    chosen: &[&'static str],
    now: Timestamp,
) -> Vec<Finding> {
    let mut findings = settings(refused);
    findings.extend(keys::examine(spine, chosen));
    findings.extend(tls::examine(spine, chosen));
    findings.extend(folders::examine(spine, chosen));
    let (stores, servers, ports, neighbours, providers) = tokio::join!(
        roles::stores(spine, chosen),
        servers::examine(spine),
        ports::examine(spine),
        neighbours::examine(spine, chosen),
        providers::examine(loaded, chosen, now),
    );
    findings.extend([stores, servers, ports, neighbours, providers].concat());
    findings
}

fn settings(refused: Vec<String>) -> Vec<Finding> {
    if refused.is_empty() {
        return vec![Finding::well("settings")];
    }
    refused.into_iter().map(|wrong| Finding::wrong("settings", wrong)).collect()
}

/// Whether somebody takes connections there.
async fn takes_connections(host: &str, port: u16) -> bool {
    matches!(timeout(PATIENCE, TcpStream::connect((host, port))).await, Ok(Ok(_)))
}

/// The innermost cause of an error, which says most.
fn cause(error: &dyn std::error::Error) -> String {
    let mut innermost = error;
    while let Some(deeper) = innermost.source() {
        innermost = deeper;
    }
    innermost.to_string()
}
