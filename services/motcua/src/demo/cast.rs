//! Who takes part: accounts, made and signed in as anybody's are.

use motcua_proto::{
    access::v1::Role,
    identity::v1::{
        ChangePasswordRequest, Citizen, CreateOfficerRequest, Grant, Officer,
        RegisterPersonRequest, SignInRequest, register_person_request::Person,
    },
};
use rand::RngExt;

use super::world::{World, refused, request_id};

/// Somebody signed in.
#[derive(Debug, Clone)]
pub struct Signed {
    /// `accounts/{uuid}`.
    pub account: String,
    /// What is shown with every call; good for ten minutes.
    pub token: String,
    /// How the person is called.
    pub name: String,
    /// What the person signs in with.
    pub login: String,
    /// Made for this demonstration alone.
    pub password: String,
}

/// The one account that no RPC can make.
#[derive(Debug, Clone)]
pub struct Administrator {
    /// Signs in with it.
    pub username: String,
    /// Full name.
    pub name: String,
    /// Made at random, shown once.
    pub password: String,
}

impl Administrator {
    /// With a password made at random.
    pub fn named(username: &str, name: &str) -> Self {
        Self { username: username.to_owned(), name: name.to_owned(), password: password() }
    }
}

/// Signs in.
pub async fn sign_in(
    world: &World,
    login: &str,
    password: &str,
    name: &str,
) -> anyhow::Result<Signed> {
    let request = SignInRequest {
        request_id: request_id(),
        login: login.to_owned(),
        password: password.to_owned(),
    };
    let tokens = world.auth().sign_in(request).await.map_err(refused)?.into_inner();
    Ok(Signed {
        account: tokens.account,
        token: tokens.access_token,
        name: name.to_owned(),
        login: login.to_owned(),
        password: password.to_owned(),
    })
}

/// Registers a citizen and signs in.
pub async fn citizen(world: &World, citizen: Citizen) -> anyhow::Result<Signed> {
    let (login, name, password) = (citizen.phone.clone(), citizen.full_name.clone(), password());
    let request = RegisterPersonRequest {
        request_id: request_id(),
        password: password.clone(),
        person: Some(Person::Citizen(citizen)),
    };
    world.auth().register_person(request).await.map_err(refused)?;
    sign_in(world, &login, &password, &name).await
}

/// An officer's account with one role, made by the administrator; the officer
/// chooses a password of his own and signs in.
pub async fn officer(
    world: &World,
    administrator: &Signed,
    role: Role,
    agency: &str,
    username: &str,
    name: &str,
    position: &str,
) -> anyhow::Result<Signed> {
    let first = password();
    let officer = Officer {
        username: username.to_owned(),
        full_name: name.to_owned(),
        position: position.to_owned(),
        agency: agency.to_owned(),
        grants: vec![Grant { role: role.into(), agency: agency.to_owned(), ..Grant::default() }],
        ..Officer::default()
    };
    let request = CreateOfficerRequest {
        request_id: request_id(),
        officer: Some(officer),
        password: first.clone(),
    };
    world.accounts(administrator).create_officer(request).await.map_err(refused)?;
    let own = password();
    let change = ChangePasswordRequest {
        request_id: request_id(),
        login: username.to_owned(),
        password: first,
        new_password: own.clone(),
    };
    world.auth().change_password(change).await.map_err(refused)?;
    sign_in(world, username, &own, name).await
}

/// Sixteen letters and digits that are not taken for each other.
fn password() -> String {
    const LETTERS: &[u8] = b"abcdefghjkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789";
    let mut rng = rand::rng();
    (0..16).map(|_| char::from(LETTERS[rng.random_range(0..LETTERS.len())])).collect()
}
