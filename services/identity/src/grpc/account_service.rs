use motcua_context::{Ctx, Timestamp};
use motcua_fault::{Fault, both};
use motcua_ids::Uuid;
use motcua_proto::identity::v1::{
    Account, Contact, CreateOfficerRequest, CreateSystemAccountRequest, DisableAccountRequest,
    EnableAccountRequest, GetAccountRequest, GetContactRequest, GrantRoleRequest,
    ListAccountsRequest, ListAccountsResponse, ListPersonalDataReadingsRequest,
    ListPersonalDataReadingsResponse, ResetPasswordRequest, RevokeRoleRequest,
    RotateSystemSecretRequest, UpdateAccountRequest, account_service_server::AccountService,
};
use motcua_rpc::{Pages, mutation, query, reply, status};
use tonic::{Request, Response, Status};

use super::{
    convert::{self, Shown},
    fields, mask,
};
use crate::{
    app::{App, ListAccounts, ListReadings},
    domain,
    store::ReadingEnd,
};

/// `AccountService` over the use cases.
pub(crate) struct AccountRpc {
    pub(crate) app: App,
    pub(crate) pages: Pages,
}

const GET_ACCOUNT: &str = "/motcua.identity.v1.AccountService/GetAccount";
const GET_CONTACT: &str = "/motcua.identity.v1.AccountService/GetContact";
const RESET_PASSWORD: &str = "/motcua.identity.v1.AccountService/ResetPassword";

/// Where a page ends: an instant and an id.
type Cursor = (Timestamp, Uuid);

#[tonic::async_trait]
impl AccountService for AccountRpc {
    async fn get_account(
        &self,
        request: Request<GetAccountRequest>,
    ) -> Result<Response<Account>, Status> {
        let (ctx, asked) = query(request);
        let id = fields::account_or_me(&ctx, "name", &asked.name).map_err(status)?;
        let found = self.app.get_account(&ctx, id, GET_ACCOUNT).await;
        reply(found.map(|account| convert::account(&account, Shown::Whole)))
    }

    async fn list_accounts(
        &self,
        request: Request<ListAccountsRequest>,
    ) -> Result<Response<ListAccountsResponse>, Status> {
        let (ctx, asked) = query(request);
        let filter =
            ListAccountsRequest { page_token: String::new(), page_size: 0, ..asked.clone() };
        let page = self.pages.open::<Cursor>(&ctx, &filter, asked.page_size, &asked.page_token);
        let (page, wanted) = both(page, fields::accounts(asked)).map_err(status)?;
        let wanted = ListAccounts { after: page.after, ..wanted };
        let found = self.app.list_accounts(&ctx, wanted, page.size).await.map_err(status)?;
        let last = found.last().filter(|_| found.len() as u64 == page.size);
        let next_page_token = match last.map(|last| (last.created_at(), last.id().uuid())) {
            Some(cursor) => self.pages.token(&ctx, &filter, &cursor).map_err(status)?,
            None => String::new(),
        };
        let accounts = found.iter().map(|a| convert::account(a, Shown::Masked)).collect();
        Ok(Response::new(ListAccountsResponse { accounts, next_page_token }))
    }

    async fn update_account(
        &self,
        request: Request<UpdateAccountRequest>,
    ) -> Result<Response<Account>, Status> {
        let (ctx, (id, changes, etag)) = mutation(request, |ctx, asked| {
            let (id, changes) = mask::update(ctx, &asked)?;
            Ok((id, changes, asked.account.unwrap_or_default().etag))
        })?;
        done(&ctx, self.app.update_account(&ctx, id, &etag, changes).await)
    }

    async fn create_officer(
        &self,
        request: Request<CreateOfficerRequest>,
    ) -> Result<Response<Account>, Status> {
        let (ctx, new) = mutation(request, |ctx, asked| fields::officer(asked, ctx.now()))?;
        done(&ctx, self.app.create_officer(&ctx, new).await)
    }

    async fn reset_password(
        &self,
        request: Request<ResetPasswordRequest>,
    ) -> Result<Response<Account>, Status> {
        let (ctx, (id, password)) =
            mutation(request, |_, asked| Ok((fields::reset(&asked)?, asked.password)))?;
        done(&ctx, self.app.reset_password(&ctx, id, &password, RESET_PASSWORD).await)
    }

