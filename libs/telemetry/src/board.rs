//! Numbers that somebody looks up now and then, and that are shown until the next look.

use std::sync::{Arc, PoisonError, RwLock};

use opentelemetry::KeyValue;

use crate::meter;

/// A number that goes up and down.
#[derive(Debug, PartialEq, Eq)]
pub struct Gauge {
    /// `motcua.outbox.unsent`.
    pub name: &'static str,
    /// By UCUM: `s`; a noun in braces where things are counted: `{event}`.
    pub unit: &'static str,
    /// What it says.
    pub description: &'static str,
}

/// One number.
#[derive(Debug, Clone, PartialEq)]
pub struct Reading {
    /// Of what.
    pub gauge: &'static Gauge,
    /// By what it is told from the others of its gauge: few and known beforehand.
    pub about: Vec<KeyValue>,
    /// How much.
    pub value: f64,
}

/// Where numbers are shown. What is not shown any more is gone: of several
/// processes the one that looks is the one that tells.
#[derive(Debug, Clone, Default)]
pub struct Board(Arc<RwLock<Vec<Reading>>>);

impl Board {
    /// A board for these gauges.
    pub fn new(gauges: impl IntoIterator<Item = &'static Gauge>) -> Self {
        let board = Self::default();
        for gauge in gauges {
            let shown = board.clone();
            meter()
                .f64_observable_gauge(gauge.name)
                .with_unit(gauge.unit)
                .with_description(gauge.description)
                .with_callback(move |told| {
                    for reading in shown.readings().iter().filter(|r| r.gauge == gauge) {
                        told.observe(reading.value, &reading.about);
                    }
                })
                .build();
        }
        board
    }

    /// Shows these and nothing else.
    pub fn show(&self, readings: Vec<Reading>) {
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = readings;
    }

    /// What is shown now.
    pub fn readings(&self) -> Vec<Reading> {
        self.0.read().unwrap_or_else(PoisonError::into_inner).clone()
    }
}
