use std::{
    sync::{Arc, LazyLock, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use chrono::TimeDelta;
use motcua_context::Timestamp;
use motcua_telemetry::{
    KeyValue, SECONDS, meter,
    metrics::{Counter, Histogram},
};

use super::Provider;
use crate::domain::{
    Answer, Arrival, Health, Message, Reason, Receipt, Shift, ShiftRule, Standing,
};

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
static SHIFTS: LazyLock<Counter<u64>> = LazyLock::new(|| {
    meter()
        .u64_counter("motcua.message.shifts")
        .with_unit("{shift}")
        .with_description(
            "How often messages were moved away from a provider that fails, or back to it.",
        )
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
    rule: ShiftRule,
    /// As this process sees it.
    health: Mutex<Health>,
}

impl Watched {
    /// `name` is our word for it, in rows and numbers.
    pub(super) fn new(
        name: &'static str,
        provider: Arc<dyn Provider>,
        rule: ShiftRule,
    ) -> Arc<Self> {
        Arc::new(Self { name, provider, rule, health: Mutex::default() })
    }

    /// Our word for it.
    pub(crate) const fn name(&self) -> &'static str {
        self.name
    }

    /// Whether messages go there.
    pub(super) fn standing(&self, now: Timestamp) -> Standing {
        self.health().standing(now, self.rule)
    }

    fn health(&self) -> MutexGuard<'_, Health> {
        self.health.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn note(&self, now: Timestamp, good: bool) {
        let Some(shift) = self.health().note(now, good, self.rule) else { return };
        let provider = self.name;
        match shift {
            Shift::Away => tracing::warn!(
                provider,
                "a provider fails: its messages go by the others of its channel, if there are any"
            ),
            Shift::Back => tracing::info!(provider, "a provider does again: its messages are back"),
        }
        let about = [
            KeyValue::new("motcua.provider", provider),
            KeyValue::new("motcua.shift", shift.word()),
        ];
        SHIFTS.add(1, &about);
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
        let took = TimeDelta::from_std(took).unwrap_or(TimeDelta::MAX);
        self.note(now, self.rule.is_good(&answer, took));
        (answer, took)
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
