use motcua_context::{Actor, Role, System};
use motcua_fault::{Fault, Kind};
use motcua_proto::{Rule, access::v1 as proto};

/// Whether the rule of a method admits this caller. Whether the *object* is the
/// caller's is asked where it is loaded.
pub fn admits(rule: &Rule, actor: &Actor) -> Result<(), Fault> {
    let admitted = rule.public
        || match actor {
            Actor::Anonymous => false,
            Actor::Person(_) => rule.citizen,
            Actor::Officer(officer) => roles(rule).any(|role| officer.holds(role)),
            Actor::System(System { service: true, name, .. }) => {
                rule.services.contains(&name.as_str())
            }
            Actor::System(System { scopes, .. }) => {
                scopes.iter().any(|scope| rule.scopes.contains(&scope.as_str()))
            }
        };
    match (admitted, actor) {
        (true, _) => Ok(()),
        (false, Actor::Anonymous) => Err(Fault::new(
            Kind::Unauthenticated,
            "SIGN_IN_REQUIRED",
            "Vui lòng đăng nhập để tiếp tục.",
        )),
        (false, _) => Err(Fault::denied(
            "NOT_PERMITTED",
            "Tài khoản của bạn không có quyền thực hiện việc này.",
        )),
    }
}

fn roles(rule: &Rule) -> impl Iterator<Item = Role> {
    rule.roles
        .iter()
        .filter_map(|number| proto::Role::try_from(*number).ok())
        .filter_map(Role::from_proto)
}

#[cfg(test)]
mod tests {
    use motcua_context::{Grant, Officer, Person};
    use motcua_ids::Uuid;

    use super::*;

    const NOBODY: Rule =
        Rule { public: false, citizen: false, roles: &[], services: &[], scopes: &[] };

    fn officer(role: Role) -> Actor {
        Actor::Officer(Officer {
            account: Uuid::nil().into(),
            grants: vec![Grant { role, agency: Uuid::nil().into() }],
        })
    }

    #[test]
    fn each_field_admits_its_own_and_nobody_else() {
        let citizen = Actor::Person(Person::citizen(Uuid::nil().into()));
        let service = Actor::System(System::service("intake"));
        let foreign = Actor::System(System {
            service: false,
            name: "intake".into(),
            scopes: vec!["dossiers.read".into()],
            agency: None,
            on_behalf_of: None,
        });
        let desk = officer(Role::DeskOfficer);
        let all = [&Actor::Anonymous, &citizen, &desk, &officer(Role::Leader), &service, &foreign];
        let cases: [(Rule, &[&Actor]); 6] = [
            (NOBODY, &[]),
            (Rule { public: true, ..NOBODY }, &all),
            (Rule { citizen: true, ..NOBODY }, &[&citizen]),
            (Rule { roles: &[1], ..NOBODY }, &[&desk]),
            (Rule { services: &["intake"], ..NOBODY }, &[&service]),
            (Rule { scopes: &["dossiers.read"], ..NOBODY }, &[&foreign]),
        ];
        for (rule, admitted) in cases {
            for actor in all {
                assert_eq!(
                    admits(&rule, actor).is_ok(),
                    admitted.contains(&actor),
                    "{rule:?} {actor:?}"
                );
            }
        }
    }
}
