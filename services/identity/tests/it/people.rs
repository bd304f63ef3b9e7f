//! Citizens and organisations: opening an account, keeping it right.

use motcua_proto::{
    access::v1::Role,
    identity::v1::{
        Account, AccountKind, AccountRegistered, ChangePasswordRequest, Citizen, GetAccountRequest,
        ListPersonalDataReadingsRequest, Organisation, RegisterPersonRequest, ResetPasswordRequest,
        UpdateAccountRequest, account::Holder, register_person_request::Person,
    },
};
use motcua_testkit::Database;
use prost_types::FieldMask;

use crate::support::{PASSWORD, Province, answer, commune, hoa, refused, violations};

async fn a_citizen_registers_signs_in_and_sees_their_account(database: Database) {
    let province = Province::start(database).await;
    let account = province.hoa().await;
    assert!(!account.masked);
    for login in ["0912345678", "+84 912 345 678", "hoa.nguyen@VIDU.vn"] {
        let pair = province.sign_in(login, PASSWORD).await.unwrap();
        assert_eq!(pair.account, account.name);
        let mut accounts = province.accounts(&pair.access_token);
        let me =
            answer(accounts.get_account(GetAccountRequest { name: "accounts/me".into() }).await);
        let Some(Holder::Citizen(citizen)) = me.unwrap().holder else { panic!("a citizen") };
        assert_eq!(citizen.phone, "0912345678");
        assert_eq!(citizen.citizen_number, "001199012345");
        assert_eq!(citizen.full_name, "Nguyễn Thị Hoa");
    }
    let said = province.env.said::<AccountRegistered>().await;
    assert_eq!(
        said.last().map(|e| (e.account.clone(), e.kind())),
        Some((account.name, AccountKind::Citizen))
    );
    province.env.stop().await;
}

async fn everything_wrong_with_a_registration_is_told_at_once(database: Database) {
    let province = Province::start(database).await;
    let wrong = Citizen {
        full_name: "?".into(),
        citizen_number: "12345".into(),
        phone: "123".into(),
        email: "hoa@".into(),
    };
    let asked = RegisterPersonRequest {
        request_id: province.id(),
        person: Some(Person::Citizen(wrong)),
        password: "ngắn".into(),
    };
    let told = violations(answer(province.auth().register_person(asked).await));
    let told: Vec<(&str, &str)> = told.iter().map(|(f, r)| (f.as_str(), r.as_str())).collect();
    assert_eq!(
        told,
        [
            ("citizen.full_name", "NAME_INVALID"),
            ("citizen.citizen_number", "CITIZEN_NUMBER_NOT_TWELVE_DIGITS"),
            ("citizen.phone", "PHONE_INVALID"),
            ("citizen.email", "EMAIL_INVALID"),
            ("password", "PASSWORD_TOO_SHORT"),
        ]
    );
    let asked = RegisterPersonRequest {
        request_id: province.id(),
        person: Some(Person::Citizen(Citizen { full_name: "Hoa".into(), ..Citizen::default() })),
        password: "matkhau123".into(),
    };
    let told = violations(answer(province.auth().register_person(asked).await));
    let reasons: Vec<&str> = told.iter().map(|(_, r)| r.as_str()).collect();
    assert_eq!(reasons, ["CONTACT_MISSING", "PASSWORD_TOO_COMMON"]);
    let unborn = Citizen { citizen_number: "001427012345".into(), ..hoa() };
    let told = violations(province.register(unborn).await);
    assert_eq!(told[0].1, "CITIZEN_NUMBER_NOT_BORN_YET", "2127 is the year it tells");
    let newborn = Citizen { citizen_number: "001226012345".into(), ..hoa() };
    assert!(province.register(newborn).await.is_ok());
    let asked = RegisterPersonRequest { request_id: province.id(), ..Default::default() };
    let told = violations(answer(province.auth().register_person(asked).await));
    let reasons: Vec<&str> = told.iter().map(|(_, r)| r.as_str()).collect();
    assert_eq!(reasons, ["PERSON_MISSING", "PASSWORD_TOO_SHORT"]);
    let asked = RegisterPersonRequest {
        request_id: province.id(),
        person: Some(Person::Citizen(hoa())),
        password: "của tôi: 0912345678".into(),
    };
    let told = violations(answer(province.auth().register_person(asked).await));
    assert_eq!(told[0].1, "PASSWORD_REPEATS_CONTACT");
    province.env.stop().await;
}

