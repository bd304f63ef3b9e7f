//! Agencies, desks and fields.

use motcua_context::Ctx;
use motcua_fault::{Fault, both};
use motcua_ids::{AgencyId, DeskId, FieldId};
use motcua_proto::catalog::v1 as proto;
use motcua_rpc as rpc;
use tonic::{Request, Response, Status};

use crate::{
    domain::Agency,
    grpc::{Service, convert},
};

impl Service {
    pub(in crate::grpc) async fn answer_get_agency(
        &self,
        ctx: &Ctx,
        asked: proto::GetAgencyRequest,
    ) -> Result<proto::Agency, Fault> {
        let agency = if asked.name.is_empty() && !asked.identifier_code.is_empty() {
            self.app.agency_by_code(ctx, &asked.identifier_code).await?
        } else {
            self.app.agency(convert::id("name", &asked.name, AgencyId::from_name)?).await?
        };
        let units =
            if asked.with_units { self.app.units(ctx, agency.id()).await? } else { Vec::new() };
        Ok(convert::agency(&agency, &units))
    }

    pub(in crate::grpc) async fn answer_list_agencies(
        &self,
        ctx: &Ctx,
        asked: proto::ListAgenciesRequest,
    ) -> Result<proto::ListAgenciesResponse, Fault> {
        let filter =
            proto::ListAgenciesRequest { page_size: 0, page_token: String::new(), ..asked.clone() };
        let page = self.pages.open::<AgencyId>(ctx, &filter, asked.page_size, &asked.page_token);
        let (page, wanted) = both(page, convert::wanted_agencies(ctx, asked))?;
        let mut rows = self.app.list_agencies(&wanted, page.after, page.size + 1).await?;
        let next = self.cut(ctx, &filter, &mut rows, page.size, Agency::id)?;
        let agencies = rows.iter().map(|agency| convert::agency(agency, &[])).collect();
        Ok(proto::ListAgenciesResponse { agencies, next_page_token: next })
    }

    pub(in crate::grpc) async fn answer_create_agency(
        &self,
        request: Request<proto::CreateAgencyRequest>,
    ) -> Result<Response<proto::Agency>, Status> {
        let (ctx, new) = rpc::mutation(request, |_, asked| convert::new_agency(asked.agency))?;
        let agency = self.app.create_agency(&ctx, new).await;
        rpc::reply(agency.map(|agency| convert::agency(&agency, &[])))
    }

    pub(in crate::grpc) async fn answer_update_agency(
        &self,
        request: Request<proto::UpdateAgencyRequest>,
    ) -> Result<Response<proto::Agency>, Status> {
        let (ctx, (id, change, etag)) = rpc::mutation(request, |_, asked| {
            let message = asked.agency.unwrap_or_default();
            let id = convert::id("agency.name", &message.name, AgencyId::from_name);
            let (id, change) = both(id, convert::merge_agency(&message, asked.update_mask))?;
            Ok((id, change, message.etag))
        })?;
        let agency = self.app.update_agency(&ctx, id, &etag, change).await;
        rpc::reply(agency.map(|agency| convert::agency(&agency, &[])))
    }

    pub(in crate::grpc) async fn answer_end_agency(
        &self,
        request: Request<proto::EndAgencyRequest>,
    ) -> Result<Response<proto::Agency>, Status> {
        let (ctx, (((id, last), successor), etag)) = rpc::mutation(request, |_, asked| {
            let id = convert::id("name", &asked.name, AgencyId::from_name);
            let last = convert::maybe_day("valid_to", &asked.valid_to);
            let successor = convert::maybe_id("successor", &asked.successor, AgencyId::from_name);
            Ok((both(both(id, last), successor)?, asked.etag))
        })?;
        let last = last.unwrap_or_else(|| motcua_vn::local::day(ctx.now()));
        let agency = self.app.end_agency(&ctx, id, &etag, last, successor).await;
        rpc::reply(agency.map(|agency| convert::agency(&agency, &[])))
    }

