//! Who read whose personal data: told by every service, kept here, shown to the person.

use std::slice::from_ref;

use motcua_context::{Actor, Grant, Officer, Role as Held};
use motcua_fault::Fault;
use motcua_ids::{AccountId, Uuid};
use motcua_proto::{
    access::v1::{PersonalDataRead, Role},
    identity::v1::{
        GetAccountRequest, GetContactRequest, ListPersonalDataReadingsRequest,
        ListPersonalDataReadingsResponse, account_service_client::AccountServiceClient,
    },
};
use motcua_testkit::Database;

use crate::support::{PASSWORD, Province, answer, commune, refused, root, violations};

fn account(n: u128) -> AccountId {
    AccountId::new(Uuid::from_u128(n))
}

fn read_by(reader: u128, subjects: &[&str]) -> PersonalDataRead {
    PersonalDataRead {
        method: "/motcua.intake.v1.IntakeService/GetDossier".into(),
        reader: account(reader).name(),
        system: String::new(),
        subjects: subjects.iter().map(|s| (*s).to_owned()).collect(),
        purpose: "process_dossier".into(),
        read_time: None,
        dossiers: Vec::new(),
    }
}

async fn list(
    province: &Province,
    token: &str,
    asked: ListPersonalDataReadingsRequest,
) -> Result<ListPersonalDataReadingsResponse, Fault> {
    answer(province.accounts(token).list_personal_data_readings(asked).await)
}

fn of(account: &str) -> ListPersonalDataReadingsRequest {
    ListPersonalDataReadingsRequest { account: account.into(), ..Default::default() }
}

async fn a_person_sees_who_read_their_data(database: Database) {
    let province = Province::start(database).await;
    let hoa = province.hoa().await;
    let event = read_by(9, &[&hoa.name, &account(8).name()]);
    let envelope = province.env.envelope(Uuid::from_u128(1), &event);
    assert_eq!(province.env.tell_again(envelope.clone()).await, None);
    assert_eq!(province.env.tell_again(envelope).await, None, "the same event again");

    let token = province.sign_in("0912345678", PASSWORD).await.unwrap().access_token;
    let mine = list(&province, &token, of("accounts/me")).await.unwrap().readings;
    assert_eq!(mine.len(), 1);
    assert_eq!(mine[0].reader, account(9).name());
    assert_eq!(mine[0].purpose, "process_dossier");
    assert_eq!(mine[0].account, hoa.name);
    let others = list(&province, &token, of(&account(8).name())).await;
    assert_eq!(refused(others), "OUT_OF_REACH");

    province.officer("thanh.tra", root(), &[Role::Auditor]).await;
    let auditor = province.sign_in("thanh.tra", PASSWORD).await.unwrap().access_token;
    let seen = list(&province, &auditor, of(&hoa.name)).await.unwrap().readings;
    assert_eq!(seen, mine);
    province.env.stop().await;
}

