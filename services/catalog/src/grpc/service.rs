use motcua_proto::catalog::v1::{self as proto, catalog_service_server::CatalogService};
use motcua_rpc::{self as rpc, Pages};
use tonic::{Request, Response, Status, Streaming};

use crate::app::App;

/// The RPCs: one method, one use case.
pub(crate) struct Service {
    pub(crate) app: App,
    pub(crate) pages: Pages,
}

#[async_trait::async_trait]
impl CatalogService for Service {
    async fn get_agency(
        &self,
        request: Request<proto::GetAgencyRequest>,
    ) -> Result<Response<proto::Agency>, Status> {
        let (ctx, asked) = rpc::query(request);
        rpc::reply(self.answer_get_agency(&ctx, asked).await)
    }

    async fn list_agencies(
        &self,
        request: Request<proto::ListAgenciesRequest>,
    ) -> Result<Response<proto::ListAgenciesResponse>, Status> {
        let (ctx, asked) = rpc::query(request);
        rpc::reply(self.answer_list_agencies(&ctx, asked).await)
    }

    async fn create_agency(
        &self,
        request: Request<proto::CreateAgencyRequest>,
    ) -> Result<Response<proto::Agency>, Status> {
        self.answer_create_agency(request).await
    }

    async fn update_agency(
        &self,
        request: Request<proto::UpdateAgencyRequest>,
    ) -> Result<Response<proto::Agency>, Status> {
        self.answer_update_agency(request).await
    }

    async fn end_agency(
        &self,
        request: Request<proto::EndAgencyRequest>,
    ) -> Result<Response<proto::Agency>, Status> {
        self.answer_end_agency(request).await
    }

    async fn get_desk(
        &self,
        request: Request<proto::GetDeskRequest>,
    ) -> Result<Response<proto::Desk>, Status> {
        let (ctx, asked) = rpc::query(request);
        rpc::reply(self.answer_get_desk(&ctx, asked).await)
    }

    async fn list_desks(
        &self,
        request: Request<proto::ListDesksRequest>,
    ) -> Result<Response<proto::ListDesksResponse>, Status> {
        let (ctx, asked) = rpc::query(request);
        rpc::reply(self.answer_list_desks(&ctx, asked).await)
    }

    async fn create_desk(
        &self,
        request: Request<proto::CreateDeskRequest>,
    ) -> Result<Response<proto::Desk>, Status> {
        self.answer_create_desk(request).await
    }

    async fn update_desk(
        &self,
        request: Request<proto::UpdateDeskRequest>,
    ) -> Result<Response<proto::Desk>, Status> {
        self.answer_update_desk(request).await
    }

    async fn list_fields(
        &self,
        request: Request<proto::ListFieldsRequest>,
    ) -> Result<Response<proto::ListFieldsResponse>, Status> {
        let (ctx, asked) = rpc::query(request);
        rpc::reply(self.answer_list_fields(&ctx, asked).await)
    }

    async fn create_field(
        &self,
        request: Request<proto::CreateFieldRequest>,
    ) -> Result<Response<proto::Field>, Status> {
        self.answer_create_field(request).await
    }

    async fn update_field(
        &self,
        request: Request<proto::UpdateFieldRequest>,
    ) -> Result<Response<proto::Field>, Status> {
        self.answer_update_field(request).await
    }

    async fn get_procedure(
        &self,
        request: Request<proto::GetProcedureRequest>,
    ) -> Result<Response<proto::Procedure>, Status> {
        let (ctx, asked) = rpc::query(request);
        rpc::reply(self.answer_get_procedure(&ctx, asked).await)
    }

    async fn get_procedure_version(
        &self,
        request: Request<proto::GetProcedureVersionRequest>,
    ) -> Result<Response<proto::ProcedureVersion>, Status> {
        let (ctx, asked) = rpc::query(request);
        rpc::reply(self.answer_get_procedure_version(&ctx, asked).await)
    }

    async fn list_procedure_versions(
        &self,
        request: Request<proto::ListProcedureVersionsRequest>,
    ) -> Result<Response<proto::ListProcedureVersionsResponse>, Status> {
        let (ctx, asked) = rpc::query(request);
        rpc::reply(self.answer_list_procedure_versions(&ctx, asked).await)
    }

