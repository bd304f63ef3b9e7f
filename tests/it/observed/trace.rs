//! One step of one dossier is one trace, over calls and events alike.

use super::collector::Span;

const INTAKE: &str = "motcua.intake.v1.IntakeService";
const SUBMITTED: &str = "motcua.intake.v1.DossierSubmitted";
const ACCEPTED: &str = "motcua.intake.v1.DossierAccepted";
const STARTED: &str = "motcua.workflow.v1.ProcessStarted";
const CLIENT: &str = "SPAN_KIND_CLIENT";
const SERVER: &str = "SPAN_KIND_SERVER";
const PRODUCER: &str = "SPAN_KIND_PRODUCER";
const CONSUMER: &str = "SPAN_KIND_CONSUMER";

/// What a collector received.
pub(super) struct Traces<'a>(pub(super) &'a [Span]);

impl<'a> Traces<'a> {
    /// Every hop of a submission: the call, the event on its way to the bus, and the message that
    /// is sent upon it, for which its writer asks how to reach the citizen. Answers the trace.
    pub(super) fn submission(&self) -> Result<&'a str, String> {
        self.first("SubmitDossier", |call| {
            let submitted = self.said(call, SUBMITTED, "intake")?;
            self.told(submitted)
        })
    }

    /// Every hop of an acceptance: the same, and workflow's start with what it asks of the catalog,
    /// which it tells by an event that intake hears.
    pub(super) fn acceptance(&self) -> Result<&'a str, String> {
        self.first("AcceptDossier", |call| {
            let accepted = self.said(call, ACCEPTED, "intake")?;
            self.told(accepted)?;
            let starts = self.heard(accepted, "workflow")?;
            self.asked(starts, "motcua.catalog.v1.CatalogService", "workflow", "catalog")?;
            let started = self.said(starts, STARTED, "workflow")?;
            self.heard(started, "intake").map(drop)
        })
    }

    /// The trace of the first such call that has every hop, or what the last one lacks.
    fn first(
        &self,
        method: &str,
        hops: impl Fn(&'a Span) -> Result<(), String>,
    ) -> Result<&'a str, String> {
        let name = format!("{INTAKE}/{method}");
        let calls = self.0.iter().filter(|s| s.name == name && s.kind == SERVER);
        let mut lacks = format!("{name} was not called");
        for call in calls {
            match hops(call) {
                Ok(()) => return Ok(&call.trace),
                Err(lack) => lacks = lack,
            }
        }
        Err(lacks)
    }

    /// The citizen is told of an event.
    fn told(&self, event: &Span) -> Result<(), String> {
        let tells = self.heard(event, "notification")?;
        self.asked(tells, &format!("{INTAKE}/GetContact"), "notification", "intake")
    }

    /// `who` asks `whom`, who answers.
    fn asked(&self, by: &Span, name: &str, who: &str, whom: &str) -> Result<(), String> {
        let asks = self.under(by, CLIENT, who, |span| span.name.starts_with(name), name)?;
        self.under(asks, SERVER, whom, |span| span.name == asks.name, name).map(drop)
    }

    fn said(&self, by: &Span, event: &str, who: &str) -> Result<&'a Span, String> {
        let is = |span: &Span| span.about.get("cloudevents.event_type").is_some_and(|e| e == event);
        self.under(by, PRODUCER, who, is, event)
    }

    fn heard(&self, event: &Span, who: &str) -> Result<&'a Span, String> {
        let name = format!("process motcua.{who}");
        self.under(event, CONSUMER, who, |span| span.name == name, &name)
    }

    /// The span of `who` that is a child of this one.
    fn under(
        &self,
        parent: &Span,
        kind: &str,
        who: &str,
        is: impl Fn(&Span) -> bool,
        what: &str,
    ) -> Result<&'a Span, String> {
        let is = |span: &&Span| {
            span.trace == parent.trace
                && span.parent == parent.id
                && span.kind == kind
                && span.service == format!("motcua-{who}")
                && is(span)
        };
        let lack = || format!("{who}: no {kind} {what} under {}", parent.name);
        self.0.iter().find(is).ok_or_else(lack)
    }
}
