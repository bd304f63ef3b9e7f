//! The whole product in one process, while nobody asks it for anything.

use std::{
    fs,
    io::{Read, Write},
    net::{SocketAddr, TcpStream},
    path::Path,
    process::{Child, Stdio},
    time::{Duration, Instant},
};

use anyhow::{Context, Result, ensure};
use motcua_tests::sandbox;

/// How soon it served, and how much memory it then kept, in megabytes.
pub(crate) struct AtRest {
    pub(crate) ready: Duration,
    pub(crate) megabytes: f64,
}

/// Starts it where it was before: on a machine that is started again.
pub(crate) async fn measure() -> Result<AtRest> {
    let dir = tempfile::tempdir()?;
    let (mut first, _) = serve(dir.path()).await?;
    rustix::process::kill_process(pid(&first), rustix::process::Signal::TERM)?;
    ensure!(first.wait()?.success(), "it did not stop well");
    let (mut second, ready) = serve(dir.path()).await?;
    tokio::time::sleep(Duration::from_secs(5)).await;
    let status = fs::read_to_string(format!("/proc/{}/status", second.id()))?;
    let resident = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let kilobytes: f64 =
        resident.and_then(|text| text.split_whitespace().next()).context("no VmRSS")?.parse()?;
    second.kill()?;
    second.wait()?;
    Ok(AtRest { ready, megabytes: kilobytes / 1024.0 })
}

async fn serve(data: &Path) -> Result<(Child, Duration)> {
    let (grpc, http) = sandbox::free_ports()?;
    let begun = Instant::now();
    let mut child = sandbox::binary()?
        .args(["serve", "--set"])
        .arg(format!("server.data={}", data.display()))
        .args(["--set", &format!("server.grpc={grpc}"), "--set", &format!("server.http={http}")])
        .args(["--set", "telemetry.log=warn"])
        .stdin(Stdio::null())
        .spawn()?;
    while !is_ready(http) {
        ensure!(child.try_wait()?.is_none(), "it ended");
        ensure!(begun.elapsed() < Duration::from_mins(1), "it is not ready");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    Ok((child, begun.elapsed()))
}

fn is_ready(http: SocketAddr) -> bool {
    let ask = || -> std::io::Result<String> {
        let mut stream = TcpStream::connect(http)?;
        stream.write_all(b"GET /healthz/ready HTTP/1.1\r\nhost: h\r\nconnection: close\r\n\r\n")?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer)?;
        Ok(answer)
    };
    ask().is_ok_and(|answer| answer.starts_with("HTTP/1.1 200"))
}

fn pid(child: &Child) -> rustix::process::Pid {
    rustix::process::Pid::from_child(child)
}
