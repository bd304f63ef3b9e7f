//! A file, sent in chunks.

use motcua_context::{Cause, Ctx};
use motcua_fault::{Fault, Kind};
use motcua_proto::catalog::v1 as proto;
use motcua_rpc as rpc;
use sha2::{Digest, Sha256};
use tonic::Streaming;

use crate::grpc::{Service, convert};

impl Service {
    pub(in crate::grpc) async fn answer_import_procedures(
        &self,
        ctx: Ctx,
        first: proto::ImportProceduresRequest,
        mut rest: Streaming<proto::ImportProceduresRequest>,
    ) -> Result<proto::ImportProceduresResponse, Fault> {
        let instructions = convert::instructions(&first)?;
        let mut file = first.chunk;
        while let Some(part) = rest.message().await.map_err(rpc::unread)? {
            if file.len() + part.chunk.len() > self.app.import_limit() {
                return Err(too_large());
            }
            file.extend(part.chunk);
        }
        let ctx = of_the_whole(ctx, &file);
        Ok(convert::report(&self.app.import(&ctx, instructions, &file).await?))
    }
}

/// The claim covers the whole file: the same request with another file is refused.
fn of_the_whole(ctx: Ctx, file: &[u8]) -> Ctx {
    let Cause::Request { method, request_id, payload } = *ctx.cause() else { return ctx };
    let hash = Sha256::new().chain_update(payload).chain_update(file).finalize();
    let mut payload = [0; 16];
    payload.copy_from_slice(&hash[..16]);
    ctx.with_cause(Cause::Request { method, request_id, payload })
}

fn too_large() -> Fault {
    Fault::new(
        Kind::ResourceExhausted,
        "FILE_TOO_LARGE",
        "Tệp lớn hơn mức cho phép, vui lòng chia thành nhiều tệp.",
    )
}
