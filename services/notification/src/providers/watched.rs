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
use motcua_vn::local;

use super::Provider;
use crate::domain::{
    Answer, Arrival, Channel, Handover, Health, Message, Per, Reason, Shift, ShiftRule, Standing,
    Tariff,
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
static COST: LazyLock<Counter<f64>> = LazyLock::new(|| {
    meter()
        .f64_counter("motcua.message.cost")
        .with_unit("{VND}")
        .with_description("What providers ask for the messages they took, by notification.prices.")
        .build()
});
static ARRIVAL: LazyLock<Histogram<f64>> = LazyLock::new(|| {
    meter()
        .f64_histogram("motcua.message.arrival.duration")
        .with_unit("s")
        .with_description(
            "From a message's hand-over to its receipt; with error.type, that it did not arrive.",
        )
        .with_boundaries(vec![
            1.0, 2.5, 5.0, 10.0, 30.0, 60.0, 300.0, 900.0, 3_600.0, 21_600.0, 86_400.0, 259_200.0,
        ])
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

/// Counts what somebody takes and does not take, how fast, and what is asked for it.
pub(super) struct Meter {
    /// Our word for who it is, in rows and numbers.
    name: &'static str,
    tariff: Tariff,
}

impl Meter {
    pub(super) const fn new(name: &'static str, tariff: Tariff) -> Self {
        Self { name, tariff }
    }

    /// Takes down an answer, and how long it took.
    pub(super) fn note(&self, now: Timestamp, channel: Channel, answer: &Answer, took: Duration) {
        let mut about = vec![
            KeyValue::new("motcua.provider", self.name),
            KeyValue::new("motcua.channel", channel.as_str()),
            KeyValue::new("motcua.answer", answer.word()),
        ];
        if let Answer::Taken(taken) = answer {
            SEGMENTS.add(taken.segments.into(), &about);
            // What has no price is a series all the same.
            COST.add(self.price_vnd(now, taken.segments), &about);
        }
        if let Some(reason) = answer.reason() {
            about.push(KeyValue::new("error.type", kind(reason)));
        }
        HANDOVER.record(took.as_secs_f64(), &about);
    }

    /// What a message in so many parts costs, in đồng.
    fn price_vnd(&self, now: Timestamp, segments: u16) -> f64 {
        let price = self.tariff.on(local::day(now));
        price.map_or(0.0, |price| {
            let pieces = match price.per {
                Per::Message => 1,
                Per::Segment => segments,
            };
            f64::from(price.each.get()) * f64::from(pieces) / 1_000.0
        })
    }
}

/// A provider, with what is counted of it.
pub(crate) struct Watched {
    meter: Meter,
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
        tariff: Tariff,
    ) -> Arc<Self> {
        begin(name);
        let meter = Meter::new(name, tariff);
        Arc::new(Self { meter, provider, rule, health: Mutex::default() })
    }

    /// Our word for it.
    pub(crate) const fn name(&self) -> &'static str {
        self.meter.name
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
        let provider = self.name();
        SHIFTS.add(1, &moved(provider, shift));
        match shift {
            Shift::Away => tracing::warn!(
                provider,
                "a provider fails: its messages go by the others of its channel, if there are any"
            ),
            Shift::Back => tracing::info!(provider, "a provider does again: its messages are back"),
        }
    }

    /// Hands a message over, and says how long the answer took.
    pub(crate) async fn send(&self, now: Timestamp, message: &Message) -> (Answer, TimeDelta) {
        let begun = Instant::now();
        let sent = tokio::time::timeout(LONGEST, self.provider.send(now, message));
        let answer = sent.await.unwrap_or_else(|_| Answer::later("TIMEOUT"));
        let took = begun.elapsed();
        self.meter.note(now, message.written.address.channel(), &answer, took);
        if let Some(reason) = answer.reason() {
            let (provider, message) = (self.name(), message.id.name());
            tracing::info!(provider, message, %reason, "a provider did not take a message");
        }
        let took = TimeDelta::from_std(took).unwrap_or(TimeDelta::MAX);
        self.note(now, self.rule.is_good(&answer, took));
        (answer, took)
    }
}

/// Of what kind a reason is: a mail server may answer with any code, and each would be a series.
fn kind(reason: &Reason) -> Reason {
    let digit = |sign: char| sign.is_ascii_digit();
    let first = reason.strip_suffix(digit).and_then(|first| first.strip_suffix(digit));
    first.map_or_else(|| reason.clone(), |first| format!("{first}XX").into())
}

/// What counts rare things begins at nothing: of a series that begins with its first count, nobody
/// sees that one was added.
fn begin(provider: &'static str) {
    for shift in [Shift::Away, Shift::Back] {
        SHIFTS.add(0, &moved(provider, shift));
    }
    for arrival in Arrival::ALL {
        RECEIPTS.add(0, &about(provider, arrival));
    }
}

fn moved(provider: &'static str, shift: Shift) -> [KeyValue; 2] {
    [KeyValue::new("motcua.provider", provider), KeyValue::new("motcua.shift", shift.word())]
}

/// Counts what a provider said later.
pub(crate) fn heard(provider: &str, arrival: Arrival) {
    RECEIPTS.add(1, &about(provider, arrival));
}

/// Counts how long after its hand-over it was known what became of a message.
pub(crate) fn arrived(handover: &Handover, arrival: Arrival, at: Timestamp) {
    let took = (at - handover.at).max(TimeDelta::zero()).to_std().unwrap_or_default();
    ARRIVAL.record(took.as_secs_f64(), &about(&handover.provider, arrival));
}

fn about(provider: &str, arrival: Arrival) -> Vec<KeyValue> {
    let mut about = vec![KeyValue::new("motcua.provider", provider.to_owned())];
    if arrival != Arrival::Delivered {
        about.push(KeyValue::new("error.type", arrival.word()));
    }
    about
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_counted_by_their_kind() {
        for (reason, counted) in [
            ("SMTP_451", "SMTP_4XX"),
            ("SMTP_550", "SMTP_5XX"),
            ("SMTP_MAILBOX_452", "SMTP_MAILBOX_4XX"),
            ("SMTP_MAILBOX_550", "SMTP_MAILBOX_5XX"),
            ("SMPP_FAILS", "SMPP_FAILS"),
        ] {
            assert_eq!(kind(&reason.into()), counted);
        }
    }
}
