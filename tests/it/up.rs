//! `scripts/up`, as a developer has it: everything is started, used, stopped, and found again.

use std::{
    io::{BufRead, BufReader, Write},
    net::{Ipv4Addr, TcpListener, TcpStream},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use motcua::demo::{cast, world::World};
use motcua_proto::{catalog::v1::SearchProceduresRequest, identity::v1::Citizen};

/// The ports of services and servers.
const PORTS: [u16; 22] = [
    50051, 50052, 50053, 50054, 50055, 50056, 8081, 8082, 8083, 8084, 8085, 8086, 5432, 5672,
    15672, 25672, 4370, 6379, 3310, 4317, 4318, 9090,
];
const PASSWORD: &str = "Mat-khau-cua-quan-tri-1";
/// Within what time everything must be gone.
const SOON: Duration = Duration::from_secs(40);

struct Up {
    child: Child,
    shift: u16,
    data: PathBuf,
}

impl Up {
    fn start(data: &Path, shift: u16) -> Self {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
        let mut child = Command::new(env!("CARGO_BIN_EXE_up"))
            .arg("--data")
            .arg(data)
            .args(["--shift", &shift.to_string()])
            .env("MOTCUA_UP_ROOT", root)
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let said = BufReader::new(child.stdout.take().unwrap()).lines();
        let said: Vec<_> =
            said.map(Result::unwrap).take_while(|line| !line.starts_with("up; ")).collect();
        assert!(child.try_wait().unwrap().is_none(), "it ended: {said:?}");
        Self { child, shift, data: data.to_owned() }
    }

    fn world(&self) -> World {
        let authority = std::fs::read(self.data.join("motcua/tls/ca.crt")).unwrap();
        let address = |service: &str| {
            let at = motcua::roles::ALL.iter().position(|role| *role == service).unwrap();
            format!("https://127.0.0.1:{}", PORTS[at] + self.shift)
        };
        World::trusting(address, &authority).unwrap()
    }

    /// The way that is printed.
    fn make_administrator(&self) {
        let mut child = Command::new(env!("CARGO_BIN_EXE_up").replace("/up", "/motcua"))
            .arg("--config")
            .arg(self.data.join("motcua.toml"))
            .args(["admin", "create", "--username", "quantri"])
            .args(["--name", "Quản trị hệ thống", "--agency", "H53"])
            .stdin(Stdio::piped())
            .spawn()
            .unwrap();
        child.stdin.take().unwrap().write_all(PASSWORD.as_bytes()).unwrap();
        assert!(child.wait().unwrap().success());
    }

    /// Sends a signal, and waits until nothing is left.
    fn end(mut self, signal: &str) -> bool {
        let pid = self.child.id().to_string();
        assert!(Command::new("kill").args([signal, &pid]).status().unwrap().success());
        let ended = self.child.wait().unwrap();
        let until = Instant::now() + SOON;
        while let Some(port) = taken(self.shift) {
            assert!(Instant::now() < until, "port {port} is still taken");
            pause();
        }
        ended.success()
    }
}

/// A port on which somebody listens.
fn taken(shift: u16) -> Option<u16> {
    let mut ports = PORTS.map(|port| port + shift).into_iter();
    ports.find(|port| TcpStream::connect((Ipv4Addr::LOCALHOST, *port)).is_ok())
}

fn free_shift() -> u16 {
    let free = |shift: &u16| {
        PORTS.iter().all(|port| TcpListener::bind((Ipv4Addr::LOCALHOST, port + shift)).is_ok())
    };
    (1_000..15_000).step_by(130).find(free).unwrap()
}

async fn signs_in(world: &World) -> bool {
    cast::sign_in(world, "quantri", PASSWORD, "Quản trị hệ thống").await.is_ok()
}

#[tokio::test(flavor = "multi_thread")]
async fn everything_comes_up_as_processes_goes_and_is_found_again() {
    if std::env::var_os("MOTCUA_TEST_PG").is_none() {
        return; // The servers are not installed here, or not wanted.
    }
    let dir = tempfile::Builder::new().prefix("motcua-up-").tempdir_in("/tmp").unwrap();
    // The servers' user goes through it.
    let open = std::os::unix::fs::PermissionsExt::from_mode(0o755);
    std::fs::set_permissions(dir.path(), open).unwrap();
    let data = dir.path().join("data");
    let shift = free_shift();

    let up = Up::start(&data, shift);
    let world = up.world();
    assert!(!signs_in(&world).await);
    up.make_administrator();
    assert!(signs_in(&world).await);
    let citizen = Citizen {
        full_name: "Nguyễn Văn An".to_owned(),
        citizen_number: "072085001234".to_owned(),
        phone: "0912345678".to_owned(),
        ..Citizen::default()
    };
    cast::citizen(&world, citizen).await.unwrap();
    let query = "ho tro hoa giai vien".to_owned();
    let search = SearchProceduresRequest { query, ..SearchProceduresRequest::default() };
    let found = world.catalog().search_procedures(search).await.unwrap().into_inner();
    assert!(!found.hits.is_empty());
    // The terminal is closed.
    assert!(up.end("-HUP"));

    let up = Up::start(&data, shift);
    assert!(signs_in(&up.world()).await, "the data is gone");
    assert!(!up.end("-KILL"));
}

#[test]
fn a_taken_port_is_named_before_anything_is_started() {
    let shift = free_shift();
    let taken = TcpListener::bind((Ipv4Addr::LOCALHOST, 8083 + shift)).unwrap();
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().join("data");
    let refused = Command::new(env!("CARGO_BIN_EXE_up"))
        .arg("--data")
        .arg(&data)
        .args(["--shift", &shift.to_string(), "--python", "python3", "--root", "."])
        .output()
        .unwrap();
    let said = String::from_utf8(refused.stderr).unwrap();
    assert!(!refused.status.success());
    assert!(said.contains(&format!("port {} of intake is taken", 8083 + shift)), "{said}");
    assert!(!data.exists());
    drop(taken);
}

#[expect(clippy::disallowed_methods, reason = "there is no runtime here to block")]
fn pause() {
    std::thread::sleep(Duration::from_millis(50));
}
