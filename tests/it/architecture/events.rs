//! Every event is heard, or it is said why not; and none names a person.

use std::collections::BTreeSet;

use prost_types::{FileDescriptorProto, field_descriptor_proto::Type};

use super::{
    descriptors::files,
    rust::{code, has_word},
    tree::{none, services, texts},
};

/// Events that nobody hears, and why they are said all the same.
const UNHEARD: [(&str, &str); 5] = [
    ("motcua.identity.v1.AccountRegistered", "for other systems at the broker"),
    ("motcua.workflow.v1.TaskAssigned", "for other systems at the broker; the queue shows it"),
    ("motcua.workflow.v1.DossierNearDue", "for other systems at the broker; the queue shows it"),
    ("motcua.notification.v1.MessageDelivered", "for other systems at the broker"),
    ("motcua.notification.v1.MessageFailed", "for other systems at the broker"),
];

/// Words of field names that would hold personal data.
const PERSONAL: [&str; 12] = [
    "phone",
    "telephone",
    "email",
    "full_name",
    "citizen_number",
    "tax_code",
    "birth",
    "address",
    "answers",
    "reason",
    "text",
    "note",
];

fn event_files() -> Vec<FileDescriptorProto> {
    let mut files = files();
    files.retain(|file| file.name().ends_with("/events.proto"));
    files
}

/// Full names of the messages that are published: those that no other message is made of.
fn events(files: &[FileDescriptorProto]) -> Vec<String> {
    let parts: BTreeSet<_> = files
        .iter()
        .flat_map(|file| &file.message_type)
        .flat_map(|message| &message.field)
        .map(|field| field.type_name().trim_start_matches('.').to_owned())
        .collect();
    files
        .iter()
        .flat_map(|file| {
            file.message_type.iter().map(|m| format!("{}.{}", file.package(), m.name()))
        })
        .filter(|name| !parts.contains(name))
        .collect()
}

/// Full names of all events there are.
pub(crate) fn names() -> Vec<String> {
    events(&event_files())
}

#[test]
fn every_event_has_a_consumer() {
    let mut listening = String::new();
    for service in services() {
        for file in texts(&format!("services/{service}/src/events"), &[".rs"]) {
            // What a service says is not what it hears.
            if !file.path.ends_with("/publish.rs") {
                listening.push_str(&code(&file.text));
            }
        }
    }
    let mut broken = Vec::new();
    let events = events(&event_files());
    for event in &events {
        let name = event.rsplit('.').next().unwrap();
        let heard = has_word(&listening, name);
        let excused = UNHEARD.iter().any(|(unheard, _)| unheard == event);
        if heard == excused {
            let what = if heard { "is heard, yet listed as unheard" } else { "is heard by nobody" };
            broken.push(format!("{event} {what}"));
        }
    }
    for (unheard, _) in UNHEARD.iter().filter(|(unheard, _)| !events.iter().any(|e| e == unheard)) {
        broken.push(format!("{unheard} is listed as unheard, yet does not exist"));
    }
    none("an event goes nowhere", &broken);
}

#[test]
fn events_hold_no_personal_data() {
    let mut broken = Vec::new();
    for file in event_files() {
        for message in &file.message_type {
            for field in message.field.iter().filter(|field| field.r#type() == Type::String) {
                if let Some(word) = PERSONAL.iter().find(|word| has_part(field.name(), word)) {
                    broken.push(format!("{}.{}: {word}", message.name(), field.name()));
                }
            }
        }
    }
    none("an event may hold personal data", &broken);
}

#[test]
fn events_about_a_dossier_can_be_put_in_order() {
    let mut broken = Vec::new();
    for file in event_files() {
        for message in &file.message_type {
            let has = |name: &str| message.field.iter().any(|field| field.name() == name);
            if has("dossier") && !(has("version") && has("code")) {
                broken.push(message.name().to_owned());
            }
        }
    }
    none("an event about a dossier lacks its version or its code", &broken);
}

/// Whether `word` is one or several whole parts of a snake_case name.
fn has_part(name: &str, word: &str) -> bool {
    format!("_{name}_").contains(&format!("_{word}_"))
}
