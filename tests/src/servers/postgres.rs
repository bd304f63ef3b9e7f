//! A private PostgreSQL. For tests every login is trusted, and nothing synced to disk unless asked for.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Stdio,
};

use anyhow::{Context, Result, bail};
use rustix::process::Signal;

use super::{
    Greeting, PASSWORD, Server,
    place::{Place, find},
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
    if !data.exists() {
        init(place, &programs, &folder).context("initdb")?;
    }
    let [port] = place.ports("PostgreSQL", [5432])?;
    // SIGQUIT is PostgreSQL's immediate shutdown: it takes the workers and the shared memory along.
    let mut server = place.command(programs.join("postgres"), "QUIT");
    server.arg("-D").arg(&data).args(["-p", &port.to_string()]);
    let kind: &[&str] = if place.durable { &COMMIT_TIMES } else { &FAST };
    for setting in SETTINGS.iter().chain(kind) {
        server.args(["-c", setting]);
    }
    // Its fast shutdown, where what it leaves is started again.
    let end = if place.lasts() { Signal::INT } else { Signal::QUIT };
    let process = Process::spawn("postgres", server, &folder)?.ended_by(end);
    let login = if place.lasts() { format!("postgres:{PASSWORD}") } else { "postgres".to_owned() };
    let url = format!("postgres://{login}@127.0.0.1:{port}/postgres");
    Ok(Server {
        name: "PostgreSQL",
        variable: ("MOTCUA_TEST_PG", url),
        port,
        greeting: GREETING,
        processes: vec![process],
    })
}

/// Makes the data, whole or not at all.
fn init(place: &Place, programs: &Path, folder: &Path) -> Result<()> {
    let begun = folder.join("begun");
    if begun.exists() {
        fs::remove_dir_all(&begun)?;
    }
    let mut init = place.command(programs.join("initdb"), "KILL");
    init.arg("-D").arg(&begun).args(["-U", "postgres", "-E", "UTF8", "--no-locale", "--no-sync"]);
    if place.lasts() {
        let password = folder.join("password");
        place.file(&password, PASSWORD)?;
        init.args(["-A", "scram-sha-256", "--pwfile"]).arg(password);
    } else {
        init.args(["-A", "trust"]);
    }
    let made = init.stderr(Stdio::piped()).output()?;
    if !made.status.success() {
        bail!("{}", String::from_utf8_lossy(&made.stderr));
    }
    Ok(fs::rename(begun, folder.join("data"))?)
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
