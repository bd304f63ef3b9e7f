//! Agencies, desks and fields.

use motcua_context::Ctx;
use motcua_fault::{Fault, Violations};
use motcua_ids::{AgencyId, DeskId, FieldId};
use motcua_proto::catalog::v1 as proto;

use crate::{
    app::WantedAgencies,
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
        let page = self.pages.open::<AgencyId>(ctx, &filter, asked.page_size, &asked.page_token)?;
        let mut bad = Violations::default();
        let mut kinds = Vec::new();
        for kind in &asked.kinds {
            match convert::agency_kind(*kind) {
                Some(kind) => kinds.push(kind),
                None => bad.add("kinds", "VALUE_INVALID", "Loại cơ quan không có trong danh mục."),
            }
        }
        bad.finish()?;
        let day = convert::maybe_day("valid_on", &asked.valid_on)?;
        let today = motcua_vn::local::day(ctx.now());
        let wanted = WantedAgencies {
            parent: convert::maybe_id("parent", &asked.parent, AgencyId::from_name)?,
            kinds,
            identifier: Some(asked.identifier_code).filter(|code| !code.is_empty()),
            valid_on: (!asked.any_day).then(|| day.unwrap_or(today)),
        };
        let mut rows = self.app.list_agencies(&wanted, page.after, page.size + 1).await?;
        let next = self.cut(ctx, &filter, &mut rows, page.size, Agency::id)?;
        let agencies = rows.iter().map(|agency| convert::agency(agency, &[])).collect();
        Ok(proto::ListAgenciesResponse { agencies, next_page_token: next })
    }

    pub(in crate::grpc) async fn answer_create_agency(
        &self,
        ctx: &Ctx,
        asked: proto::CreateAgencyRequest,
    ) -> Result<proto::Agency, Fault> {
        let new = convert::new_agency(asked.agency)?;
        Ok(convert::agency(&self.app.create_agency(ctx, new).await?, &[]))
    }

    pub(in crate::grpc) async fn answer_update_agency(
        &self,
        ctx: &Ctx,
        asked: proto::UpdateAgencyRequest,
    ) -> Result<proto::Agency, Fault> {
        let message = asked.agency.unwrap_or_default();
        let id = convert::id("agency.name", &message.name, AgencyId::from_name)?;
        let change = convert::merge_agency(&message, asked.update_mask)?;
        let agency = self.app.update_agency(ctx, id, &message.etag, change).await?;
        Ok(convert::agency(&agency, &[]))
    }

    pub(in crate::grpc) async fn answer_end_agency(
        &self,
        ctx: &Ctx,
        asked: proto::EndAgencyRequest,
    ) -> Result<proto::Agency, Fault> {
        let id = convert::id("name", &asked.name, AgencyId::from_name)?;
        let last = convert::maybe_day("valid_to", &asked.valid_to)?;
        let last = last.unwrap_or_else(|| motcua_vn::local::day(ctx.now()));
        let successor = convert::maybe_id("successor", &asked.successor, AgencyId::from_name)?;
        let agency = self.app.end_agency(ctx, id, &asked.etag, last, successor).await?;
        Ok(convert::agency(&agency, &[]))
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
        let page = self.pages.open::<DeskId>(ctx, &filter, asked.page_size, &asked.page_token)?;
        let agency = convert::maybe_id("agency", &asked.agency, AgencyId::from_name)?;
        let mut rows = self.app.list_desks(agency, page.after, page.size + 1).await?;
        let next_page_token = self.cut(ctx, &filter, &mut rows, page.size, |desk| desk.id)?;
        let desks = rows.iter().map(convert::desk).collect();
        Ok(proto::ListDesksResponse { desks, next_page_token })
    }

    pub(in crate::grpc) async fn answer_create_desk(
        &self,
        ctx: &Ctx,
        asked: proto::CreateDeskRequest,
    ) -> Result<proto::Desk, Fault> {
        let new = convert::new_desk(asked.desk)?;
        Ok(convert::desk(&self.app.create_desk(ctx, new).await?))
    }

    pub(in crate::grpc) async fn answer_update_desk(
        &self,
        ctx: &Ctx,
        asked: proto::UpdateDeskRequest,
    ) -> Result<proto::Desk, Fault> {
        let message = asked.desk.unwrap_or_default();
        let id = convert::id("desk.name", &message.name, DeskId::from_name)?;
        let change = convert::merge_desk(&message, asked.update_mask)?;
        Ok(convert::desk(&self.app.update_desk(ctx, id, &message.etag, change).await?))
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
        ctx: &Ctx,
        asked: proto::CreateFieldRequest,
    ) -> Result<proto::Field, Fault> {
        let (code, name, national_code) = convert::new_field(asked.field)?;
        Ok(convert::field(&self.app.create_field(ctx, code, name, national_code).await?))
    }

    pub(in crate::grpc) async fn answer_update_field(
        &self,
        ctx: &Ctx,
        asked: proto::UpdateFieldRequest,
    ) -> Result<proto::Field, Fault> {
        let message = asked.field.unwrap_or_default();
        let id = convert::id("field.name", &message.name, FieldId::from_name)?;
        let change = convert::merge_field(&message, asked.update_mask)?;
        Ok(convert::field(&self.app.update_field(ctx, id, &message.etag, change).await?))
    }
}
