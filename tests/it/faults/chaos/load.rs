//! Callers that tell whole stories until they are told to end.

use std::{
    sync::atomic::{AtomicBool, Ordering},
    time::{Duration, Instant},
};

use anyhow::{Context, Result};
use futures::future::join_all;
use motcua::demo::{story::Story, teller::Teller, world::until};
use motcua_proto::{
    identity::v1::Citizen,
    intake::v1::{Dossier, DossierState},
};
use rand::{RngExt, SeedableRng, rngs::StdRng};

use super::record::Record;
use crate::journey::submitted;

/// Callers at once.
pub(super) const CALLERS: usize = 4;
/// A token lives ten minutes.
const SIGN_IN_AGAIN: Duration = Duration::from_mins(4);

/// Runs all callers until it is over, each to the end of its story.
pub(super) async fn run(
    first: &Story<'_>,
    record: &Record,
    seed: u64,
    over: &AtomicBool,
) -> Result<()> {
    let callers = (0..CALLERS).map(|n| async move {
        let mut teller = Teller::silent();
        let story = first.beside(&mut teller, citizen(n)).await.context("a caller's account")?;
        caller(story, record, StdRng::seed_from_u64(seed ^ n as u64), over).await
    });
    join_all(callers).await.into_iter().collect()
}

async fn caller(
    mut story: Story<'_>,
    record: &Record,
    mut rng: StdRng,
    over: &AtomicBool,
) -> Result<()> {
    let mut signed_in = Instant::now();
    while !over.load(Ordering::SeqCst) {
        if signed_in.elapsed() > SIGN_IN_AGAIN {
            story.sign_in_again().await?;
            signed_in = Instant::now();
        }
        let kind = rng.random_range(0..8);
        record.journey(journey(&mut story, kind).await);
    }
    Ok(())
}

/// One dossier's way.
async fn journey(story: &mut Story<'_>, kind: u32) -> Result<()> {
    let filed = submitted(story).await.context("filing")?;
    let name = filed.name.clone();
    match kind {
        0 => return Ok(()),
        1 => return story.reject(&name, "thiếu căn cứ").await.map(drop).context("rejecting"),
        _ => {}
    }
    accepted(story, &filed).await.context("accepting")?;
    match kind {
        2 => withdrawn(story, &name).await.context("withdrawing"),
        3 => supplemented(story, &name).await.context("a supplement"),
        _ => story.finish(&name).await.map(drop).context("processing"),
    }
}

async fn accepted(story: &mut Story<'_>, filed: &Dossier) -> Result<()> {
    let accepted = story.accept(filed).await?;
    until("the process begins", async || {
        let dossier = story.dossier(&story.citizen, &accepted.name).await?;
        Ok((dossier.state() == DossierState::Processing).then_some(()))
    })
    .await
}

async fn withdrawn(story: &mut Story<'_>, name: &str) -> Result<()> {
    story.withdraw(name, "không còn nhu cầu").await?;
    story.until_state(&story.desk, name, DossierState::Stopping).await?;
    story.issue_stop_notice(name, "theo đề nghị").await.map(drop)
}

async fn supplemented(story: &mut Story<'_>, name: &str) -> Result<()> {
    let task = story.assign(name).await?;
    story.ask_supplement(&task, name).await?;
    story.provide_supplement(name).await?;
    // The dossier says so before workflow has heard of it.
    until("workflow hears of the supplement", async || {
        match story.draft_result(&task.name, "soạn quyết định").await {
            Err(refused) if refused.to_string().contains("SUPPLEMENT_PENDING") => Ok(None),
            drafted => drafted.map(Some),
        }
    })
    .await?;
    story.approve(name).await?;
    story.return_result(name).await?;
    story.close(name).await.map(drop)
}

fn citizen(n: usize) -> Citizen {
    Citizen {
        full_name: "Trần Thị Mai".to_owned(),
        citizen_number: format!("07218500{:04}", 2000 + n),
        phone: format!("09870012{n:02}"),
        email: format!("mai{n}@example.vn"),
    }
}
