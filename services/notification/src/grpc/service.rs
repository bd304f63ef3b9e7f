use motcua_fault::both;
use motcua_ids::MessageId;
use motcua_proto::notification::v1::{
    CreateWebhookRequest, CreateWebhookResponse, DeleteWebhookRequest, DeleteWebhookResponse,
    GetPreferencesRequest, ListMessageCostsRequest, ListMessageCostsResponse,
    ListMessageStatusesRequest, ListMessageStatusesResponse, ListMessagesRequest,
    ListMessagesResponse, ListSpoolRequest, ListSpoolResponse, ListTemplatesRequest,
    ListTemplatesResponse, ListWebhooksRequest, ListWebhooksResponse, MarkReadRequest, Message,
    Preferences, PreviewTemplateRequest, PreviewTemplateResponse, RotateWebhookSecretRequest,
    RotateWebhookSecretResponse, TestWebhookRequest, TestWebhookResponse, UpdatePreferencesRequest,
    UpdateWebhookRequest, Webhook, notification_service_server::NotificationService,
};
use motcua_rpc::{self as rpc, Pages};
use tonic::{Request, Response, Status};

use super::{convert, costs, webhooks};
use crate::app::{App, CostSlot};

/// The RPCs.
pub(crate) struct Service {
    pub(crate) app: App,
    pub(crate) pages: Pages,
}

#[async_trait::async_trait]
impl NotificationService for Service {
    async fn list_messages(
        &self,
        request: Request<ListMessagesRequest>,
    ) -> Result<Response<ListMessagesResponse>, Status> {
        let (ctx, asked) = rpc::query(request);
        let listed = async {
            let filter =
                ListMessagesRequest { unread_only: asked.unread_only, ..Default::default() };
            let page = self.pages.open(&ctx, &filter, asked.page_size, &asked.page_token)?;
            let inbox = self.app.inbox(&ctx, page, asked.unread_only).await?;
            let last = inbox.messages.last().filter(|_| inbox.more).map(|m| m.id);
            Ok(ListMessagesResponse {
                messages: inbox.messages.iter().map(convert::message).collect(),
                next_page_token: last
                    .map(|id| self.pages.token(&ctx, &filter, &id))
                    .transpose()?
                    .unwrap_or_default(),
                unread_count: i32::try_from(inbox.unread).unwrap_or(i32::MAX),
            })
        };
        rpc::reply(listed.await)
    }

    async fn mark_read(
        &self,
        request: Request<MarkReadRequest>,
    ) -> Result<Response<Message>, Status> {
        let (ctx, id) = rpc::mutation(request, |_, asked| convert::message_id(&asked.name))?;
        rpc::reply(self.app.mark_read(&ctx, id).await.map(|read| convert::message(&read)))
    }

    async fn get_preferences(
        &self,
        request: Request<GetPreferencesRequest>,
    ) -> Result<Response<Preferences>, Status> {
        let (ctx, _) = rpc::query(request);
        let known = self.app.preferences(&ctx).await;
        rpc::reply(known.map(|(account, known)| convert::preferences(account, known)))
    }

    async fn update_preferences(
        &self,
        request: Request<UpdatePreferencesRequest>,
    ) -> Result<Response<Preferences>, Status> {
        let (ctx, change) = rpc::mutation(request, |_, asked| convert::change(&asked))?;
        let changed = self.app.change_preferences(&ctx, change).await;
        rpc::reply(changed.map(|(account, changed)| convert::preferences(account, changed)))
    }

    async fn list_spool(
        &self,
        request: Request<ListSpoolRequest>,
    ) -> Result<Response<ListSpoolResponse>, Status> {
        let (ctx, asked) = rpc::query(request);
        let listed = async {
            let same =
                ListSpoolRequest { page_size: 0, page_token: String::new(), ..asked.clone() };
            let (size, token) = (asked.page_size, &asked.page_token);
            let page = self.pages.open::<MessageId>(&ctx, &same, size, token);
            let (page, filter) = both(page, convert::spool_filter(&asked))?;
            let (messages, more) = self.app.spool(&ctx, page, filter).await?;
            let last = messages.last().filter(|_| more).map(|m| m.id);
            Ok(ListSpoolResponse {
                messages: messages.iter().map(convert::message).collect(),
                next_page_token: last
                    .map(|id| self.pages.token(&ctx, &same, &id))
                    .transpose()?
                    .unwrap_or_default(),
            })
        };
        rpc::reply(listed.await)
    }

    async fn list_message_statuses(
        &self,
        request: Request<ListMessageStatusesRequest>,
    ) -> Result<Response<ListMessageStatusesResponse>, Status> {
        let (ctx, asked) = rpc::query(request);
        let listed = async {
            let filter = ListMessageStatusesRequest::default();
            let page = self.pages.open::<i64>(&ctx, &filter, asked.page_size, &asked.page_token)?;
            let after = page.after.unwrap_or(asked.after_sequence);
            let found = self.app.statuses(&ctx, after, page.size).await?;
            Ok(ListMessageStatusesResponse {
                statuses: found.statuses.iter().map(convert::status).collect(),
                next_page_token: found
                    .next
                    .map(|next| self.pages.token(&ctx, &filter, &next))
                    .transpose()?
                    .unwrap_or_default(),
            })
        };
        rpc::reply(listed.await)
    }

