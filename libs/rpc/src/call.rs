use motcua_context::{Cause, Ctx};
use motcua_fault::{Fault, Kind, Violations, both};
use motcua_ids::Uuid;
use motcua_proto::{Method, Mutation};
use sha2::{Digest, Sha256};
use tonic::{Request, Response, Status, Streaming};

use crate::status::status;

/// What a reading handler works with.
pub fn query<M>(request: Request<M>) -> (Ctx, M) {
    let (_, extensions, message) = request.into_parts();
    (ctx(&extensions), message)
}

/// What a changing handler works with: the context may write once for this request,
/// of which `read` makes a command.
///
/// # Errors
/// All that `read` finds wrong, and `request_id` that is not a UUIDv4.
pub fn mutation<M: Mutation, T>(
    request: Request<M>,
    read: impl FnOnce(&Ctx, M) -> Result<T, Fault>,
) -> Result<(Ctx, T), Status> {
    let (_, extensions, message) = request.into_parts();
    let ctx = ctx(&extensions);
    let cause = cause(extensions.get::<&'static Method>(), &message);
    let (cause, command) = both(cause, read(&ctx, message)).map_err(status)?;
    Ok((ctx.with_cause(cause), command))
}

/// What an uploading handler works with: what `read` makes of the first message,
/// which carries the `request_id`, and the rest of the stream.
///
/// # Errors
/// An empty stream; all that `read` finds wrong, and `request_id` that is not a UUIDv4.
pub async fn upload<M: Mutation, T>(
    request: Request<Streaming<M>>,
    read: impl FnOnce(M) -> Result<T, Fault>,
) -> Result<(Ctx, T, Streaming<M>), Status> {
    let (_, extensions, mut stream) = request.into_parts();
    let first = stream.message().await?.ok_or_else(|| {
        status(Fault::new(
            Kind::InvalidArgument,
            "STREAM_EMPTY",
            "Chưa có dữ liệu nào được gửi lên.",
        ))
    })?;
    let cause = cause(extensions.get::<&'static Method>(), &first);
    let (cause, command) = both(cause, read(first)).map_err(status)?;
    Ok((ctx(&extensions).with_cause(cause), command, stream))
}

/// The context of an upload whose content is known: the same `request_id` with
/// other bytes is refused as another request.
#[must_use]
pub fn with_content(ctx: &Ctx, sha256: &[u8]) -> Ctx {
    let mut cause = ctx.cause().clone();
    if let Cause::Request { payload, .. } = &mut cause {
        let both = Sha256::new().chain_update(*payload).chain_update(sha256).finalize();
        payload.copy_from_slice(&both[..16]);
    }
    ctx.clone().with_cause(cause)
}

fn cause<M: Mutation>(method: Option<&&'static Method>, message: &M) -> Result<Cause, Fault> {
    let mut violations = Violations::default();
    let request_id =
        Uuid::try_parse(message.request_id()).ok().filter(|id| id.get_version_num() == 4);
    if request_id.is_none() {
        violations.add(
            "request_id",
            "REQUEST_ID_INVALID",
            "Mỗi yêu cầu thay đổi dữ liệu cần một request_id là UUID phiên bản 4.",
        );
    }
    violations.finish()?;
    // What people write could be guessed and tried against a hash; the request id within
    // it, of which only a hash is stored too, is a salt that nobody can guess.
    let mut payload = [0; 16];
    payload.copy_from_slice(&Sha256::digest(message.encode_to_vec())[..16]);
    Ok(Cause::Request {
        method: method.map_or("", |m| m.path),
        request_id: request_id.unwrap_or_default(),
        payload,
    })
}

/// A use case's answer as a handler's.
pub fn reply<T>(answer: Result<T, Fault>) -> Result<Response<T>, Status> {
    answer.map(Response::new).map_err(status)
}

/// A message to a neighbour, with the deadline, the trace and the user of this context.
pub fn request<M>(ctx: &Ctx, message: M) -> Request<M> {
    let mut request = Request::new(message);
    request.extensions_mut().insert(ctx.clone());
    request
}

/// The door puts it there for every method; a handler called past the door
/// acts for nobody.
fn ctx(extensions: &tonic::Extensions) -> Ctx {
    extensions.get::<Ctx>().cloned().unwrap_or_else(|| {
        Ctx::new(motcua_context::Actor::Anonymous, motcua_context::Timestamp::UNIX_EPOCH)
    })
}
