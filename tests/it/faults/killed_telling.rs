//! A process is killed while those outside have messages of which it does not know yet that they
//! do: a mail server, an operator's gateway and a centre of short messages, of other makers.

use std::collections::BTreeSet;

use anyhow::{Result, ensure};
use motcua::demo::{story::Story, teller::Teller, world::until};
use motcua_context::{Clock, SystemClock};
use motcua_testkit::counterpart::Counterpart;
use motcua_tests::sandbox::{Sandbox, Topology};
use serde_json::Value;

use super::killed::nothing_waits;
use crate::journey::{submitted, tell_everywhere};

const KILLS: usize = 3;
/// Messages that a service hands over at once: the lanes of two channels.
const UNDER_WAY: usize = 32;
/// Dossiers of one turn, until each carrier has something: the odds that one is left out are 2^-11.
const MOST: usize = 12;
/// The first messages of a turn are taken, and nothing is answered; there are lanes for the others.
const HELD: &str = r#"plan ["held", "held"]"#;
const SILENT: &str = r#"plan ["silent", "silent"]"#;
const WELL: &str = "plan []";

/// Those outside, and everything they were given.
struct Outside {
    mail: Counterpart,
    gateway: Counterpart,
    centre: Counterpart,
    letters: Vec<Value>,
    asked: Vec<Value>,
    submits: Vec<Value>,
}

/// Whatever was written has arrived, what arrived twice bears the same name, and that is no more
/// than was under way.
pub(super) async fn loses_no_message(topology: Topology) -> Result<()> {
    let mut outside = Outside::start().await;
    let settings = outside.settings();
    let settings: Vec<&str> = settings.iter().map(String::as_str).collect();
    let mut sandbox = Sandbox::start_set(topology, SystemClock.now(), &settings).await?;
    let world = sandbox.world()?;
    let mut teller = Teller::silent();
    let mut story = Story::begin(&world, sandbox.administrator(), &mut teller).await?;
    tell_everywhere(&story, &story.citizen).await?;
    let process = sandbox.home("notification");
    let mut counted = 0;
    for _ in 0..KILLS {
        outside.hold(&mut story).await?;
        sandbox.kill(process).await?;
        outside.tell(WELL, WELL).await;
        sandbox.restart(process).await?;
        nothing_waits(&sandbox).await?;
        until("every message is handed over", async || {
            let queued = "SELECT count(*) FROM message WHERE state = 'queued'";
            Ok((sandbox.count("notification", queued).await? == 0).then_some(()))
        })
        .await?;
        // The process is new, and so is what it counts.
        counted += repeats(&sandbox.metrics(process).await?);
    }
    outside.hear().await;
    let failed = "SELECT count(*) FROM message WHERE state = 'failed'";
    ensure!(sandbox.count("notification", failed).await? == 0, "a message failed");
    outside.compare(&sandbox, counted).await
}

/// What gateways knew they had, as the product counts it.
fn repeats(metrics: &str) -> usize {
    let counts = metrics.lines().filter(|line| line.starts_with("motcua_message_repeats_total{"));
    counts.filter_map(|line| line.rsplit(' ').next()?.parse::<usize>().ok()).sum()
}

impl Outside {
    async fn start() -> Self {
        let (mail, gateway, centre) = tokio::join!(
            Counterpart::mailbox(&[]),
            Counterpart::gateways(),
            Counterpart::centre(0)
        );
        Self { mail, gateway, centre, letters: vec![], asked: vec![], submits: vec![] }
    }

