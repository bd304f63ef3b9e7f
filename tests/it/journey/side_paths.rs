//! Everything but the main job, in one running product and with marked values,
//! so that at the end what was written can be searched for them.

use anyhow::{Context, Result};
use chrono::NaiveDate;
use motcua::demo::{story::Story, teller::Teller};
use motcua_proto::access::v1::Role;
use motcua_tests::sandbox::{Sandbox, Topology};

use super::{
    acts,
    calendar::{Calendar, at},
    new_version, personal_data, race, readings, rejection, repetition, supplement, withdrawal,
};

/// A Monday in a month without holidays.
const BEGIN: NaiveDate = NaiveDate::from_ymd_opt(2027, 3, 1).unwrap();

async fn the_side_paths(topology: Topology) -> Result<()> {
    let sandbox = Sandbox::start_at(topology, at(BEGIN, "08:00")).await?;
    let world = sandbox.world()?;
    let mut teller = Teller::silent();
    let citizen = personal_data::marked_citizen();
    let mut story = Story::begin_of(&world, sandbox.administrator(), &mut teller, citizen).await?;
    personal_data::MARK.clone_into(&mut story.mark);
    let story = &mut story;
    let ward = story.ward.name.clone();

    let other = story.appoint(Role::DeskOfficer, &ward, "motcua.hoa", "Ngô Thị Hoa").await?;
    race::one_wins(story, &other).await.context("two officers accept at once")?;
    readings::are_shown_to_the_citizen(story).await.context("who has read a dossier")?;
    repetition::is_once(story).await.context("the same request again")?;
    rejection::with_reason(story).await.context("a rejection with its reason")?;
    withdrawal::during_processing(story).await.context("a withdrawal during processing")?;
    withdrawal::after_the_approval(&sandbox, story).await.context("a withdrawal too late")?;
    new_version::leaves_what_runs_alone(story).await.context("a new version is published")?;

    let calendar = Calendar::of(&world, &ward, BEGIN).await?;
    let tuesday = calendar.quiet_tuesday(BEGIN)?;
    supplement::asked_twice(&sandbox, story, &calendar, tuesday)
        .await
        .context("a supplement asked for twice")?;

    let code = acts::submitted(story).await?.code;
    personal_data::is_nowhere_in_clear(&sandbox, story, &code).await
}

mod one_process {
    use super::*;

    #[tokio::test(flavor = "multi_thread")]
    async fn the_side_paths() -> Result<()> {
        super::the_side_paths(Topology::OneProcess).await
    }
}

mod processes {
    use super::*;

    #[tokio::test(flavor = "multi_thread")]
    async fn the_side_paths() -> Result<()> {
        super::the_side_paths(Topology::Processes).await
    }
}
