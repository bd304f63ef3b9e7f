//! Each method admits whom its contract names, and nobody else.

use motcua_context::{Actor, Role};
use motcua_proto::notification::v1::{
    GetPreferencesRequest, ListMessageCostsRequest, ListMessageStatusesRequest,
    ListMessagesRequest, ListSpoolRequest, ListTemplatesRequest, MarkReadRequest,
    PreviewTemplateRequest, UpdatePreferencesRequest,
};
use motcua_testkit::Database;
use tonic::{Code, Status};

use crate::support::{Env, client, officer, owner, province, start};

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
    let own = ["ListMessages", "MarkRead", "GetPreferences", "UpdatePreferences"];
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
        let citizen = admitted(call(&env, &owner(), method).await);
        assert_eq!(citizen, own.contains(&method), "{method} by a citizen");
        for role in Role::ALL {
            let allowed = by_role.iter().any(|(m, roles)| *m == method && roles.contains(&role));
            let answer = admitted(call(&env, &officer(role, province()), method).await);
            assert_eq!(answer, allowed, "{method} by {role}");
        }
    }
    env.stop().await;
}
