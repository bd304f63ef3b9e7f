//! Agencies, desks and fields.

use motcua_proto::catalog::v1::{self as proto, AgencyKind};
use motcua_testkit::Database;
use prost_types::FieldMask;

use crate::support::{Stage, reason, violations};

fn mask(paths: &[&str]) -> FieldMask {
    FieldMask { paths: paths.iter().map(ToString::to_string).collect() }
}

fn commune(parent: &str, code: &str) -> proto::Agency {
    proto::Agency {
        identifier_code: code.into(),
        display_name: "Ủy ban nhân dân xã Mới".into(),
        kind: AgencyKind::Commune as i32,
        parent: parent.into(),
        ..Default::default()
    }
}

async fn create(stage: &Stage, agency: proto::Agency) -> Result<proto::Agency, tonic::Status> {
    let asked = proto::CreateAgencyRequest { request_id: stage.id(), agency: Some(agency) };
    Ok(stage.admin().create_agency(asked).await?.into_inner())
}

async fn an_agency_is_known_with_its_path_and_units(database: Database) {
    let stage = Stage::open(database).await;
    let commune = stage.agency("H53.41").await;
    assert_eq!(commune.path, [stage.province.name(), commune.name.clone()]);
    assert!(commune.units.iter().any(|unit| unit.unit_code == "tu-phap"));
    let unit = &commune.units[0];
    assert_eq!(unit.path.len(), 3);
    assert_eq!(unit.kind(), AgencyKind::Unit);
}

async fn the_former_district_is_kept_and_names_its_successor(database: Database) {
    let stage = Stage::open(database).await;
    let list = |any_day, valid_on: &str| proto::ListAgenciesRequest {
        kinds: vec![AgencyKind::District as i32],
        any_day,
        valid_on: valid_on.into(),
        ..Default::default()
    };
    let public = || stage.public();
    let now = public().list_agencies(list(false, "")).await.unwrap().into_inner();
    assert!(now.agencies.is_empty());
    let before = public().list_agencies(list(false, "2025-06-30")).await.unwrap().into_inner();
    let district = &before.agencies[0];
    assert_eq!(district.valid_to, "2025-06-30");
    assert_eq!(district.successor, stage.agency("H53.42").await.name);
    assert_eq!(
        public().list_agencies(list(true, "")).await.unwrap().into_inner().agencies.len(),
        1
    );
}

async fn an_agency_is_made_changed_and_ended(database: Database) {
    let stage = Stage::open(database).await;
    let province = stage.province.name();
    let made = create(&stage, commune(&province, "H53.99")).await.unwrap();

    let taken = create(&stage, commune(&province, "H53.99")).await.unwrap_err();
    assert_eq!(reason(&taken), "AGENCY_CODE_TAKEN");
    let misplaced = create(&stage, commune(&made.name, "H53.98")).await.unwrap_err();
    assert_eq!(reason(&misplaced), "AGENCY_KIND_MISPLACED");

    let change = |etag: &str| proto::UpdateAgencyRequest {
        request_id: stage.id(),
        agency: Some(proto::Agency {
            name: made.name.clone(),
            etag: etag.into(),
            display_name: "Ủy ban nhân dân xã Mới Hơn".into(),
            ..Default::default()
        }),
        update_mask: Some(mask(&["display_name"])),
    };
    let changed = stage.admin().update_agency(change(&made.etag)).await.unwrap().into_inner();
    assert_eq!(changed.identifier_code, "H53.99", "what the mask leaves out stays");
    let late = stage.admin().update_agency(change(&made.etag)).await.unwrap_err();
    assert_eq!(reason(&late), "ETAG_MISMATCH");

    let end = |successor: String| proto::EndAgencyRequest {
        request_id: stage.id(),
        name: made.name.clone(),
        valid_to: "2026-12-31".into(),
        successor,
        ..Default::default()
    };
    let unfit = stage.admin().end_agency(end(made.name.clone())).await.unwrap_err();
    assert_eq!(reason(&unfit), "SUCCESSOR_UNFIT");
    let heir = stage.agency("H53.41").await.name;
    let ended = stage.admin().end_agency(end(heir.clone())).await.unwrap().into_inner();
    assert_eq!((ended.valid_to.as_str(), ended.successor), ("2026-12-31", heir));
    let again = stage.admin().end_agency(end(String::new())).await.unwrap_err();
    assert_eq!(reason(&again), "AGENCY_ENDED");

    let said: Vec<proto::AgencyChanged> = stage.env.said().await;
    let of_it: Vec<_> = said.iter().filter(|event| event.agency == made.name).collect();
    assert_eq!(of_it.iter().map(|event| event.version).collect::<Vec<_>>(), [1, 2, 3]);
}

