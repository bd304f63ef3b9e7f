//! What is alike in all who are spoken to over HTTP.

use std::{path::Path, sync::LazyLock, time::Duration};

use chrono::TimeDelta;
use motcua_ids::MessageId;
use motcua_outside::{Answer as Reply, Http, RequestBuilder, is_timeout};
use motcua_telemetry::{KeyValue, meter, metrics::Counter};

use crate::domain::Answer;

/// How long one that takes no more for now is left alone.
pub(super) const THROTTLED: TimeDelta = TimeDelta::seconds(30);
/// The random end of an id (RFC 9562, 5.7).
const RANDOM: u64 = (1 << 62) - 1;

static REPEATS: LazyLock<Counter<u64>> = LazyLock::new(|| {
    meter()
        .u64_counter("motcua.message.repeats")
        .with_unit("{message}")
        .with_description(
            "Messages that a gateway knew it had taken before: their first answer never reached us.",
        )
        .build()
});

/// The way to a gateway.
pub(super) fn way(answer_s: u32, ca: Option<&Path>) -> anyhow::Result<Http> {
    Http::new(Duration::from_secs(answer_s.into()), ca)
}

/// The number by which operators know a message and its repeats: they take digits alone.
pub(super) fn reference(message: MessageId) -> String {
    (message.uuid().as_u64_pair().1 & RANDOM).to_string()
}

/// What was answered. Whatever goes wrong on the way may pass: it is about the gateway, or about
/// us, and never about the message.
pub(super) async fn ask(name: &'static str, request: RequestBuilder) -> Result<Reply, Answer> {
    let reply = Reply::to(request).await.map_err(|error| {
        tracing::warn!(provider = name, %error, "a gateway cannot be spoken to");
        Answer::later(if is_timeout(&error) { "TIMEOUT" } else { "AWAY" })
    })?;
    match reply.status.as_u16() {
        200 => Ok(reply),
        429 => Err(Answer::Later { reason: "THROTTLED".into(), wait: Some(THROTTLED) }),
        status => {
            tracing::warn!(provider = name, status, "a gateway answers with another status");
            Err(Answer::later(if matches!(status, 401 | 403) { "ACCOUNT" } else { "FAILS" }))
        }
    }
}

/// Counts a message that was handed over again, and did not go out again.
pub(super) fn repeated(name: &'static str) {
    REPEATS.add(1, &[KeyValue::new("motcua.provider", name)]);
}

/// An answer that says nothing: whether the message was taken is not known.
pub(super) fn unclear(name: &'static str) -> Answer {
    tracing::warn!(provider = name, "a gateway's answer says nothing");
    Answer::later("UNCLEAR")
}

/// A code or word of theirs as it may be logged: it is theirs, and could be anything.
pub(super) fn loggable(word: &str) -> String {
    let plain = |c: &char| c.is_ascii_alphanumeric() || "-_:= ".contains(*c);
    word.chars().take(60).filter(plain).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reference_is_digits_and_the_same_for_a_repeat() {
        let id = |text: &str| MessageId::new(text.parse().unwrap());
        let one = reference(id("019312ab-0000-7000-8000-0000000000ff"));
        assert_eq!(one, "255");
        assert_ne!(one, reference(id("019312ab-0000-7000-8000-0000000000fe")));
        assert!(reference(id("ffffffff-ffff-ffff-ffff-ffffffffffff")).len() <= 19);
    }

    #[test]
    fn what_they_say_is_logged_plainly() {
        assert_eq!(loggable("Check ServiceID: X\n\u{1b}[31m"), "Check ServiceID: X31m");
        assert_eq!(loggable(&"9".repeat(100)).len(), 60);
    }
}
