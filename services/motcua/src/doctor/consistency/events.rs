//! Every event that was said was acted upon once by each service that hears it.

use chrono::TimeDelta;
use motcua_context::Timestamp;
use motcua_fault::Fault;
use motcua_ids::{EventId, Uuid};
use motcua_post::{Envelope, Said, Sought};
use motcua_proto::{
    access::v1::PersonalDataRead, identity::v1 as identity, intake::v1 as intake,
    payment::v1 as payment, workflow::v1 as workflow,
};
use motcua_store::Store;
use prost::{Message, Name};

use super::{BATCH, Report, Stores};

/// Claims of events are kept for ninety days, counted from later than the event.
const REMEMBERED: TimeDelta = TimeDelta::days(89);

/// How long an event may be on its way, from one outbox through one inbox, before a
/// person has to know of it.
const ON_ITS_WAY: TimeDelta = TimeDelta::minutes(10);

/// A service that hears events.
#[derive(Clone, Copy)]
struct Listener {
    name: &'static str,
    /// Whether it writes anything upon this event: only then is there a trace.
    acts: fn(&Said) -> bool,
}

const LISTENERS: [Listener; 5] = [
    Listener { name: "identity", acts: |said| is::<PersonalDataRead>(said) },
    Listener { name: "intake", acts: intake_acts },
    Listener { name: "workflow", acts: workflow_acts },
    Listener { name: "payment", acts: payment_acts },
    Listener { name: "notification", acts: notification_acts },
];

/// What is said once about one dossier.
const ONCE: [&[fn() -> String]; 2] = [
    &[
        intake::DossierSubmitted::full_name,
        intake::DossierAccepted::full_name,
        intake::DossierRejected::full_name,
        intake::DossierStopped::full_name,
        intake::ResultReady::full_name,
        intake::ResultReturned::full_name,
        intake::DossierClosed::full_name,
    ],
    &[
        workflow::ProcessStarted::full_name,
        workflow::ResultApproved::full_name,
        workflow::ProcessStopped::full_name,
    ],
];

pub(super) async fn prove(
    stores: &Stores,
    now: Timestamp,
    report: &mut Report,
) -> Result<(), Fault> {
    for speaker in stores.speakers() {
        let mut seq = 0;
        loop {
            let batch = speaker.outbox().behind(seq, BATCH).await?;
            let Some(last) = batch.last() else { break };
            seq = last.seq;
            report.count("events said", batch.len());
            for said in batch.iter().filter(|said| !said.published) {
                report.count("  waiting in an outbox", 1);
                if is_late(said, now) {
                    unsent(said, report);
                }
            }
            let fresh: Vec<_> = batch
                .iter()
                .filter(|said| said.published && now - said.envelope.occurred_at < REMEMBERED)
                .collect();
            for listener in LISTENERS {
                let heard: Vec<_> =
                    fresh.iter().copied().filter(|said| (listener.acts)(said)).collect();
                acted(stores, listener.name, &heard, now, report).await?;
            }
        }
    }
    for (store, types) in [&stores.intake, &stores.workflow].into_iter().zip(ONCE) {
        let types: Vec<_> = types.iter().map(|name| name()).collect();
        let types: Vec<_> = types.iter().map(String::as_str).collect();
        for again in store.outbox().again(&types).await? {
            report.wrong(
                format!("{} of dossiers/{}", again.event_type, again.key),
                "SAID_AGAIN",
                format!("was said {} times instead of once", again.times),
            );
        }
    }
    Ok(())
}

fn is_late(said: &Said, now: Timestamp) -> bool {
    now - said.envelope.occurred_at > ON_ITS_WAY
}

fn unsent(said: &Said, report: &mut Report) {
    let Envelope { id, event_type, key, source, occurred_at, .. } = &said.envelope;
    report.wrong(
        format!("events/{}", id.uuid()),
        "UNSENT",
        format!(
            "{event_type} about {key} waits in the outbox of {source} since {occurred_at}: see              whether {source} runs and reaches the broker"
        ),
    );
}