async fn a_telephone_an_address_or_a_number_belongs_to_one_account(database: Database) {
    let province = Province::start(database).await;
    province.hoa().await;
    let other = Citizen { full_name: "Lê Văn Bình".into(), ..Citizen::default() };
    let twins = [
        Citizen { phone: "+84912345678".into(), ..other.clone() },
        Citizen { email: "hoa.NGUYEN@vidu.vn".into(), ..other.clone() },
        Citizen {
            citizen_number: "001199012345".into(),
            phone: "0987654321".into(),
            ..other.clone()
        },
    ];
    for twin in twins {
        assert_eq!(refused(province.register(twin).await), "ACCOUNT_EXISTS");
    }
    let own = Citizen { phone: "0987654321".into(), ..other };
    province.register(own).await.unwrap();
    province.env.stop().await;
}

async fn of_many_who_register_one_telephone_at_once_one_gets_it(database: Database) {
    let province = Province::start(database).await;
    let register = |_| province.register(hoa());
    let answers = futures::future::join_all((0..8).map(register)).await;
    assert_eq!(answers.iter().flatten().count(), 1);
    for fault in answers.into_iter().filter_map(Result::err) {
        assert!(["ACCOUNT_EXISTS", "CONFLICT"].contains(&fault.reason()), "{fault}");
    }
    province.env.stop().await;
}

async fn the_same_registration_sent_twice_opens_one_account(database: Database) {
    let province = Province::start(database).await;
    let asked = RegisterPersonRequest {
        request_id: province.id(),
        person: Some(Person::Citizen(hoa())),
        password: PASSWORD.into(),
    };
    let first = answer(province.auth().register_person(asked.clone()).await).unwrap();
    let again = answer(province.auth().register_person(asked).await).unwrap();
    assert_eq!(first, again);
    let registered = province.env.said::<AccountRegistered>().await;
    assert_eq!(registered.iter().filter(|e| e.account == first.name).count(), 1);
    province.env.stop().await;
}

async fn an_organisation_registers_with_its_tax_code(database: Database) {
    let province = Province::start(database).await;
    let organisation = Organisation {
        organisation_name: "Công ty TNHH Gạch Tây Ninh".into(),
        tax_code: "0301452948".into(),
        representative: "Phạm Thị Lan".into(),
        phone: String::new(),
        email: "vanthu@gach.vn".into(),
    };
    let register = async |organisation: Organisation| {
        let asked = RegisterPersonRequest {
            request_id: province.id(),
            person: Some(Person::Organisation(organisation)),
            password: PASSWORD.into(),
        };
        answer(province.auth().register_person(asked).await)
    };
    let account = register(organisation.clone()).await.unwrap();
    assert!(province.sign_in("vanthu@gach.vn", PASSWORD).await.is_ok());
    let twin = Organisation { email: "khac@gach.vn".into(), ..organisation.clone() };
    assert_eq!(refused(register(twin).await), "ACCOUNT_EXISTS");
    let wrong = Organisation { tax_code: "0301452947".into(), ..organisation };
    assert_eq!(violations(register(wrong).await)[0].1, "TAX_CODE_INVALID");
    assert!(matches!(account.holder, Some(Holder::Organisation(_))));
    province.env.stop().await;
}

async fn update(
    province: &Province,
    token: &str,
    account: Account,
    paths: &[&str],
) -> Result<Account, motcua_fault::Fault> {
    let asked = UpdateAccountRequest {
        request_id: province.id(),
        account: Some(account),
        update_mask: Some(FieldMask { paths: paths.iter().map(|p| (*p).to_owned()).collect() }),
    };
    answer(province.accounts(token).update_account(asked).await)
}

