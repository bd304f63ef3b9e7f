//! A file, sent in chunks.

use motcua_fault::{Fault, Kind};
use motcua_proto::catalog::v1 as proto;
use motcua_rpc as rpc;
use sha2::{Digest, Sha256};
use tonic::{Request, Response, Status, Streaming};

use crate::grpc::{Service, convert};

impl Service {
    pub(in crate::grpc) async fn answer_import_procedures(
        &self,
        request: Request<Streaming<proto::ImportProceduresRequest>>,
    ) -> Result<Response<proto::ImportProceduresResponse>, Status> {
        let read = |first: proto::ImportProceduresRequest| {
            Ok((convert::instructions(&first)?, first.chunk))
        };
        let (ctx, ((instructions, time_limit), chunk), rest) = rpc::upload(request, read).await?;
        let imported = async {
            let whole = self.whole(chunk, rest);
            let file = tokio::time::timeout(time_limit, whole).await.map_err(|_| too_slow())??;
            // The same request with another file is another request.
            let ctx = rpc::with_content(&ctx, &Sha256::digest(&file));
            Ok(convert::report(&self.app.import(&ctx, instructions, &file).await?))
        };
        rpc::reply(imported.await)
    }

    async fn whole(
        &self,
        mut file: Vec<u8>,
        mut rest: Streaming<proto::ImportProceduresRequest>,
    ) -> Result<Vec<u8>, Fault> {
        while let Some(part) = rest.message().await.map_err(rpc::unread)? {
            if file.len() + part.chunk.len() > self.app.import_limit() {
                return Err(too_large());
            }
            file.extend(part.chunk);
        }
        Ok(file)
    }
}

fn too_large() -> Fault {
    Fault::new(
        Kind::ResourceExhausted,
        "FILE_TOO_LARGE",
        "Tệp lớn hơn mức cho phép, vui lòng chia thành nhiều tệp.",
    )
}

fn too_slow() -> Fault {
    Fault::new(
        Kind::DeadlineExceeded,
        "UPLOAD_TOO_SLOW",
        "Tệp chưa gửi xong trong thời gian cho phép, vui lòng gửi lại.",
    )
}
