//! Procedures: read, listed, found, abolished.

use motcua_context::Ctx;
use motcua_fault::{Fault, both};
use motcua_ids::{FieldId, ProcedureId};
use motcua_proto::catalog::v1 as proto;
use motcua_rpc as rpc;
use tonic::{Request, Response, Status};

use crate::{
    app::{After, Seen},
    grpc::{Service, convert},
};

impl Service {
    pub(in crate::grpc) async fn answer_get_procedure(
        &self,
        ctx: &Ctx,
        asked: proto::GetProcedureRequest,
    ) -> Result<proto::Procedure, Fault> {
        let seen = if asked.name.is_empty() && !asked.number.is_empty() {
            let number = convert::number("number", &asked.number)?;
            self.app.procedure_by_number(ctx, &number).await?
        } else {
            let id = convert::id("name", &asked.name, ProcedureId::from_name)?;
            self.app.procedure(ctx, id).await?
        };
        Ok(convert::procedure(&seen))
    }

    pub(in crate::grpc) async fn answer_list_procedures(
        &self,
        ctx: &Ctx,
        asked: proto::ListProceduresRequest,
    ) -> Result<proto::ListProceduresResponse, Fault> {
        let filter =
            proto::ListProceduresRequest { field: asked.field.clone(), ..Default::default() };
        let page = self.pages.open::<String>(ctx, &filter, asked.page_size, &asked.page_token);
        let field = convert::maybe_id("field", &asked.field, FieldId::from_name);
        let (page, field) = both(page, field)?;
        let mut rows = self.app.list_procedures(ctx, page.after, page.size + 1).await?;
        let number = |seen: &Seen| seen.procedure.number.to_string();
        let next_page_token = self.cut(ctx, &filter, &mut rows, page.size, number)?;
        let of_field = |seen: &&Seen| field.is_none_or(|field| seen.speaks.content.field == field);
        let procedures = rows.iter().filter(of_field).map(convert::procedure).collect();
        Ok(proto::ListProceduresResponse { procedures, next_page_token })
    }

    pub(in crate::grpc) async fn answer_search_procedures(
        &self,
        ctx: &Ctx,
        asked: proto::SearchProceduresRequest,
    ) -> Result<proto::SearchProceduresResponse, Fault> {
        let filter = proto::SearchProceduresRequest {
            page_size: 0,
            page_token: String::new(),
            ..asked.clone()
        };
        let page = self.pages.open::<After>(ctx, &filter, asked.page_size, &asked.page_token);
        let (page, (wanted, agency)) = both(page, convert::wanted(asked))?;
        let size = usize::try_from(page.size).unwrap_or(usize::MAX);
        let found = self.app.search(ctx, wanted, agency, page.after, size).await?;
        let next = found.next.as_ref().map(|after| self.pages.token(ctx, &filter, after));
        Ok(proto::SearchProceduresResponse {
            hits: found.page.iter().map(convert::hit).collect(),
            next_page_token: next.transpose()?.unwrap_or_default(),
            total_size: i32::try_from(found.total).unwrap_or(i32::MAX),
        })
    }

    pub(in crate::grpc) async fn answer_abolish_procedure(
        &self,
        request: Request<proto::AbolishProcedureRequest>,
    ) -> Result<Response<proto::Procedure>, Status> {
        let (ctx, ((id, last_day), decision)) = rpc::mutation(request, |_, asked| {
            let id = convert::id("name", &asked.name, ProcedureId::from_name);
            let last_day = convert::maybe_day("abolished_on", &asked.abolished_on);
            Ok((both(id, last_day)?, Some(asked.decision).filter(|decision| !decision.is_empty())))
        })?;
        let abolished = async {
            self.app.abolish_procedure(&ctx, id, last_day, decision).await?;
            Ok(convert::procedure(&self.app.procedure(&ctx, id).await?))
        };
        rpc::reply(abolished.await)
    }
}
