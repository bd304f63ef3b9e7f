use std::{
    sync::{Arc, LazyLock},
    time::{Duration, Instant},
};

use chrono::TimeDelta;
use motcua_context::Timestamp;
use motcua_telemetry::{
    KeyValue, SECONDS, meter,
    metrics::{Counter, Histogram},
};

use super::Provider;
use crate::domain::{Answer, Arrival, Message, Reason, Receipt};

/// Beyond what any provider waits for by itself.
const LONGEST: Duration = Duration::from_mins(2);

static HANDOVER: LazyLock<Histogram<f64>> = LazyLock::new(|| {
    meter()
        .f64_histogram("motcua.message.handover.duration")
        .with_unit("s")
        .with_description(
            "How long a provider took to take a message, once; with error.type, not to take it.",
        )
        .with_boundaries(SECONDS.to_vec())
        .build()
});
static SEGMENTS: LazyLock<Counter<u64>> = LazyLock::new(|| {
    meter()
        .u64_counter("motcua.message.segments")
        .with_unit("{segment}")
        .with_description("Parts in which providers took messages: what operators charge for.")
        .build()
});
static RECEIPTS: LazyLock<Counter<u64>> = LazyLock::new(|| {
    meter()
        .u64_counter("motcua.message.receipts")
        .with_unit("{receipt}")
        .with_description(
            "What providers said became of messages; with error.type, that they did not arrive.",
        )
        .build()
});

/// A provider, with what is counted of it.
pub(crate) struct Watched {
    name: &'static str,
    provider: Arc<dyn Provider>,
}

impl Watched {
    /// `name` is our word for it, in rows and numbers.
    pub(super) fn new(name: &'static str, provider: Arc<dyn Provider>) -> Arc<Self> {
        Arc::new(Self { name, provider })
    }

    /// Our word for it.
    pub(crate) const fn name(&self) -> &'static str {
        self.name
    }

    /// Hands a message over, and says how long the answer took.
    pub(crate) async fn send(&self, now: Timestamp, message: &Message) -> (Answer, TimeDelta) {
        let begun = Instant::now();
        let sent = tokio::time::timeout(LONGEST, self.provider.send(now, message));
        let answer = sent.await.unwrap_or_else(|_| Answer::later("TIMEOUT"));
        let took = begun.elapsed();
        let mut about = vec![
            KeyValue::new("motcua.provider", self.name),
            KeyValue::new("motcua.channel", message.written.address.channel().as_str()),
        ];
        about.push(KeyValue::new("motcua.answer", answer.word()));
        if let Answer::Taken(taken) = &answer {
            SEGMENTS.add(taken.segments.into(), &about);
        }
        if let Some(reason) = answer.reason() {
            about.push(KeyValue::new("error.type", kind(reason)));
            let (provider, message) = (self.name, message.id.name());
            tracing::info!(provider, message, %reason, "a provider did not take a message");
        }
        HANDOVER.record(took.as_secs_f64(), &about);
        (answer, TimeDelta::from_std(took).unwrap_or(TimeDelta::MAX))
    }
}

/// Of what kind a reason is: servers may answer with any code, and each would be a series.
fn kind(reason: &Reason) -> Reason {
    match reason.strip_prefix("SMTP_").and_then(|code| code.chars().next()) {
        Some('4') => "SMTP_4XX".into(),
        Some(_) => "SMTP_5XX".into(),
        None => reason.clone(),
    }
}

/// Counts what a provider said later.
pub(crate) fn heard(receipt: &Receipt) {
    let mut about = vec![KeyValue::new("motcua.provider", receipt.provider.clone())];
    if receipt.arrival != Arrival::Delivered {
        about.push(KeyValue::new("error.type", receipt.arrival.word()));
    }
    RECEIPTS.add(1, &about);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_counted_by_their_kind() {
        for (reason, counted) in
            [("SMTP_451", "SMTP_4XX"), ("SMTP_550", "SMTP_5XX"), ("SMPP_FAILS", "SMPP_FAILS")]
        {
            assert_eq!(kind(&reason.into()), counted);
        }
    }
}