    async fn grant_role(
        &self,
        request: Request<GrantRoleRequest>,
    ) -> Result<Response<Account>, Status> {
        let (ctx, (id, role, agency)) =
            mutation(request, |_, asked| fields::grant(&asked.name, asked.role, &asked.agency))?;
        done(&ctx, self.app.grant_role(&ctx, id, role, agency).await)
    }

    async fn revoke_role(
        &self,
        request: Request<RevokeRoleRequest>,
    ) -> Result<Response<Account>, Status> {
        let (ctx, (id, role, agency)) =
            mutation(request, |_, asked| fields::grant(&asked.name, asked.role, &asked.agency))?;
        done(&ctx, self.app.revoke_role(&ctx, id, role, agency).await)
    }

    async fn disable_account(
        &self,
        request: Request<DisableAccountRequest>,
    ) -> Result<Response<Account>, Status> {
        let (ctx, (id, reason)) = mutation(request, |_, asked| fields::disabling(&asked))?;
        done(&ctx, self.app.disable_account(&ctx, id, reason).await)
    }

    async fn enable_account(
        &self,
        request: Request<EnableAccountRequest>,
    ) -> Result<Response<Account>, Status> {
        let (ctx, id) = mutation(request, |_, asked| fields::account("name", &asked.name))?;
        done(&ctx, self.app.enable_account(&ctx, id).await)
    }

    async fn create_system_account(
        &self,
        request: Request<CreateSystemAccountRequest>,
    ) -> Result<Response<Account>, Status> {
        let (ctx, (system, secret)) = mutation(request, |_, asked| fields::system(asked))?;
        done(&ctx, self.app.create_system_account(&ctx, system, &secret).await)
    }

    async fn rotate_system_secret(
        &self,
        request: Request<RotateSystemSecretRequest>,
    ) -> Result<Response<Account>, Status> {
        let (ctx, (id, secret, old_until)) =
            mutation(request, |ctx, asked| fields::rotation(&asked, ctx.now()))?;
        done(&ctx, self.app.rotate_system_secret(&ctx, id, &secret, old_until).await)
    }

    async fn get_contact(
        &self,
        request: Request<GetContactRequest>,
    ) -> Result<Response<Contact>, Status> {
        let (ctx, asked) = query(request);
        let id = fields::account("name", &asked.name).map_err(status)?;
        let purpose = if asked.purpose.is_empty() { "contact" } else { &asked.purpose };
        let found = self.app.get_contact(&ctx, id, GET_CONTACT, purpose).await;
        reply(found.map(|account| convert::contact(&account)))
    }

    async fn list_personal_data_readings(
        &self,
        request: Request<ListPersonalDataReadingsRequest>,
    ) -> Result<Response<ListPersonalDataReadingsResponse>, Status> {
        let (ctx, asked) = query(request);
        let filter = ListPersonalDataReadingsRequest {
            page_token: String::new(),
            page_size: 0,
            ..asked.clone()
        };
        let page = self.pages.open::<ReadingEnd>(&ctx, &filter, asked.page_size, &asked.page_token);
        let (page, wanted) = both(page, fields::readings(&ctx, &asked)).map_err(status)?;
        let wanted = ListReadings { after: page.after, ..wanted };
        let found = self.app.list_readings(&ctx, wanted, page.size).await.map_err(status)?;
        let last = found.last().filter(|_| found.len() as u64 == page.size);
        let end = last.map(|last| (last.at, last.event.uuid(), last.subject.uuid()));
        let next_page_token = match end {
            Some(cursor) => self.pages.token(&ctx, &filter, &cursor).map_err(status)?,
            None => String::new(),
        };
        let readings = found.iter().map(convert::reading).collect();
        Ok(Response::new(ListPersonalDataReadingsResponse { readings, next_page_token }))
    }
}

/// The account after a command: whole to its holder, and masked to whoever manages it. To read
/// another's is a reading, which is recorded.
fn done(ctx: &Ctx, answer: Result<domain::Account, Fault>) -> Result<Response<Account>, Status> {
    reply(answer.map(|account| {
        let own = ctx.actor().account() == Some(account.id());
        convert::account(&account, if own { Shown::Whole } else { Shown::Masked })
    }))
}
