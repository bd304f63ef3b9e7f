//! `motcua doctor --consistency` finds what was planted: a row that is gone, one
//! that is there twice, a message that was lost. Of a sound system it says so.

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result, bail, ensure};
use chrono::TimeDelta;
use motcua::demo::{story::Story, teller::Teller, world::until};
use motcua_proto::intake::v1::DossierState;
use motcua_tests::sandbox::{Sandbox, Topology};

use crate::journey::{brought, received, send_back, submitted};

const EXAMINE: [&str; 4] = ["doctor", "--consistency", "--settle", "0"];

struct Damage {
    service: &'static str,
    harm: &'static str,
    mend: &'static str,
    /// Words of each finding.
    found: &'static [&'static str],
}

const DAMAGES: [Damage; 14] = [
    Damage {
        service: "intake",
        harm: "CREATE TABLE kept AS SELECT * FROM dossiers WHERE state = 'submitted'; \
               DELETE FROM dossiers WHERE state = 'submitted'",
        mend: "INSERT INTO dossiers SELECT * FROM kept; DROP TABLE kept",
        found: &["and is gone"],
    },
    Damage {
        service: "intake",
        harm: "CREATE TABLE kept AS SELECT id, code FROM dossiers; DROP INDEX dossiers_code; \
               UPDATE dossiers SET code = (SELECT min(code) FROM kept)",
        mend: "UPDATE dossiers SET code = (SELECT k.code FROM kept k WHERE k.id = dossiers.id); \
               DROP TABLE kept; CREATE UNIQUE INDEX dossiers_code ON dossiers (code)",
        found: &["number 1 of the codes of H53.41", "was given to 8 dossiers"],
    },
    // As after a restore: the first dossier of the day is gone, and what was said of it.
    Damage {
        service: "intake",
        harm: "CREATE TABLE kept AS SELECT * FROM dossiers WHERE code LIKE '%-0001'; \
               CREATE TABLE kept_log AS SELECT * FROM outbox WHERE key IN (SELECT id FROM kept); \
               DELETE FROM outbox WHERE key IN (SELECT id FROM kept); \
               DELETE FROM dossiers WHERE code LIKE '%-0001'",
        mend: "INSERT INTO dossiers SELECT * FROM kept; DROP TABLE kept; \
               INSERT INTO outbox SELECT * FROM kept_log; DROP TABLE kept_log",
        found: &["number 1 of the codes of H53.41", "which intake does not know"],
    },
    Damage {
        service: "intake",
        harm: "CREATE TABLE kept AS SELECT * FROM due WHERE name = 'supplement-expiry'; \
               DELETE FROM due WHERE name = 'supplement-expiry'",
        mend: "INSERT INTO due SELECT * FROM kept; DROP TABLE kept",
        found: &["waits for the citizen with 1 open rounds and no timer"],
    },
    Damage {
        service: "intake",
        harm: "CREATE TABLE kept AS SELECT * FROM outbox WHERE type LIKE '%DossierSubmitted'; \
               DELETE FROM outbox WHERE type LIKE '%DossierSubmitted'",
        mend: "INSERT INTO outbox SELECT * FROM kept; DROP TABLE kept",
        found: &["DossierSubmitted was never said"],
    },
    Damage {
        service: "workflow",
        harm: "CREATE TABLE kept AS SELECT * FROM process WHERE state = 'running'; \
               DELETE FROM process WHERE state = 'running'",
        mend: "INSERT INTO process SELECT * FROM kept; DROP TABLE kept",
        found: &["was accepted, and has no process"],
    },
    Damage {
        service: "workflow",
        harm: "CREATE TABLE kept AS SELECT id, state FROM process; \
               UPDATE process SET state = 'finished' WHERE state = 'running'",
        mend: "UPDATE process SET state = \
               (SELECT k.state FROM kept k WHERE k.id = process.id); DROP TABLE kept",
        found: &["is processing, and its process is finished"],
    },
    Damage {
        service: "workflow",
        harm: "CREATE TABLE kept AS SELECT id, promised_due_at FROM process; \
               UPDATE process SET promised_due_at = accepted_at WHERE state = 'running'",
        mend: "UPDATE process SET promised_due_at = \
               (SELECT k.promised_due_at FROM kept k WHERE k.id = process.id); DROP TABLE kept",
        found: &["look for a parked DueDateChanged"],
    },
    Damage {
        service: "workflow",
        harm: "CREATE TABLE kept AS SELECT * FROM task WHERE is_open; DELETE FROM task WHERE is_open",
        mend: "INSERT INTO task SELECT * FROM kept; DROP TABLE kept",
        found: &["no task is anybody's"],
    },
    Damage {
        service: "workflow",
        harm: "UPDATE act SET kind = 'started' WHERE kind = 'supplement_asked'",
        mend: "UPDATE act SET kind = 'supplement_asked' WHERE kind = 'started' AND version > 1",
        found: &["its process began 2 times"],
    },
    Damage {
        service: "workflow",
        harm: "CREATE TABLE kept AS SELECT * FROM result; UPDATE result SET approved_at = NULL",
        mend: "DELETE FROM result; INSERT INTO result SELECT * FROM kept; DROP TABLE kept",
        found: &["has no approved result to hand over"],
    },
    Damage {
        service: "notification",
        harm: "CREATE TABLE kept AS SELECT * FROM message WHERE channel = 'inbox'; \
               DELETE FROM message WHERE channel = 'inbox'",
        mend: "INSERT INTO message SELECT * FROM kept; DROP TABLE kept",
        found: &["made no message in the citizen's inbox"],
    },
    Damage {
        service: "notification",
        harm: "CREATE TABLE kept AS SELECT id, event FROM message; DROP INDEX message_once; \
               UPDATE message SET event = (SELECT event FROM kept ORDER BY id LIMIT 1)",
        mend: "UPDATE message SET event = (SELECT k.event FROM kept k WHERE k.id = message.id); \
               DROP TABLE kept; \
               CREATE UNIQUE INDEX message_once ON message (event, channel, recipient)",
        found: &["for inbox: "],
    },
    Damage {
        service: "notification",
        harm: "CREATE TABLE kept AS SELECT * FROM handled; DELETE FROM handled",
        mend: "INSERT INTO handled SELECT * FROM kept; DROP TABLE kept",
        found: &["never came to notification"],
    },
];

