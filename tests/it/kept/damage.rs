//! Every kind of damage to the record of a service, done by the owner of the database.

use anyhow::{Result, bail, ensure};
use motcua_tests::sandbox::Sandbox;

use super::audit::whole;

const SERVICE: &str = "workflow";
/// The record as it was.
const KEEP: &str = "CREATE TABLE kept AS SELECT * FROM audit; \
                    CREATE TABLE kept_seal AS SELECT * FROM audit_seal";
const MEND: &str = "DELETE FROM audit; INSERT INTO audit SELECT * FROM kept; \
                    DELETE FROM audit_seal; INSERT INTO audit_seal SELECT * FROM kept_seal";

/// `{last}` and `{seal}` stand for the last position and the last seal's number.
struct Damage {
    harm: &'static str,
    /// At which position.
    position: &'static str,
    /// What is said of it.
    found: &'static str,
}

const DAMAGES: [Damage; 13] = [
    Damage {
        harm: "UPDATE audit SET actor = 'accounts/another' WHERE position = 3",
        position: "3",
        found: "the row was changed, put in or moved",
    },
    Damage {
        harm: "UPDATE audit SET at = at + interval '1 second' WHERE position = {last}",
        position: "{last}",
        found: "the row was changed, put in or moved",
    },
    Damage {
        harm: "DELETE FROM audit WHERE position = 1",
        position: "1",
        found: "the row is missing",
    },
    Damage {
        harm: "DELETE FROM audit WHERE position = 4",
        position: "4",
        found: "the row is missing",
    },
    Damage {
        harm: "DELETE FROM audit WHERE position = {last}",
        position: "{last}",
        found: "the end of the chain is missing",
    },
    Damage {
        harm: "UPDATE audit SET position = -2 WHERE position = 2; \
               UPDATE audit SET position = 2 WHERE position = 3; \
               UPDATE audit SET position = 3 WHERE position = -2",
        position: "2",
        found: "the row was changed, put in or moved",
    },
    Damage {
        harm: "UPDATE audit SET position = -position WHERE position > 2; \
               UPDATE audit SET position = 1 - position WHERE position < 0; \
               INSERT INTO audit (id, at, kind, actor, on_behalf_of, cause, key, subjects, \
               purpose, outcome, position, hash) SELECT gen_random_uuid(), at, kind, actor, \
               on_behalf_of, cause, key, subjects, purpose, outcome, 3, hash FROM audit \
               WHERE position = 2",
        position: "3",
        found: "the row was changed, put in or moved",
    },
    Damage {
        harm: "DELETE FROM audit WHERE position > 2",
        position: "3",
        found: "the end of the chain is missing",
    },
    Damage { harm: "TRUNCATE audit", position: "1", found: "the end of the chain is missing" },
    Damage {
        harm: "UPDATE audit_seal SET signature = \
               (SELECT signature FROM audit_seal WHERE number = 1) WHERE number = {seal}",
        position: "{last}",
        found: "a seal is missing, changed or not the service's",
    },
    Damage {
        harm: "UPDATE audit_seal SET at = at + interval '1 day' WHERE number = {seal}",
        position: "{last}",
        found: "a seal is missing, changed or not the service's",
    },
    Damage {
        harm: "UPDATE audit_seal SET signer = sha256('somebody') WHERE number = {seal}",
        position: "{last}",
        found: "a seal is missing, changed or not the service's",
    },
    Damage {
        harm: "DELETE FROM audit_seal WHERE number = 1",
        position: "",
        found: "a seal is missing, changed or not the service's",
    },
];

/// What `verify` says of damage; nothing of a sound record.
async fn verified(sandbox: &Sandbox, more: &[&str]) -> Result<Option<String>> {
    let asked = [&["audit", "verify", "--service", SERVICE], more].concat();
    match sandbox.command(&asked, "").await {
        Ok(told) if told.contains(": whole; ") => Ok(None),
        Ok(told) => bail!("it ended well and said: {told}"),
        Err(error) => Ok(Some(format!("{error:#}"))),
    }
}

pub(super) async fn is_found(sandbox: &Sandbox) -> Result<()> {
    let last = sandbox.count(SERVICE, "SELECT max(position) FROM audit").await?;
    let seal = sandbox.count(SERVICE, "SELECT max(number) FROM audit_seal").await?;
    ensure!(last >= 6 && seal >= 2, "{last} rows and {seal} seals are too few to damage");
    let heads = sandbox.command(&["audit", "heads", "--service", SERVICE], "").await?;
    let kept = sandbox.dir().join("heads.txt");
    std::fs::write(&kept, heads)?;
    let kept = kept.to_string_lossy().into_owned();

    sandbox.tamper(SERVICE, KEEP).await?;
    for Damage { harm, position, found } in DAMAGES {
        let fill = |text: &str| {
            text.replace("{last}", &last.to_string()).replace("{seal}", &seal.to_string())
        };
        let harm = fill(harm);
        sandbox.tamper(SERVICE, &harm).await?;
        let Some(told) = verified(sandbox, &[]).await? else { bail!("not found: {harm}") };
        let expected = match fill(position) {
            position if position.is_empty() => format!(": {found}"),
            position => format!("{SERVICE}: BROKEN at position {position}: {found}"),
        };
        ensure!(told.contains(&expected), "{harm}\nexpected: {expected}\n{told}");
        let lines = told.lines().filter(|line| line.contains(": BROKEN ")).count();
        ensure!(lines == 1, "not one line: {told}");
        sandbox.tamper(SERVICE, MEND).await?;
        ensure!(verified(sandbox, &[]).await?.is_none(), "not mended after: {harm}");
    }
    an_older_copy_is_found_by_a_kept_head_alone(sandbox, &kept).await?;
    sandbox.tamper(SERVICE, MEND).await?;
    whole(sandbox, &[]).await?;
    Ok(())
}

/// A shorter record with its own seals is whole in itself: only what was kept
/// elsewhere tells.
async fn an_older_copy_is_found_by_a_kept_head_alone(sandbox: &Sandbox, kept: &str) -> Result<()> {
    let first = sandbox.count(SERVICE, "SELECT position FROM audit_seal WHERE number = 1").await?;
    let older = format!(
        "DELETE FROM audit_seal WHERE number > 1; DELETE FROM audit WHERE position > {first}"
    );
    sandbox.tamper(SERVICE, &older).await?;
    ensure!(verified(sandbox, &[]).await?.is_none(), "nothing in the database can tell");
    let told = verified(sandbox, &["--heads", kept]).await?.unwrap_or_default();
    let expected =
        format!("{SERVICE}: BROKEN at position {}: the end of the chain is missing", first + 1);
    ensure!(told.contains(&expected), "expected: {expected}\n{told}");
    Ok(())
}
