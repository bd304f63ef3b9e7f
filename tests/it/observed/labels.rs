//! What is counted, name by name: that it says what it is, and about whom. Every label has values
//! that are known beforehand, so that no caller, no dossier and no defect makes series of its own.

use std::collections::{BTreeMap, BTreeSet};

use motcua::roles;

use crate::architecture::events;

/// The names of gRPC's codes, and the kinds of our own faults.
const ERRORS: [&str; 27] = [
    "OK",
    "CANCELLED",
    "UNKNOWN",
    "INVALID_ARGUMENT",
    "DEADLINE_EXCEEDED",
    "NOT_FOUND",
    "ALREADY_EXISTS",
    "PERMISSION_DENIED",
    "RESOURCE_EXHAUSTED",
    "FAILED_PRECONDITION",
    "ABORTED",
    "OUT_OF_RANGE",
    "UNIMPLEMENTED",
    "INTERNAL",
    "UNAVAILABLE",
    "DATA_LOSS",
    "UNAUTHENTICATED",
    "InvalidArgument",
    "Unauthenticated",
    "PermissionDenied",
    "NotFound",
    "AlreadyExists",
    "FailedPrecondition",
    "Aborted",
    "Unavailable",
    "DeadlineExceeded",
    "Internal",
];

/// Why providers do not take messages, what became of those they took, and why it is not heard.
const HANDOVER: [&str; 47] = [
    "AWAY",
    "TIMEOUT",
    "ACCOUNT",
    "FAILS",
    "THROTTLED",
    "UNCLEAR",
    "VINAPHONE_FAILS",
    "VINAPHONE_REFUSED",
    "ZALO_ACCOUNT",
    "ZALO_FAILS",
    "ZALO_NIGHT",
    "ZALO_NUMBER_REFUSED",
    "ZALO_PERSON_REFUSED",
    "ZALO_QUOTA",
    "ZALO_TEMPLATE",
    "ZALO_TEXT_REFUSED",
    "VIETTEL_ACCOUNT",
    "VIETTEL_FAILS",
    "VIETTEL_NAME",
    "VIETTEL_NUMBER_REFUSED",
    "VIETTEL_TEXT_REFUSED",
    "WEBHOOK_3XX",
    "WEBHOOK_4XX",
    "WEBHOOK_5XX",
    "WEBHOOK_GONE",
    "WEBHOOK_NOT_PUBLIC",
    "WEBHOOK_OFF",
    "SMTP_4XX",
    "SMTP_5XX",
    "SMTP_MAILBOX_4XX",
    "SMTP_MAILBOX_5XX",
    "SMPP_THROTTLED",
    "SMPP_QUEUE_FULL",
    "SMPP_NUMBER_REFUSED",
    "SMPP_LENGTH_REFUSED",
    "SMPP_REFUSED",
    "SMPP_FAILS",
    "MAGIC_LATER",
    "MAGIC_REFUSED",
    "ADDRESS_REFUSED",
    "TEXT_TOO_LONG",
    "NO_MAILBOX",
    "NO_TELEPHONE",
    "UNDELIVERABLE",
    "REJECTED",
    "REFUSED",
    "EXPIRED",
];

/// Who carries messages.
const PROVIDERS: [&str; 9] =
    ["smpp", "smtp", "spool", "magic", "vinaphone", "viettel", "zalo", "zalo-talk", "webhook"];

