//! Whose account a sign-in opens.

use motcua_proto::{
    access::v1::Role,
    identity::v1::{
        Account, AccountRegistered, Citizen, GetAccountRequest, TokenPair, UpdateAccountRequest,
        account::Holder,
    },
};
use motcua_testkit::Database;
use prost_types::FieldMask;
use serde_json::json;

use super::{World, hoa, minh};
use crate::{
    disabling::disable,
    keys::count,
    sealing::rows,
    support::{PASSWORD, answer, commune, refused},
};

async fn account(world: &World, pair: &TokenPair) -> Account {
    let asked = GetAccountRequest { name: pair.account.clone() };
    answer(world.province.accounts(&pair.access_token).get_account(asked).await).unwrap()
}

fn citizen(account: &Account) -> &Citizen {
    match &account.holder {
        Some(Holder::Citizen(citizen)) => citizen,
        other => panic!("no citizen: {other:?}"),
    }
}

async fn somebody_new_is_given_an_account_and_found_again(database: Database) {
    let world = World::start(database).await;
    let first = world.sign_in(&minh()).await.unwrap();
    let opened = account(&world, &first).await;
    let expected = Citizen {
        full_name: "Lê Văn Minh".into(),
        citizen_number: "001099054321".into(),
        phone: "0987654321".into(),
        email: String::new(),
    };
    assert_eq!(citizen(&opened), &expected);
    let told: Vec<AccountRegistered> = world.province.env.said().await;
    assert!(told.iter().any(|said| said.account == first.account));
    // By the link, whatever else is said of him by then.
    let changed = json!({"sub": "s-minh", "name": "Tên Mới"});
    let again = world.sign_in(&changed).await.unwrap();
    assert_eq!(again.account, first.account);
    assert_ne!(again.session, first.session);
    assert!(world.province.refresh(&again.refresh_token).await.is_ok());
    // He has no password, and none signs him in.
    for password in ["", PASSWORD] {
        let refusal = refused(world.province.sign_in("0987654321", password).await);
        assert_eq!(refusal, "SIGN_IN_REFUSED");
    }
    world.stop().await;
}

async fn accounts_are_opened_where_the_province_says_so_alone(database: Database) {
    let world = World::with(database, &["open_accounts=false"]).await;
    assert_eq!(refused(world.sign_in(&minh()).await), "PERSON_UNKNOWN");
    assert_eq!(refused(world.exchange(&world.app_token(&minh())).await), "PERSON_UNKNOWN");
    assert_eq!(count(&world.province, "account").await, 1, "the administrator's");
    world.stop().await;
}

/// Somebody may have registered with her number before: nobody had asked for a proof.
async fn whoever_held_a_claimed_account_before_holds_it_no_longer(database: Database) {
    let world = World::start(database).await;
    let before = world.province.hoa().await;
    let old = world.province.sign_in("0912345678", PASSWORD).await.unwrap();
    let pair = world.sign_in(&hoa()).await.unwrap();
    assert_eq!(pair.account, before.name);
    let now = account(&world, &pair).await;
    let hers = citizen(&now);
    assert_eq!((hers.phone.as_str(), hers.email.as_str()), ("", ""), "messages would go there");
    assert_eq!(refused(world.province.refresh(&old.refresh_token).await), "REFRESH_REFUSED");
    let refusal = refused(world.province.sign_in("0912345678", PASSWORD).await);
    assert_eq!(refusal, "SIGN_IN_REFUSED");
    let verifier = crate::support::Verifier::of(&world.province).await;
    let actor = async |token: &str| verifier.actor(token, world.province.now()).await;
    assert!(actor(&old.access_token).await.is_err(), "the old token is taken back");
    world.province.minutes(1);
    let fresh = world.sign_in(&hoa()).await.unwrap();
    assert!(actor(&fresh.access_token).await.is_ok());
    let update = UpdateAccountRequest {
        request_id: world.province.id(),
        account: Some(Account {
            name: now.name.clone(),
            etag: now.etag.clone(),
            holder: Some(Holder::Citizen(Citizen { phone: "0912345678".into(), ..hers.clone() })),
            ..Account::default()
        }),
        update_mask: Some(FieldMask { paths: vec!["citizen.phone".into()] }),
    };
    let accounts = &mut world.province.accounts(&fresh.access_token);
    answer(accounts.update_account(update).await).unwrap();
    world.stop().await;
}

/// One wrong digit is somebody else's number.
async fn a_number_with_another_name_opens_nobodys_account(database: Database) {
    let world = World::start(database).await;
    world.province.hoa().await;
    let stranger = json!({"sub": "s-2", "citizen_id": "001199012345", "name": "Lê Thị Lan"});
    assert_eq!(refused(world.sign_in(&stranger).await), "IDENTITY_DIFFERS");
    assert!(world.province.sign_in("0912345678", PASSWORD).await.is_ok(), "all is as it was");
    assert_eq!(count(&world.province, "external_link").await, 0);
    world.stop().await;
}