async fn finds_what_was_planted(topology: Topology) -> Result<()> {
    let sandbox = Sandbox::start(topology).await?;
    let world = sandbox.world()?;
    let mut teller = Teller::silent();
    let mut story = Story::begin(&world, sandbox.administrator(), &mut teller).await?;
    lives(&mut story).await?;

    // Twice, since the first look may meet events under way.
    until("the stores agree", async || Ok(examine(&sandbox).await.ok())).await?;
    let counts = sandbox.command(&["doctor", "--consistency", "--json"], "").await?;
    let counts: serde_json::Value = serde_json::from_str(&counts)?;
    ensure!(counts["counts"]["dossiers"] == 8 && counts["findings"] == serde_json::json!([]));
    ensure!(counts["counts"]["processes"] == 5, "{counts}");
    ensure!(counts["counts"]["  with a code"] == 6, "{counts}");
    ensure!(counts["counts"]["  acted upon once"] == counts["counts"]["deliveries"], "{counts}");

    for Damage { service, harm, mend, found } in &DAMAGES {
        sandbox.tamper(service, harm).await.with_context(|| (*harm).to_owned())?;
        for words in *found {
            is_found(&sandbox, words).await.with_context(|| (*harm).to_owned())?;
        }
        if found.iter().any(|words| words.contains("was never said")) {
            // Where the log is cleared every day, it cannot be asked for this.
            sandbox.command(&[&EXAMINE[..], &["--set", "store.log_days=1"]].concat(), "").await?;
        }
        sandbox.tamper(service, mend).await.with_context(|| (*mend).to_owned())?;
    }
    files(&sandbox).await?;
    examine(&sandbox).await.context("everything was mended")?;
    lost_on_its_way(&sandbox, &mut story).await.context("an event that the broker lost")?;
    unsent(&sandbox).await.context("an event that is not sent")
}

/// An event that was sent and came nowhere is said again from the log.
async fn lost_on_its_way(sandbox: &Sandbox, story: &mut Story<'_>) -> Result<()> {
    let home = sandbox.home("intake");
    sandbox.hold_relay(home, true).await?;
    let filed = submitted(story).await?;
    let sent = "UPDATE outbox SET published_at = occurred_at \
                WHERE published_at IS NULL AND type LIKE '%DossierSubmitted'";
    sandbox.tamper("intake", sent).await?;
    sandbox.hold_relay(home, false).await?;
    let line = is_found(sandbox, "never came to notification").await?;
    let event = line.rsplit(' ').next().context("no event is named")?;
    let say_again = ["events", "redrive", "--from-log", event, "--by", "nguyen.van.an"];
    sandbox.command(&say_again, "").await?;
    until("what was lost arrives", async || Ok(examine(sandbox).await.ok())).await?;
    let told = story.inbox(&filed.name).await?;
    ensure!(told.len() == 1, "{told:?}");
    let shown = sandbox.command(&["events", "show", event], "").await?;
    ensure!(shown.contains("nguyen.van.an") && shown.contains("FROM_LOG"), "{shown}");
    Ok(())
}

