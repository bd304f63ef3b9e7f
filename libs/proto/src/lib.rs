//! The contracts of `proto/`, generated: messages, clients, servers, the
//! descriptor set, and the tables read from them. No hand-written logic enters.
#![allow(
    missing_docs,
    unreachable_pub,
    clippy::all,
    clippy::pedantic,
    clippy::allow_attributes,
    reason = "generated code; its documentation is in the .proto files"
)]

include!(concat!(env!("OUT_DIR"), "/packages.rs"));
include!(concat!(env!("OUT_DIR"), "/tables.rs"));

/// The encoded `FileDescriptorSet` of all contracts, with source information and options.
pub static DESCRIPTORS: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/descriptors.bin"));

/// A request that changes something, and so carries an idempotency key (AIP-155).
pub trait Mutation: prost::Message {
    /// A UUIDv4 chosen by the caller; a repeated one answers as the first did.
    fn request_id(&self) -> &str;
}

/// One RPC as its contract declares it.
#[derive(Debug, Clone, Copy)]
pub struct Method {
    /// The HTTP/2 path: `/motcua.intake.v1.IntakeService/AcceptDossier`.
    pub path: &'static str,
    pub service: &'static str,
    pub name: &'static str,
    /// Full name of the request message.
    pub input: &'static str,
    /// Whether bytes flow in several messages: such a call has a longer deadline.
    pub streaming: bool,
    pub rule: Option<Rule>,
}

/// `motcua.access.v1.Rule`, as data.
#[derive(Debug, Clone, Copy)]
pub struct Rule {
    pub public: bool,
    pub citizen: bool,
    /// Values of `motcua.access.v1.Role`.
    pub roles: &'static [i32],
    pub services: &'static [&'static str],
    pub scopes: &'static [&'static str],
}

/// Every method of every service, in the order of the files.
pub fn methods() -> &'static [Method] {
    METHODS
}

/// The method at an HTTP/2 path.
pub fn method(path: &str) -> Option<&'static Method> {
    METHODS.iter().find(|m| m.path == path)
}