async fn an_agency_does_not_choose_its_own_code(database: Database) {
    let stage = Stage::open(database).await;
    let commune = stage.agency("H53.41").await;
    let change = |paths: &[&str]| proto::UpdateAgencyRequest {
        request_id: stage.id(),
        agency: Some(proto::Agency {
            name: commune.name.clone(),
            identifier_code: "H53.97".into(),
            display_name: "Ủy ban nhân dân phường".into(),
            ..Default::default()
        }),
        update_mask: Some(mask(paths)),
    };
    let mut own = stage.admin_of(&commune.name);
    let taken = own.update_agency(change(&["identifier_code"])).await.unwrap_err();
    assert_eq!(reason(&taken), "NOT_ADMINISTRATOR");
    own.update_agency(change(&["display_name"])).await.unwrap();
    stage.admin().update_agency(change(&["identifier_code"])).await.unwrap();
}

async fn an_agency_cannot_end_before_it_begins(database: Database) {
    let stage = Stage::open(database).await;
    let later = proto::Agency {
        valid_from: "2026-06-01".into(),
        ..commune(&stage.province.name(), "H53.99")
    };
    let made = create(&stage, later).await.unwrap();
    let end = proto::EndAgencyRequest {
        request_id: stage.id(),
        name: made.name,
        valid_to: "2026-05-30".into(),
        ..Default::default()
    };
    let refused = stage.admin().end_agency(end).await.unwrap_err();
    assert_eq!(reason(&refused), "AGENCY_ENDS_BEFORE_IT_BEGINS");
}

async fn of_many_agencies_made_at_once_with_one_code_one_is(database: Database) {
    let stage = Stage::open(database).await;
    let province = stage.province.name();
    let all = (0..8).map(|_| create(&stage, commune(&province, "H53.99")));
    let (made, refused): (Vec<_>, Vec<_>) =
        futures::future::join_all(all).await.into_iter().partition(Result::is_ok);
    assert_eq!(made.len(), 1, "{refused:#?}");
    assert!(refused.iter().all(|r| reason(r.as_ref().unwrap_err()) == "AGENCY_CODE_TAKEN"));

    let mut others = Vec::new();
    for n in 91..95 {
        others.push(create(&stage, commune(&province, &format!("H53.{n}"))).await.unwrap());
    }
    let renames = others.iter().map(async |other| {
        let asked = proto::UpdateAgencyRequest {
            request_id: stage.id(),
            agency: Some(proto::Agency { identifier_code: "H53.98".into(), ..other.clone() }),
            update_mask: Some(mask(&["identifier_code"])),
        };
        stage.admin().update_agency(asked).await
    });
    let answers = futures::future::join_all(renames).await;
    assert_eq!(answers.iter().filter(|r| r.is_ok()).count(), 1, "{answers:#?}");
}

async fn everything_wrong_with_an_agency_is_said_at_once(database: Database) {
    let stage = Stage::open(database).await;
    let agency =
        proto::Agency {
            parent: "xa/1".into(), valid_from: "hôm nay".into(), ..Default::default()
        };
    let refused = create(&stage, agency).await.unwrap_err();
    assert_eq!(
        violations(&refused),
        [
            "agency.kind",
            "agency.parent",
            "agency.display_name",
            "agency.identifier_code",
            "agency.valid_from"
        ]
    );
    let asked = proto::UpdateAgencyRequest {
        request_id: stage.id(),
        agency: Some(proto::Agency { name: stage.province.name(), ..Default::default() }),
        update_mask: Some(mask(&["kind"])),
    };
    let refused = stage.admin().update_agency(asked).await.unwrap_err();
    assert_eq!(violations(&refused), ["update_mask"]);
}

