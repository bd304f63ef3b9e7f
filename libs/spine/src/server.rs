use std::{net::SocketAddr, path::PathBuf, time::Duration};

use motcua_cache::Cache;
use motcua_config::Section;
use motcua_rpc::{DoorOptions, Pace, Proxies};
use serde::{Deserialize, Serialize};

/// What the process is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Mode {
    /// One process that keeps everything in its data folder: to try it, and to develop.
    #[default]
    Embedded,
    /// The province's people use it: nothing is generated, nothing is left out.
    Production,
    /// Tests drive it: the clock can be shifted.
    Test,
}

/// `[server]`: where the process listens.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ServerSettings {
    /// What the process is for: `embedded`, `production` or `test`.
    pub mode: Mode,
    /// Where gRPC is served. Port 0: any free one.
    pub grpc: SocketAddr,
    /// Where health, metrics and HTTP are served. Port 0: any free one.
    pub http: SocketAddr,
    /// The folder that `{data}` stands for in other settings.
    pub data: PathBuf,
    /// Who issues users' tokens (`iss`): one name for the whole deployment.
    pub issuer: String,
    /// What a call may take if the caller does not say, in seconds.
    pub deadline_s: u64,
    /// What an upload or a download may take if the caller does not say, in seconds.
    pub streaming_deadline_s: u64,
    /// Calls at once; one more is refused at once. One caller may hold as many as are still
    /// free, those who have not signed in half of them together.
    pub concurrency: usize,
    /// Uploads and downloads that one caller may begin in a minute.
    pub transfers_per_minute: u32,
    /// How long a caller who sends or reads nothing is waited for, in seconds.
    pub patience_s: u64,
    /// Octets for which one second of that comes back: the slowest that is borne.
    pub slowest_octets_per_s: u32,
    /// Connections at once; the next waits.
    pub connections: usize,
    /// Connections from one address at once; one more is closed. Proxies are not counted.
    pub connections_per_address: usize,
    /// The proxies before this process, as networks (`10.42.0.0/16`) or addresses: from them
    /// the caller's address is taken as they tell it, by `x-forwarded-for` or `forwarded`.
    /// Without them, all who come through an ingress share its address, and with it the limits
    /// of one caller.
    pub trusted_proxies: Vec<String>,
    /// How long work in progress is waited for when the process stops, in seconds.
    pub grace_s: u64,
}

impl Default for ServerSettings {
    fn default() -> Self {
        Self {
            mode: Mode::Embedded,
            grpc: SocketAddr::from(([127, 0, 0, 1], 50051)),
            http: SocketAddr::from(([127, 0, 0, 1], 8080)),
            data: PathBuf::from("motcua-data"),
            issuer: "motcua".to_owned(),
            deadline_s: 10,
            streaming_deadline_s: 600,
            concurrency: 512,
            transfers_per_minute: 600,
            patience_s: 30,
            slowest_octets_per_s: 2048,
            connections: 4096,
            connections_per_address: 512,
            trusted_proxies: Vec::new(),
            grace_s: 20,
        }
    }
}

impl Section for ServerSettings {
    fn validate(&self) -> Result<(), Vec<String>> {
        let mut wrong = Vec::new();
        let positive = [
            ("deadline_s", self.deadline_s != 0),
            ("concurrency", self.concurrency != 0),
            ("transfers_per_minute", self.transfers_per_minute != 0),
            ("slowest_octets_per_s", self.slowest_octets_per_s != 0),
            ("connections", self.connections != 0),
            ("connections_per_address", self.connections_per_address != 0),
        ];
        let none = positive.into_iter().filter(|(_, is_some)| !is_some);
        wrong.extend(none.map(|(key, _)| format!("{key}: must be at least 1")));
        if !(1..=3600).contains(&self.patience_s) {
            wrong.push("patience_s: must be between 1 and 3600".to_owned());
        }
        if self.issuer.is_empty() {
            wrong.push("issuer: must name the deployment".to_owned());
        }
        for text in Proxies::parse(&self.trusted_proxies).err().unwrap_or_default() {
            wrong.push(format!("trusted_proxies: {text} is no network like 10.42.0.0/16"));
        }
        if wrong.is_empty() { Ok(()) } else { Err(wrong) }
    }
}

impl ServerSettings {
    /// Through whom others call.
    pub fn proxies(&self) -> Proxies {
        Proxies::parse(&self.trusted_proxies).unwrap_or_default()
    }

    /// How long who is slow is waited for.
    pub const fn patience(&self) -> Duration {
        Duration::from_secs(self.patience_s)
    }

    /// How its door is kept; transfers are counted in `counted`.
    pub fn door(&self, counted: Cache) -> DoorOptions {
        DoorOptions {
            deadline: Duration::from_secs(self.deadline_s),
            streaming_deadline: Duration::from_secs(self.streaming_deadline_s),
            concurrency: self.concurrency,
            pace: Pace { patience: self.patience(), octets_per_s: self.slowest_octets_per_s },
            transfers: Some((counted, self.transfers_per_minute)),
            proxies: self.proxies(),
            ..DoorOptions::default()
        }
    }
}
