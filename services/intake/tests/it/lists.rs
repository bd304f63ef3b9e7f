use motcua_context::{Actor, Role};
use motcua_proto::intake::v1 as proto;
use motcua_testkit::Database;

use crate::{
    office::{COMMUNE, OTHER, PROVINCE, Province, UNIT, agency, citizen, desk, officer},
    support::{Answer, on_both_databases},
};

on_both_databases!(
    a_citizen_pages_through_their_own,
    a_desk_sees_what_it_receives_masked,
    a_leader_sees_below_and_a_unit_what_its_agency_decides,
    a_person_is_found_by_whole_numbers_only,
    a_desk_finds_the_drafts_it_began,
    a_word_of_a_newer_release_is_shown_and_not_acted_upon,
);

async fn list(
    province: &Province,
    actor: &Actor,
    request: proto::ListDossiersRequest,
) -> proto::ListDossiersResponse {
    province.client(actor).list_dossiers(request).await.done()
}

fn names(page: &proto::ListDossiersResponse) -> Vec<String> {
    page.dossiers.iter().map(|line| line.name.clone()).collect()
}

async fn a_citizen_pages_through_their_own(database: Database) {
    let province = Province::open(database).await;
    let me = citizen(1);
    let mut mine = Vec::new();
    for _ in 0..5 {
        mine.push(province.create(&me, Province::filled()).await.done().name);
        province.env.clock.advance(chrono::TimeDelta::seconds(1));
    }
    province.create(&citizen(2), Province::filled()).await.done();
    mine.reverse();
    let mut seen = Vec::new();
    let mut token = String::new();
    loop {
        let request = proto::ListDossiersRequest {
            page_size: 2,
            page_token: token.clone(),
            ..Default::default()
        };
        let page = list(&province, &me, request).await;
        assert!(page.dossiers.iter().all(|line| line.applicant_name == "Nguyễn Thị Hoa"));
        seen.extend(names(&page));
        if page.next_page_token.is_empty() {
            break;
        }
        token = page.next_page_token;
    }
    assert_eq!(seen, mine);
    // A token is good for its caller and its filter only.
    let other = proto::ListDossiersRequest {
        page_size: 2,
        page_token: token.clone(),
        states: vec![proto::DossierState::Draft.into()],
        ..Default::default()
    };
    let wrong = province.client(&me).list_dossiers(other).await.wrong();
    assert_eq!(wrong[0].1, "PAGE_TOKEN_INVALID");
    let theirs =
        proto::ListDossiersRequest { page_size: 2, page_token: token, ..Default::default() };
    let wrong = province.client(&citizen(2)).list_dossiers(theirs).await.wrong();
    assert_eq!(wrong[0].1, "PAGE_TOKEN_INVALID");
}

async fn a_desk_sees_what_it_receives_masked(database: Database) {
    let province = Province::open(database).await;
    let filed = province.submitted(&citizen(1)).await;
    province.ready_draft(&citizen(1)).await;
    let page = list(&province, &desk(), proto::ListDossiersRequest::default()).await;
    assert_eq!(names(&page), std::slice::from_ref(&filed.name), "drafts are not the desk's");
    assert_eq!(page.dossiers[0].applicant_name, "Nguyễn T. H.");
    assert!(page.dossiers[0].reply_due_time.is_some());
    let read = province.env.said::<motcua_proto::access::v1::PersonalDataRead>().await;
    assert!(read.is_empty(), "a masked list is no reading of personal data");
    let only = |states: &[proto::DossierState]| proto::ListDossiersRequest {
        states: states.iter().map(|state| i32::from(*state)).collect(),
        ..Default::default()
    };
    let none = list(&province, &desk(), only(&[proto::DossierState::Accepted])).await;
    assert!(none.dossiers.is_empty());
    let stranger = officer(70, Role::DeskOfficer, OTHER);
    let asked = proto::ListDossiersRequest { agency: agency(COMMUNE).name(), ..Default::default() };
    let refused = province.client(&stranger).list_dossiers(asked).await;
    assert_eq!(refused.reason(), "NOT_YOUR_AGENCY");
}

