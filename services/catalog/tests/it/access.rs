//! Who may do what: the right caller is let in where its twin is not.

use motcua_context::{Actor, Role};
use motcua_ids::AgencyId;
use motcua_proto::catalog::v1 as proto;
use motcua_testkit::Database;
use tonic::Code;

use crate::support::{Stage, citizen, client, officer, reason};

async fn changing_anything_is_closed_to_the_public_and_to_other_officers(database: Database) {
    let stage = Stage::open(database).await;
    let strangers = [
        Actor::Anonymous,
        citizen(),
        officer(Role::DeskOfficer, stage.province),
        officer(Role::Leader, stage.province),
        officer(Role::Auditor, stage.province),
    ];
    for stranger in strangers {
        let mut client = client(&stage.env, &stranger);
        let codes = [
            client.create_agency(proto::CreateAgencyRequest::default()).await.unwrap_err().code(),
            client.update_agency(proto::UpdateAgencyRequest::default()).await.unwrap_err().code(),
            client.end_agency(proto::EndAgencyRequest::default()).await.unwrap_err().code(),
            client.create_desk(proto::CreateDeskRequest::default()).await.unwrap_err().code(),
            client.update_desk(proto::UpdateDeskRequest::default()).await.unwrap_err().code(),
            client.create_field(proto::CreateFieldRequest::default()).await.unwrap_err().code(),
            client.update_field(proto::UpdateFieldRequest::default()).await.unwrap_err().code(),
            client
                .create_procedure(proto::CreateProcedureRequest::default())
                .await
                .unwrap_err()
                .code(),
            client.create_draft(proto::CreateDraftRequest::default()).await.unwrap_err().code(),
            client.update_draft(proto::UpdateDraftRequest::default()).await.unwrap_err().code(),
            client.discard_draft(proto::DiscardDraftRequest::default()).await.unwrap_err().code(),
            client.check_draft(proto::CheckDraftRequest::default()).await.unwrap_err().code(),
            client
                .publish_version(proto::PublishVersionRequest::default())
                .await
                .unwrap_err()
                .code(),
            client
                .abolish_procedure(proto::AbolishProcedureRequest::default())
                .await
                .unwrap_err()
                .code(),
            client
                .publish_calendar(proto::PublishCalendarRequest::default())
                .await
                .unwrap_err()
                .code(),
            client.publish_policy(proto::PublishPolicyRequest::default()).await.unwrap_err().code(),
            client
                .import_procedures(futures::stream::iter([
                    proto::ImportProceduresRequest::default(),
                ]))
                .await
                .unwrap_err()
                .code(),
        ];
        let refused = if stranger == Actor::Anonymous {
            Code::Unauthenticated
        } else {
            Code::PermissionDenied
        };
        assert!(codes.iter().all(|code| *code == refused), "{stranger:?}: {codes:?}");
    }
}

async fn listing_drafts_is_for_those_who_keep_the_catalog(database: Database) {
    let stage = Stage::open(database).await;
    for role in Role::ALL {
        let listed = client(&stage.env, &officer(role, stage.province))
            .list_procedures(proto::ListProceduresRequest::default())
            .await;
        let keeps = matches!(role, Role::CatalogEditor | Role::Administrator | Role::Auditor);
        assert_eq!(listed.is_ok(), keeps, "{role}");
    }
}

async fn an_administrator_reaches_below_and_not_beside(database: Database) {
    let stage = Stage::open(database).await;
    let here = stage.agency("H53.41").await;
    let there = stage.agency("H53.42").await.name;
    let agency = AgencyId::from_name(&here.name).unwrap();
    let mut local = client(&stage.env, &officer(Role::Administrator, agency));
    let desk = |agency: &str| proto::CreateDeskRequest {
        request_id: stage.id(),
        desk: Some(proto::Desk {
            code: "them".into(),
            display_name: "Quầy thêm".into(),
            agency: agency.into(),
            ..Default::default()
        }),
    };
    local.create_desk(desk(&here.name)).await.unwrap();
    let beside = local.create_desk(desk(&there)).await.unwrap_err();
    assert_eq!(reason(&beside), "NOT_ADMINISTRATOR");
    stage.admin().create_desk(desk(&there)).await.unwrap();
}

