//! Each method admits whom its contract names, and nobody else.

use motcua_context::{Actor, Person, Role};
use motcua_proto::notification::v1::{
    CreateWebhookRequest, DeleteWebhookRequest, GetPreferencesRequest, ListMessageCostsRequest,
    ListMessageStatusesRequest, ListMessagesRequest, ListSpoolRequest, ListTemplatesRequest,
    ListWebhooksRequest, MarkReadRequest, PreviewTemplateRequest, RotateWebhookSecretRequest,
    TestWebhookRequest, UpdatePreferencesRequest, UpdateWebhookRequest,
};
use motcua_testkit::Database;
use tonic::{Code, Status};

use crate::support::{Env, account, client, officer, province, start};

async fn call(env: &Env, actor: &Actor, method: &str) -> Result<(), Status> {
    let mut client = client(env, actor);
    let request_id = env.request_id();
    match method {
        "ListMessages" => client.list_messages(ListMessagesRequest::default()).await.map(drop),
        "MarkRead" => {
            let asked = MarkReadRequest { request_id, name: "messages/x".into() };
            client.mark_read(asked).await.map(drop)
        }
        "GetPreferences" => client.get_preferences(GetPreferencesRequest {}).await.map(drop),
        "UpdatePreferences" => {
            let asked = UpdatePreferencesRequest { request_id, ..Default::default() };
            client.update_preferences(asked).await.map(drop)
        }
        "CreateWebhook" => {
            let asked = CreateWebhookRequest { request_id, url: "https://1.1.1.1/".into() };
            client.create_webhook(asked).await.map(drop)
        }
        "ListWebhooks" => client.list_webhooks(ListWebhooksRequest::default()).await.map(drop),
        "UpdateWebhook" => {
            let asked = UpdateWebhookRequest { request_id, ..Default::default() };
            client.update_webhook(asked).await.map(drop)
        }
        "RotateWebhookSecret" => {
            let asked = RotateWebhookSecretRequest { request_id, name: "webhooks/x".into() };
            client.rotate_webhook_secret(asked).await.map(drop)
        }
        "DeleteWebhook" => {
            let asked = DeleteWebhookRequest { request_id, name: "webhooks/x".into() };
            client.delete_webhook(asked).await.map(drop)
        }
        "TestWebhook" => {
            let asked = TestWebhookRequest { request_id, name: "webhooks/x".into() };
            client.test_webhook(asked).await.map(drop)
        }
        "ListSpool" => client.list_spool(ListSpoolRequest::default()).await.map(drop),
        "ListMessageStatuses" => {
            client.list_message_statuses(ListMessageStatusesRequest::default()).await.map(drop)
        }
        "ListMessageCosts" => {
            client.list_message_costs(ListMessageCostsRequest::default()).await.map(drop)
        }
        "ListTemplates" => client.list_templates(ListTemplatesRequest::default()).await.map(drop),
        _ => client.preview_template(PreviewTemplateRequest::default()).await.map(drop),
    }
}

#[tokio::test]
async fn the_contract_says_who_may_call() {
    let env = start(Database::Sqlite).await;
    let own = [
        "ListMessages",
        "MarkRead",
        "GetPreferences",
        "UpdatePreferences",
        "CreateWebhook",
        "ListWebhooks",
        "UpdateWebhook",
        "RotateWebhookSecret",
        "DeleteWebhook",
        "TestWebhook",
    ];
    // What officers have too: an inbox, and preferences.
    let inbox = ["ListMessages", "MarkRead", "GetPreferences", "UpdatePreferences"];
    let works = [Role::DeskOfficer, Role::Specialist, Role::HeadOfUnit, Role::Leader];
    let organisation = Actor::Person(Person::organisation(account()));
    let by_role: [(&str, &[Role]); 5] = [
        ("ListMessageCosts", &[Role::Leader, Role::Administrator, Role::Auditor]),
        ("ListSpool", &[Role::Administrator, Role::Auditor]),
        ("ListMessageStatuses", &[Role::Administrator, Role::Auditor]),
        ("ListTemplates", &[Role::Administrator, Role::CatalogEditor]),
        ("PreviewTemplate", &[Role::Administrator, Role::CatalogEditor]),
    ];
    let admitted = |answer: Result<(), Status>| {
        !matches!(
            answer.map_err(|status| status.code()),
            Err(Code::PermissionDenied | Code::Unauthenticated)
        )
    };
    for method in own.into_iter().chain(by_role.map(|(method, _)| method)) {
        let nobody = call(&env, &Actor::Anonymous, method).await.unwrap_err();
        assert_eq!(nobody.code(), Code::Unauthenticated, "{method}");
        let person = admitted(call(&env, &organisation, method).await);
        assert_eq!(person, own.contains(&method), "{method} by a person");
        for role in Role::ALL {
            let allowed = by_role.iter().any(|(m, roles)| *m == method && roles.contains(&role))
                || inbox.contains(&method) && works.contains(&role);
            let answer = admitted(call(&env, &officer(role, province()), method).await);
            assert_eq!(answer, allowed, "{method} by {role}");
        }
    }
    env.stop().await;
}
