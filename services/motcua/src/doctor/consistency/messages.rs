//! Every message that was due was written once, and each that waits has a timer.

use std::collections::{HashMap, HashSet};

use motcua_fault::Fault;
use motcua_ids::{EventId, Uuid};
use motcua_intake::consistency as intake;
use motcua_notification::consistency::{self as notification, MessageFacts};
use motcua_post::Said;
use motcua_proto::notification::v1::{MessageDelivered, MessageFailed};
use motcua_store::Store;

use super::{
    BATCH, Report, Stores,
    events::{is_news, read},
};

pub(super) async fn prove(stores: &Stores, report: &mut Report) -> Result<(), Fault> {
    for speaker in [&stores.intake, &stores.workflow] {
        let mut seq = 0;
        loop {
            let batch = speaker.outbox().behind(seq, BATCH).await?;
            let Some(last) = batch.last() else { break };
            seq = last.seq;
            let news: Vec<_> = batch.iter().filter(|said| is_news(said)).collect();
            told(stores, &news, report).await?;
        }
    }
    each(stores, report).await?;
    handed_over(&stores.notification, report).await
}

/// Of every news that was acted upon: one message a channel, and one in the
/// inbox of whoever has an account.
async fn told(stores: &Stores, news: &[&Said], report: &mut Report) -> Result<(), Fault> {
    let ids: Vec<EventId> = news.iter().map(|said| said.envelope.id).collect();
    let acted = stores.notification.acted_upon("notification", &ids).await?;
    let mut made: HashMap<Uuid, Vec<MessageFacts>> = HashMap::new();
    for message in notification::of_events(stores.notification.reader(), &ids).await? {
        made.entry(message.event).or_default().push(message);
    }
    let about: Vec<_> = news.iter().map(|said| said.envelope.key).collect();
    let known = intake::known(stores.intake.reader(), &about).await?;
    let accounts: HashSet<_> = known
        .iter()
        .filter(|dossier| dossier.account.is_some())
        .map(|dossier| dossier.id)
        .collect();
    for said in news {
        let envelope = &said.envelope;
        let messages = made.get(&envelope.id.uuid()).map_or(&[][..], Vec::as_slice);
        let name = format!("events/{}", envelope.id.uuid());
        let mut channels = HashMap::new();
        for message in messages {
            *channels.entry(message.channel.as_str()).or_insert(0) += 1;
        }
        for (channel, times) in channels.into_iter().filter(|(_, times)| *times > 1) {
            let wrong = format!("{} made {times} messages", envelope.event_type);
            report.wrong(format!("{name} for {channel}"), "TOLD_AGAIN", wrong);
        }
        let due = acted.contains(&envelope.id) && accounts.contains(&envelope.key);
        if due && !messages.iter().any(MessageFacts::is_in_inbox) {
            report.wrong(
                name,
                "UNTOLD",
                format!(
                    "{} about dossiers/{} made no message in the citizen's inbox: tell the citizen",
                    envelope.event_type, envelope.key
                ),
            );
        }
    }
    Ok(())
}

/// Each is about a dossier there is, and each that waits is waited for by a timer.
async fn each(stores: &Stores, report: &mut Report) -> Result<(), Fault> {
    let store = &stores.notification;
    let mut after = Uuid::nil();
    loop {
        let batch = notification::behind(store.reader(), after, BATCH).await?;
        let Some(last) = batch.last() else { return Ok(()) };
        after = last.id;
        report.count("messages", batch.len());
        let waits: Vec<_> = batch.iter().filter(|m| m.waits()).map(|m| m.id).collect();
        report.count("  waiting to be handed over", waits.len());
        let timers = store.timers(notification::deliveries(), &waits).await?;
        for id in waits.iter().filter(|id| !timers.contains_key(id)) {
            report.wrong(format!("messages/{id}"), "NO_TIMER", "waits, and no timer hands it over");
        }
        about(stores, &batch, report).await?;
    }
}

/// What was told of a dossier holds for the dossier there is: one that was told and is
/// gone, or has another code, is known to people and not to intake.
async fn about(
    stores: &Stores,
    messages: &[MessageFacts],
    report: &mut Report,
) -> Result<(), Fault> {
    // An officer's digest is about no single dossier.
    let messages = || messages.iter().filter(|message| !message.dossier.is_nil());
    let ids: HashSet<_> = messages().map(|message| message.dossier).collect();
    let ids: Vec<_> = ids.into_iter().collect();
    let known = intake::known(stores.intake.reader(), &ids).await?;
    let codes: HashMap<_, _> =
        known.into_iter().map(|dossier| (dossier.id, dossier.code)).collect();
    for message in messages() {
        let MessageFacts { dossier, code, .. } = message;
        let name = format!("messages/{}", message.id);
        match codes.get(dossier) {
            None => report.wrong(
                name,
                "TOLD_AND_GONE",
                format!(
                    "tells of dossiers/{dossier} ({code}), which intake does not know: restore it"
                ),
            ),
            // Before the acceptance at a desk there is no code to tell.
            Some(known) if !code.is_empty() && known.as_deref() != Some(code.as_str()) => report
                .wrong(
                    name,
                    "TOLD_OTHER_CODE",
                    format!("tells of dossiers/{dossier} under {code}, and its row has {known:?}"),
                ),
            Some(_) => {}
        }
    }
    Ok(())
}

/// Each was handed over, or given up, once.
async fn handed_over(store: &Store, report: &mut Report) -> Result<(), Fault> {
    let (mut ended, mut seq) = (HashSet::new(), 0);
    loop {
        let batch = store.outbox().behind(seq, BATCH).await?;
        let Some(last) = batch.last() else { return Ok(()) };
        seq = last.seq;
        for said in &batch {
            let name = read::<MessageDelivered>(said)
                .map(|event| event.message)
                .or_else(|| read::<MessageFailed>(said).map(|event| event.message));
            let Some(name) = name else { continue };
            if !ended.insert(name.clone()) {
                report.wrong(name, "HANDED_OVER_AGAIN", "was handed over twice");
            }
        }
    }
}
