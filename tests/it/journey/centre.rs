//! An organisation's dossier, told by an operator's centre of short messages and to the organisation's
//! own system, both of other makers; and the centre asked where it stands.

use anyhow::{Result, ensure};
use motcua::demo::{
    story::Story,
    teller::Teller,
    world::{refused, request_id, until},
};
use motcua_context::{Clock, SystemClock};
use motcua_proto::{
    intake::v1::{Dossier, DossierState},
    notification::v1::CreateWebhookRequest,
};
use motcua_testkit::counterpart::Counterpart;
use motcua_tests::sandbox::{Sandbox, Topology};
use serde_json::{Value, json};

use super::{submitted, tell_everywhere};
use crate::access::organisation_of;

/// Those outside.
struct Outside {
    centre: Counterpart,
    system: Counterpart,
}

async fn tells_and_answers(topology: Topology) -> Result<()> {
    let (centre, system) = tokio::join!(Counterpart::centre(0), Counterpart::receiver());
    let mut outside = Outside { centre, system };
    let settings = [
        format!("smpp.address=127.0.0.1:{}", outside.centre.port),
        "smpp.system_id=motcua".to_owned(),
        "smpp.password=secret".to_owned(),
        "smpp.source=9029".to_owned(),
        "webhooks.anywhere=true".to_owned(),
    ]
    .map(|pair| format!("notification.{pair}"));
    let settings: Vec<&str> = settings.iter().map(String::as_str).collect();
    let sandbox = Sandbox::start_set(topology, SystemClock.now(), &settings).await?;
    let world = sandbox.world()?;
    let mut teller = Teller::silent();
    let mut story = Story::begin(&world, sandbox.administrator(), &mut teller).await?;
    story.citizen = organisation_of(&world, "0912000003", "0100109106").await;
    tell_everywhere(&story, &story.citizen).await?;
    outside.is_registered(&story).await?;

    let dossier = submitted(&mut story).await?;
    let (telephone, _) = outside.short_message(&dossier.code).await;
    outside.event(&dossier, "dossier-submitted").await?;
    let stands = outside.asked(&telephone, "TRACUU", &dossier).await;
    ensure!(stands.contains("da nop, cho tiep nhan"), "{stands}");

    story.accept(&dossier).await?;
    story.until_state(&story.desk, &dossier.name, DossierState::Processing).await?;
    let (same, _) = outside.short_message(&dossier.code).await;
    ensure!(same == telephone, "another telephone: {same}");
    outside.event(&dossier, "dossier-accepted").await?;
    let stands = outside.asked(&telephone, "TC", &dossier).await;
    ensure!(stands.contains("dang giai quyet"), "{stands}");

    // What the centre says of the first is that it arrived.
    outside.centre.told("receipt m1 DELIVRD").await;
    ensure!(outside.centre.says("stored").await == json!({ "stored": "m1", "status": 0 }));
    until("the receipt is taken", async || {
        let sql = "SELECT count(*) FROM message WHERE provider = 'smpp' AND provider_id = 'm1' \
                   AND receipt IS NULL";
        Ok((sandbox.count("notification", sql).await? == 1).then_some(()))
    })
    .await
}

impl Outside {
    async fn is_registered(&mut self, story: &Story<'_>) -> Result<()> {
        let url = format!("http://127.0.0.1:{}/hook", self.system.port);
        let ask = CreateWebhookRequest { request_id: request_id(), url };
        let mut notification = story.world.notification(&story.citizen);
        let created = notification.create_webhook(ask).await.map_err(refused)?.into_inner();
        self.system.told(&format!("secrets {}", json!([created.secret]))).await;
        Ok(())
    }

    /// The next short message about a dossier: to whom, and what it says.
    async fn short_message(&mut self, code: &str) -> (String, String) {
        loop {
            let submit = self.centre.says("submit").await;
            let text = |key: &str| submit[key].as_str().unwrap_or_default().to_owned();
            if text("submit").contains(code) {
                return (text("to"), text("submit"));
            }
        }
    }

    /// The organisation's system hears this of the dossier, by a request that it can verify.
    async fn event(&mut self, dossier: &Dossier, topic: &str) -> Result<()> {
        let kind = format!("motcua.notification.v1.{topic}");
        loop {
            let heard: Value = self.system.says("told").await;
            ensure!(heard["verified"] == json!([true]), "nobody vouches for {heard}");
            let event = &heard["told"];
            if event["type"] == kind && event["data"]["dossier"] == dossier.name {
                return Ok(());
            }
        }
    }

    /// What somebody is answered who asks for a dossier by short message.
    async fn asked(&mut self, telephone: &str, word: &str, dossier: &Dossier) -> String {
        self.centre.told(&format!("message {telephone} {word} {}", dossier.code)).await;
        assert_eq!(self.centre.says("kept").await, json!({ "kept": 0 }));
        self.short_message(&dossier.code).await.1
    }
}

mod one_process {
    use super::*;

    #[tokio::test(flavor = "multi_thread")]
    async fn the_centre_and_the_system_are_told() -> Result<()> {
        super::tells_and_answers(Topology::OneProcess).await
    }
}

mod processes {
    use super::*;

    #[tokio::test(flavor = "multi_thread")]
    async fn the_centre_and_the_system_are_told() -> Result<()> {
        super::tells_and_answers(Topology::Processes).await
    }
}