async fn an_agencys_editor_edits_what_that_agency_decides(database: Database) {
    let stage = Stage::open(database).await;
    let department = stage.agency("H53.04").await.name;
    let id = AgencyId::from_name(&department).unwrap();
    let mut local = client(&stage.env, &officer(Role::CatalogEditor, id));
    let current = stage.procedure("1.013225").await.current_version;
    let mut content = stage.version(&current).await.content.unwrap();
    content.front_door = proto::FrontDoor::National.into();
    let create = |agencies: Vec<String>| proto::CreateProcedureRequest {
        request_id: stage.id(),
        number: "1.888888".into(),
        content: Some(proto::VersionContent { agencies, ..content.clone() }),
    };
    let refused = local.create_procedure(create(Vec::new())).await.unwrap_err();
    assert_eq!(reason(&refused), "NOT_EDITOR");
    let draft = local.create_procedure(create(vec![department])).await.unwrap().into_inner();
    // Where citizens file is the province's to decide.
    let door = |id: String| proto::UpdateDraftRequest {
        request_id: id,
        name: draft.name.clone(),
        etag: draft.etag.clone(),
        content: Some(proto::VersionContent {
            front_door: proto::FrontDoor::Local.into(),
            ..Default::default()
        }),
        update_mask: Some(prost_types::FieldMask { paths: vec!["front_door".into()] }),
    };
    let refused = local.update_draft(door(stage.id())).await.unwrap_err();
    assert_eq!(reason(&refused), "FRONT_DOOR_NOT_YOURS");
    // It cannot be given away to where the editor has no say.
    let asked = proto::UpdateDraftRequest {
        request_id: stage.id(),
        name: draft.name.clone(),
        etag: draft.etag.clone(),
        content: Some(content.clone()),
        update_mask: None,
    };
    let refused = local.update_draft(asked).await.unwrap_err();
    assert_eq!(reason(&refused), "NOT_EDITOR");
    stage.editor().update_draft(door(stage.id())).await.unwrap();
}

async fn reading_what_is_published_is_for_anybody(database: Database) {
    let stage = Stage::open(database).await;
    let mut anybody = stage.public();
    let agency = stage.agency("H53").await.name;
    let procedure = stage.procedure("1.001193").await;
    anybody.list_agencies(proto::ListAgenciesRequest::default()).await.unwrap();
    let desks = anybody.list_desks(proto::ListDesksRequest::default()).await.unwrap().into_inner();
    let name = desks.desks[0].name.clone();
    anybody.get_desk(proto::GetDeskRequest { name }).await.unwrap();
    anybody.list_fields(proto::ListFieldsRequest::default()).await.unwrap();
    let in_force = proto::GetProcedureVersionRequest {
        procedure: procedure.name.clone(),
        ..Default::default()
    };
    let version = anybody.get_procedure_version(in_force).await.unwrap().into_inner();
    assert_eq!(version.name, procedure.current_version);
    anybody.list_calendars(proto::ListCalendarsRequest::default()).await.unwrap();
    anybody.list_policies(proto::ListPoliciesRequest::default()).await.unwrap();
    let asked = proto::GetClockRulesRequest { agency, ..Default::default() };
    anybody.get_clock_rules(asked).await.unwrap();
    let missing = proto::GetAgencyRequest { identifier_code: "H99".into(), ..Default::default() };
    assert_eq!(reason(&anybody.get_agency(missing).await.unwrap_err()), "AGENCY_NOT_FOUND");
}

async fn neighbours_read_for_themselves(database: Database) {
    let stage = Stage::open(database).await;
    let procedure = stage.procedure("1.001193").await;
    for service in ["intake", "workflow", "notification"] {
        let wire = stage.env.service(service);
        let mut client = crate::support::Client::new(wire);
        let asked = proto::GetProcedureVersionRequest {
            name: procedure.current_version.clone(),
            ..Default::default()
        };
        client.get_procedure_version(asked).await.unwrap();
    }
}

crate::support::on_both_databases! {
    changing_anything_is_closed_to_the_public_and_to_other_officers,
    listing_drafts_is_for_those_who_keep_the_catalog,
    an_administrator_reaches_below_and_not_beside,
    an_agencys_editor_edits_what_that_agency_decides,
    reading_what_is_published_is_for_anybody,
    neighbours_read_for_themselves,
}
