//! A supplement asked for twice during processing; a third is refused.

use anyhow::{Context, Result, ensure};
use chrono::{NaiveDate, TimeDelta};
use motcua::demo::{
    story::Story,
    world::{refused, request_id},
};
use motcua_proto::{
    intake::v1::{
        ClockRunning, DeclineSupplementRequest, DossierState, NationalStatus,
        RequestSupplementRequest, SupplementState,
    },
    notification::v1::MessageTopic,
    r#type::v1::{
        ClockAct,
        ClockActKind::{Paused, Resumed, Started},
        ClockRowKind,
    },
    workflow::v1::AskSupplementRequest,
};
use motcua_tests::sandbox::Sandbox;

use super::{
    acts,
    calendar::{Calendar, at, close, instant},
};

/// The clock stands still twice for a working day each, and the appointment
/// moves by exactly these two days.
pub(super) async fn asked_twice(
    sandbox: &Sandbox,
    story: &mut Story<'_>,
    calendar: &Calendar,
    tuesday: NaiveDate,
) -> Result<()> {
    let later = |days| calendar.working_days_after(tuesday, days);
    jump(sandbox, story, tuesday, "08:55").await?;
    let dossier = acts::submitted(story).await?;
    let accepted = story.accept(&dossier).await?;
    let name = accepted.name.as_str();
    let promised = instant(accepted.promised_due_time.as_ref())?;
    let task = story.assign(name).await?;

    jump(sandbox, story, tuesday, "10:00").await?;
    story.ask_supplement(&task, name).await?;
    let asked = story.dossier(&story.citizen, name).await?;
    ensure!(asked.national_status() == NationalStatus::Supplement, "{asked:?}");
    ensure!(asked.clock() == ClockRunning::Stopped, "the clock runs on: {asked:?}");
    jump(sandbox, story, later(1)?, "10:00").await?;
    story.provide_supplement(name).await?;
    let once = until_promised(story, name, promised, 1, calendar).await?;

    jump(sandbox, story, later(2)?, "09:00").await?;
    story.ask_supplement(&task, name).await?;
    jump(sandbox, story, later(3)?, "09:00").await?;
    story.provide_supplement(name).await?;
    until_promised(story, name, once, 1, calendar).await?;

    explained(story, name).await?;
    a_third_is_refused(story, &task.name, name).await?;
    story.draft_result(&task.name, "soạn quyết định").await?;
    story.approve(name).await?;
    story.return_result(name).await?;
    let closed = story.close(name).await?;
    ensure!(closed.state() == DossierState::Closed, "{closed:?}");
    let told = story.inbox(name).await?;
    let asks = told.iter().filter(|m| m.topic() == MessageTopic::SupplementRequested);
    ensure!(asks.count() >= 2, "the citizen was not told of each round: {told:#?}");
    Ok(())
}

/// Everybody is at another time, and signed in there.
pub(super) async fn jump(
    sandbox: &Sandbox,
    story: &mut Story<'_>,
    day: NaiveDate,
    time: &str,
) -> Result<()> {
    sandbox.set_clock(at(day, time)).await?;
    story.sign_in_again().await
}

/// The appointment once it has moved by so many working days.
async fn until_promised(
    story: &Story<'_>,
    name: &str,
    before: motcua_context::Timestamp,
    days: usize,
    calendar: &Calendar,
) -> Result<motcua_context::Timestamp> {
    let local = before + TimeDelta::hours(7);
    let day = calendar.working_days_after(local.date_naive(), days)?;
    let wanted = day.and_time(local.time()).and_utc() - TimeDelta::hours(7);
    let mut seen = before;
    motcua::demo::world::until("the appointment moves", async || {
        let dossier = story.dossier(&story.citizen, name).await?;
        seen = instant(dossier.promised_due_time.as_ref())?;
        Ok((seen != before).then_some(()))
    })
    .await?;
    ensure!(close(seen, wanted), "promised for {before}, then for {seen} instead of {wanted}");
    Ok(seen)
}

/// Both pauses are rows of the explanation, with their cause and their source.
async fn explained(story: &Story<'_>, name: &str) -> Result<()> {
    let explanation = story.explanation(name).await?;
    let kinds: Vec<_> = explanation.acts.iter().map(ClockAct::kind).collect();
    ensure!(kinds == [Started, Paused, Resumed, Paused, Resumed], "{kinds:?}");
    let due = explanation.due.context("no due time is explained")?;
    let pauses: Vec<_> = due.rows.iter().filter(|row| row.kind() == ClockRowKind::Pause).collect();
    ensure!(pauses.len() == 2, "two pauses: {:#?}", due.rows);
    for pause in pauses {
        ensure!(pause.counted_minutes == 0 && !pause.text.is_empty(), "{pause:?}");
    }
    let dossier = story.dossier(&story.citizen, name).await?;
    ensure!(due.promised_due_time == dossier.promised_due_time, "{due:?} is not {dossier:?}");
    let rounds: Vec<_> = dossier.supplements.iter().map(|s| (s.round, s.state())).collect();
    ensure!(
        rounds == [(1, SupplementState::Provided), (2, SupplementState::Provided)],
        "{rounds:?}"
    );
    Ok(())
}

/// The law does not let people be sent back again and again.
async fn a_third_is_refused(story: &Story<'_>, task: &str, name: &str) -> Result<()> {
    let request = AskSupplementRequest {
        request_id: request_id(),
        name: task.to_owned(),
        reasons: format!("Vẫn còn thiếu một xác nhận.{}", story.mark),
        ..AskSupplementRequest::default()
    };
    story.world.workflow(&story.specialist).ask_supplement(request).await.map_err(refused)?;
    story.until_state(&story.desk, name, DossierState::SupplementNeeded).await?;
    let mut intake = story.world.intake(&story.desk);
    let request = RequestSupplementRequest {
        request_id: request_id(),
        name: name.to_owned(),
        ..RequestSupplementRequest::default()
    };
    let fault = acts::refusal(intake.request_supplement(request).await);
    ensure!(fault.reason() == "TOO_MANY_ROUNDS", "{fault:?}");
    let request = DeclineSupplementRequest {
        request_id: request_id(),
        name: name.to_owned(),
        reason: format!("Đã yêu cầu bổ sung đủ số lần.{}", story.mark),
    };
    intake.decline_supplement(request).await.map_err(refused)?;
    story.until_state(&story.desk, name, DossierState::Processing).await?;
    motcua::demo::world::until("the specialist hears that it is not needed", async || {
        Ok(story.process(name).await?.pending_ask.is_empty().then_some(()))
    })
    .await
}
