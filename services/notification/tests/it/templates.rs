//! Templates as officers see them.

use motcua_context::Role;
use motcua_proto::notification::v1::{Language, ListTemplatesRequest, PreviewTemplateRequest};
use motcua_testkit::Database;
use tonic::Code;

use crate::support::{client, officer, province, start};

#[tokio::test]
async fn every_template_can_be_listed_and_looked_at() {
    let env = start(Database::Sqlite).await;
    let mut client = client(&env, &officer(Role::CatalogEditor, province()));
    let mut token = String::new();
    let mut all = Vec::new();
    loop {
        let asked = ListTemplatesRequest { page_size: 7, page_token: token, ..Default::default() };
        let page = client.list_templates(asked).await.unwrap().into_inner();
        all.extend(page.templates);
        token = page.next_page_token;
        if token.is_empty() {
            break;
        }
    }
    assert_eq!(all.len(), 84);
    let former: Vec<_> = all.iter().filter(|t| !t.current).map(|t| t.name.as_str()).collect();
    assert_eq!(former, ["templates/due-date-changed.vi.v1", "templates/due-date-changed.sms.v1"]);
    let english = ListTemplatesRequest {
        page_size: 100,
        language: Language::En.into(),
        ..Default::default()
    };
    let english = client.list_templates(english).await.unwrap().into_inner().templates;
    assert_eq!(english.len(), 41);
    assert!(english.iter().all(|t| t.language() == Language::En && all.contains(t)));
    for template in all {
        let about =
            if template.name.contains("/officer-digest.") { "{{ digest" } else { "{{ dossier" };
        assert!(template.text.contains(about), "{}", template.name);
        let asked = PreviewTemplateRequest { name: template.name.clone() };
        let preview = client.preview_template(asked).await.unwrap().into_inner();
        assert!(!preview.text.contains('{'), "{}", template.name);
        assert_eq!(preview.language(), template.language(), "{}", template.name);
        let short = template.name.contains(".sms");
        assert_eq!((1..=160).contains(&preview.sms_septets), short, "{}", template.name);
        assert_eq!(preview.title.is_empty(), short);
    }
    let unknown = PreviewTemplateRequest { name: "templates/x".into() };
    assert_eq!(client.preview_template(unknown).await.unwrap_err().code(), Code::NotFound);
    env.stop().await;
}
