//! A dossier accepted on the last working afternoon before Tết.

use anyhow::{Context, Result, ensure};
use chrono::{NaiveDate, TimeDelta};
use motcua::demo::{story::Story, teller::Teller};
use motcua_proto::r#type::v1::ClockRowKind;
use motcua_tests::sandbox::{Sandbox, Topology};

use super::{
    acts,
    calendar::{Calendar, at, close, instant},
    supplement::jump,
};

/// Before the Tết of a year whose calendar is published.
const BEGIN: NaiveDate = NaiveDate::from_ymd_opt(2027, 1, 25).unwrap();

/// Seven working days, halved because it was filed online.
const LIMIT_MINUTES: i64 = 7 * 480 / 2;

/// The appointment lands after the holidays, and each of them is a row with its name.
async fn accepted_on_the_eve_of_tet(topology: Topology) -> Result<()> {
    let sandbox = Sandbox::start_at(topology, at(BEGIN, "08:00")).await?;
    let world = sandbox.world()?;
    let mut teller = Teller::silent();
    let mut story = Story::begin(&world, sandbox.administrator(), &mut teller).await?;
    let calendar = Calendar::of(&world, &story.ward.name, BEGIN).await?;
    let (eve, tet) = (calendar.eve_of_tet(BEGIN)?, calendar.tet(BEGIN)?);
    let last = tet.last().context("Tết has days")?.0;

    jump(&sandbox, &mut story, eve, "15:00").await?;
    let dossier = acts::submitted(&mut story).await?;
    let accepted = story.accept(&dossier).await?;
    let due = instant(accepted.promised_due_time.as_ref())?;
    ensure!(due > at(last, "23:59"), "promised for {due}, in the holidays until {last}");
    // 120 minutes on the eve; three whole days leave 120 for the morning of the fourth.
    let fourth = calendar.working_days_after(eve, 4)?;
    ensure!(close(due, at(fourth, "09:00")), "promised for {due}, not the morning of {fourth}");

    let story = &mut story;
    let name = accepted.name.as_str();
    let task = story.assign(name).await?;
    let explained = story.explanation(name).await?.due.context("no due time is explained")?;
    ensure!(explained.promised_due_time == accepted.promised_due_time, "{explained:?}");
    let words = |kind| {
        let rows = explained.rows.iter().filter(move |row| row.kind() == kind);
        rows.map(|row| row.text.as_str()).collect::<Vec<_>>().join("\n")
    };
    let off = words(ClockRowKind::DayOff);
    for (day, title) in &tet {
        ensure!(off.contains(title.as_str()), "{day} «{title}» is not explained:\n{off}");
    }
    let counted: i64 = explained.rows.iter().map(|row| row.counted_minutes).sum();
    ensure!(counted == LIMIT_MINUTES, "{counted} minutes: {:#?}", explained.rows);
    ensure!(
        explained
            .rows
            .iter()
            .all(|row| row.kind() != ClockRowKind::DayOff || !row.source.is_empty()),
        "a holiday without its law: {:#?}",
        explained.rows
    );

    // Officers come back, and the dossier ends before its time.
    let back = calendar.working_days_after(eve, 1)?;
    jump(&sandbox, story, back, "08:00").await?;
    story.draft_result(&task.name, "soạn quyết định").await?;
    story.approve(name).await?;
    let returned = story.return_result(name).await?;
    let finished = instant(returned.finish_time.as_ref())?;
    ensure!(finished < due && finished - at(back, "08:00") < TimeDelta::hours(1), "{returned:?}");
    Ok(())
}

mod one_process {
    use super::*;

    #[tokio::test(flavor = "multi_thread")]
    async fn accepted_on_the_eve_of_tet() -> Result<()> {
        super::accepted_on_the_eve_of_tet(Topology::OneProcess).await
    }
}

mod processes {
    use super::*;

    #[tokio::test(flavor = "multi_thread")]
    async fn accepted_on_the_eve_of_tet() -> Result<()> {
        super::accepted_on_the_eve_of_tet(Topology::Processes).await
    }
}