    async fn search_procedures(
        &self,
        request: Request<proto::SearchProceduresRequest>,
    ) -> Result<Response<proto::SearchProceduresResponse>, Status> {
        let (ctx, asked) = rpc::query(request);
        rpc::reply(self.answer_search_procedures(&ctx, asked).await)
    }

    async fn list_procedures(
        &self,
        request: Request<proto::ListProceduresRequest>,
    ) -> Result<Response<proto::ListProceduresResponse>, Status> {
        let (ctx, asked) = rpc::query(request);
        rpc::reply(self.answer_list_procedures(&ctx, asked).await)
    }

    async fn create_procedure(
        &self,
        request: Request<proto::CreateProcedureRequest>,
    ) -> Result<Response<proto::ProcedureVersion>, Status> {
        self.answer_create_procedure(request).await
    }

    async fn create_draft(
        &self,
        request: Request<proto::CreateDraftRequest>,
    ) -> Result<Response<proto::ProcedureVersion>, Status> {
        self.answer_create_draft(request).await
    }

    async fn update_draft(
        &self,
        request: Request<proto::UpdateDraftRequest>,
    ) -> Result<Response<proto::ProcedureVersion>, Status> {
        self.answer_update_draft(request).await
    }

    async fn discard_draft(
        &self,
        request: Request<proto::DiscardDraftRequest>,
    ) -> Result<Response<proto::DiscardDraftResponse>, Status> {
        self.answer_discard_draft(request).await
    }

    async fn check_draft(
        &self,
        request: Request<proto::CheckDraftRequest>,
    ) -> Result<Response<proto::CheckDraftResponse>, Status> {
        let (ctx, asked) = rpc::query(request);
        rpc::reply(self.answer_check_draft(&ctx, asked).await)
    }

    async fn publish_version(
        &self,
        request: Request<proto::PublishVersionRequest>,
    ) -> Result<Response<proto::ProcedureVersion>, Status> {
        self.answer_publish_version(request).await
    }

    async fn abolish_procedure(
        &self,
        request: Request<proto::AbolishProcedureRequest>,
    ) -> Result<Response<proto::Procedure>, Status> {
        self.answer_abolish_procedure(request).await
    }

    async fn import_procedures(
        &self,
        request: Request<Streaming<proto::ImportProceduresRequest>>,
    ) -> Result<Response<proto::ImportProceduresResponse>, Status> {
        self.answer_import_procedures(request).await
    }

    async fn get_clock_rules(
        &self,
        request: Request<proto::GetClockRulesRequest>,
    ) -> Result<Response<proto::ClockRules>, Status> {
        let (ctx, asked) = rpc::query(request);
        rpc::reply(self.answer_get_clock_rules(&ctx, asked).await)
    }

    async fn get_calendar(
        &self,
        request: Request<proto::GetCalendarRequest>,
    ) -> Result<Response<proto::Calendar>, Status> {
        let (ctx, asked) = rpc::query(request);
        rpc::reply(self.answer_get_calendar(&ctx, asked).await)
    }

    async fn get_policy(
        &self,
        request: Request<proto::GetPolicyRequest>,
    ) -> Result<Response<proto::Policy>, Status> {
        let (ctx, asked) = rpc::query(request);
        rpc::reply(self.answer_get_policy(&ctx, asked).await)
    }

    async fn list_calendars(
        &self,
        request: Request<proto::ListCalendarsRequest>,
    ) -> Result<Response<proto::ListCalendarsResponse>, Status> {
        let (ctx, asked) = rpc::query(request);
        rpc::reply(self.answer_list_calendars(&ctx, asked).await)
    }

    async fn publish_calendar(
        &self,
        request: Request<proto::PublishCalendarRequest>,
    ) -> Result<Response<proto::Calendar>, Status> {
        self.answer_publish_calendar(request).await
    }

    async fn list_policies(
        &self,
        request: Request<proto::ListPoliciesRequest>,
    ) -> Result<Response<proto::ListPoliciesResponse>, Status> {
        let (ctx, asked) = rpc::query(request);
        rpc::reply(self.answer_list_policies(&ctx, asked).await)
    }

    async fn publish_policy(
        &self,
        request: Request<proto::PublishPolicyRequest>,
    ) -> Result<Response<proto::Policy>, Status> {
        self.answer_publish_policy(request).await
    }
}
