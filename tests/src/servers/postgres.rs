//! A private PostgreSQL: every login trusted, and nothing synced to disk unless asked for.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Stdio,
};

use anyhow::{Context, Result, bail};

use super::{
    Greeting, Server,
    place::{Place, find},
    port,
    process::Process,
};

const SETTINGS: [&str; 4] = [
    "max_connections=400",
    "unix_socket_directories=",
    "listen_addresses=127.0.0.1",
    "log_checkpoints=off",
];
/// Speed over durability: the data dies with the test run.
const FAST: [&str; 3] = ["fsync=off", "full_page_writes=off", "synchronous_commit=off"];

/// As durable as in production, and each commit's time is kept.
const COMMIT_TIMES: [&str; 1] = ["track_commit_timestamp=on"];

/// A start-up message for user and database `postgres`, answered by `R` once logins are accepted.
const GREETING: Greeting =
    Greeting { say: b"\0\0\0\x29\0\x03\0\0user\0postgres\0database\0postgres\0\0", hear: b"R" };

pub(super) fn start(place: &Place) -> Result<Server> {
    let programs = programs()?;
    let folder = place.folder("postgres")?;
    let data = folder.join("data");
    let mut init = place.command(programs.join("initdb"), "KILL");
    init.arg("-D").arg(&data).args(["-U", "postgres", "-A", "trust", "-E", "UTF8"]);
    let made = init.args(["--no-locale", "--no-sync"]).stderr(Stdio::piped()).output()?;
    if !made.status.success() {
        bail!("initdb: {}", String::from_utf8_lossy(&made.stderr));
    }

    let [port] = port::free()?;
    // SIGQUIT is PostgreSQL's immediate shutdown: it takes the workers and the shared memory along.
    let mut server = place.command(programs.join("postgres"), "QUIT");
    server.arg("-D").arg(&data).args(["-p", &port.to_string()]);
    let kind: &[&str] = if place.durable { &COMMIT_TIMES } else { &FAST };
    for setting in SETTINGS.iter().chain(kind) {
        server.args(["-c", setting]);
    }
    let mut stop = place.command(programs.join("pg_ctl"), "KILL");
    stop.args(["stop", "--silent", "--no-wait", "--mode=immediate", "-D"]).arg(&data);
    let process = Process::spawn("postgres", server, &folder)?.ended_by(stop);
    let url = format!("postgres://postgres@127.0.0.1:{port}/postgres");
    Ok(Server {
        name: "PostgreSQL",
        variable: ("MOTCUA_TEST_PG", url),
        port,
        greeting: GREETING,
        processes: vec![process],
    })
}

/// The folder of the newest version's programs: Debian keeps them off the search path.
fn programs() -> Result<PathBuf> {
    let versions = fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let newest = versions
        .map(|version| version.path())
        .filter(|version| version.join("bin/initdb").is_file())
        .max_by_key(|version| number(version));
    if let Some(version) = newest {
        return Ok(version.join("bin"));
    }
    let initdb = find("initdb")?;
    Ok(initdb.parent().context("initdb lies in no folder")?.to_owned())
}

fn number(version: &Path) -> u32 {
    version.file_name().and_then(|name| name.to_str()?.parse().ok()).unwrap_or_default()
}
