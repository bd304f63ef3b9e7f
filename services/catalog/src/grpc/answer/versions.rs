//! Versions: read, drafted, checked, published.

use motcua_context::Ctx;
use motcua_fault::Fault;
use motcua_ids::{ProcedureId, ProcedureVersionId};
use motcua_proto::catalog::v1 as proto;

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
        let page = self.pages.open::<i32>(ctx, &filter, asked.page_size, &asked.page_token)?;
        let id = convert::id("procedure", &asked.procedure, ProcedureId::from_name)?;
        let mut rows = self.app.list_versions(ctx, id, page.after, page.size + 1).await?;
        let next_page_token = self.cut(ctx, &filter, &mut rows, page.size, |v| v.revision)?;
        let procedure_versions = rows.iter().map(convert::version_without_content).collect();
        Ok(proto::ListProcedureVersionsResponse { procedure_versions, next_page_token })
    }

    pub(in crate::grpc) async fn answer_create_procedure(
        &self,
        ctx: &Ctx,
        asked: proto::CreateProcedureRequest,
    ) -> Result<proto::ProcedureVersion, Fault> {
        let number = convert::number("number", &asked.number)?;
        let content = convert::read_content(asked.content)?;
        let version = self.app.create_procedure(ctx, number, content).await?;
        Ok(self.show(ctx, &version))
    }

    pub(in crate::grpc) async fn answer_create_draft(
        &self,
        ctx: &Ctx,
        asked: proto::CreateDraftRequest,
    ) -> Result<proto::ProcedureVersion, Fault> {
        let id = convert::id("procedure", &asked.procedure, ProcedureId::from_name)?;
        let version = self.app.create_draft(ctx, id).await?;
        Ok(self.show(ctx, &version))
    }

    pub(in crate::grpc) async fn answer_update_draft(
        &self,
        ctx: &Ctx,
        asked: proto::UpdateDraftRequest,
    ) -> Result<proto::ProcedureVersion, Fault> {
        let id = version_id(&asked.name)?;
        let change = convert::merge_content(asked.content, asked.update_mask)?;
        let version = self.app.update_draft(ctx, id, &asked.etag, change).await?;
        Ok(self.show(ctx, &version))
    }

    pub(in crate::grpc) async fn answer_discard_draft(
        &self,
        ctx: &Ctx,
        asked: proto::DiscardDraftRequest,
    ) -> Result<proto::DiscardDraftResponse, Fault> {
        self.app.discard_draft(ctx, version_id(&asked.name)?, &asked.etag).await?;
        Ok(proto::DiscardDraftResponse {})
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
        ctx: &Ctx,
        asked: proto::PublishVersionRequest,
    ) -> Result<proto::ProcedureVersion, Fault> {
        let id = version_id(&asked.name)?;
        let from = convert::maybe_day("effective_from", &asked.effective_from)?;
        let version = self.app.publish_version(ctx, id, &asked.etag, from).await?;
        Ok(self.show(ctx, &version))
    }
}
