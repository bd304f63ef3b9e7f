//! Messages that are well formed and make no sense, made from the contracts'
//! descriptors: they get past the codec and meet the code behind it.

use std::collections::HashMap;

use motcua::demo::world::request_id;
use prost::{
    Message,
    encoding::{WireType, encode_key, encode_varint},
};
use prost_types::{
    DescriptorProto, FieldDescriptorProto, FileDescriptorSet,
    field_descriptor_proto::{Label, Type},
};
use rand::{RngExt, rngs::StdRng};

/// Deeper than any message of ours.
const DEPTH: usize = 8;

const COLLECTIONS: [&str; 16] = [
    "accounts",
    "agencies",
    "calendars",
    "clockPolicies",
    "desks",
    "dossiers",
    "fields",
    "messages",
    "papers",
    "procedureVersions",
    "procedures",
    "processes",
    "results",
    "supplements",
    "tasks",
    "templates",
];

const WORDS: [&str; 14] = [
    "",
    "x",
    " ",
    "\0",
    "-1",
    "2026-02-30",
    "99999-01-01",
    "'; DROP TABLE dossiers; --",
    "%",
    "../..",
    "accounts/me",
    "\u{202e}tới",
    "٣٤",
    "e\u{301}\u{301}\u{301}",
];

const NUMBERS: [u64; 8] = [0, 1, 7, 101, 9_999, i32::MAX as u64, i64::MAX as u64, u64::MAX];

/// Knows every message of the contracts.
pub(super) struct Forge(HashMap<String, DescriptorProto>);

impl Forge {
    pub(super) fn new() -> Self {
        let set = FileDescriptorSet::decode(motcua_proto::DESCRIPTORS).unwrap();
        let mut messages = HashMap::new();
        for file in set.file {
            collect(file.package(), &file.message_type, &mut messages);
        }
        Self(messages)
    }

    /// A message of that name. Its `request_id` is sound, so that the rest is read.
    pub(super) fn message(&self, name: &str, rng: &mut StdRng) -> Vec<u8> {
        let mut bytes = Vec::new();
        self.fill(name, DEPTH, rng, &mut bytes);
        bytes
    }

    /// Whether a message has a field of that name.
    pub(super) fn has(&self, message: &str, field: &str) -> bool {
        self.0.get(message).is_some_and(|message| message.field.iter().any(|f| f.name() == field))
    }

    fn fill(&self, name: &str, depth: usize, rng: &mut StdRng, bytes: &mut Vec<u8>) {
        let Some(message) = self.0.get(name) else { return };
        for field in &message.field {
            let times = match field.label() {
                Label::Repeated => rng.random_range(0..3),
                _ => usize::from(field.name() == "request_id" || rng.random_bool(0.8)),
            };
            for _ in 0..times {
                self.put(field, depth, rng, bytes);
            }
        }
    }

    fn put(
        &self,
        field: &FieldDescriptorProto,
        depth: usize,
        rng: &mut StdRng,
        bytes: &mut Vec<u8>,
    ) {
        let number = u32::try_from(field.number()).unwrap();
        let inner = match field.r#type() {
            Type::String if field.name() == "request_id" => request_id().into_bytes(),
            Type::String => text(rng).into_bytes(),
            Type::Bytes => (0..rng.random_range(0..100)).map(|_| rng.random()).collect(),
            Type::Message if depth > 0 => {
                let mut inner = Vec::new();
                self.fill(field.type_name().trim_start_matches('.'), depth - 1, rng, &mut inner);
                inner
            }
            Type::Message => return,
            Type::Double => {
                encode_key(number, WireType::SixtyFourBit, bytes);
                let value = [f64::NAN, f64::INFINITY, -0.5, 1e300][rng.random_range(0..4)];
                return bytes.extend(value.to_le_bytes());
            }
            _ => {
                encode_key(number, WireType::Varint, bytes);
                return encode_varint(NUMBERS[rng.random_range(0..NUMBERS.len())], bytes);
            }
        };
        encode_key(number, WireType::LengthDelimited, bytes);
        encode_varint(inner.len() as u64, bytes);
        bytes.extend(inner);
    }
}

fn collect(scope: &str, messages: &[DescriptorProto], into: &mut HashMap<String, DescriptorProto>) {
    for message in messages {
        let name = format!("{scope}.{}", message.name());
        collect(&name, &message.nested_type, into);
        into.insert(name, message.clone());
    }
}

fn text(rng: &mut StdRng) -> String {
    match rng.random_range(0..10) {
        0..5 => {
            let collection = COLLECTIONS[rng.random_range(0..COLLECTIONS.len())];
            format!("{collection}/{}", request_id())
        }
        5..9 => WORDS[rng.random_range(0..WORDS.len())].to_owned(),
        _ => "ệ".repeat(rng.random_range(100..40_000)),
    }
}