/// What each label may say.
fn values() -> BTreeMap<&'static str, BTreeSet<String>> {
    let all = |values: &[&str]| values.iter().map(ToString::to_string).collect::<BTreeSet<_>>();
    let each = |make: &dyn Fn(&str) -> Vec<String>, more: &[&str]| {
        let made = roles::ALL.iter().flat_map(|role| make(role));
        made.chain(more.iter().map(ToString::to_string)).collect::<BTreeSet<_>>()
    };
    let methods = motcua_proto::methods().iter().map(|m| m.path.trim_start_matches('/').to_owned());
    let events = events::names().into_iter().chain(["other".to_owned()]).collect();
    let pools = |role: &str| ["pool", "reader", "writer"].map(|p| format!("{role}/{p}")).to_vec();
    BTreeMap::from([
        ("rpc_system_name", all(&["grpc"])),
        ("rpc_method", methods.collect()),
        ("rpc_response_status_code", all(&ERRORS)),
        ("error_type", all(&ERRORS).union(&all(&HANDOVER)).cloned().collect()),
        ("motcua_provider", all(&PROVIDERS)),
        ("motcua_shift", all(&["away", "back"])),
        ("motcua_bounce", all(&["failed", "delayed", "arrived", "stranger", "other"])),
        ("motcua_answer", all(&["taken", "later", "refused"])),
        ("motcua_channel", all(&["sms", "email", "zalo", "webhook"])),
        ("messaging_system", all(&["motcua", "rabbitmq"])),
        ("messaging_operation_name", all(&["send", "process"])),
        (
            "messaging_destination_name",
            each(&|role| vec![format!("motcua.{role}")], &["motcua.events"]),
        ),
        ("cloudevents_event_type", events),
        ("motcua_service", each(&|role| vec![role.to_owned()], &[])),
        ("queue", all(&["own", "dead", "unrouted"])),
        (
            "what",
            all(&["unbalanced", "not_as_booked", "not_as_approved", "not_as_surplus"])
                .union(&all(&["not_booked", "not_as_stated", "receipt_gone"]))
                .cloned()
                .collect(),
        ),
        (
            "why",
            all(&["not_started", "no_task", "unanswered", "task_untaken"])
                .union(&all(&["discrepancy", "refund", "unconfirmed", "to_assess"]))
                .cloned()
                .collect(),
        ),
        (
            "dependency",
            each(&|role| vec![format!("store.{role}")], &["bus", "cache", "identity", "scanner"]),
        ),
        ("db_client_connection_pool_name", each(&pools, &[])),
        ("db_client_connection_state", all(&["used", "idle"])),
        ("signal", all(&["spans", "logs", "lines"])),
        ("reason", all(&["no_room", "not_taken"])),
    ])
}

/// Everything that is wrong with what `/metrics` answers.
pub(super) fn wrong(metrics: &str) -> Vec<String> {
    let known = values();
    let mut wrong = BTreeSet::new();
    let help = |line: &str| {
        let (name, says) = line.strip_prefix("# HELP ")?.split_once(' ')?;
        (says.len() > 10).then(|| name.to_owned())
    };
    let explained: BTreeSet<_> = metrics.lines().filter_map(help).collect();
    for line in metrics.lines() {
        if let Some((name, _)) = line.strip_prefix("# TYPE ").and_then(|l| l.split_once(' '))
            && !explained.contains(name)
        {
            wrong.insert(format!("{name} says nothing of itself"));
        }
        // Who tells is said once, by whatever tells this process from its twins.
        if line.starts_with("target_info") || line.starts_with('#') {
            continue;
        }
        for (label, value) in labels(line) {
            let bounded = match known.get(label) {
                Some(values) => values.contains(value),
                None => label == "le" && (value == "+Inf" || value.parse::<f64>().is_ok()),
            };
            if !bounded {
                wrong.insert(format!("{label}={value:?} is of no list known beforehand"));
            }
        }
    }
    wrong.into_iter().collect()
}

/// The labels of a line. No value of ours holds a comma or a quotation mark.
fn labels(line: &str) -> impl Iterator<Item = (&str, &str)> {
    let inside = line.split_once('{').and_then(|(_, rest)| rest.rsplit_once('}'));
    let pairs = inside.map_or("", |(labels, _)| labels).split(',');
    pairs.filter_map(|pair| {
        let (label, value) = pair.split_once('=')?;
        Some((label, value.trim_matches('"')))
    })
}

#[test]
fn a_series_of_its_own_is_found() {
    let metrics = "# HELP good How many there are.\n# TYPE good gauge\n\
                   good{motcua_service=\"intake\",le=\"0.5\"} 1\n\
                   # TYPE bad gauge\nbad{motcua_service=\"moon\",dossier=\"0197\"} 1\n";
    assert_eq!(
        wrong(metrics),
        [
            "bad says nothing of itself",
            "dossier=\"0197\" is of no list known beforehand",
            "motcua_service=\"moon\" is of no list known beforehand",
        ]
    );
}
