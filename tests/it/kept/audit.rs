//! The record of a journey: told in full, sealed, and betraying every damage to an
//! operator who verifies it.

use std::collections::BTreeSet;

use anyhow::{Context, Result, ensure};
use chrono::TimeDelta;
use motcua::{
    demo::{
        story::Story,
        teller::Teller,
        world::{refused, until},
    },
    roles,
};
use motcua_context::{Clock, SystemClock};
use motcua_proto::identity::v1::ListPersonalDataReadingsRequest;
use motcua_tests::sandbox::{Sandbox, Topology};
use serde_json::Value;

use super::damage;
use crate::journey::submitted;

/// So few that a journey seals by count, and so long that it does not by time.
const SETTINGS: [&str; 2] = ["audit.seal_rows=5", "audit.seal_minutes=60"];

#[tokio::test(flavor = "multi_thread")]
async fn the_record_of_processes_tells_a_journey_and_betrays_damage() -> Result<()> {
    let begin = SystemClock.now();
    let mut sandbox = Sandbox::start_set(Topology::Processes, begin, &SETTINGS).await?;
    let world = sandbox.world()?;
    let mut teller = Teller::silent();
    let mut story = Story::begin(&world, sandbox.administrator(), &mut teller).await?;
    let filed = submitted(&mut story).await?;
    let accepted = story.accept(&filed).await?;
    story.finish(&accepted.name).await?;
    let dossier = accepted.name.as_str();

    tells_who_did_what(&sandbox, &story, dossier).await.context("what the record tells")?;
    shows_the_citizen_who_read(&story, dossier).await.context("who read, for the citizen")?;
    is_sealed(&sandbox).await.context("seals")?;
    whole(&sandbox, &[]).await.context("verified while the services run")?;
    the_login_may_not_change_it(&sandbox).await.context("as the service's login")?;
    ensure!(sandbox.stop("workflow").await?, "workflow did not end in order");
    damage::is_found(&sandbox).await
}

/// The rows about something, as an operator lists them.
async fn listed(sandbox: &Sandbox, service: &str, subject: &str) -> Result<Vec<Value>> {
    let asked = ["audit", "list", "--service", service, "--subject", subject, "--limit", "1000"];
    let told = sandbox.command(&asked, "").await?;
    told.lines().map(|line| Ok(serde_json::from_str(line)?)).collect()
}

fn is(row: &Value, actor: &str, method: &str, event: &str) -> bool {
    let text = |key: &str| row[key].as_str().unwrap_or_default();
    text("kind") == "write"
        && text("actor") == actor
        && text("cause").ends_with(&format!("/{method}"))
        && text("outcome").contains(event)
}

async fn tells_who_did_what(sandbox: &Sandbox, story: &Story<'_>, dossier: &str) -> Result<()> {
    let (citizen, desk) = (story.citizen.account.as_str(), story.desk.account.as_str());
    let acts = [
        (citizen, "CreateDossier", "done"),
        (citizen, "UpdateDossier", "done"),
        (citizen, "SubmitDossier", "DossierSubmitted"),
        (desk, "AcceptDossier", "DossierAccepted"),
        (desk, "ReturnResult", "done"),
    ];
    let rows = until("the record is chained", async || {
        let rows = listed(sandbox, "intake", dossier).await?;
        let whole = acts.iter().all(|(who, how, said)| rows.iter().any(|r| is(r, who, how, said)));
        Ok(whole.then_some(rows))
    })
    .await?;
    // Newest first, each with its place in the chain and its time.
    let positions: Vec<_> = rows.iter().filter_map(|row| row["position"].as_i64()).collect();
    ensure!(positions.len() == rows.len() && positions.is_sorted_by(|a, b| a > b), "{positions:?}");
    ensure!(rows.iter().all(|row| row["at"].is_string() && row["subjects"].is_string()));
    let read = |row: &&Value| row["kind"] == "read" && row["actor"] == desk;
    let reading = rows.iter().find(read).context("the desk's reading")?;
    ensure!(reading["purpose"] == "process_dossier", "{reading}");

    // By the person, and elsewhere: an act upon a task, and what followed from an event.
    let by = ["audit", "list", "--service", "workflow", "--actor", &story.leader.account];
    tells(sandbox, &by, "/ApproveResult").await?;
    tells(sandbox, &["audit", "list", "--service", "notification"], "\"cause\":\"event ").await?;

    let all = sandbox.command(&["audit", "list", "--limit", "10000"], "").await?;
    let about = &story.applicant;
    for secret in [&about.full_name, &about.citizen_number, &about.phone, &about.email] {
        ensure!(!all.contains(secret.as_str()), "personal data in the record");
    }
    Ok(())
}