    /// Half of the short messages go by either; nobody is waited for in vain while we watch.
    fn settings(&self) -> Vec<String> {
        [
            "first_wait_s=1".to_owned(),
            "classes.courtesy.telephone_a_day=0".to_owned(),
            "shift.least=10000".to_owned(),
            "smtp.host=localhost".to_owned(),
            format!("smtp.port={}", self.mail.port),
            "smtp.from=khongtraloi@motcua.example".to_owned(),
            "smtp.tls=none".to_owned(),
            "smtp.answer_s=100".to_owned(),
            format!("smpp.address=127.0.0.1:{}", self.centre.port),
            "smpp.system_id=motcua".to_owned(),
            "smpp.password=secret".to_owned(),
            "smpp.source=MOTCUA".to_owned(),
            "smpp.answer_s=100".to_owned(),
            format!("vinaphone.url=http://127.0.0.1:{}/vinaphone", self.gateway.port),
            "vinaphone.label=1001".to_owned(),
            "vinaphone.contract_type=1".to_owned(),
            "vinaphone.contract=2002".to_owned(),
            "vinaphone.template=3003".to_owned(),
            "vinaphone.agent=4004".to_owned(),
            "vinaphone.api_user=motcua".to_owned(),
            "vinaphone.api_password=secret".to_owned(),
            "vinaphone.user=tinh".to_owned(),
            r#"vinaphone.repeated=["3"]"#.to_owned(),
            "vinaphone.answer_s=100".to_owned(),
        ]
        .map(|pair| format!("notification.{pair}"))
        .to_vec()
    }

    async fn tell(&mut self, held: &str, silent: &str) {
        self.mail.told(held).await;
        self.gateway.told(held).await;
        self.centre.told(silent).await;
    }

    /// Keeps what was said so far.
    async fn hear(&mut self) {
        self.letters.extend(self.mail.heard("letter").await);
        self.asked.extend(self.gateway.heard("asked").await);
        self.submits.extend(self.centre.heard("submit").await);
    }

    fn count(&self) -> [usize; 3] {
        [self.letters.len(), self.asked.len(), self.submits.len()]
    }

    /// People file until each of those outside has something, and is silent about it.
    async fn hold(&mut self, story: &mut Story<'_>) -> Result<()> {
        self.hear().await;
        let before = self.count();
        self.tell(HELD, SILENT).await;
        for _ in 0..MOST {
            submitted(story).await?;
            self.hear().await;
            if self.count().iter().zip(before).all(|(now, before)| *now > before) {
                return Ok(());
            }
        }
        anyhow::bail!("somebody was given nothing: {before:?}, {:?}", self.count())
    }

    /// What they have beside what the service knows.
    async fn compare(&self, sandbox: &Sandbox, counted: usize) -> Result<()> {
        let rows = "SELECT provider, provider_id FROM message WHERE channel <> 'inbox'";
        let rows = sandbox.pairs("notification", rows).await?;
        let of = |provider: &str| -> BTreeSet<String> {
            let own = rows.iter().filter(|(name, _)| name == provider);
            own.map(|(_, id)| id.clone()).collect()
        };
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let letters: BTreeSet<_> = self
            .letters
            .iter()
            .map(|letter| text(&letter["headers"]["message-id"]))
            .map(|id| id.trim_matches(['<', '>']).to_owned())
            .collect();
        ensure!(letters == of("smtp"), "letters {letters:?} beside {rows:?}");
        let numbers: BTreeSet<_> =
            self.asked.iter().map(|asked| text(&asked["asked"]["REQID"])).collect();
        ensure!(numbers == of("vinaphone"), "numbers {numbers:?} beside {rows:?}");
        // A centre knows no repeat: there, the words and the mark of their part are the same.
        let parts: BTreeSet<_> =
            self.submits.iter().map(|part| format!("{} {}", part["submit"], part["udh"])).collect();
        let sent = "SELECT COALESCE(SUM(segments), 0) FROM message WHERE provider = 'smpp'";
        let sent = usize::try_from(sandbox.count("notification", sent).await?)?;
        ensure!(parts.len() == sent, "{sent} parts were sent: {parts:#?}");

        let again = self.asked.iter().filter(|asked| asked["again"] == true).count();
        ensure!(again == self.asked.len() - numbers.len(), "{again} of {:#?}", self.asked);
        ensure!(counted == again, "{counted} repeats were counted, and there were {again}");
        let repeats = [self.letters.len() - letters.len(), again, self.submits.len() - parts.len()];
        println!("killed {KILLS} times, told again by letter, gateway and centre: {repeats:?}");
        ensure!(repeats.iter().all(|repeats| *repeats >= KILLS), "nobody was killed in the middle");
        ensure!(repeats.iter().sum::<usize>() <= KILLS * UNDER_WAY, "{repeats:?} are too many");
        Ok(())
    }
}