/// An event that waits for long is told of; one that is said again is acted upon once.
async fn unsent(sandbox: &Sandbox) -> Result<()> {
    let home = sandbox.home("intake");
    sandbox.hold_relay(home, true).await?;
    let unsent = "UPDATE outbox SET published_at = NULL WHERE type LIKE '%DossierAccepted'";
    sandbox.tamper("intake", unsent).await?;
    sandbox.set_clock(sandbox.now() + TimeDelta::minutes(11)).await?;
    is_found(sandbox, "waits in the outbox of intake").await?;
    sandbox.hold_relay(home, false).await?;
    until("it is sent", async || Ok(examine(sandbox).await.ok())).await?;
    Ok(())
}

/// One dossier at the desk, one with an officer, one that waits for the citizen, one whose
/// result waits, one closed; at a desk one received, one sent back, one rejected.
async fn lives(story: &mut Story<'_>) -> Result<()> {
    received(story).await?;
    let incomplete = brought(story).await?;
    send_back(story, &incomplete.name).await?;
    let vain = brought(story).await?;
    story.reject(&vain.name, "Không thuộc thẩm quyền.").await?;
    for kind in 0..5 {
        let filed = submitted(story).await?;
        if kind == 0 {
            continue;
        }
        story.accept(&filed).await?;
        story.until_state(&story.desk, &filed.name, DossierState::Processing).await?;
        match kind {
            1 => {}
            2 => {
                let task = story.assign(&filed.name).await?;
                story.ask_supplement(&task, &filed.name).await?;
            }
            3 => {
                let task = story.assign(&filed.name).await?;
                story.draft_result(&task.name, "soạn quyết định").await?;
                story.approve(&filed.name).await?;
            }
            _ => drop(story.finish(&filed.name).await?),
        }
    }
    Ok(())
}

async fn examine(sandbox: &Sandbox) -> Result<String> {
    sandbox.command(&EXAMINE, "").await
}

/// Answers the finding.
async fn is_found(sandbox: &Sandbox, words: &str) -> Result<String> {
    match examine(sandbox).await {
        Ok(well) => bail!("nothing was found: {well}"),
        Err(found) => {
            let found = format!("{found:#}");
            let line = found.lines().find(|line| line.contains("WRONG") && line.contains(words));
            let line = line.with_context(|| format!("no finding says «{words}»: {found}"))?;
            Ok(line.to_owned())
        }
    }
}

/// Bytes that are gone, and bytes that nobody names.
async fn files(sandbox: &Sandbox) -> Result<()> {
    let folder = sandbox.dir().join("files/intake");
    let file = any_file(&folder)?.context("no paper was stored")?;
    let aside = sandbox.dir().join("aside");
    fs::rename(&file, &aside)?;
    is_found(sandbox, "is missing").await.context("a file that is gone")?;
    let stranger = file.with_file_name("019e0000-0000-7000-8000-0000000000aa");
    fs::copy(&aside, &stranger)?;
    fs::rename(&aside, &file)?;
    is_found(sandbox, "no row names it").await.context("a file of nobody")?;
    fs::remove_file(stranger)?;
    let mut longer = fs::read(&file)?;
    longer.push(0);
    fs::write(&aside, longer)?;
    fs::rename(&file, file.with_extension("kept"))?;
    fs::rename(&aside, &file)?;
    is_found(sandbox, "octets, sealed it has").await.context("an octet too many")?;
    fs::rename(file.with_extension("kept"), &file)?;
    Ok(())
}

fn any_file(folder: &Path) -> Result<Option<PathBuf>> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_file() {
            return Ok(Some(path));
        }
        if let Some(found) = any_file(&path)? {
            return Ok(Some(found));
        }
    }
    Ok(None)
}

mod one_process {
    use super::*;

    #[tokio::test(flavor = "multi_thread")]
    async fn planted_damage_is_found() -> Result<()> {
        finds_what_was_planted(Topology::OneProcess).await
    }
}

mod processes {
    use super::*;

    #[tokio::test(flavor = "multi_thread")]
    async fn planted_damage_is_found() -> Result<()> {
        finds_what_was_planted(Topology::Processes).await
    }
}
