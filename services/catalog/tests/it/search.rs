//! Search as a citizen types.

use motcua_context::Role;
use motcua_proto::catalog::v1::{self as proto, Audience, ProcedureLevel, ServiceLevel};
use motcua_testkit::Database;

use crate::support::{Stage, client, officer};

async fn without_marks_with_slips_and_in_any_order(database: Database) {
    let stage = Stage::open(database).await;
    for (query, number) in [
        ("cap giay phep xay dung nha o rieng le", "1.013225"),
        ("giay phep xay dung", "1.013225"),
        ("khai sinh dang ky", "1.001193"),
        ("dang ki khai sihn", "1.001193"),
        ("ket hon", "1.000894"),
        ("sao y", "2.000815"),
        ("2.000815.000.00.00.H53", "2.000815"),
    ] {
        let found = stage.find(query).await;
        assert!(found.iter().take(5).any(|n| n == number), "{query}: {found:?}");
    }
}

async fn filters_narrow_and_pages_go_on(database: Database) {
    let stage = Stage::open(database).await;
    let commune = stage.agency("H53.41").await.name;
    let all = async |asked: proto::SearchProceduresRequest| {
        let (mut hits, mut token) = (Vec::new(), String::new());
        loop {
            let asked =
                proto::SearchProceduresRequest { page_size: 4, page_token: token, ..asked.clone() };
            let page = stage.public().search_procedures(asked).await.unwrap().into_inner();
            hits.extend(page.hits.into_iter().filter_map(|hit| hit.procedure));
            token = page.next_page_token;
            if token.is_empty() {
                assert_eq!(hits.len(), usize::try_from(page.total_size).unwrap());
                return hits;
            }
        }
    };
    let everything = all(proto::SearchProceduresRequest::default()).await;
    let mut numbers: Vec<_> = everything.iter().map(|p| p.number.clone()).collect();
    numbers.dedup();
    assert_eq!(numbers.len(), everything.len());
    let level = ProcedureLevel::Commune as i32;
    let by_level = all(proto::SearchProceduresRequest { level, ..Default::default() }).await;
    assert!(!by_level.is_empty() && by_level.iter().all(|p| p.level == level));
    let by_agency =
        all(proto::SearchProceduresRequest { agency: commune, ..Default::default() }).await;
    assert!(by_agency.iter().all(|p| p.level == level));
    let field = everything[0].field.clone();
    let by_field =
        all(proto::SearchProceduresRequest { field: field.clone(), ..Default::default() });
    let by_field = numbers_of(&by_field.await);
    let wanted: Vec<_> = everything.iter().filter(|p| p.field == field).cloned().collect();
    assert_eq!(by_field, numbers_of(&wanted));
    assert!(by_field.len() < everything.len());
    for (service_level, some) in [
        (ServiceLevel::InformationOnly, "2.000815"),
        (ServiceLevel::PartlyOnline, "1.000894"),
        (ServiceLevel::FullyOnline, "1.001193"),
    ] {
        let service_level = service_level as i32;
        let found = all(proto::SearchProceduresRequest { service_level, ..Default::default() });
        let found = found.await;
        assert!(found.iter().all(|p| p.service_level == service_level));
        assert!(numbers_of(&found).contains(&some.to_owned()), "{some}");
    }
    let audience = Audience::Organisation as i32;
    let words =
        proto::SearchProceduresRequest { query: "dang ky".into(), audience, ..Default::default() };
    assert!(all(words).await.iter().all(|p| p.audiences.contains(&audience)));
}

fn numbers_of(procedures: &[proto::Procedure]) -> Vec<String> {
    let mut numbers: Vec<_> = procedures.iter().map(|p| p.number.clone()).collect();
    numbers.sort();
    numbers
}

async fn an_agency_is_asked_for_by_what_it_decides(database: Database) {
    let stage = Stage::with(database, motcua_catalog::builtin()).await;
    let decided = async |code: &str| -> Vec<String> {
        let agency = stage.agency(code).await.name;
        let asked = proto::SearchProceduresRequest { agency, page_size: 100, ..Default::default() };
        let found = stage.public().search_procedures(asked).await.unwrap().into_inner();
        found.hits.into_iter().filter_map(|hit| Some(hit.procedure?.number)).collect()
    };
    assert_eq!(decided("G01.53").await, ["1.001456", "3.000333"], "passports, criminal records");
    let (police, ward) = (decided("G01.53.41").await, decided("H53.41").await);
    assert_eq!(police, ["1.002755", "1.004222", "1.010038"], "residence");
    assert!(ward.contains(&"1.001193".to_owned()) && !ward.iter().any(|n| police.contains(n)));
    assert!(decided("H53.04").await.contains(&"2.002288".to_owned()));
    assert!(!decided("H53.03").await.contains(&"2.002288".to_owned()));
}

async fn a_filter_that_is_none_is_told_with_all_others(database: Database) {
    let stage = Stage::open(database).await;
    let asked = proto::SearchProceduresRequest {
        field: "fields/1".into(),
        agency: "H53".into(),
        level: 99,
        audience: 99,
        service_level: -1,
        ..Default::default()
    };
    let refused = stage.public().search_procedures(asked).await.unwrap_err();
    let paths = crate::support::violations(&refused);
    assert_eq!(paths, ["field", "agency", "level", "audience", "service_level"]);
}

async fn internal_procedures_are_for_officials(database: Database) {
    let stage = Stage::open(database).await;
    let current = stage.procedure("1.001193").await.current_version;
    let mut content = stage.version(&current).await.content.unwrap();
    content.display_name = "Điều động công chức nội bộ".into();
    content.audiences = vec![Audience::Official as i32];
    let asked = proto::CreateProcedureRequest {
        request_id: stage.id(),
        number: "6.000001".into(),
        content: Some(content),
    };
    let draft = stage.editor().create_procedure(asked).await.unwrap().into_inner();
    let asked = proto::PublishVersionRequest {
        request_id: stage.id(),
        name: draft.name.clone(),
        etag: draft.etag,
        effective_from: String::new(),
    };
    stage.editor().publish_version(asked).await.unwrap();

    assert!(!stage.find("dieu dong cong chuc").await.contains(&"6.000001".to_owned()));
    let by_number = proto::GetProcedureRequest { number: "6.000001".into(), ..Default::default() };
    assert!(stage.public().get_procedure(by_number.clone()).await.is_err());
    let by_name = proto::GetProcedureVersionRequest { name: draft.name, ..Default::default() };
    assert!(stage.public().get_procedure_version(by_name.clone()).await.is_err());

    let specialist = officer(Role::Specialist, stage.province);
    let mut inside = client(&stage.env, &specialist);
    inside.get_procedure(by_number).await.unwrap();
    inside.get_procedure_version(by_name).await.unwrap();
    let asked = proto::SearchProceduresRequest {
        query: "dieu dong cong chuc".into(),
        ..Default::default()
    };
    let found = inside.search_procedures(asked).await.unwrap().into_inner();
    assert_eq!(found.hits[0].procedure.as_ref().unwrap().number, "6.000001");
}

crate::support::on_both_databases! {
    without_marks_with_slips_and_in_any_order,
    filters_narrow_and_pages_go_on,
    an_agency_is_asked_for_by_what_it_decides,
    a_filter_that_is_none_is_told_with_all_others,
    internal_procedures_are_for_officials,
}