async fn tells(sandbox: &Sandbox, asked: &[&str], word: &str) -> Result<()> {
    until(&format!("{} tells {word}", asked.join(" ")), async || {
        Ok(sandbox.command(asked, "").await?.contains(word).then_some(()))
    })
    .await
}

/// Who read, why and through which method, as the citizen lists it.
async fn shows_the_citizen_who_read(story: &Story<'_>, dossier: &str) -> Result<()> {
    let expected = (story.desk.account.as_str(), "AcceptDossier", "process_dossier");
    let list = |request| async move {
        let mut accounts = story.world.accounts(&story.citizen);
        let page = accounts.list_personal_data_readings(request).await.map_err(refused)?;
        Ok::<_, anyhow::Error>(page.into_inner().readings)
    };
    let of_mine = || ListPersonalDataReadingsRequest {
        account: "accounts/me".to_owned(),
        page_size: 100,
        ..ListPersonalDataReadingsRequest::default()
    };
    until("the readings are told", async || {
        let readings = list(of_mine()).await?;
        ensure!(readings.iter().all(|r| !r.purpose.is_empty()), "a reading without purpose");
        let seen: BTreeSet<_> = readings
            .iter()
            .map(|r| {
                let method = r.method.rsplit('/').next().unwrap_or_default();
                (r.reader.as_str(), method, r.purpose.as_str())
            })
            .collect();
        Ok(seen.contains(&expected).then_some(()))
    })
    .await?;
    let of_dossier = ListPersonalDataReadingsRequest {
        dossier: dossier.to_owned(),
        account: String::new(),
        ..of_mine()
    };
    ensure!(!list(of_dossier).await?.is_empty(), "nobody read the dossier");
    Ok(())
}

async fn is_sealed(sandbox: &Sandbox) -> Result<()> {
    let count = "SELECT count(*) FROM audit_seal";
    until("a seal after so many rows", async || {
        Ok((sandbox.count("intake", count).await? >= 1).then_some(()))
    })
    .await?;
    // Fewer rows than that wait for their time.
    let unsealed = "SELECT (SELECT coalesce(max(position), 0) FROM audit) \
                    - (SELECT coalesce(max(position), 0) FROM audit_seal) \
                    + (SELECT count(*) FROM audit_new)";
    let mut waited = 0;
    for service in roles::ALL {
        waited += sandbox.count(service, unsealed).await?;
    }
    ensure!(waited > 0, "nothing waits to be sealed by time");
    let now = sandbox.now();
    sandbox.set_clock(now + TimeDelta::minutes(61)).await?;
    for service in roles::ALL {
        until(&format!("{service}: a seal after so long a time"), async || {
            Ok((sandbox.count(service, unsealed).await? == 0).then_some(()))
        })
        .await?;
    }
    sandbox.set_clock(now).await
}

/// `motcua audit verify` finds every chain whole; what it says.
pub(super) async fn whole(sandbox: &Sandbox, more: &[&str]) -> Result<String> {
    let told = sandbox.command(&[&["audit", "verify"], more].concat(), "").await?;
    ensure!(told.lines().all(|line| line.contains(": whole; ")), "{told}");
    Ok(told)
}

/// Not even by the login that stores it.
async fn the_login_may_not_change_it(sandbox: &Sandbox) -> Result<()> {
    let Some(backends) = sandbox.backends() else { return Ok(()) };
    for table in ["audit", "audit_new", "audit_seal"] {
        for attempt in [
            format!("UPDATE intake.{table} SET at = now()"),
            format!("DELETE FROM intake.{table}"),
            format!("TRUNCATE intake.{table}"),
        ] {
            // A row that waits may be moved by now: an empty table has none to refuse.
            if table == "audit_new" && !attempt.starts_with("TRUNCATE") {
                continue;
            }
            let refused = backends.as_login("intake", &attempt).await;
            let error = refused.err().map(|error| format!("{error:#}")).unwrap_or_default();
            ensure!(error.contains("the audit log is never changed"), "{attempt}: {error}");
        }
    }
    Ok(())
}
