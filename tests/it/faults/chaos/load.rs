//! Callers that tell whole stories until they are told to end.

use std::{
    sync::atomic::{AtomicBool, AtomicUsize, Ordering},
    time::{Duration, Instant},
};

use anyhow::{Context, Result};
use futures::future::join_all;
use motcua::demo::{
    story::Story,
    teller::Teller,
    world::{refused, request_id, until},
};
use motcua_proto::{
    identity::v1::Citizen,
    intake::v1::{
        AcceptDossierRequest, CloseDossierRequest, Dossier, DossierState, HandedInPaper,
        ProvideSupplementRequest, ReturnResultRequest, ReturnWay,
    },
};

use super::record::Record;
use crate::journey::{brought, received, send_back, submitted};

/// Callers at once.
pub(super) const CALLERS: usize = 4;
/// A token lives ten minutes.
const SIGN_IN_AGAIN: Duration = Duration::from_mins(4);

/// What may become of a dossier.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Kind {
    Submitted,
    Rejected,
    Withdrawn,
    Supplemented,
    Finished,
    /// Brought to the desk with all its papers.
    Received,
    /// Brought to the desk without.
    SentBack,
}

impl Kind {
    pub(super) const ALL: [Self; 7] = [
        Self::Supplemented,
        Self::Received,
        Self::Withdrawn,
        Self::SentBack,
        Self::Finished,
        Self::Rejected,
        Self::Submitted,
    ];
}

/// When the callers end.
pub(super) struct Ending {
    /// Nobody is killed any more: they end once every kind was told to its end.
    pub(super) over: AtomicBool,
    /// They begin nothing after this, whatever was told.
    pub(super) at: Instant,
}

impl Ending {
    fn has_come(&self, record: &Record) -> bool {
        let over = self.over.load(Ordering::SeqCst) && record.unfinished().is_empty();
        over || Instant::now() > self.at
    }
}

/// Runs all callers until the end has come, each to the end of its story.
pub(super) async fn run(
    first: &Story<'_>,
    record: &Record,
    seed: u64,
    ending: &Ending,
) -> Result<()> {
    // Which kind comes next, from one that the seed chooses.
    let turn = &AtomicUsize::new(usize::try_from(seed % Kind::ALL.len() as u64)?);
    let callers = (0..CALLERS).map(|n| async move {
        let mut teller = Teller::silent();
        let story = first.beside(&mut teller, citizen(n)).await.context("a caller's account")?;
        caller(story, record, turn, ending).await
    });
    join_all(callers).await.into_iter().collect()
}

async fn caller(
    mut story: Story<'_>,
    record: &Record,
    turn: &AtomicUsize,
    ending: &Ending,
) -> Result<()> {
    let mut signed_in = Instant::now();
    while !ending.has_come(record) {
        if signed_in.elapsed() > SIGN_IN_AGAIN {
            story.sign_in_again().await?;
            signed_in = Instant::now();
        }
        let kind = Kind::ALL[turn.fetch_add(1, Ordering::SeqCst) % Kind::ALL.len()];
        record.journey(kind, journey(&mut story, kind).await);
    }
    Ok(())
}

/// One dossier's way.
async fn journey(story: &mut Story<'_>, kind: Kind) -> Result<()> {
    match kind {
        Kind::Received => return handed_over(story).await.context("at the desk"),
        Kind::SentBack => return completed(story).await.context("sent back at the desk"),
        _ => {}
    }
    let filed = submitted(story).await.context("filing")?;
    let name = filed.name.clone();
    match kind {
        Kind::Submitted => return Ok(()),
        Kind::Rejected => {
            return story.reject(&name, "thiếu căn cứ").await.map(drop).context("rejecting");
        }
        _ => {}
    }
    accepted(story, &filed).await.context("accepting")?;
    match kind {
        Kind::Withdrawn => withdrawn(story, &name).await.context("withdrawing"),
        Kind::Supplemented => supplemented(story, &name).await.context("a supplement"),
        _ => story.finish(&name).await.map(drop).context("processing"),
    }
}

/// Brought, worked on, and handed over to somebody who has no account.
async fn handed_over(story: &mut Story<'_>) -> Result<()> {
    let name = received(story).await?.name;
    let task = story.assign(&name).await?;
    story.draft_result(&task.name, "soạn quyết định").await?;
    story.approve(&name).await?;
    story.until_state(&story.desk, &name, DossierState::ResultReady).await?;
    let mut desk = story.world.intake(&story.desk);
    let request = ReturnResultRequest {
        request_id: request_id(),
        name: name.clone(),
        way: ReturnWay::Desk.into(),
        ..ReturnResultRequest::default()
    };
    desk.return_result(request).await.map_err(refused)?;
    let request = CloseDossierRequest { request_id: request_id(), name };
    desk.close_dossier(request).await.map_err(refused)?;
    Ok(())
}

/// Brought without a paper, which is brought later.
async fn completed(story: &mut Story<'_>) -> Result<()> {
    let name = brought(story).await?.name;
    send_back(story, &name).await?;
    let paper = |code: &str| HandedInPaper { code: code.to_owned(), originals: 1, copies: 1 };
    let request = ProvideSupplementRequest {
        request_id: request_id(),
        name: name.clone(),
        handed_in: ["giay-de-nghi", "bien-ban-tai-nan", "giay-ra-vien"].map(paper).into(),
        ..ProvideSupplementRequest::default()
    };
    let mut desk = story.world.intake(&story.desk);
    desk.provide_supplement(request).await.map_err(refused)?;
    let request = AcceptDossierRequest { request_id: request_id(), name: name.clone() };
    desk.accept_dossier(request).await.map_err(refused)?;
    story.until_state(&story.desk, &name, DossierState::Processing).await.map(drop)
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
    // The dossier says so before workflow has heard of it, first of the ask and then of the answer.
    let unheard = ["SUPPLEMENT_PENDING", "DOSSIER_WAITING"];
    until("workflow hears of the supplement", async || {
        match story.draft_result(&task.name, "soạn quyết định").await {
            Err(why) if unheard.iter().any(|reason| why.to_string().contains(reason)) => Ok(None),
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
