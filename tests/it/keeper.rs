//! The test servers live exactly as long as their owner.

use std::{
    io::{BufRead, BufReader},
    net::TcpStream,
    path::Path,
    process::{Command, Stdio},
    time::{Duration, Instant},
};

/// Within what time everything must be gone.
const SOON: Duration = Duration::from_secs(20);

/// SIGKILL leaves the owner no chance to tidy up, and still nothing stays.
#[test]
fn a_killed_owner_leaves_nothing_behind() {
    if std::env::var_os("MOTCUA_TEST_PG").is_none() {
        return; // The servers are not installed here, or not wanted.
    }
    let script = "env | sed -n 's/^MOTCUA_TEST_.*127.0.0.1:\\([0-9]*\\).*/\\1/p'; echo pid $$; exec sleep 600";
    let mut owner = Command::new(env!("CARGO_BIN_EXE_servers"))
        .args(["--", "sh", "-c", script])
        .env_remove("MOTCUA_TEST_PG")
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut ports = Vec::new();
    let mut pid = String::new();
    for line in BufReader::new(owner.stdout.take().unwrap()).lines() {
        let line = line.unwrap();
        if let Some(found) = line.strip_prefix("pid ") {
            found.clone_into(&mut pid);
            break;
        }
        ports.push(line.parse::<u16>().unwrap());
    }
    assert_eq!(ports.len(), 4, "{ports:?}");
    assert!(ports.iter().all(|port| listens(*port)), "{ports:?}");

    owner.kill().unwrap();
    owner.wait().unwrap();

    let until = Instant::now() + SOON;
    let command = Path::new("/proc").join(&pid);
    while ports.iter().any(|port| listens(*port)) || command.exists() {
        assert!(Instant::now() < until, "still there: {ports:?}, process {pid}");
        pause();
    }
}

fn listens(port: u16) -> bool {
    TcpStream::connect(("127.0.0.1", port)).is_ok()
}

#[expect(clippy::disallowed_methods, reason = "there is no runtime here to block")]
fn pause() {
    std::thread::sleep(Duration::from_millis(50));
}
