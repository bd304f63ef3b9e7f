//! A citizen asks who has read a dossier of theirs, and for what.

use anyhow::{Result, ensure};
use motcua::demo::{
    story::Story,
    teller::Teller,
    world::{refused, until},
};
use motcua_proto::identity::v1::{Citizen, ListPersonalDataReadingsRequest};

use super::acts;

/// The desk's reading is shown to the one who filed, and to no other citizen.
pub(super) async fn are_shown_to_the_citizen(story: &mut Story<'_>) -> Result<()> {
    let name = acts::submitted(story).await?.name;
    story.dossier(&story.desk, &name).await?;
    let request =
        || ListPersonalDataReadingsRequest { dossier: name.clone(), ..Default::default() };
    let reading = until("the desk's reading is recorded", async || {
        let mut identity = story.world.accounts(&story.citizen);
        let page = identity.list_personal_data_readings(request()).await.map_err(refused)?;
        let mut readings = page.into_inner().readings.into_iter();
        Ok(readings.find(|reading| reading.reader == story.desk.account))
    })
    .await?;
    ensure!(reading.purpose == "process_dossier" && reading.dossier == name, "{reading:?}");
    ensure!(reading.method.ends_with("/GetDossier") && reading.read_time.is_some(), "{reading:?}");

    let mut teller = Teller::silent();
    let stranger = Citizen {
        full_name: "Lý Văn Khách".to_owned(),
        citizen_number: "072185009999".to_owned(),
        phone: "0987009999".to_owned(),
        email: "khach@example.vn".to_owned(),
    };
    let other = story.beside(&mut teller, stranger).await?;
    let mut identity = other.world.accounts(&other.citizen);
    let fault = acts::refusal(identity.list_personal_data_readings(request()).await);
    ensure!(fault.reason() == "OUT_OF_REACH", "{fault:?}");
    Ok(())
}
