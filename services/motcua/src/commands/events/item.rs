use std::fmt::{self, Write as _};

use motcua_context::Timestamp;
use motcua_ids::Uuid;
use motcua_post::Mended;
use serde_json::{Value, json};

use super::which::Place;

/// Something that waits for a person. Its body stays where it is.
pub(super) struct Item {
    pub(super) place: Place,
    pub(super) id: String,
    pub(super) event_type: String,
    pub(super) source: String,
    pub(super) key: Option<Uuid>,
    pub(super) reason: String,
    pub(super) attempts: i32,
    /// Of the same key.
    pub(super) behind: u64,
    pub(super) said_at: Option<Timestamp>,
    pub(super) traceparent: Option<String>,
    /// Octets of its body.
    pub(super) size: usize,
}

impl Item {
    pub(super) fn json(&self) -> Value {
        json!({
            "place": self.place.to_string(),
            "consumer": self.place.of.as_str(),
            "id": self.id,
            "type": self.event_type,
            "source": self.source,
            "key": self.key,
            "reason": self.reason,
            "attempts": self.attempts,
            "behind": self.behind,
            "time": self.said_at,
            "traceparent": self.traceparent,
            "size": self.size,
        })
    }

    /// Everything that is known of it, a line each.
    pub(super) fn whole(&self) -> String {
        let mut text = String::new();
        let mut line = |what: &str, value: &dyn fmt::Display| {
            let _ = writeln!(text, "{what:<12}{value}");
        };
        line("place", &self.place);
        line("id", &self.id);
        line("type", &or_unknown(&self.event_type));
        line("source", &or_unknown(&self.source));
        line("key", &self.key.map_or_else(unknown, |key| key.to_string()));
        line("time", &self.said_at.map_or_else(unknown, |at| at.to_rfc3339()));
        line("reason", &self.reason);
        line("attempts", &self.attempts);
        line("behind", &self.behind);
        line("traceparent", &self.traceparent.as_deref().unwrap_or("none"));
        line("size", &format_args!("{} octets", self.size));
        text.truncate(text.trim_end().len());
        text
    }
}

impl fmt::Display for Item {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { place, id, reason, attempts, behind, .. } = self;
        let (event, source) = (or_unknown(&self.event_type), or_unknown(&self.source));
        let key = self.key.map_or_else(unknown, |key| key.to_string());
        write!(f, "{place} {id} {event} from {source} about {key}: {reason}")?;
        write!(f, ", tried {attempts} times, {behind} behind it")
    }
}

pub(super) fn act_json(service: &str, act: &Mended) -> Value {
    json!({
        "service": service,
        "by": act.by,
        "time": act.at,
        "event": act.event,
        "type": act.event_type,
        "key": act.key,
        "reason": act.reason,
        "attempts": act.attempts,
    })
}

pub(super) fn act_line(service: &str, act: &Mended) -> String {
    let Mended { by, event, reason, attempts, .. } = act;
    let (at, event_type) = (act.at.to_rfc3339(), or_unknown(&act.event_type));
    format!(
        "{at} {by} put {event} {event_type} back at {service}: {reason}, tried {attempts} times"
    )
}

fn or_unknown(text: &str) -> &str {
    if text.is_empty() { "unknown" } else { text }
}

fn unknown() -> String {
    "unknown".to_owned()
}
