//! Each method admits whom its rule names, and asks again whose the object is.

use motcua_proto::{
    access::v1::Role,
    identity::v1::{
        Account, AccountKind, AccountState, Citizen, GetAccountRequest, GetContactRequest,
        ListAccountsRequest, ListPersonalDataReadingsRequest, ListRevocationsRequest, Officer,
        UpdateAccountRequest, account::Holder, account_service_client::AccountServiceClient,
        auth_service_client::AuthServiceClient,
    },
};
use motcua_testkit::Database;
use prost_types::FieldMask;

use crate::support::{PASSWORD, Province, answer, commune, refused, root, violations};

async fn a_person_sees_their_own_account_and_no_other(database: Database) {
    let province = Province::start(database).await;
    let hoa = province.hoa().await;
    let binh = Citizen {
        full_name: "Lê Văn Bình".into(),
        phone: "0987654321".into(),
        ..Citizen::default()
    };
    let binh = province.register(binh).await.unwrap();
    let token = province.sign_in("0912345678", PASSWORD).await.unwrap().access_token;
    let mut accounts = province.accounts(&token);
    let get = |name: &str| GetAccountRequest { name: name.into() };
    assert!(accounts.get_account(get(&hoa.name)).await.is_ok());
    let other = accounts.get_account(get(&binh.name)).await;
    assert_eq!(refused(answer(other)), "ACCOUNT_NOT_FOUND");
    let nobody = accounts.get_account(get(&format!("accounts/{}", province.id()))).await;
    assert_eq!(refused(answer(nobody)), "ACCOUNT_NOT_FOUND", "no oracle");
    let update = UpdateAccountRequest {
        request_id: province.id(),
        account: Some(Account {
            holder: Some(Holder::Citizen(Citizen {
                full_name: "Kẻ Khác".into(),
                ..Citizen::default()
            })),
            ..binh
        }),
        update_mask: Some(FieldMask { paths: vec!["citizen.full_name".into()] }),
    };
    assert_eq!(refused(answer(accounts.update_account(update).await)), "ACCOUNT_NOT_FOUND");
    let both =
        UpdateAccountRequest { request_id: province.id(), ..UpdateAccountRequest::default() };
    let told = violations(answer(accounts.update_account(both).await));
    let reasons: Vec<&str> = told.iter().map(|(_, reason)| reason.as_str()).collect();
    assert_eq!(reasons, ["ACCOUNT_INVALID", "MASK_INVALID"]);
    let wrong = answer(accounts.get_account(get("tôi")).await);
    assert_eq!(violations(wrong), [("name".into(), "ACCOUNT_INVALID".into())]);
    province.env.stop().await;
}

async fn officers_see_themselves_and_whom_they_administer_or_audit(database: Database) {
    let province = Province::start(database).await;
    let hoa = province.hoa().await;
    let desk = province.officer("mot.cua", commune(1), &[Role::DeskOfficer]).await;
    let get = |name: &str| GetAccountRequest { name: name.into() };
    let pair = province.sign_in("mot.cua", PASSWORD).await.unwrap();
    let mut own = province.accounts(&pair.access_token);
    assert!(own.get_account(get("accounts/me")).await.is_ok());
    assert_eq!(refused(answer(own.get_account(get(&hoa.name)).await)), "OUT_OF_REACH");
    let position = UpdateAccountRequest {
        request_id: province.id(),
        account: Some(Account {
            name: "accounts/me".into(),
            holder: Some(Holder::Officer(Officer {
                position: "Chủ tịch".into(),
                ..Officer::default()
            })),
            ..Account::default()
        }),
        update_mask: Some(FieldMask { paths: vec!["officer.position".into()] }),
    };
    assert_eq!(refused(answer(own.update_account(position).await)), "MASK_INVALID");

    let mut local = province.as_officer("tt.xa1", commune(1), &[Role::Auditor]).await;
    assert!(local.get_account(get(&desk.name)).await.is_ok());
    assert_eq!(refused(answer(local.get_account(get(&hoa.name)).await)), "OUT_OF_REACH");
    let mut other = province.as_officer("tt.xa2", commune(2), &[Role::Auditor]).await;
    assert_eq!(refused(answer(other.get_account(get(&desk.name)).await)), "OUT_OF_REACH");
    let mut above = province.as_officer("tt.tinh", root(), &[Role::Auditor]).await;
    assert!(above.get_account(get(&desk.name)).await.is_ok());
    assert!(above.get_account(get(&hoa.name)).await.is_ok());
    province.env.stop().await;
}