async fn an_auditor_sees_what_officers_within_reach_have_read(database: Database) {
    let province = Province::start(database).await;
    let hoa = province.hoa().await;
    let near = province.officer("cb.xa1", commune(1), &[Role::DeskOfficer]).await;
    let far = province.officer("cb.xa2", commune(2), &[Role::DeskOfficer]).await;
    for (n, reader) in [&near, &far].into_iter().enumerate() {
        let event = PersonalDataRead { reader: reader.name.clone(), ..read_by(0, &[&hoa.name]) };
        province.env.tell(Uuid::from_u128(n as u128), &event).await;
    }
    province.officer("tt.xa1", commune(1), &[Role::Auditor]).await;
    province.officer("tt.tinh", root(), &[Role::Auditor]).await;
    let token = async |login| province.sign_in(login, PASSWORD).await.unwrap().access_token;
    let (local, above) = (token("tt.xa1").await, token("tt.tinh").await);
    let by = |reader: &str, account: &str| ListPersonalDataReadingsRequest {
        reader: reader.into(),
        ..of(account)
    };
    let readers = async |token: &str, asked| {
        let found = list(&province, token, asked).await?;
        Ok::<_, Fault>(found.readings.into_iter().map(|r| r.reader).collect::<Vec<_>>())
    };
    assert_eq!(readers(&local, by(&near.name, "")).await.unwrap(), from_ref(&near.name));
    assert_eq!(readers(&local, by(&near.name, &hoa.name)).await.unwrap(), from_ref(&near.name));
    assert!(readers(&local, of(&near.name)).await.unwrap().is_empty(), "nobody read of them");
    for beyond in [of(&hoa.name), of(&far.name), by(&far.name, ""), by(&far.name, &hoa.name)] {
        assert_eq!(refused(readers(&local, beyond).await), "OUT_OF_REACH");
    }
    assert_eq!(readers(&above, of(&hoa.name)).await.unwrap().len(), 2);
    assert_eq!(readers(&above, by(&far.name, "")).await.unwrap(), from_ref(&far.name));
    let nothing = list(&province, &above, of("")).await;
    assert_eq!(violations(nothing), [("account".to_owned(), "FILTER_MISSING".to_owned())]);

    let citizen = token("0912345678").await;
    assert_eq!(readers(&citizen, by(&far.name, "accounts/me")).await.unwrap().len(), 1);
    assert_eq!(refused(readers(&citizen, by(&near.name, "")).await), "OUT_OF_REACH");
    let desk = token("cb.xa1").await;
    assert!(readers(&desk, of("accounts/me")).await.unwrap().is_empty(), "an officer is somebody");
    assert_eq!(refused(readers(&desk, by(&near.name, "")).await), "OUT_OF_REACH");
    province.env.stop().await;
}

async fn what_one_event_told_of_many_comes_in_pages(database: Database) {
    let province = Province::start(database).await;
    let near = province.officer("cb.xa1", commune(1), &[Role::DeskOfficer]).await;
    let subjects: Vec<String> = (1..=5).map(|n| account(n).name()).collect();
    let subjects: Vec<&str> = subjects.iter().map(String::as_str).collect();
    let event = PersonalDataRead { reader: near.name.clone(), ..read_by(0, &subjects) };
    province.env.tell(Uuid::from_u128(1), &event).await;
    province.officer("tt.xa1", commune(1), &[Role::Auditor]).await;
    let token = province.sign_in("tt.xa1", PASSWORD).await.unwrap().access_token;
    let (mut seen, mut page_token) = (Vec::new(), String::new());
    loop {
        let asked = ListPersonalDataReadingsRequest {
            reader: near.name.clone(),
            page_size: 2,
            page_token,
            ..Default::default()
        };
        let page = list(&province, &token, asked).await.unwrap();
        seen.extend(page.readings.into_iter().map(|reading| reading.account));
        page_token = page.next_page_token;
        if page_token.is_empty() {
            break;
        }
    }
    seen.sort_unstable();
    assert_eq!(seen, subjects, "each once");
    province.env.stop().await;
}

async fn readings_come_newest_first_in_pages_and_in_a_time(database: Database) {
    let province = Province::start(database).await;
    let hoa = province.hoa().await;
    for n in 0..5 {
        province.minutes(1);
        province.env.tell(Uuid::from_u128(n), &read_by(n, &[&hoa.name])).await;
    }
    let token = province.sign_in("0912345678", PASSWORD).await.unwrap().access_token;
    let mut readers = Vec::new();
    let mut page_token = String::new();
    loop {
        let asked = ListPersonalDataReadingsRequest { page_size: 2, page_token, ..of(&hoa.name) };
        let page = list(&province, &token, asked).await.unwrap();
        assert!(page.readings.len() <= 2);
        readers.extend(page.readings.into_iter().map(|reading| reading.reader));
        page_token = page.next_page_token;
        if page_token.is_empty() {
            break;
        }
    }
    let expected: Vec<String> = (0..5).rev().map(|n| account(n).name()).collect();
    assert_eq!(readers, expected);
    let since = province.now() - chrono::TimeDelta::minutes(1);
    let asked = ListPersonalDataReadingsRequest {
        from_time: Some(std::time::SystemTime::from(since).into()),
        ..of(&hoa.name)
    };
    assert_eq!(list(&province, &token, asked).await.unwrap().readings.len(), 2);
    let never = prost_types::Timestamp { seconds: i64::MAX, nanos: 0 };
    let asked = ListPersonalDataReadingsRequest {
        from_time: Some(never),
        until_time: Some(never),
        ..of("hoa")
    };
    let told = violations(list(&province, &token, asked).await);
    let reasons: Vec<&str> = told.iter().map(|(_, reason)| reason.as_str()).collect();
    assert_eq!(reasons, ["ACCOUNT_INVALID", "TIME_INVALID", "TIME_INVALID"]);
    province.env.stop().await;
}