    async fn create_webhook(
        &self,
        request: Request<CreateWebhookRequest>,
    ) -> Result<Response<CreateWebhookResponse>, Status> {
        let (ctx, url) = rpc::mutation(request, |_, asked| webhooks::address(&asked.url))?;
        let created = self.app.create_webhook(&ctx, url).await;
        rpc::reply(created.map(|(webhook, secret)| CreateWebhookResponse {
            webhook: Some(webhooks::webhook(&webhook, ctx.now())),
            secret,
        }))
    }

    async fn list_webhooks(
        &self,
        request: Request<ListWebhooksRequest>,
    ) -> Result<Response<ListWebhooksResponse>, Status> {
        let (ctx, asked) = rpc::query(request);
        let listed = async {
            let filter = ListWebhooksRequest::default();
            let page = self.pages.open(&ctx, &filter, asked.page_size, &asked.page_token)?;
            let (found, more) = self.app.webhooks(&ctx, page).await?;
            let last = found.last().filter(|_| more).map(|webhook| webhook.id);
            Ok(ListWebhooksResponse {
                webhooks: found.iter().map(|one| webhooks::webhook(one, ctx.now())).collect(),
                next_page_token: last
                    .map(|id| self.pages.token(&ctx, &filter, &id))
                    .transpose()?
                    .unwrap_or_default(),
            })
        };
        rpc::reply(listed.await)
    }

    async fn list_message_costs(
        &self,
        request: Request<ListMessageCostsRequest>,
    ) -> Result<Response<ListMessageCostsResponse>, Status> {
        let (ctx, asked) = rpc::query(request);
        let listed = async {
            let same = ListMessageCostsRequest {
                page_size: 0,
                page_token: String::new(),
                ..asked.clone()
            };
            let (size, token) = (asked.page_size, &asked.page_token);
            let page = self.pages.open::<CostSlot>(&ctx, &same, size, token);
            let (page, filter) = both(page, costs::filter(&asked))?;
            let (found, more) = self.app.costs(&ctx, filter, page).await?;
            let last = found.last().filter(|_| more).map(|cost| &cost.taken.slot);
            let next = last.map(|slot| self.pages.token(&ctx, &same, slot)).transpose()?;
            Ok(ListMessageCostsResponse {
                costs: found.iter().map(costs::cost).collect::<Result<_, _>>()?,
                next_page_token: next.unwrap_or_default(),
            })
        };
        rpc::reply(listed.await)
    }

    async fn update_webhook(
        &self,
        request: Request<UpdateWebhookRequest>,
    ) -> Result<Response<Webhook>, Status> {
        let (ctx, change) = rpc::mutation(request, |_, asked| webhooks::change(&asked))?;
        let changed = self.app.change_webhook(&ctx, change).await;
        rpc::reply(changed.map(|changed| webhooks::webhook(&changed, ctx.now())))
    }

    async fn rotate_webhook_secret(
        &self,
        request: Request<RotateWebhookSecretRequest>,
    ) -> Result<Response<RotateWebhookSecretResponse>, Status> {
        let (ctx, id) = rpc::mutation(request, |_, asked| webhooks::name(&asked.name))?;
        let rotated = self.app.rotate_secret(&ctx, id).await;
        rpc::reply(rotated.map(|(webhook, secret)| RotateWebhookSecretResponse {
            webhook: Some(webhooks::webhook(&webhook, ctx.now())),
            secret,
        }))
    }

    async fn delete_webhook(
        &self,
        request: Request<DeleteWebhookRequest>,
    ) -> Result<Response<DeleteWebhookResponse>, Status> {
        let (ctx, id) = rpc::mutation(request, |_, asked| webhooks::name(&asked.name))?;
        let deleted = self.app.delete_webhook(&ctx, id).await;
        rpc::reply(deleted.map(|()| DeleteWebhookResponse {}))
    }

    async fn test_webhook(
        &self,
        request: Request<TestWebhookRequest>,
    ) -> Result<Response<TestWebhookResponse>, Status> {
        let (ctx, id) = rpc::mutation(request, |_, asked| webhooks::name(&asked.name))?;
        let tried = self.app.try_webhook(&ctx, id).await;
        rpc::reply(tried.map(|answer| webhooks::tried(answer.as_ref())))
    }

    async fn list_templates(
        &self,
        request: Request<ListTemplatesRequest>,
    ) -> Result<Response<ListTemplatesResponse>, Status> {
        let (ctx, asked) = rpc::query(request);
        let listed = async {
            let filter = ListTemplatesRequest { language: asked.language, ..Default::default() };
            let page = self.pages.open(&ctx, &filter, asked.page_size, &asked.page_token)?;
            let after = page.after.unwrap_or_default();
            let (templates, more) = convert::template_page(asked.language(), after, page.size);
            let next = more.then_some(after + templates.len());
            Ok(ListTemplatesResponse {
                templates,
                next_page_token: next
                    .map(|next| self.pages.token(&ctx, &filter, &next))
                    .transpose()?
                    .unwrap_or_default(),
            })
        };
        rpc::reply(listed.await)
    }

    async fn preview_template(
        &self,
        request: Request<PreviewTemplateRequest>,
    ) -> Result<Response<PreviewTemplateResponse>, Status> {
        let (ctx, asked) = rpc::query(request);
        rpc::reply(self.app.preview(&ctx, &asked.name).map(convert::preview))
    }
}