async fn lists_go_on_from_page_to_page(database: Database) {
    let stage = Stage::open(database).await;
    let (mut seen, mut token) = (Vec::new(), String::new());
    loop {
        let asked = proto::ListAgenciesRequest {
            page_size: 7,
            page_token: token,
            any_day: true,
            ..Default::default()
        };
        let page = stage.public().list_agencies(asked).await.unwrap().into_inner();
        assert!(page.agencies.len() <= 7);
        seen.extend(page.agencies.into_iter().map(|agency| agency.name));
        token = page.next_page_token;
        if token.is_empty() {
            break;
        }
    }
    let count = seen.len();
    seen.sort();
    seen.dedup();
    assert_eq!(seen.len(), count, "nobody is seen twice");
    assert!(count > 30);
}

async fn desks_open_and_close(database: Database) {
    let stage = Stage::open(database).await;
    let agency = stage.agency("H53.41").await.name;
    let desk = |code: &str| proto::CreateDeskRequest {
        request_id: stage.id(),
        desk: Some(proto::Desk {
            code: code.into(),
            display_name: "Quầy lưu động".into(),
            agency: agency.clone(),
            ..Default::default()
        }),
    };
    let opened = stage.admin().create_desk(desk("luu-dong")).await.unwrap().into_inner();
    let taken = stage.admin().create_desk(desk("luu-dong")).await.unwrap_err();
    assert_eq!(reason(&taken), "DESK_CODE_TAKEN");
    let close = proto::UpdateDeskRequest {
        request_id: stage.id(),
        desk: Some(proto::Desk { valid_to: "2026-12-31".into(), ..opened.clone() }),
        update_mask: Some(mask(&["valid_to"])),
    };
    stage.admin().update_desk(close).await.unwrap();
    let asked = proto::GetDeskRequest { name: opened.name };
    let desk = stage.public().get_desk(asked).await.unwrap().into_inner();
    assert_eq!(desk.valid_to, "2026-12-31");
    let asked = proto::ListDesksRequest { agency, ..Default::default() };
    let desks = stage.public().list_desks(asked).await.unwrap().into_inner().desks;
    assert_eq!(desks.len(), 3);
}

async fn fields_are_made_once_and_renamed(database: Database) {
    let stage = Stage::open(database).await;
    let make = || proto::CreateFieldRequest {
        request_id: stage.id(),
        field: Some(proto::Field {
            code: "thu-vien".into(),
            display_name: "Thư viện".into(),
            ..Default::default()
        }),
    };
    let field = stage.editor().create_field(make()).await.unwrap().into_inner();
    let taken = stage.editor().create_field(make()).await.unwrap_err();
    assert_eq!(reason(&taken), "FIELD_CODE_TAKEN");
    let rename = proto::UpdateFieldRequest {
        request_id: stage.id(),
        field: Some(proto::Field { national_code: "G16-TV01".into(), ..field }),
        update_mask: Some(mask(&["national_code"])),
    };
    let renamed = stage.editor().update_field(rename).await.unwrap().into_inner();
    assert_eq!(
        (renamed.display_name.as_str(), renamed.national_code.as_str()),
        ("Thư viện", "G16-TV01")
    );
}

crate::support::on_both_databases! {
    an_agency_is_known_with_its_path_and_units,
    the_former_district_is_kept_and_names_its_successor,
    an_agency_is_made_changed_and_ended,
    an_agency_does_not_choose_its_own_code,
    an_agency_cannot_end_before_it_begins,
    of_many_agencies_made_at_once_with_one_code_one_is,
    everything_wrong_with_an_agency_is_said_at_once,
    lists_go_on_from_page_to_page,
    desks_open_and_close,
    fields_are_made_once_and_renamed,
}