    pub(in crate::grpc) async fn answer_get_desk(
        &self,
        _: &Ctx,
        asked: proto::GetDeskRequest,
    ) -> Result<proto::Desk, Fault> {
        let id = convert::id("name", &asked.name, DeskId::from_name)?;
        Ok(convert::desk(&self.app.desk(id).await?))
    }

    pub(in crate::grpc) async fn answer_list_desks(
        &self,
        ctx: &Ctx,
        asked: proto::ListDesksRequest,
    ) -> Result<proto::ListDesksResponse, Fault> {
        let filter = proto::ListDesksRequest { agency: asked.agency.clone(), ..Default::default() };
        let page = self.pages.open::<DeskId>(ctx, &filter, asked.page_size, &asked.page_token);
        let agency = convert::maybe_id("agency", &asked.agency, AgencyId::from_name);
        let (page, agency) = both(page, agency)?;
        let mut rows = self.app.list_desks(agency, page.after, page.size + 1).await?;
        let next_page_token = self.cut(ctx, &filter, &mut rows, page.size, |desk| desk.id)?;
        let desks = rows.iter().map(convert::desk).collect();
        Ok(proto::ListDesksResponse { desks, next_page_token })
    }

    pub(in crate::grpc) async fn answer_create_desk(
        &self,
        request: Request<proto::CreateDeskRequest>,
    ) -> Result<Response<proto::Desk>, Status> {
        let (ctx, new) = rpc::mutation(request, |_, asked| convert::new_desk(asked.desk))?;
        rpc::reply(self.app.create_desk(&ctx, new).await.map(|desk| convert::desk(&desk)))
    }

    pub(in crate::grpc) async fn answer_update_desk(
        &self,
        request: Request<proto::UpdateDeskRequest>,
    ) -> Result<Response<proto::Desk>, Status> {
        let (ctx, (id, change, etag)) = rpc::mutation(request, |_, asked| {
            let message = asked.desk.unwrap_or_default();
            let id = convert::id("desk.name", &message.name, DeskId::from_name);
            let (id, change) = both(id, convert::merge_desk(&message, asked.update_mask))?;
            Ok((id, change, message.etag))
        })?;
        let desk = self.app.update_desk(&ctx, id, &etag, change).await;
        rpc::reply(desk.map(|desk| convert::desk(&desk)))
    }

    pub(in crate::grpc) async fn answer_list_fields(
        &self,
        ctx: &Ctx,
        asked: proto::ListFieldsRequest,
    ) -> Result<proto::ListFieldsResponse, Fault> {
        let filter = proto::ListFieldsRequest::default();
        let page = self.pages.open::<String>(ctx, &filter, asked.page_size, &asked.page_token)?;
        let mut rows = self.app.list_fields(page.after, page.size + 1).await?;
        let next_page_token =
            self.cut(ctx, &filter, &mut rows, page.size, |field| field.code.clone())?;
        let fields = rows.iter().map(convert::field).collect();
        Ok(proto::ListFieldsResponse { fields, next_page_token })
    }

    pub(in crate::grpc) async fn answer_create_field(
        &self,
        request: Request<proto::CreateFieldRequest>,
    ) -> Result<Response<proto::Field>, Status> {
        let (ctx, (code, name, national_code)) =
            rpc::mutation(request, |_, asked| convert::new_field(asked.field))?;
        let field = self.app.create_field(&ctx, code, name, national_code).await;
        rpc::reply(field.map(|field| convert::field(&field)))
    }

    pub(in crate::grpc) async fn answer_update_field(
        &self,
        request: Request<proto::UpdateFieldRequest>,
    ) -> Result<Response<proto::Field>, Status> {
        let (ctx, (id, change, etag)) = rpc::mutation(request, |_, asked| {
            let message = asked.field.unwrap_or_default();
            let id = convert::id("field.name", &message.name, FieldId::from_name);
            let (id, change) = both(id, convert::merge_field(&message, asked.update_mask))?;
            Ok((id, change, message.etag))
        })?;
        let field = self.app.update_field(&ctx, id, &etag, change).await;
        rpc::reply(field.map(|field| convert::field(&field)))
    }
}
