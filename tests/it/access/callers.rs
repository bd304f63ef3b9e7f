//! Everybody who can call: nobody, broken tokens, and one of each kind of
//! account, each with a token the product itself gave.

use chrono::TimeDelta;
use motcua::{
    demo::{
        cast::{self, Signed},
        world::{World, refused, request_id},
    },
    roles,
};
use motcua_context::{Clock, Role, SystemClock};
use motcua_keys::ServiceKeys;
use motcua_proto::{
    Method, Rule,
    catalog::v1::{Agency, GetAgencyRequest},
    identity::v1::{
        Citizen, CreateSystemAccountRequest, IssueSystemTokenRequest, Organisation,
        RegisterPersonRequest, System, register_person_request::Person,
    },
};
use motcua_rpc::{ServiceIdentity, audience};
use motcua_tests::sandbox::Sandbox;

/// Beyond the life of an access token and the leeway of clocks.
const LATER: TimeDelta = TimeDelta::minutes(15);
const SECRET: &str = "b7d1f0c45a9e4e1d8f3c26a90d7e5b14";

/// What a method's rule sees of a caller.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Kind {
    /// No token.
    Nobody,
    /// A token that does not count: as good as none.
    Broken,
    /// A citizen or an organisation.
    Person,
    Officer(Role),
    System(Vec<String>),
    Service(&'static str),
}

/// Somebody who calls.
#[derive(Debug, Clone)]
pub(super) struct Caller {
    pub(super) label: String,
    pub(super) kind: Kind,
    shows: Shown,
}

/// What a caller has to show.
#[derive(Debug, Clone)]
enum Shown {
    Nothing,
    Token(String),
    /// A service's own token for the service that is called.
    Service(ServiceIdentity),
    /// One that it was shown for itself by that service, and carries elsewhere.
    Carried(ServiceIdentity),
}

impl Caller {
    fn new(label: &str, kind: Kind, shows: Shown) -> Self {
        Self { label: label.to_owned(), kind, shows }
    }

    /// What is shown to a method.
    pub(super) fn token(&self, method: &Method) -> Option<String> {
        let called = audience(method);
        let (service, audience) = match &self.shows {
            Shown::Nothing => return None,
            Shown::Token(token) => return Some(token.clone()),
            Shown::Service(service) => (service, called),
            Shown::Carried(service) if called == "intake" => (service, "workflow"),
            Shown::Carried(service) => (service, "intake"),
        };
        Some(service.token(audience, SystemClock.now() + LATER).unwrap().to_string())
    }

    /// Whether a rule admits this caller: the words of `access.proto`, read anew.
    pub(super) fn is_admitted(&self, rule: &Rule) -> bool {
        match &self.kind {
            _ if rule.public => true,
            Kind::Nobody | Kind::Broken => false,
            Kind::Person => rule.citizen,
            Kind::Officer(held) => rule.roles.contains(&i32::from(held.to_proto())),
            Kind::System(scopes) => scopes.iter().any(|s| rule.scopes.contains(&s.as_str())),
            Kind::Service(name) => rule.services.contains(name),
        }
    }
}

/// Makes one caller of each kind. The product's clock is moved on the way.
pub(super) async fn everybody(sandbox: &Sandbox, world: &World) -> Vec<Caller> {
    let expired = citizen(world, "0912000001", "072085000011").await;
    sandbox.set_clock(SystemClock.now() + LATER).await.unwrap();
    let token = |label, token| Caller::new(label, Kind::Broken, Shown::Token(token));
    let stranger = Shown::Service(stranger());
    let intake = || service(sandbox, "intake");
    let mut callers = vec![
        Caller::new("nobody", Kind::Nobody, Shown::Nothing),
        token("expired token", expired.token.clone()),
        token("garbage token", "not.a.token".to_owned()),
        token("altered token", altered(&expired.token)),
        Caller::new("stranger's service token", Kind::Broken, stranger),
        Caller::new("token for another service", Kind::Broken, Shown::Carried(intake())),
    ];
    let signed = citizen(world, "0912000002", "072085000022").await;
    callers.push(Caller::new("citizen", Kind::Person, Shown::Token(signed.token)));
    let signed = organisation(world).await;
    callers.push(Caller::new("organisation", Kind::Person, Shown::Token(signed.token)));

    let ward = agency(world, "H53.41").await;
    let administrator = administrator(sandbox, world).await;
    for role in Role::ALL {
        let officer = officer(world, &administrator, role, &ward.name, role.as_str()).await;
        callers.push(Caller::new(role.as_str(), Kind::Officer(role), Shown::Token(officer.token)));
    }
    for (id, scopes) in [("system-all", every_scope()), ("system-none", Vec::new())] {
        let token = system(world, &administrator, id, &scopes, &ward.name).await.token;
        callers.push(Caller::new(id, Kind::System(scopes), Shown::Token(token)));
    }
    for name in roles::ALL {
        let shows = Shown::Service(service(sandbox, name));
        callers.push(Caller::new(&format!("service {name}"), Kind::Service(name), shows));
    }
    callers
}

