//! Every list comes in pages: the contracts say so, and the product holds to it.

use motcua_proto::Method;
use motcua_tests::sandbox::{Sandbox, Topology};
use prost::{
    Message,
    encoding::{WireType, encode_key, encode_varint},
};
use prost_types::{DescriptorProto, FileDescriptorSet};
use tonic::Code;

use super::{
    callers::{Caller, everybody},
    doors,
    hostile::somebody_admitted,
    none,
    raw::{Answer, call},
};

/// Lists without pages, and what bounds them.
const WHOLE: [(&str, &str); 1] =
    [("ListRevocations", "a feed: a thousand at once, the rest from the cursor it answers")];

/// Lists of something that has to be named.
const OF: [(&str, &str); 5] = [
    ("ListActs", "parent"),
    ("ListProcedureVersions", "procedure"),
    ("ListTasks", "agency"),
    ("ListTillClosings", "agency"),
    ("ListTimeline", "dossier"),
];

/// Rows of a page at the most.
const LARGEST: usize = 100;

/// A list as its contract declares it.
struct List {
    method: &'static Method,
    size: u32,
    token: u32,
    /// The field of the answer with the rows.
    rows: u32,
}

#[tokio::test(flavor = "multi_thread")]
async fn every_list_is_cut_into_pages() {
    let sandbox = Sandbox::start(Topology::OneProcess).await.unwrap();
    let callers = everybody(&sandbox, &sandbox.world().unwrap()).await;
    let wire = doors(&sandbox);
    let (lists, mut broken) = lists();
    for list in &lists {
        let caller: &Caller = somebody_admitted(list.method, &callers);
        let ask = async |message: Vec<u8>| {
            let token = caller.token(list.method);
            call(&wire, list.method.path, token.as_deref(), vec![message.into()]).await
        };
        let mut wrong = |what: &str, answer: &Answer| {
            let Answer { code, reason, text, .. } = answer;
            broken.push(format!("{}: {what}: {code:?} {reason} {text}", list.method.path));
        };
        let negative = ask(number(list.size, u64::MAX)).await;
        if negative.code != Code::InvalidArgument || !negative.text.contains("PAGE_SIZE_INVALID") {
            wrong("a negative size", &negative);
        }
        let of = OF.iter().find(|(name, _)| *name == list.method.name);
        if of.is_some_and(|(_, field)| !negative.text.contains(&format!("; {field} "))) {
            wrong("what else was wrong with it", &negative);
        }
        for token in ["x", "bm90IGEgdG9rZW4", &"A".repeat(60_000)] {
            let foreign = ask(text(list.token, token)).await;
            let refused = foreign.text.contains("PAGE_TOKEN_INVALID");
            if foreign.code != Code::InvalidArgument || !refused {
                wrong("a token that is none", &foreign);
            }
        }
        let all = ask(number(list.size, i32::MAX.cast_unsigned().into())).await;
        if all.text.contains("page_size") || rows(&all, list.rows) > LARGEST {
            wrong("all at once", &all);
        }
    }
    for (name, _) in OF {
        assert!(lists.iter().any(|list| list.method.name == name), "{name} is no list");
    }
    println!("{} lists, {} without pages", lists.len(), WHOLE.len());
    none("a list is not cut into pages", &broken);
}

/// The lists of the contracts, and what is wrong with how they are declared.
fn lists() -> (Vec<List>, Vec<String>) {
    let set = FileDescriptorSet::decode(motcua_proto::DESCRIPTORS).unwrap();
    let (mut lists, mut broken) = (Vec::new(), Vec::new());
    for method in motcua_proto::methods() {
        let package = method.service.rsplit_once('.').unwrap().0;
        let file = set.file.iter().filter(|file| file.package() == package);
        let messages: Vec<_> = file.flat_map(|file| &file.message_type).collect();
        let asked = message(&messages, method.input);
        let size = asked.and_then(|message| field(message, "page_size"));
        let token = asked.and_then(|message| field(message, "page_token"));
        let answer = message(&messages, &format!("{package}.{}Response", method.name));
        let next = answer.and_then(|message| field(message, "next_page_token"));
        match (size, token, next) {
            (Some(size), Some(token), Some(_)) => {
                let rows = answer.and_then(|message| {
                    message.field.iter().find(|field| field.label() as i32 == 3)
                });
                let rows = rows.map_or(1, |field| field.number().cast_unsigned());
                lists.push(List { method, size, token, rows });
            }
            (None, None, None) => {
                let is_list = ["List", "Search"].iter().any(|verb| method.name.starts_with(verb));
                if is_list && !WHOLE.iter().any(|(name, _)| *name == method.name) {
                    broken.push(format!("{} has no pages", method.path));
                }
            }
            _ => broken.push(format!("{} has half of what pages need", method.path)),
        }
    }
    (lists, broken)
}

fn message<'a>(messages: &[&'a DescriptorProto], name: &str) -> Option<&'a DescriptorProto> {
    let name = name.rsplit('.').next()?;
    messages.iter().find(|message| message.name() == name).copied()
}

fn field(message: &DescriptorProto, name: &str) -> Option<u32> {
    let field = message.field.iter().find(|field| field.name() == name)?;
    Some(field.number().cast_unsigned())
}

fn number(field: u32, value: u64) -> Vec<u8> {
    let mut bytes = Vec::new();
    encode_key(field, WireType::Varint, &mut bytes);
    encode_varint(value, &mut bytes);
    bytes
}

fn text(field: u32, value: &str) -> Vec<u8> {
    let mut bytes = Vec::new();
    encode_key(field, WireType::LengthDelimited, &mut bytes);
    encode_varint(value.len() as u64, &mut bytes);
    bytes.extend(value.as_bytes());
    bytes
}

/// How often a field of messages stands in an answer.
fn rows(answer: &Answer, field: u32) -> usize {
    use prost::encoding::{DecodeContext, decode_key, skip_field};
    let mut count = 0;
    for message in &answer.messages {
        let mut rest = message.clone();
        while let Ok((number, kind)) = decode_key(&mut rest) {
            count += usize::from(number == field);
            skip_field(kind, number, &mut rest, DecodeContext::default()).unwrap();
        }
    }
    count
}
