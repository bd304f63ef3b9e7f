//! The inbox, the preferences, and what went out.

use motcua::demo::world::{refused, request_id, until};
use motcua_proto::{
    intake::v1::Dossier,
    notification::v1::{
        ChannelUse, CreateWebhookRequest, CreateWebhookResponse, DeleteWebhookRequest,
        GetPreferencesRequest, ListMessageCostsRequest, ListMessageStatusesRequest,
        ListMessagesRequest, ListSpoolRequest, ListWebhooksRequest, MarkReadRequest, Preferences,
        RotateWebhookSecretRequest, TestWebhookRequest, UpdatePreferencesRequest,
        UpdateWebhookRequest, Webhook,
    },
};
use prost::Message;

use super::Stage;

impl Stage<'_> {
    pub(super) async fn messages(&mut self, dossier: &Dossier) {
        let Self { bench, story, others } = self;
        let strangers = [&others.citizen, &others.organisation, &story.desk];
        let list = ListMessagesRequest { page_size: 100, ..ListMessagesRequest::default() };
        let message = until("a message", async || {
            let mut inbox = story.world.notification(&story.citizen);
            let page = inbox.list_messages(list.clone()).await.map_err(refused)?.into_inner();
            Ok(page.messages.into_iter().find(|message| message.dossier == dossier.name))
        });
        let message = message.await.unwrap();
        let method = "NotificationService/ListMessages";
        bench.listed(method, &story.citizen, &strangers, &list, &message.name).await;
        bench.watch(method, &story.citizen, &list);
        let read = MarkReadRequest { request_id: request_id(), name: message.name };
        let method = "NotificationService/MarkRead";
        bench.twin(method, &story.citizen, &strangers, &read).await;

        // Once there is something in the spool, which events bring there.
        let spool = ListSpoolRequest { page_size: 100, ..ListSpoolRequest::default() };
        until("the spool", async || {
            let mut spooled = story.world.notification(&others.province);
            let page = spooled.list_spool(spool.clone()).await.map_err(refused)?.into_inner();
            Ok(page.messages.iter().any(|m| m.dossier == dossier.name).then_some(()))
        })
        .await
        .unwrap();
        let far = [&others.administrator, &others.auditor];
        let method = "NotificationService/ListSpool";
        bench.listed(method, &others.province, &far, &spool, &dossier.name).await;
        self.costs().await;
        self.statuses(dossier).await;
        self.preferences().await;
        self.webhooks().await;
    }

    /// An address is its organisation's; another has its own.
    async fn webhooks(&mut self) {
        let Self { bench, others, .. } = self;
        let (owner, strangers) = (&others.organisation, [&others.organisation_2, &others.citizen]);
        let create = CreateWebhookRequest {
            request_id: request_id(),
            // Nobody is there, which a trial's answer tells.
            url: "http://127.0.0.1:1/".to_owned(),
        };
        let method = "NotificationService/CreateWebhook";
        let created = bench.call(method, owner, vec![create.encode_to_vec().into()]).await;
        let webhook = created.read::<CreateWebhookResponse>().webhook.unwrap();
        let list = ListWebhooksRequest::default();
        let method = "NotificationService/ListWebhooks";
        bench.listed(method, owner, &strangers[..1], &list, &webhook.name).await;
        bench.watch(method, owner, &list);
        let update = UpdateWebhookRequest {
            request_id: request_id(),
            webhook: Some(Webhook { state: 2, ..webhook.clone() }),
            update_mask: Some(prost_types::FieldMask { paths: vec!["state".to_owned()] }),
        };
        bench.twin("NotificationService/UpdateWebhook", owner, &strangers, &update).await;
        let name = || webhook.name.clone();
        let rotate = RotateWebhookSecretRequest { request_id: request_id(), name: name() };
        bench.twin("NotificationService/RotateWebhookSecret", owner, &strangers, &rotate).await;
        let test = TestWebhookRequest { request_id: request_id(), name: name() };
        bench.twin("NotificationService/TestWebhook", owner, &strangers, &test).await;
        let delete = DeleteWebhookRequest { request_id: request_id(), name: name() };
        bench.twin("NotificationService/DeleteWebhook", owner, &strangers, &delete).await;
    }

    /// Of the agency that the dossier's provider of messages was paid for.
    async fn costs(&mut self) {
        let Self { bench, story, others } = self;
        let ask = ListMessageCostsRequest {
            agency: story.ward.name.clone(),
            from_day: "2025-01-01".into(),
            to_day: "2100-01-01".into(),
            ..ListMessageCostsRequest::default()
        };
        let far = [&others.administrator, &others.auditor];
        bench.twin("NotificationService/ListMessageCosts", &others.province, &far, &ask).await;
    }

    /// Another system counts for its agency, an officer for what the role reaches.
    async fn statuses(&mut self, dossier: &Dossier) {
        let Self { bench, story, others } = self;
        let mut ask = ListMessageStatusesRequest { page_size: 100, ..Default::default() };
        let first = until("a status", async || {
            let mut system = story.world.notification(&others.near_system);
            let page = system.list_message_statuses(ask.clone()).await.map_err(refused)?;
            let page = page.into_inner();
            let found = page.statuses.into_iter().find(|status| status.dossier == dossier.name);
            ask.page_token = page.next_page_token;
            Ok(found)
        });
        let first = first.await.unwrap();
        let ask = ListMessageStatusesRequest {
            after_sequence: first.sequence - 1,
            ..ListMessageStatusesRequest::default()
        };
        let far = [&others.far_system, &others.administrator, &others.auditor];
        let method = "NotificationService/ListMessageStatuses";
        for owner in [&others.near_system, &others.province] {
            bench.listed(method, owner, &far, &ask, &dossier.name).await;
        }
    }

    /// Preferences have no name in a request that could be another's: whatever a
    /// message says, the caller's own are read and changed.
    async fn preferences(&mut self) {
        let Self { bench, story, others } = self;
        let get = GetPreferencesRequest {};
        let method = "NotificationService/GetPreferences";
        let account = story.citizen.account.clone();
        let strangers = [&others.citizen, &story.desk];
        bench.listed(method, &story.citizen, &strangers, &get, &account).await;
        bench.watch(method, &story.citizen, &get);
        let before: Preferences =
            bench.call(method, &story.citizen, vec![Vec::new().into()]).await.read();
        let update = UpdatePreferencesRequest {
            request_id: request_id(),
            preferences: Some(Preferences { sms: ChannelUse::Off.into(), ..before.clone() }),
            update_mask: None,
        };
        let method = "NotificationService/UpdatePreferences";
        for stranger in strangers {
            bench.call(method, stranger, vec![update.encode_to_vec().into()]).await;
        }
        let after = bench.call(
            "NotificationService/GetPreferences",
            &story.citizen,
            vec![Vec::new().into()],
        );
        assert_eq!(after.await.read::<Preferences>(), before, "a stranger changed them");
        bench.twin(method, &story.citizen, &[], &update).await;
    }
}