async fn our_own_readings_are_recorded_too(database: Database) {
    let province = Province::start(database).await;
    let hoa = province.hoa().await;
    let mut notification = AccountServiceClient::new(province.env.service("notification"));
    let asked = GetContactRequest { name: hoa.name.clone(), purpose: "deliver_message".into() };
    let contact = answer(notification.get_contact(asked).await).unwrap();
    assert_eq!(contact.display_name, "Nguyễn Thị Hoa");
    assert_eq!((contact.phone, contact.email), ("0912345678".into(), "Hoa.Nguyen@vidu.vn".into()));
    let asked = GetAccountRequest { name: hoa.name.clone() };
    answer(province.as_admin().await.get_account(asked).await).unwrap();

    let token = province.sign_in("0912345678", PASSWORD).await.unwrap().access_token;
    let recorded = province
        .env
        .until(async || {
            let found = list(&province, &token, of("accounts/me")).await.unwrap().readings;
            Some(found).filter(|readings| readings.len() == 2)
        })
        .await;
    let mut whos: Vec<(&str, &str)> =
        recorded.iter().map(|r| (r.reader.as_str(), r.system.as_str())).collect();
    whos.sort_unstable();
    let admin = province.admin.name();
    assert_eq!(whos, [("", "notification"), (admin.as_str(), "")]);
    let said = province.env.said::<PersonalDataRead>().await;
    assert_eq!(said.len(), 2, "looking at one's own account is no reading");
    province.env.stop().await;
}

async fn an_event_that_names_nobody_is_parked_for_a_person(database: Database) {
    let province = Province::start(database).await;
    let event = read_by(1, &["công dân số 1"]);
    let parked = province.env.tell(Uuid::from_u128(1), &event).await;
    assert_eq!(parked.as_deref(), Some("ACCOUNT_INVALID"));
    province.env.stop().await;
}

async fn a_service_in_a_users_name_reads_as_that_user(database: Database) {
    // The record names both: the officer, and the service through which they read.
    let province = Province::start(database).await;
    let hoa = province.hoa().await;
    let officer = Officer {
        account: account(9),
        grants: vec![Grant { role: Held::DeskOfficer, agency: commune(1) }],
    };
    let ctx = motcua_context::Ctx::new(
        Actor::System(motcua_context::System {
            on_behalf_of: Some(Box::new(Actor::Officer(officer))),
            ..motcua_context::System::service("web")
        }),
        province.now(),
    );
    let subject = AccountId::from_name(&hoa.name).unwrap();
    province.env.store.record_reading(&ctx, "/x/Y", &[subject], &[], "help_desk").await.unwrap();
    let token = province.sign_in("0912345678", PASSWORD).await.unwrap().access_token;
    let reading = province
        .env
        .until(async || list(&province, &token, of("accounts/me")).await.unwrap().readings.pop())
        .await;
    assert_eq!((reading.reader, reading.system), (account(9).name(), "web".into()));
    province.env.stop().await;
}

crate::on_both!(
    a_person_sees_who_read_their_data,
    an_auditor_sees_what_officers_within_reach_have_read,
    what_one_event_told_of_many_comes_in_pages,
    readings_come_newest_first_in_pages_and_in_a_time,
    our_own_readings_are_recorded_too,
    an_event_that_names_nobody_is_parked_for_a_person,
    a_service_in_a_users_name_reads_as_that_user,
);
