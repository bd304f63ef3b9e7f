//! Templates as officers see them.

use motcua_context::Role;
use motcua_proto::notification::v1::{Language, ListTemplatesRequest, PreviewTemplateRequest};
use motcua_testkit::Database;
use tonic::Code;

use crate::support::{builder, client, contact, officer, province, ready, start};

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
    assert_eq!(all.len(), 105);
    let former = || all.iter().filter(|t| !t.current).map(|t| t.name.as_str());
    let long: Vec<_> = former().filter(|name| !name.contains(".sms.")).collect();
    assert_eq!(long, ["templates/due-date-changed.vi.v1"]);
    assert_eq!(former().filter(|name| name.contains(".sms.")).count(), 22, "now with their marks");
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
        assert_eq!(preview.sms_segments, i32::from(short), "{}", template.name);
        assert_eq!(preview.title.is_empty(), short);
    }
    let unknown = PreviewTemplateRequest { name: "templates/x".into() };
    assert_eq!(client.preview_template(unknown).await.unwrap_err().code(), Code::NotFound);
    env.stop().await;
}

#[tokio::test]
async fn short_messages_bear_their_marks_where_that_is_wanted() {
    for (marks, text, segments) in
        [("never", "Da hoan", 1), ("where_free", "Da hoan", 1), ("always", "Đã hoàn", 2)]
    {
        let builder = builder(Database::Sqlite, || Ok(contact()));
        let env = builder.set(format!("notification.sms_marks={marks}")).start().await;
        ready(&env).await;
        let asked = PreviewTemplateRequest { name: "templates/payment-refunded.sms.v2".into() };
        let preview = client(&env, &officer(Role::CatalogEditor, province()))
            .preview_template(asked)
            .await
            .unwrap()
            .into_inner();
        assert!(preview.text.starts_with(text), "{marks}: {}", preview.text);
        assert_eq!(preview.sms_segments, segments, "{marks}");
        assert_eq!(preview.sms_septets > 0, marks != "always");
        env.stop().await;
    }
}

#[tokio::test]
async fn what_zalo_puts_into_its_texts_is_shown_by_name() {
    let mut builder = builder(Database::Sqlite, || Ok(contact()));
    for pair in [
        "app_id=4412",
        "secret_key=secret",
        "refresh_token=first",
        r#"templates={ dossier_accepted = { id = "331", params = { ten = "name", ma = "code", hen = "time", phi = "amount" } } }"#,
    ] {
        builder = builder.set(format!("notification.zalo.{pair}"));
    }
    let env = builder.start().await;
    ready(&env).await;
    let preview = async |name: &str| {
        let asked = PreviewTemplateRequest { name: format!("templates/{name}") };
        let mut client = client(&env, &officer(Role::CatalogEditor, province()));
        client.preview_template(asked).await.unwrap().into_inner().zalo
    };
    for language in ["vi", "en"] {
        let zalo = preview(&format!("dossier-accepted.{language}.v1")).await.unwrap();
        assert_eq!(zalo.template_id, "331");
        let values: Vec<_> = zalo.values.iter().map(|v| (&*v.param, &*v.value)).collect();
        // An acceptance tells no sum: these settings would let nothing go, and that is seen.
        let (ten, ma) = (("ten", "Nguyễn Văn A"), ("ma", "H53.12.05-261121-0001"));
        assert_eq!(values, [("hen", "09:00 07/03/2026"), ma, ("phi", ""), ten]);
    }
    for other in ["dossier-accepted.sms.v2", "result-ready.vi.v1"] {
        assert_eq!(preview(other).await, None, "{other}");
    }
    env.stop().await;
}