/// What a service did upon these events.
async fn acted(
    stores: &Stores,
    listener: &'static str,
    heard: &[&Said],
    now: Timestamp,
    report: &mut Report,
) -> Result<(), Fault> {
    if heard.is_empty() {
        return Ok(());
    }
    let store = store_of(stores, listener);
    let ids: Vec<EventId> = heard.iter().map(|said| said.envelope.id).collect();
    // The inbox first: a letter goes from there to the claims, never back.
    let inbox = store.inbox().among(&ids).await?;
    let acted = store.acted_upon(listener, &ids).await?;
    report.count("deliveries", heard.len());
    report.count("  acted upon once", acted.len());
    for said in heard {
        let envelope = &said.envelope;
        if acted.contains(&envelope.id) {
            continue;
        }
        let Envelope { id, event_type, key, source, .. } = envelope;
        let name = format!("events/{} at {listener}", id.uuid());
        match inbox.get(id) {
            None => report.wrong(
                name,
                "NEVER_CAME",
                format!(
                    "{event_type} about {key} left {source} and never came to {listener}: if \
                     {listener} is stopped, start it and look again; else say it again: \
                     motcua events redrive --from-log {}",
                    id.uuid()
                ),
            ),
            Some(None) => {
                report.count("  waiting in an inbox", 1);
                if is_late(said, now) && !is_held(store, *key).await? {
                    let wrong = format!(
                        "{event_type} about {key} waits in the inbox of {listener} since {}: see \
                         whether {listener} runs, and what it says",
                        envelope.occurred_at
                    );
                    report.wrong(name, "NOT_ACTED_UPON", wrong);
                }
            }
            Some(Some(parked)) => {
                report.count("  parked for a person", 1);
                report.wrong(
                    name,
                    "PARKED",
                    format!(
                        "{event_type} about {key} is parked at {listener} after {} attempts ({}): \
                         mend the cause, then redrive it",
                        parked.attempts, parked.reason
                    ),
                );
            }
        }
    }
    Ok(())
}

/// Whether what is about `key` waits behind a letter that is parked, and named for itself.
async fn is_held(store: &Store, key: Uuid) -> Result<bool, Fault> {
    let sought = Sought { key: Some(key), ..Sought::default() };
    Ok(!store.inbox().parked(&sought, 1).await?.is_empty())
}

fn store_of<'a>(stores: &'a Stores, name: &str) -> &'a Store {
    let named = stores.speakers().into_iter().find(|store| store.service() == name);
    named.unwrap_or(&stores.intake)
}

/// What the catalog says makes intake forget, which leaves no trace.
fn intake_acts(said: &Said) -> bool {
    is::<workflow::ProcessStarted>(said)
        || is::<workflow::SupplementNeeded>(said)
        || is::<workflow::DueDateChanged>(said)
        || is::<workflow::ResultApproved>(said)
        || is::<workflow::ProcessStopped>(said)
        || is::<workflow::StopRefused>(said)
        || is::<payment::PaymentRequested>(said)
        || is::<payment::PaymentSettled>(said)
        || is::<payment::PaymentLapsed>(said)
}

/// Before the acceptance there is no process.
fn workflow_acts(said: &Said) -> bool {
    is::<intake::DossierAccepted>(said)
        || is::<intake::SupplementDeclined>(said)
        || is::<intake::WithdrawalRequested>(said)
        || is::<intake::PaymentAwaited>(said)
        || is::<intake::PaymentMade>(said)
        || is::<intake::ResultReturned>(said)
        || is::<intake::DossierClosed>(said)
        || read::<intake::SupplementRequested>(said).is_some_and(|e| !e.before_acceptance)
        || read::<intake::SupplementProvided>(said).is_some_and(|e| !e.before_acceptance)
        || read::<intake::SupplementExpired>(said).is_some_and(|e| !e.before_acceptance)
        || read::<intake::DossierStopped>(said).is_some_and(|e| !e.before_acceptance)
        || is::<identity::RolesChanged>(said)
        || is::<identity::AccountDisabled>(said)
        || is::<identity::AccountEnabled>(said)
}

fn payment_acts(said: &Said) -> bool {
    is::<intake::DossierAccepted>(said) || is::<intake::DossierStopped>(said)
}

/// Whether it is news to somebody, and makes messages.
pub(super) fn is_news(said: &Said) -> bool {
    let silent = read::<intake::SupplementProvided>(said).is_some_and(|e| !e.before_acceptance);
    notification_acts(said) && !silent
}

fn notification_acts(said: &Said) -> bool {
    is::<intake::DossierSubmitted>(said)
        || is::<intake::DossierAccepted>(said)
        || is::<intake::SupplementRequested>(said)
        || is::<intake::SupplementProvided>(said)
        || is::<intake::PaperQuarantined>(said)
        || is::<intake::DossierRejected>(said)
        || is::<intake::WithdrawalRequested>(said)
        || is::<intake::DossierStopped>(said)
        || is::<intake::ResultReady>(said)
        || is::<intake::ResultReturned>(said)
        || is::<workflow::DueDateChanged>(said)
        || is::<workflow::DossierOverdue>(said)
        || is::<workflow::StopRefused>(said)
        || is::<workflow::OfficerDigestReady>(said)
        || is::<payment::PaymentRequested>(said)
        || is::<payment::PaymentSettled>(said)
        || is::<payment::PaymentLapsed>(said)
        || is::<payment::PaymentRefunded>(said)
}

fn is<E: Name>(said: &Said) -> bool {
    said.envelope.event_type == E::full_name()
}

/// The event, if it is of this type and can be read.
pub(super) fn read<E: Message + Name + Default>(said: &Said) -> Option<E> {
    if is::<E>(said) { E::decode(said.envelope.payload.as_slice()).ok() } else { None }
}

#[cfg(test)]
mod tests;
