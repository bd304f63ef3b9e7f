//! The access rules as a page for people, kept true by a test. After a change of
//! a rule, `MOTCUA_WRITE_DOCS=1` writes it anew.

use std::{fmt::Write as _, fs, path::PathBuf};

use motcua_context::Role;
use motcua_proto::{Method, Rule};

const HEAD: &str = "# Who may call what

Written by the test `access::matrix` from the access rules in `proto/`; do not edit it by hand:
`MOTCUA_WRITE_DOCS=1 cargo test -p motcua-tests access::matrix` writes it anew.

A rule admits a caller to a method. Whether *this* dossier, task or account is the caller's is
asked again where it is loaded; the tests in `tests/it/access/twins` show it for every method.

*anybody*: signed in or not. *citizen*: a citizen's or an organisation's account. The seven roles
are officers'; leader, administrator and auditor reach the agencies below their own. *services*:
those of this system that may call it. *scopes*: what another system's account must hold.
";

#[test]
fn the_page_says_what_the_contracts_say() {
    let path = page();
    let expected = matrix();
    if std::env::var_os("MOTCUA_WRITE_DOCS").is_some() {
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, &expected).unwrap();
    }
    let written = fs::read_to_string(&path).unwrap_or_default();
    assert!(
        written == expected,
        "docs/access-matrix.md is not what the contracts say; \
         MOTCUA_WRITE_DOCS=1 cargo test -p motcua-tests access::matrix writes it anew"
    );
}

fn page() -> PathBuf {
    // The repository may have moved since the test was built.
    let tests = std::env::var_os("CARGO_MANIFEST_DIR").map(PathBuf::from);
    let tests = tests.unwrap_or_else(|| env!("CARGO_MANIFEST_DIR").into());
    tests.parent().unwrap().join("docs/access-matrix.md")
}

fn matrix() -> String {
    let mut page = HEAD.to_owned();
    let mut service = "";
    for method in motcua_proto::methods() {
        if method.service != service {
            service = method.service;
            begin(&mut page, service);
        }
        line(&mut page, method);
    }
    page
}

fn begin(page: &mut String, service: &str) {
    let roles = Role::ALL.map(|role| role.as_str().replace('_', " "));
    let columns = 3 + roles.len() + 2;
    writeln!(page, "\n## {service}\n").unwrap();
    writeln!(page, "| method | anybody | citizen | {} | services | scopes |", roles.join(" | "))
        .unwrap();
    writeln!(page, "|{}", "---|".repeat(columns)).unwrap();
}

fn line(page: &mut String, method: &Method) {
    let rule: &Rule = method.rule.as_ref().unwrap();
    let mark = |yes: bool| if yes { "●" } else { "" };
    let roles = Role::ALL.map(|role| mark(rule.roles.contains(&i32::from(role.to_proto()))));
    writeln!(
        page,
        "| {} | {} | {} | {} | {} | {} |",
        method.name,
        mark(rule.public),
        mark(rule.citizen),
        roles.join(" | "),
        rule.services.join(", "),
        rule.scopes.join(", "),
    )
    .unwrap();
}