async fn lists_are_masked_paged_and_within_reach(database: Database) {
    let province = Province::start(database).await;
    let hoa = province.hoa().await;
    for n in 0..3 {
        province.minutes(1);
        province.officer(&format!("cb.{n}"), commune(1), &[Role::Specialist]).await;
    }
    let mut accounts = province.as_admin().await;
    let by_phone = ListAccountsRequest { login: "0912 345 678".into(), ..Default::default() };
    let found = answer(accounts.list_accounts(by_phone).await).unwrap().accounts;
    assert_eq!(found.len(), 1);
    assert!(found[0].masked && found[0].name == hoa.name);
    let Some(Holder::Citizen(shown)) = &found[0].holder else { panic!("a citizen") };
    assert_eq!(shown.full_name, "N. T. Hoa");
    assert!(!shown.phone.contains("345") && !shown.citizen_number.contains("99012"));
    for nobody in ["0900000000", "Nguyễn Thị Hoa", "???"] {
        let asked = ListAccountsRequest { login: nobody.into(), ..Default::default() };
        assert!(answer(accounts.list_accounts(asked).await).unwrap().accounts.is_empty());
    }
    let citizens = ListAccountsRequest { kind: AccountKind::Citizen.into(), ..Default::default() };
    assert_eq!(answer(accounts.list_accounts(citizens).await).unwrap().accounts.len(), 1);
    let barred = ListAccountsRequest { state: AccountState::Disabled.into(), ..Default::default() };
    assert!(answer(accounts.list_accounts(barred).await).unwrap().accounts.is_empty());

    let unknown = ListAccountsRequest {
        agency: "xã".into(),
        kind: 99,
        state: 99,
        ..ListAccountsRequest::default()
    };
    let told = violations(answer(accounts.list_accounts(unknown).await));
    let reasons: Vec<&str> = told.iter().map(|(_, reason)| reason.as_str()).collect();
    assert_eq!(reasons, ["AGENCY_INVALID", "FILTER_INVALID", "FILTER_INVALID"]);

    let mut names = Vec::new();
    let mut page_token = String::new();
    loop {
        let asked = ListAccountsRequest {
            agency: commune(1).name(),
            page_size: 2,
            page_token,
            ..Default::default()
        };
        let page = answer(accounts.list_accounts(asked).await).unwrap();
        for account in page.accounts {
            if let Some(Holder::Officer(officer)) = account.holder {
                names.push(officer.username);
            }
        }
        page_token = page.next_page_token;
        if page_token.is_empty() {
            break;
        }
    }
    assert_eq!(names, ["cb.2", "cb.1", "cb.0"]);

    let mut local = province.as_officer("qt.xa2", commune(2), &[Role::Administrator]).await;
    let all = answer(local.list_accounts(ListAccountsRequest::default()).await);
    assert_eq!(violations(all), [("agency".into(), "FILTER_MISSING".into())]);
    let elsewhere = ListAccountsRequest { agency: commune(1).name(), ..Default::default() };
    assert_eq!(refused(answer(local.list_accounts(elsewhere).await)), "OUT_OF_REACH");
    let own = ListAccountsRequest { agency: commune(2).name(), ..Default::default() };
    assert_eq!(answer(local.list_accounts(own).await).unwrap().accounts.len(), 1);
    province.env.stop().await;
}

async fn what_services_ask_is_for_services(database: Database) {
    let province = Province::start(database).await;
    let hoa = province.hoa().await;
    let contact = GetContactRequest { name: hoa.name.clone(), purpose: String::new() };
    let token = province.sign_in("0912345678", PASSWORD).await.unwrap().access_token;
    let own = answer(province.accounts(&token).get_contact(contact.clone()).await);
    assert_eq!(refused(own), "NOT_PERMITTED");
    let mut catalog = AccountServiceClient::new(province.env.service("catalog"));
    assert_eq!(refused(answer(catalog.get_contact(contact.clone()).await)), "NOT_PERMITTED");
    let mut intake = AccountServiceClient::new(province.env.service("intake"));
    assert!(intake.get_contact(contact).await.is_ok());
    let gone =
        GetContactRequest { name: format!("accounts/{}", province.id()), purpose: String::new() };
    assert_eq!(refused(answer(intake.get_contact(gone).await)), "ACCOUNT_NOT_FOUND");
    let feed = ListRevocationsRequest::default();
    let refused_feed = answer(province.auth().list_revocations(feed.clone()).await);
    assert_eq!(refused(refused_feed), "SIGN_IN_REQUIRED");
    let mut workflow = AuthServiceClient::new(province.env.service("workflow"));
    assert!(workflow.list_revocations(feed).await.is_ok());
    let readings = ListPersonalDataReadingsRequest { account: hoa.name, ..Default::default() };
    let admin = answer(province.as_admin().await.list_personal_data_readings(readings).await);
    assert_eq!(refused(admin), "OUT_OF_REACH", "managing is not auditing");
    province.env.stop().await;
}

crate::on_both!(
    a_person_sees_their_own_account_and_no_other,
    officers_see_themselves_and_whom_they_administer_or_audit,
    lists_are_masked_paged_and_within_reach,
    what_services_ask_is_for_services,
);