pub(super) async fn agency(world: &World, code: &str) -> Agency {
    let request = GetAgencyRequest {
        identifier_code: code.to_owned(),
        with_units: true,
        ..GetAgencyRequest::default()
    };
    world.catalog().get_agency(request).await.map_err(refused).unwrap().into_inner()
}

pub(super) async fn administrator(sandbox: &Sandbox, world: &World) -> Signed {
    let who = sandbox.administrator();
    cast::sign_in(world, &who.username, &who.password, &who.name).await.unwrap()
}

pub(super) async fn citizen(world: &World, phone: &str, citizen_number: &str) -> Signed {
    let citizen = Citizen {
        full_name: "Lê Thị Kiểm Tra".to_owned(),
        citizen_number: citizen_number.to_owned(),
        phone: phone.to_owned(),
        email: String::new(),
    };
    cast::citizen(world, citizen).await.unwrap()
}

pub(super) async fn organisation(world: &World) -> Signed {
    organisation_of(world, "0912000003", "0100109106").await
}

pub(crate) async fn organisation_of(world: &World, phone: &str, tax_code: &str) -> Signed {
    let name = "Công ty TNHH Kiểm Tra";
    let organisation = Organisation {
        organisation_name: name.to_owned(),
        tax_code: tax_code.to_owned(),
        representative: "Lê Văn Đại Diện".to_owned(),
        phone: phone.to_owned(),
        email: format!("congty{phone}@example.vn"),
    };
    let request = RegisterPersonRequest {
        request_id: request_id(),
        password: SECRET.to_owned(),
        person: Some(Person::Organisation(organisation)),
    };
    world.auth().register_person(request).await.map_err(refused).unwrap();
    cast::sign_in(world, phone, SECRET, name).await.unwrap()
}

pub(super) async fn officer(
    world: &World,
    administrator: &Signed,
    role: Role,
    agency: &str,
    username: &str,
) -> Signed {
    let username = format!("kt.{}", username.replace('_', "-"));
    cast::officer(
        world,
        administrator,
        role.to_proto(),
        agency,
        &username,
        "Trần Kiểm Tra",
        "Cán bộ",
    )
    .await
    .unwrap()
}

/// Another system that works for an agency.
pub(super) async fn system(
    world: &World,
    administrator: &Signed,
    id: &str,
    scopes: &[String],
    agency: &str,
) -> Signed {
    let system = System {
        client_id: id.to_owned(),
        display_name: "Hệ thống kiểm tra".to_owned(),
        agency: agency.to_owned(),
        scopes: scopes.to_vec(),
        ..System::default()
    };
    let request = CreateSystemAccountRequest {
        request_id: request_id(),
        system: Some(system),
        client_secret: SECRET.to_owned(),
    };
    let account =
        world.accounts(administrator).create_system_account(request).await.map_err(refused);
    let request = IssueSystemTokenRequest {
        client_id: id.to_owned(),
        client_secret: SECRET.to_owned(),
        scopes: Vec::new(),
    };
    let token = world.auth().issue_system_token(request).await.map_err(refused).unwrap();
    Signed {
        account: account.unwrap().into_inner().name,
        token: token.into_inner().access_token,
        name: "Hệ thống kiểm tra".to_owned(),
        login: id.to_owned(),
        password: SECRET.to_owned(),
    }
}

/// Every scope that any method's rule names.
pub(super) fn every_scope() -> Vec<String> {
    let rules = motcua_proto::methods().iter().filter_map(|method| method.rule.as_ref());
    let mut scopes: Vec<_> = rules.flat_map(|rule| rule.scopes).map(|s| (*s).to_owned()).collect();
    scopes.sort();
    scopes.dedup();
    scopes
}

fn service(sandbox: &Sandbox, name: &str) -> ServiceIdentity {
    ServiceKeys::new(sandbox.dir().join("keys"), false).identity(name).unwrap()
}

/// Signs with a key that calls itself `intake` and is not.
fn stranger() -> ServiceIdentity {
    let dir = tempfile::tempdir().unwrap();
    ServiceKeys::new(dir.path(), true).identity("intake").unwrap()
}

/// The same claims under a signature that is not theirs.
fn altered(token: &str) -> String {
    let (claims, signature) = token.rsplit_once('.').unwrap();
    let first = if signature.starts_with('A') { 'B' } else { 'A' };
    format!("{claims}.{first}{}", &signature[1..])
}
