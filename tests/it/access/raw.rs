//! A client that knows no contract: bytes to a path, a code and a reason back.

use std::time::Duration;

use bytes::{Buf, BufMut, Bytes};
use http::uri::PathAndQuery;
use motcua_rpc::{Wire, bearer};
use tonic::{
    Code, Request, Status,
    client::Grpc,
    codec::{Codec, DecodeBuf, Decoder, EncodeBuf, Encoder},
};

/// Far beyond what an answer takes.
const PATIENCE: Duration = Duration::from_secs(20);

/// What was answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Answer {
    pub(super) code: Code,
    /// The stable reason of `google.rpc.ErrorInfo`; empty where all is well.
    pub(super) reason: String,
    pub(super) text: String,
    /// Every message, as it came.
    pub(super) messages: Vec<Bytes>,
}

impl Answer {
    /// Whether the door let nobody in: no token, a broken one, or the method's rule.
    pub(super) fn is_barred(&self) -> bool {
        const TOKENS: [&str; 3] = ["TOKEN_INVALID", "TOKEN_EXPIRED", "TOKEN_REVOKED"];
        match self.code {
            Code::Unauthenticated => {
                self.reason == "SIGN_IN_REQUIRED" || TOKENS.contains(&self.reason.as_str())
            }
            Code::PermissionDenied => self.reason == "NOT_PERMITTED",
            _ => false,
        }
    }

    /// Whether the object was refused to a caller whom the method admits.
    pub(super) fn hides(&self) -> bool {
        matches!(self.code, Code::NotFound | Code::PermissionDenied) && !self.is_barred()
    }

    /// Whether a message holds this text.
    pub(super) fn shows(&self, text: &str) -> bool {
        self.messages.iter().any(|m| m.windows(text.len()).any(|w| w == text.as_bytes()))
    }

    /// The only message, read.
    pub(super) fn read<M: prost::Message + Default>(&self) -> M {
        assert_eq!(self.code, Code::Ok, "{}: {}", self.reason, self.text);
        M::decode(self.messages[0].clone()).unwrap()
    }
}

/// Sends messages to the method at `path`, and hears it out.
pub(super) async fn call(
    wire: &Wire,
    path: &'static str,
    token: Option<&str>,
    messages: Vec<Bytes>,
) -> Answer {
    let wire = token.map_or_else(|| wire.clone(), |token| bearer(wire.clone(), token));
    let heard = tokio::time::timeout(PATIENCE, hear(wire, path, messages)).await;
    heard.unwrap_or_else(|_| Err(Status::deadline_exceeded("no answer"))).unwrap_or_else(refusal)
}

async fn hear(wire: Wire, path: &'static str, messages: Vec<Bytes>) -> Result<Answer, Status> {
    let mut grpc = Grpc::new(wire);
    grpc.ready().await?;
    // A stream of one message is on the wire what a single message is.
    let request = Request::new(futures::stream::iter(messages));
    let path = PathAndQuery::from_static(path);
    let mut stream = grpc.streaming(request, path, Octets).await?.into_inner();
    let mut messages = Vec::new();
    while let Some(message) = stream.message().await? {
        messages.push(message);
    }
    Ok(Answer { code: Code::Ok, reason: String::new(), text: String::new(), messages })
}

fn refusal(status: Status) -> Answer {
    let (code, mut text) = (status.code(), status.message().to_owned());
    let fault = motcua_rpc::fault(status);
    for violation in fault.violations() {
        text.extend(["; ", violation.field.as_str(), " ", violation.reason.as_str()]);
    }
    Answer { code, reason: fault.reason().to_owned(), text, messages: Vec::new() }
}

/// Bytes as they are.
#[derive(Debug, Clone, Copy)]
struct Octets;

impl Codec for Octets {
    type Encode = Bytes;
    type Decode = Bytes;
    type Encoder = Self;
    type Decoder = Self;

    fn encoder(&mut self) -> Self {
        *self
    }

    fn decoder(&mut self) -> Self {
        *self
    }
}

impl Encoder for Octets {
    type Item = Bytes;
    type Error = Status;

    fn encode(&mut self, item: Bytes, buffer: &mut EncodeBuf<'_>) -> Result<(), Status> {
        buffer.put(item);
        Ok(())
    }
}

impl Decoder for Octets {
    type Item = Bytes;
    type Error = Status;

    fn decode(&mut self, buffer: &mut DecodeBuf<'_>) -> Result<Option<Bytes>, Status> {
        let length = buffer.remaining();
        Ok(Some(buffer.copy_to_bytes(length)))
    }
}