async fn a_citizen_changes_contacts_and_the_old_ones_sign_in_no_more(database: Database) {
    let province = Province::start(database).await;
    let account = province.hoa().await;
    let token = province.sign_in("0912345678", PASSWORD).await.unwrap().access_token;
    let with =
        |citizen: Citizen| Account { holder: Some(Holder::Citizen(citizen)), ..account.clone() };
    let new = with(Citizen { phone: "0987654321".into(), ..Citizen::default() });
    let changed = update(&province, &token, new.clone(), &["citizen.phone"]).await.unwrap();
    assert_ne!(changed.etag, account.etag);
    assert!(province.sign_in("0987654321", PASSWORD).await.is_ok());
    assert_eq!(refused(province.sign_in("0912345678", PASSWORD).await), "SIGN_IN_REFUSED");
    let stale = update(&province, &token, new, &["citizen.phone"]).await;
    assert_eq!(refused(stale), "ETAG_STALE");

    let latest = |citizen| Account { etag: changed.etag.clone(), ..with(citizen) };
    let none = latest(Citizen::default());
    let both = update(&province, &token, none.clone(), &["citizen.phone", "citizen.email"]).await;
    assert_eq!(refused(both), "CONTACT_MISSING");
    let other = latest(Citizen { citizen_number: "079085001234".into(), ..Citizen::default() });
    let number = update(&province, &token, other, &["citizen.citizen_number"]).await;
    assert_eq!(refused(number), "CITIZEN_NUMBER_SET");
    for paths in [&["citizen.rights"][..], &["officer.position"], &[]] {
        let unknown = update(&province, &token, none.clone(), paths).await;
        assert_eq!(violations(unknown)[0].1, "MASK_INVALID", "{paths:?}");
    }
    province.env.stop().await;
}

async fn who_forgot_the_password_gets_one_to_replace_from_the_province(database: Database) {
    let province = Province::start(database).await;
    let account = province.hoa().await;
    let old = province.sign_in("0912345678", PASSWORD).await.unwrap();
    let reset = |password: &str| ResetPasswordRequest {
        request_id: province.id(),
        name: account.name.clone(),
        password: password.into(),
    };
    let mut local = province.as_officer("qt.xa1", commune(1), &[Role::Administrator]).await;
    let below = answer(local.reset_password(reset("tạm thời thôi nhé")).await);
    assert_eq!(refused(below), "OUT_OF_REACH");
    let mut admin = province.as_admin().await;
    let told = violations(answer(admin.reset_password(reset("số 0912345678")).await));
    assert_eq!(told, [("password".into(), "PASSWORD_REPEATS_CONTACT".into())]);
    let shown = answer(admin.reset_password(reset("tạm thời thôi nhé")).await).unwrap();
    assert!(shown.masked);
    assert_eq!(refused(province.refresh(&old.refresh_token).await), "REFRESH_REFUSED");
    assert_eq!(refused(province.sign_in("0912345678", PASSWORD).await), "SIGN_IN_REFUSED");
    let temporary = province.sign_in("0912345678", "tạm thời thôi nhé").await;
    assert_eq!(refused(temporary), "PASSWORD_CHANGE_REQUIRED");
    let change = ChangePasswordRequest {
        request_id: province.id(),
        login: "0912345678".into(),
        password: "tạm thời thôi nhé".into(),
        new_password: "của riêng tôi mà".into(),
    };
    province.auth().change_password(change).await.unwrap();
    let token = province.sign_in("0912345678", "của riêng tôi mà").await.unwrap().access_token;
    let list =
        ListPersonalDataReadingsRequest { account: "accounts/me".into(), ..Default::default() };
    let mut own = province.accounts(&token);
    let reading = province
        .env
        .until(async || {
            answer(own.list_personal_data_readings(list.clone()).await).unwrap().readings.pop()
        })
        .await;
    assert_eq!(
        (reading.reader, reading.purpose.as_str()),
        (province.admin.name(), "reset_password")
    );
    province.env.stop().await;
}

async fn a_changed_contact_may_not_be_somebody_elses(database: Database) {
    let province = Province::start(database).await;
    province.hoa().await;
    let binh = Citizen {
        full_name: "Lê Văn Bình".into(),
        phone: "0987654321".into(),
        ..Citizen::default()
    };
    let account = province.register(binh).await.unwrap();
    let token = province.sign_in("0987654321", PASSWORD).await.unwrap().access_token;
    let hoas = Citizen { phone: "0912345678".into(), ..Citizen::default() };
    let asked = Account { holder: Some(Holder::Citizen(hoas)), ..account };
    let changed = update(&province, &token, asked, &["citizen.phone"]).await;
    assert_eq!(refused(changed), "ACCOUNT_EXISTS");
    province.env.stop().await;
}

crate::on_both!(
    a_citizen_registers_signs_in_and_sees_their_account,
    everything_wrong_with_a_registration_is_told_at_once,
    a_telephone_an_address_or_a_number_belongs_to_one_account,
    of_many_who_register_one_telephone_at_once_one_gets_it,
    the_same_registration_sent_twice_opens_one_account,
    an_organisation_registers_with_its_tax_code,
    a_citizen_changes_contacts_and_the_old_ones_sign_in_no_more,
    who_forgot_the_password_gets_one_to_replace_from_the_province,
    a_changed_contact_may_not_be_somebody_elses,
);
