use motcua_fault::{Fault, Violations};
use motcua_ids::Uuid;
use motcua_proto::identity::v1::{
    Account, BeginSignInRequest, BeginSignInResponse, ChangePasswordRequest,
    ChangePasswordResponse, CompleteSignInRequest, ExchangeTokenRequest, GetJwksRequest,
    IssueSystemTokenRequest, Jwks, ListRevocationsRequest, ListRevocationsResponse,
    RefreshTokenRequest, RegisterPersonRequest, SignInRequest, SignOutRequest, SignOutResponse,
    SystemToken, TokenPair, auth_service_server::AuthService,
};
use motcua_rpc::{mutation, query, reply, status};
use tonic::{Request, Response, Status};

use super::{
    convert::{self, Shown},
    fields,
};
use crate::{
    app::{App, Came},
    domain::Secret,
};

/// `AuthService` over the use cases.
pub(crate) struct AuthRpc(pub(crate) App);

#[tonic::async_trait]
impl AuthService for AuthRpc {
    async fn register_person(
        &self,
        request: Request<RegisterPersonRequest>,
    ) -> Result<Response<Account>, Status> {
        let (ctx, (holder, password)) =
            mutation(request, |ctx, asked| fields::registration(asked, ctx.now()))?;
        let opened = self.0.register_person(&ctx, holder, &password).await;
        reply(opened.map(|account| convert::account(&account, Shown::Whole)))
    }

    async fn sign_in(
        &self,
        request: Request<SignInRequest>,
    ) -> Result<Response<TokenPair>, Status> {
        let (ctx, asked) = mutation(request, |_, asked| Ok(asked))?;
        let request = request_id(&asked.request_id).map_err(status)?;
        let secret = Secret::new(&asked.password);
        reply(self.0.sign_in(&ctx, request, &asked.login, &secret).await.map(convert::pair))
    }

    async fn begin_sign_in(
        &self,
        request: Request<BeginSignInRequest>,
    ) -> Result<Response<BeginSignInResponse>, Status> {
        let (ctx, asked) = query(request);
        let begun = self.0.begin_sign_in(&ctx, &asked.provider, &asked.redirect_uri).await;
        reply(begun.map(convert::begun))
    }

    async fn complete_sign_in(
        &self,
        request: Request<CompleteSignInRequest>,
    ) -> Result<Response<TokenPair>, Status> {
        let (ctx, asked) = mutation(request, |_, asked| Ok(asked))?;
        let request = request_id(&asked.request_id).map_err(status)?;
        let CompleteSignInRequest { ticket, state, code, issuer, .. } = asked;
        let came = Came { ticket, state, code, issuer };
        reply(self.0.complete_sign_in(&ctx, request, &came).await.map(convert::pair))
    }

    async fn exchange_token(
        &self,
        request: Request<ExchangeTokenRequest>,
    ) -> Result<Response<TokenPair>, Status> {
        let (ctx, asked) = mutation(request, |_, asked| Ok(asked))?;
        let request = request_id(&asked.request_id).map_err(status)?;
        let entered = self.0.exchange_token(&ctx, request, &asked.provider, &asked.id_token).await;
        reply(entered.map(convert::pair))
    }

    async fn refresh_token(
        &self,
        request: Request<RefreshTokenRequest>,
    ) -> Result<Response<TokenPair>, Status> {
        let (ctx, asked) = mutation(request, |_, asked| Ok(asked))?;
        let request = request_id(&asked.request_id).map_err(status)?;
        let refreshed = self.0.refresh_token(&ctx, request, &asked.refresh_token).await;
        reply(refreshed.map(convert::pair))
    }

    async fn sign_out(
        &self,
        request: Request<SignOutRequest>,
    ) -> Result<Response<SignOutResponse>, Status> {
        let (ctx, asked) = mutation(request, |_, asked| Ok(asked))?;
        let done = self.0.sign_out(&ctx, &asked.refresh_token, asked.everywhere).await;
        reply(done.map(|()| SignOutResponse {}))
    }

    async fn change_password(
        &self,
        request: Request<ChangePasswordRequest>,
    ) -> Result<Response<ChangePasswordResponse>, Status> {
        let (ctx, asked) = mutation(request, |_, asked| Ok(asked))?;
        let secret = Secret::new(&asked.password);
        let done = self.0.change_password(&ctx, &asked.login, &secret, &asked.new_password).await;
        reply(done.map(|()| ChangePasswordResponse {}))
    }

    async fn issue_system_token(
        &self,
        request: Request<IssueSystemTokenRequest>,
    ) -> Result<Response<SystemToken>, Status> {
        let (ctx, asked) = query(request);
        let mut wrong = Violations::default();
        let scopes = fields::scopes(&mut wrong, "scopes", &asked.scopes);
        wrong.finish().map_err(status)?;
        let secret = Secret::new(&asked.client_secret);
        let issued = self.0.issue_system_token(&ctx, &asked.client_id, &secret, &scopes).await;
        reply(issued.map(convert::system_token))
    }

    async fn get_jwks(&self, request: Request<GetJwksRequest>) -> Result<Response<Jwks>, Status> {
        let (ctx, _) = query(request);
        reply(self.0.jwks(&ctx).await.map(convert::jwks))
    }

    async fn list_revocations(
        &self,
        request: Request<ListRevocationsRequest>,
    ) -> Result<Response<ListRevocationsResponse>, Status> {
        let (ctx, asked) = query(request);
        reply(self.0.list_revocations(&ctx, &asked.cursor).await.map(convert::feed))
    }
}

/// `mutation` has seen that it is one.
fn request_id(text: &str) -> Result<Uuid, Fault> {
    Uuid::try_parse(text).map_err(Fault::internal)
}