async fn an_account_has_one_person_of_a_provider_alone(database: Database) {
    let world = World::start(database).await;
    world.sign_in(&hoa()).await.unwrap();
    let mut other = hoa();
    other["sub"] = json!("s-other");
    assert_eq!(refused(world.sign_in(&other).await), "LINKED_TO_ANOTHER");
    // The provider gives her subject to somebody else.
    let mut reused = minh();
    reused["sub"] = json!("s-hoa");
    assert_eq!(refused(world.sign_in(&reused).await), "IDENTITY_DIFFERS");
    world.stop().await;
}

async fn a_barred_account_stays_barred(database: Database) {
    let world = World::start(database).await;
    let pair = world.sign_in(&hoa()).await.unwrap();
    disable(&world.province, &pair.account).await.unwrap();
    assert_eq!(refused(world.sign_in(&hoa()).await), "ACCOUNT_DISABLED");
    assert_eq!(refused(world.exchange(&world.app_token(&hoa())).await), "ACCOUNT_DISABLED");
    world.stop().await;
}

async fn a_contact_is_no_proof_and_stays_with_who_has_it(database: Database) {
    let world = World::start(database).await;
    let hoa = world.province.hoa().await;
    let about = json!({
        "sub": "s-lan", "citizen_id": "001199067890", "name": "Nguyễn Thị Hoa",
        "phone_number": "0912345678", "phone_number_verified": true,
    });
    let pair = world.sign_in(&about).await.unwrap();
    assert_ne!(pair.account, hoa.name);
    assert_eq!(citizen(&account(&world, &pair).await).phone, "");
    assert!(world.province.sign_in("0912345678", PASSWORD).await.is_ok());
    world.stop().await;
}

async fn an_officer_is_linked_and_never_opened(database: Database) {
    let world = World::start(database).await;
    let an = json!({"sub": "s-an", "officer_name": "nv.an", "name": "Trần Văn An"});
    assert_eq!(refused(world.sign_in(&an).await), "OFFICER_UNKNOWN");
    let officer = world.province.officer("nv.an", commune(1), &[Role::DeskOfficer]).await;
    let pair = world.sign_in(&an).await.unwrap();
    assert_eq!(pair.account, officer.name);
    assert!(world.province.sign_in("nv.an", PASSWORD).await.is_ok(), "the password stays");
    let other = json!({"sub": "s-binh", "officer_name": "nv.an", "name": "Trần Thị Bình"});
    assert_eq!(refused(world.sign_in(&other).await), "LINKED_TO_ANOTHER");
    // What is linked needs the username no more.
    assert_eq!(world.sign_in(&json!({"sub": "s-an"})).await.unwrap().account, officer.name);
    world.stop().await;
}

async fn less_than_the_level_that_is_asked_opens_nothing(database: Database) {
    let world = World::with(database, &["claims.levels=[\"2\", \"3\"]"]).await;
    let begun = world.begin().await.unwrap();
    assert_eq!(super::parameters(&begun.authorization_url)["acr_values"], "2 3");
    let with = |level: &str| {
        let mut about = minh();
        about["acr"] = json!(level);
        about
    };
    assert_eq!(refused(world.sign_in(&minh()).await), "LEVEL_TOO_LOW");
    assert_eq!(refused(world.sign_in(&with("1")).await), "LEVEL_TOO_LOW");
    assert!(world.sign_in(&with("3")).await.is_ok());
    world.stop().await;
}

async fn what_the_provider_tells_beside_the_token_counts_for_the_same_person(database: Database) {
    let world = World::with(database, &["user_info=true"]).await;
    world.provider.says(minh());
    let pair = world.sign_in(&json!({"sub": "s-minh"})).await.unwrap();
    assert_eq!(citizen(&account(&world, &pair).await).full_name, "Lê Văn Minh");
    let refusal = refused(world.sign_in(&json!({"sub": "s-hoa"})).await);
    assert_eq!(refusal, "ID_TOKEN_MALFORMED", "it speaks of another");
    world.stop().await;
}

async fn no_table_holds_who_somebody_is_there(database: Database) {
    let world = World::start(database).await;
    let about = json!({"sub": "s-marked-subject", "citizen_id": "001099054321", "name": "Lê Minh"});
    let came = world.come_back(&about).await;
    let pair = world.complete(came.clone()).await.unwrap();
    let marked = ["s-marked-subject", "001099054321", "Lê Minh", &came.ticket, &pair.refresh_token];
    for table in ["external_link", "external_sign_in", "account", "session", "outbox", "handled"] {
        let rows = rows(&world.province, database, table).await;
        for marked in marked {
            assert!(!rows.contains(marked), "{marked} is in {table}");
        }
    }
    world.stop().await;
}

crate::on_both!(
    no_table_holds_who_somebody_is_there,
    somebody_new_is_given_an_account_and_found_again,
    accounts_are_opened_where_the_province_says_so_alone,
    whoever_held_a_claimed_account_before_holds_it_no_longer,
    a_number_with_another_name_opens_nobodys_account,
    an_account_has_one_person_of_a_provider_alone,
    a_barred_account_stays_barred,
    a_contact_is_no_proof_and_stays_with_who_has_it,
    an_officer_is_linked_and_never_opened,
    less_than_the_level_that_is_asked_opens_nothing,
    what_the_provider_tells_beside_the_token_counts_for_the_same_person,
);
