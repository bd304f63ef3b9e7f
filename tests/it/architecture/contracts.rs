//! Every method is documented, ruled, repeatable and paged.

use prost_types::{DescriptorProto, FileDescriptorProto};

use super::{
    descriptors::{comment, files, message},
    tree::{none, services},
};

/// First words of methods that change nothing.
const READS: [&str; 12] = [
    "Get", "BatchGet", "List", "Search", "LookUp", "Download", "Preview", "Print", "Estimate",
    "Explain", "Check", "Count",
];

/// Mutations that may be sent twice without a `request_id`, and why.
const REPEATABLE: [(&str, &str); 2] = [
    (
        "motcua.identity.v1.AuthService/IssueSystemToken",
        "stores nothing: each answer is a fresh short-lived token",
    ),
    (
        "motcua.identity.v1.AuthService/BeginSignIn",
        "stores nothing: each answer is a fresh short-lived ticket",
    ),
];

/// Lists that are not pages, and why.
const UNPAGED: [(&str, &str); 1] = [(
    "motcua.identity.v1.AuthService/ListRevocations",
    "a feed: the reader keeps its own cursor and never goes back",
)];

/// Field numbers in descriptor.proto: a file's services, a service's methods.
const SERVICE: i32 = 6;
const METHOD: i32 = 2;

/// One method with its messages.
struct Method {
    name: String,
    full: String,
    comment: String,
    input: DescriptorProto,
    output: DescriptorProto,
    uploads: bool,
}

fn methods(files: &[FileDescriptorProto]) -> Vec<Method> {
    let mut methods = Vec::new();
    for file in files {
        for (s, service) in (0..).zip(&file.service) {
            for (m, method) in (0..).zip(&service.method) {
                let of = |name: &str| {
                    message(files, name.trim_start_matches('.')).cloned().unwrap_or_default()
                };
                methods.push(Method {
                    name: method.name().to_owned(),
                    full: format!("{}.{}/{}", file.package(), service.name(), method.name()),
                    comment: comment(file, &[SERVICE, s, METHOD, m]).to_owned(),
                    input: of(method.input_type()),
                    output: of(method.output_type()),
                    uploads: method.client_streaming(),
                });
            }
        }
    }
    assert!(methods.len() > 50, "too few methods found");
    methods
}

fn changes(method: &str) -> bool {
    !READS.iter().any(|read| {
        method.strip_prefix(read).is_some_and(|rest| rest.starts_with(|c: char| c.is_uppercase()))
    })
}

fn has(message: &DescriptorProto, field: &str) -> bool {
    message.field.iter().any(|found| found.name() == field)
}

#[test]
fn every_method_has_a_comment() {
    let methods = methods(&files());
    let bare = methods.iter().filter(|method| method.comment.len() < 20);
    none("a method says nothing about itself", &bare.map(|m| m.full.clone()).collect::<Vec<_>>());
}

#[test]
fn every_method_has_an_access_rule() {
    let mut broken = Vec::new();
    let services = services();
    for method in motcua_proto::methods() {
        let Some(rule) = method.rule else {
            broken.push(format!("{} has no rule", method.path));
            continue;
        };
        let somebody = rule.public
            || rule.citizen
            || !(rule.roles.is_empty() && rule.services.is_empty() && rule.scopes.is_empty());
        if !somebody {
            broken.push(format!("{} admits nobody", method.path));
        }
        if rule.roles.contains(&0) {
            broken.push(format!("{} admits the unspecified role", method.path));
        }
        for service in rule.services.iter().filter(|s| !services.iter().any(|known| known == *s)) {
            broken.push(format!("{} admits {service}, which is no service", method.path));
        }
    }
    none("a method's access rule is wrong", &broken);
}

#[test]
fn every_mutation_has_a_request_id() {
    let files = files();
    let mut broken = Vec::new();
    for method in methods(&files).iter().filter(|method| changes(&method.name)) {
        // An upload may carry it in its first message, which is one of several kinds.
        let heads = method.input.field.iter().filter_map(|field| {
            message(&files, field.type_name().trim_start_matches('.')).filter(|_| method.uploads)
        });
        let carries = has(&method.input, "request_id")
            || heads.into_iter().any(|head| has(head, "request_id"));
        let excused = REPEATABLE.iter().any(|(name, _)| *name == method.full);
        if carries == excused {
            broken.push(method.full.clone());
        }
    }
    none("a mutation cannot be repeated safely: it has no request_id", &broken);
}

#[test]
fn no_read_has_a_request_id() {
    let methods = methods(&files());
    let odd = methods.iter().filter(|m| !changes(&m.name) && has(&m.input, "request_id"));
    none("a read carries a request_id", &odd.map(|m| m.full.clone()).collect::<Vec<_>>());
}

/// A list that is not paged works until the day it does not.
#[test]
fn every_list_is_paged() {
    let methods = methods(&files());
    let lists =
        methods.iter().filter(|m| m.name.starts_with("List") || m.name.starts_with("Search"));
    let wrong = lists.filter(|m| {
        let paged = has(&m.input, "page_size")
            && has(&m.input, "page_token")
            && has(&m.output, "next_page_token");
        paged == UNPAGED.iter().any(|(name, _)| *name == m.full)
    });
    none("a list is not paged", &wrong.map(|m| m.full.clone()).collect::<Vec<_>>());
}

/// A change by mask without an etag, in the request or in its resource, loses another's change.
#[test]
fn every_masked_update_has_an_etag() {
    let files = files();
    let methods = methods(&files);
    let masked = methods.iter().filter(|m| has(&m.input, "update_mask"));
    let blind = masked.filter(|m| {
        let parts = m.input.field.iter().map(|f| f.type_name().trim_start_matches('.'));
        let guarded = parts.filter_map(|part| message(&files, part)).any(|part| has(part, "etag"));
        !(guarded || has(&m.input, "etag"))
    });
    none("an update can lose another's", &blind.map(|m| m.full.clone()).collect::<Vec<_>>());
}
