//! Whatever reads what others wrote is tried with everything there is: a new reader
//! comes into one of these tables, or this test fails.

use super::{
    rooms::is_test,
    rust::code,
    tree::{none, texts},
};

/// By what a reader is known.
const READS: [&str; 13] = [
    "from_str(",
    "from_slice(",
    "from_utf8(",
    "from_utf8_lossy(",
    "from_value(",
    "from_der(",
    "FromStr for",
    "fn parse(",
    "try_parse(",
    "parse_from_str(",
    "::decode(",
    ".parse()",
    ".parse::<",
];

/// Where what others wrote is read, and the test that tries it with anything.
const TRIED: [(&str, &str); 47] = [
    ("libs/bus/src/rabbitmq/", "what_stands_on_a_queue_is_an_event_or_none"),
    ("libs/config/src/", "any_file_variable_or_argument_is_settings_or_an_error_that_tells_where"),
    ("libs/fees/src/", "any_formula_is_sound_or_told_why_not"),
    ("libs/files/src/sniff.rs", "any_beginning_is_of_some_type_or_none"),
    ("libs/files/src/clamd.rs", "nothing_but_a_plain_ok_lets_a_file_through"),
    ("libs/ids/src/", "what_is_read_is_read_again_the_same"),
    ("libs/rpc/src/call.rs", "no_message_makes_a_method_fail"),
    ("libs/rpc/src/deadline.rs", "headers"),
    ("libs/rpc/src/door.rs", "any_headers_are_read_or_refused"),
    ("libs/rpc/src/json.rs", "no_message_makes_a_method_fail"),
    ("libs/rpc/src/outgoing.rs", "any_headers_are_read_or_refused"),
    ("libs/rpc/src/pages.rs", "page_tokens"),
    ("libs/rpc/src/proxies.rs", "headers"),
    ("libs/rpc/src/status.rs", "what_a_neighbour_refuses_with"),
    ("libs/rpc/src/tls/", "any_certificate_is_read_or_is_none"),
    ("libs/rpc/src/token.rs", "tokens"),
    ("libs/sealing/src/keyfile.rs", "any_file_is_a_ring_or_an_error_that_names_it"),
    ("libs/keys/src/", "any_file_is_a_key_or_an_error"),
    ("libs/paywire/src/national.rs", "any_confirmation_is_read_or_refused"),
    ("libs/paywire/src/reference.rs", "any_memo_is_read"),
    ("libs/paywire/src/secrets.rs", "any_query_is_a_notice_or_says_nothing"),
    ("libs/paywire/src/statement/", "any_bytes_are_a_statement_or_are_refused"),
    ("libs/paywire/src/time.rs", "any_confirmation_is_read_or_refused"),
    ("libs/paywire/src/vietqr.rs", "any_text_is_a_code_or_is_refused"),
    ("libs/paywire/src/vnpay", "any_query_is_a_notice_or_says_nothing"),
    ("libs/telemetry/src/calls.rs", "any_headers_are_read_or_refused"),
    ("libs/telemetry/src/propagation.rs", "any_headers_are_read_or_refused"),
    ("libs/vn/src/", "what_is_read_is_read_again_the_same"),
    ("services/catalog/src/app/forms.rs", "any_schema_is_sound_or_told_why_not"),
    ("services/catalog/src/app/import/", "any_file_is_rows_or_unreadable"),
    ("services/catalog/src/domain/number.rs", "what_is_read_is_read_again_the_same"),
    ("services/identity/src/app/revocations.rs", "any_text_is_a_cursor_or_none"),
    ("libs/outside/src/", "any_answer_is_a_set_of_keys_or_none"),
    ("services/identity/src/providers/keys.rs", "any_answer_is_a_set_of_keys_or_none"),
    ("services/identity/src/providers/signature.rs", "any_text_is_a_signed_token_or_not_taken"),
    ("services/identity/src/domain/value.rs", "any_text_is_a_value_or_malformed"),
    ("services/intake/src/app/form.rs", "any_answers_are_right_or_told_what_is_wrong"),
    ("services/motcua/src/commands/events/", "any_text_is_a_place_or_none"),
    ("services/notification/src/domain/talk/word.rs", "any_text_is_a_word_or_none"),
    ("services/notification/src/domain/bounce.rs", "any_letter_is_read_or_set_aside"),
    ("services/notification/src/providers/bounces/", "any_letter_is_read_or_set_aside"),
    ("services/notification/src/providers/smpp/", "any_octets_are_a_receipt_or_none"),
    ("services/notification/src/providers/viettel.rs", "any_answer_is_read_or_says_nothing"),
    ("services/notification/src/providers/zalo/events.rs", "any_event_is_read_or_refused"),
    ("services/notification/src/providers/zalo/", "any_time_is_read_or_none"),
    ("services/payment/src/gateways/national.rs", "any_confirmation_is_read_or_refused"),
    // Each service's translation of messages.
    ("/src/grpc/", "no_message_makes_a_method_fail"),
];

