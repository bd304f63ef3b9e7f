//! Who read whose personal data: told by every service, kept here, shown to the person.

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

use crate::support::{PASSWORD, Province, answer, commune, refused, root};

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
    province.env.store.record_reading(&ctx, "/x/Y", &[subject], "help_desk").await.unwrap();
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
    readings_come_newest_first_in_pages_and_in_a_time,
    our_own_readings_are_recorded_too,
    an_event_that_names_nobody_is_parked_for_a_person,
    a_service_in_a_users_name_reads_as_that_user,
);