async fn a_leader_sees_below_and_a_unit_what_its_agency_decides(database: Database) {
    let province = Province::open(database).await;
    let crossed = proto::Dossier { receiving_agency: agency(OTHER).name(), ..Province::filled() };
    let me = citizen(1);
    let draft = province.create(&me, crossed).await.done();
    let content = crate::support::pdf("x");
    let mut client = province.client(&me);
    client.upload_paper(crate::support::upload(&draft.name, "chung-sinh", &content)).await.done();
    let submit = proto::SubmitDossierRequest {
        request_id: crate::support::request_id(),
        name: draft.name.clone(),
        ..Default::default()
    };
    let filed = client.submit_dossier(submit).await.done();
    assert!(filed.code.starts_with("H53.12.06-"), "minted for the desk that receives");

    let at = |agency_number: u128, competent| proto::ListDossiersRequest {
        agency: agency(agency_number).name(),
        competent,
        ..Default::default()
    };
    let leader = officer(71, Role::Leader, PROVINCE);
    for request in [at(PROVINCE, false), at(PROVINCE, true), at(OTHER, false), at(COMMUNE, true)] {
        assert_eq!(
            names(&list(&province, &leader, request).await),
            std::slice::from_ref(&draft.name)
        );
    }
    let none = list(&province, &leader, at(COMMUNE, false)).await;
    assert!(none.dossiers.is_empty());
    let specialist = officer(72, Role::Specialist, UNIT);
    let decided = list(&province, &specialist, at(COMMUNE, true)).await;
    assert_eq!(names(&decided), std::slice::from_ref(&draft.name));
    let own = proto::ListDossiersRequest { competent: true, ..Default::default() };
    let decided = list(&province, &specialist, own).await;
    assert_eq!(names(&decided), std::slice::from_ref(&draft.name), "a unit's agency decides");
    let refused = province.client(&specialist).list_dossiers(at(COMMUNE, false)).await;
    assert_eq!(refused.reason(), "NOT_YOUR_AGENCY");
    // A role in a commune is none in what stands above it.
    let refused = province.client(&specialist).list_dossiers(at(PROVINCE, true)).await;
    assert_eq!(refused.reason(), "NOT_YOUR_AGENCY");
}

async fn a_person_is_found_by_whole_numbers_only(database: Database) {
    let province = Province::open(database).await;
    let filed = province.submitted(&citizen(1)).await;
    let by = |phone: &str, citizen_number: &str| proto::ListDossiersRequest {
        phone: phone.to_owned(),
        citizen_number: citizen_number.to_owned(),
        ..Default::default()
    };
    let found = list(&province, &desk(), by("+84 912.345.678", "")).await;
    assert_eq!(names(&found), std::slice::from_ref(&filed.name));
    let found = list(&province, &desk(), by("", "072188001234")).await;
    assert_eq!(names(&found), std::slice::from_ref(&filed.name));
    let none = list(&province, &desk(), by("0912345679", "")).await;
    assert!(none.dossiers.is_empty());
    let read = province.env.said::<motcua_proto::access::v1::PersonalDataRead>().await;
    assert_eq!(read.len(), 2, "by each number, and nobody was found by the third");
    for read in read {
        assert!(read.method.ends_with("/ListDossiers") && read.purpose == "find_dossier");
        assert_eq!(read.subjects, [citizen(1).account().unwrap().name()]);
        assert_eq!(read.dossiers, std::slice::from_ref(&filed.name));
    }
    let own = list(&province, &citizen(1), by("0912345678", "")).await;
    assert_eq!(own.dossiers.len(), 1);
    let read = province.env.said::<motcua_proto::access::v1::PersonalDataRead>().await;
    assert_eq!(read.len(), 2, "one's own is not recorded");
    let wrong = province.client(&desk()).list_dossiers(by("0912", "")).await.wrong();
    assert_eq!(wrong[0].0, "phone");
}

async fn a_desk_finds_the_drafts_it_began(database: Database) {
    let province = Province::open(database).await;
    let begun = province.brought(proto::FilingChannel::Post).await;
    province.ready_draft(&citizen(1)).await;
    let drafts = || proto::ListDossiersRequest {
        states: vec![proto::DossierState::Draft.into()],
        ..Default::default()
    };
    let mine = list(&province, &desk(), drafts()).await;
    assert_eq!(names(&mine), [begun.name], "and no citizen's");
    let leader = officer(73, Role::Leader, COMMUNE);
    assert!(list(&province, &leader, drafts()).await.dossiers.is_empty());
    let other = officer(70, Role::DeskOfficer, OTHER);
    assert!(list(&province, &other, drafts()).await.dossiers.is_empty());
}

async fn a_word_of_a_newer_release_is_shown_and_not_acted_upon(database: Database) {
    use sea_orm::ConnectionTrait;
    let province = Province::open(database).await;
    let filed = province.submitted(&citizen(1)).await;
    let newer = "UPDATE dossiers SET state = 'awaiting_the_moon'";
    province.env.store.reader().execute_unprepared(newer).await.unwrap();
    let page = list(&province, &desk(), proto::ListDossiersRequest::default()).await;
    assert_eq!(page.dossiers[0].state(), proto::DossierState::Unspecified);
    let refused = province.accept(&desk(), &filed.name).await.refused();
    assert_eq!(refused.reason(), "NEWER_DATA");
    assert_eq!(refused.kind(), motcua_fault::Kind::Unavailable);
}
