//! One step of one dossier is one trace, over calls and events alike.

use super::collector::Span;

const ACCEPT: &str = "motcua.intake.v1.IntakeService/AcceptDossier";
const ACCEPTED: &str = "motcua.intake.v1.DossierAccepted";
const STARTED: &str = "motcua.workflow.v1.ProcessStarted";

/// Every hop of an acceptance: the call, what it asks of the catalog, the event on its way to the
/// bus, workflow's start with what it asks, its answer by an event, and the message that is sent.
pub(super) fn shows_every_hop(spans: &[Span]) -> Option<()> {
    let begun = spans.iter().filter(|s| s.name == ACCEPT && s.kind == "SPAN_KIND_SERVER");
    begun.filter_map(|accept| hops(spans, accept)).next()
}

fn hops(spans: &[Span], accept: &Span) -> Option<()> {
    let under = |parent: &Span, name: &str, kind: &str, service: &str| {
        let is = |span: &&Span| {
            span.trace == parent.trace
                && span.parent == parent.id
                && span.name.contains(name)
                && span.kind == kind
                && span.service == service
        };
        spans.iter().find(is).cloned()
    };
    let said = |parent: &Span, event: &str, service: &str| {
        let mut all = spans.iter().filter(|span| {
            span.trace == parent.trace
                && span.parent == parent.id
                && span.kind == "SPAN_KIND_PRODUCER"
                && span.service == service
        });
        all.find(|span| span.about.get("cloudevents.event_type").is_some_and(|e| e == event))
            .cloned()
    };
    let (client, server) = ("SPAN_KIND_CLIENT", "SPAN_KIND_SERVER");
    let consumer = "SPAN_KIND_CONSUMER";

    let asks = under(accept, "CatalogService/", client, "motcua-intake")?;
    under(&asks, "CatalogService/", server, "motcua-catalog")?;
    let accepted = said(accept, ACCEPTED, "motcua-intake")?;
    let starts = under(&accepted, "process motcua.workflow", consumer, "motcua-workflow")?;
    let asks = under(&starts, "CatalogService/", client, "motcua-workflow")?;
    under(&asks, "CatalogService/", server, "motcua-catalog")?;
    let tells = under(&accepted, "process motcua.notification", consumer, "motcua-notification")?;
    let asks = under(&tells, "IntakeService/GetContact", client, "motcua-notification")?;
    under(&asks, "IntakeService/GetContact", server, "motcua-intake")?;
    let started = said(&starts, STARTED, "motcua-workflow")?;
    under(&started, "process motcua.intake", consumer, "motcua-intake")?;
    Some(())
}
