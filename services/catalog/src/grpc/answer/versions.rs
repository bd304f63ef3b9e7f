//! Versions: read, drafted, checked, published.

use motcua_context::Ctx;
use motcua_fault::{Fault, both};
use motcua_ids::{ProcedureId, ProcedureVersionId};
use motcua_proto::catalog::v1 as proto;
use motcua_rpc as rpc;
use tonic::{Request, Response, Status};

use crate::{
    domain::Version,
    grpc::{Service, convert},
};

fn version_id(name: &str) -> Result<ProcedureVersionId, Fault> {
    convert::id("name", name, ProcedureVersionId::from_name)
}

impl Service {
    fn show(&self, ctx: &Ctx, version: &Version) -> proto::ProcedureVersion {
        convert::version(version, &self.app.flags(ctx, version))
    }

    pub(in crate::grpc) async fn answer_get_procedure_version(
        &self,
        ctx: &Ctx,
        asked: proto::GetProcedureVersionRequest,
    ) -> Result<proto::ProcedureVersion, Fault> {
        let version = if asked.name.is_empty() && !asked.procedure.is_empty() {
            let id = convert::id("procedure", &asked.procedure, ProcedureId::from_name)?;
            self.app.version_in_force(ctx, id).await?
        } else {
            self.app.version(ctx, version_id(&asked.name)?).await?
        };
        Ok(self.show(ctx, &version))
    }

    pub(in crate::grpc) async fn answer_list_procedure_versions(
        &self,
        ctx: &Ctx,
        asked: proto::ListProcedureVersionsRequest,
    ) -> Result<proto::ListProcedureVersionsResponse, Fault> {
        let filter = proto::ListProcedureVersionsRequest {
            procedure: asked.procedure.clone(),
            ..Default::default()
        };
        let page = self.pages.open::<i32>(ctx, &filter, asked.page_size, &asked.page_token);
        let id = convert::id("procedure", &asked.procedure, ProcedureId::from_name);
        let (page, id) = both(page, id)?;
        let mut rows = self.app.list_versions(ctx, id, page.after, page.size + 1).await?;
        let next_page_token = self.cut(ctx, &filter, &mut rows, page.size, |v| v.revision)?;
        let procedure_versions = rows.iter().map(convert::version_without_content).collect();
        Ok(proto::ListProcedureVersionsResponse { procedure_versions, next_page_token })
    }

    pub(in crate::grpc) async fn answer_create_procedure(
        &self,
        request: Request<proto::CreateProcedureRequest>,
    ) -> Result<Response<proto::ProcedureVersion>, Status> {
        let (ctx, (number, content)) = rpc::mutation(request, |_, asked| {
            both(convert::number("number", &asked.number), convert::read_content(asked.content))
        })?;
        let version = self.app.create_procedure(&ctx, number, content).await;
        rpc::reply(version.map(|version| self.show(&ctx, &version)))
    }

    pub(in crate::grpc) async fn answer_create_draft(
        &self,
        request: Request<proto::CreateDraftRequest>,
    ) -> Result<Response<proto::ProcedureVersion>, Status> {
        let (ctx, id) = rpc::mutation(request, |_, asked| {
            convert::id("procedure", &asked.procedure, ProcedureId::from_name)
        })?;
        let version = self.app.create_draft(&ctx, id).await;
        rpc::reply(version.map(|version| self.show(&ctx, &version)))
    }

    pub(in crate::grpc) async fn answer_update_draft(
        &self,
        request: Request<proto::UpdateDraftRequest>,
    ) -> Result<Response<proto::ProcedureVersion>, Status> {
        let (ctx, ((id, change), etag)) = rpc::mutation(request, |_, asked| {
            let change = convert::merge_content(asked.content, asked.update_mask);
            Ok((both(version_id(&asked.name), change)?, asked.etag))
        })?;
        let version = self.app.update_draft(&ctx, id, &etag, change).await;
        rpc::reply(version.map(|version| self.show(&ctx, &version)))
    }

    pub(in crate::grpc) async fn answer_discard_draft(
        &self,
        request: Request<proto::DiscardDraftRequest>,
    ) -> Result<Response<proto::DiscardDraftResponse>, Status> {
        let (ctx, (id, etag)) =
            rpc::mutation(request, |_, asked| Ok((version_id(&asked.name)?, asked.etag)))?;
        let discarded = self.app.discard_draft(&ctx, id, &etag).await;
        rpc::reply(discarded.map(|()| proto::DiscardDraftResponse {}))
    }

    pub(in crate::grpc) async fn answer_check_draft(
        &self,
        ctx: &Ctx,
        asked: proto::CheckDraftRequest,
    ) -> Result<proto::CheckDraftResponse, Fault> {
        let found = self.app.check_draft(ctx, version_id(&asked.name)?).await?;
        Ok(proto::CheckDraftResponse {
            problems: convert::findings(&found.problems),
            flags: convert::findings(&found.flags),
        })
    }

    pub(in crate::grpc) async fn answer_publish_version(
        &self,
        request: Request<proto::PublishVersionRequest>,
    ) -> Result<Response<proto::ProcedureVersion>, Status> {
        let (ctx, ((id, from), etag)) = rpc::mutation(request, |_, asked| {
            let from = convert::maybe_day("effective_from", &asked.effective_from);
            Ok((both(version_id(&asked.name), from)?, asked.etag))
        })?;
        let version = self.app.publish_version(&ctx, id, &etag, from).await;
        rpc::reply(version.map(|version| self.show(&ctx, &version)))
    }
}
