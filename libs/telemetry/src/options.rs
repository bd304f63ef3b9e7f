use std::time::Duration;

use serde::{Deserialize, Serialize};
use url::Url;

/// How and where to tell.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Options {
    /// Which logs are written: `info`, or by part, `info,motcua_bus=debug`.
    pub log: String,
    /// How logs are written.
    pub format: Format,
    /// The collector, `http://127.0.0.1:4317` (OTLP over gRPC); none: no traces are kept.
    pub otlp_endpoint: Option<Url>,
    /// Whether what is logged goes to the collector too; not where it is read from the
    /// containers' output already.
    pub otlp_logs: bool,
    /// Which part of the traces that begin here is kept, from 0 to 1.
    pub sampled: f64,
    /// How often metrics are sent to the collector, in seconds.
    pub metrics_every_seconds: u64,
    /// How often queues, timers and dossiers are counted for metrics, in seconds.
    pub look_every_seconds: u64,
}

/// How logs are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Format {
    /// Text on a terminal, JSON otherwise.
    #[default]
    Auto,
    /// Text.
    Text,
    /// One JSON object a line.
    Json,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            log: "info".to_owned(),
            format: Format::Auto,
            otlp_endpoint: None,
            otlp_logs: true,
            sampled: 1.0,
            metrics_every_seconds: 30,
            look_every_seconds: 15,
        }
    }
}

impl Options {
    /// How often queues, timers and dossiers are counted.
    pub fn look_every(&self) -> Duration {
        Duration::from_secs(self.look_every_seconds.max(1))
    }

    /// Tells everything that is wrong at once, each beginning with its key.
    pub fn validate(&self) -> Result<(), Vec<String>> {
        let mut wrong = Vec::new();
        if let Err(error) = self.log.parse::<tracing_subscriber::filter::Targets>() {
            wrong.push(format!("log: {error}; write info, or info,motcua_bus=debug"));
        }
        // A collector is asked over the network of one machine or cluster: no TLS is built in.
        if let Some(url) = self.otlp_endpoint.as_ref().filter(|url| url.scheme() != "http") {
            wrong.push(format!(
                "otlp_endpoint: {}: is not supported; write http://collector:4317",
                url.scheme()
            ));
        }
        if !(0.0..=1.0).contains(&self.sampled) {
            wrong.push("sampled: must be from 0 to 1".to_owned());
        }
        if self.metrics_every_seconds == 0 {
            wrong.push("metrics_every_seconds: must be at least 1".to_owned());
        }
        if self.look_every_seconds == 0 {
            wrong.push("look_every_seconds: must be at least 1".to_owned());
        }
        if wrong.is_empty() { Ok(()) } else { Err(wrong) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everything_wrong_is_told_at_once() {
        assert_eq!(Options::default().validate(), Ok(()));
        let options = Options {
            log: "motcua=loudly".to_owned(),
            otlp_endpoint: Url::parse("https://collector").ok(),
            sampled: 1.5,
            metrics_every_seconds: 0,
            look_every_seconds: 0,
            ..Options::default()
        };
        let wrong = options.validate().unwrap_err();
        let keys: Vec<_> = wrong.iter().filter_map(|w| w.split(':').next()).collect();
        assert_eq!(
            keys,
            ["log", "otlp_endpoint", "sampled", "metrics_every_seconds", "look_every_seconds"]
        );
    }
}