/// Where what is read is our own: rows, events, settings and words that this system wrote.
const OWN: [(&str, &str); 27] = [
    ("/src/store/", "rows"),
    ("libs/store/src/", "rows"),
    ("libs/audit/src/", "rows, each hashed and signed"),
    ("libs/quarantine/src/", "words of rows"),
    ("libs/bus/src/subscription.rs", "a body that does not decode is parked: events"),
    ("libs/cache/src/contract.rs", "a test"),
    ("libs/clockwire/src/lib.rs", "events"),
    ("libs/context/src/", "words of tokens and rows that were checked before"),
    ("libs/files/src/", "names and lengths of files that this system wrote"),
    ("libs/rpc/src/wire.rs", "addresses of the settings"),
    ("libs/sealing/src/", "octets under a seal that was checked"),
    ("libs/service/src/health.rs", "what a test says, in mode test"),
    ("libs/service/src/watch.rs", "names of files"),
    ("libs/telemetry/src/", "settings"),
    ("services/catalog/src/domain/samples.rs", "a test"),
    ("services/identity/src/app/tokens.rs", "keys under seal"),
    ("services/identity/src/domain/", "words of rows"),
    ("services/intake/src/domain/", "words of rows"),
    ("services/motcua/src/", "what the operator's own commands are given"),
    ("services/notification/src/config", "settings"),
    ("services/notification/src/domain/tariff.rs", "settings"),
    ("services/notification/src/domain/zns.rs", "words of messages"),
    (
        "services/notification/src/providers/smtp/letter.rs",
        "settings, and addresses that were read",
    ),
    ("services/notification/src/domain/webhook.rs", "keys under seal"),
    ("services/notification/src/providers/webhook.rs", "addresses that were read"),
    ("services/workflow/src/config.rs", "settings"),
    ("services/workflow/src/domain/plan.rs", "plans that were published"),
];

#[test]
fn every_reader_is_tried_with_anything() {
    let mut broken = Vec::new();
    let mut readers = 0;
    let sources = texts("libs", &[".rs"]).into_iter().chain(texts("services", &[".rs"]));
    for file in sources.filter(|file| is_source(&file.path)) {
        let code = code(&file.text);
        if !READS.iter().any(|mark| code.contains(mark)) {
            continue;
        }
        readers += 1;
        if !TRIED.iter().chain(&OWN).any(|(place, _)| file.path.contains(place)) {
            broken.push(format!("{} reads something: say what tries it", file.path));
        }
    }
    assert!(readers > 50, "only {readers} readers found");
    println!("{readers} files read something");
    none("a reader is not tried", &broken);
}

/// What runs in production.
fn is_source(path: &str) -> bool {
    path.contains("/src/") && !is_test(path) && !path.starts_with("libs/testkit/")
}

#[test]
fn every_trial_is_there() {
    let all: Vec<_> =
        ["libs", "services", "tests"].map(|at| texts(at, &[".rs"])).into_iter().flatten().collect();
    let is_trial = |test: &str| {
        let name = format!("fn {test}(");
        all.iter().any(|file| {
            file.text.contains(&name)
                && ["proptest! {", "StdRng::seed_from_u64"].iter().any(|by| file.text.contains(by))
        })
    };
    let missing = TRIED.iter().filter(|(_, test)| !is_trial(test));
    none("a trial is not there", &missing.map(|(_, test)| (*test).to_owned()).collect::<Vec<_>>());
}
