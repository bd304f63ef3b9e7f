//! Two officers accept one dossier at the same moment.

use anyhow::{Result, ensure};
use motcua::demo::{cast::Signed, story::Story, world::request_id};
use motcua_proto::intake::v1::{AcceptDossierRequest, ListTimelineRequest};

use super::acts;

/// Often enough that both orders are likely.
const ROUNDS: usize = 4;

/// One wins; the other is told who did.
pub(super) async fn one_wins(story: &mut Story<'_>, other: &Signed) -> Result<()> {
    for _ in 0..ROUNDS {
        let dossier = acts::submitted(story).await?;
        let accept = async |officer: &Signed| {
            let request =
                AcceptDossierRequest { request_id: request_id(), name: dossier.name.clone() };
            story.world.intake(officer).accept_dossier(request).await
        };
        let (first, second) = tokio::join!(accept(&story.desk), accept(other));
        let (winner, lost) = match (first, second) {
            (Ok(_), lost @ Err(_)) => (&story.desk, lost),
            (lost @ Err(_), Ok(_)) => (other, lost),
            (first, second) => anyhow::bail!("not exactly one won: {first:?}, {second:?}"),
        };
        let fault = acts::refusal(lost);
        ensure!(fault.reason() == "ALREADY_ACCEPTED", "{fault:?}");
        let by = fault.metadata().iter().find(|(key, _)| *key == "by").map(|(_, by)| by.clone());
        ensure!(by.as_deref() == Some(&winner.account), "told {by:?}, it was {}", winner.account);
        let request =
            ListTimelineRequest { dossier: dossier.name.clone(), ..ListTimelineRequest::default() };
        let acts = story.world.intake(&story.desk).list_timeline(request).await?.into_inner().acts;
        let accepted: Vec<_> = acts.iter().filter(|act| act.verb == "accept").collect();
        ensure!(accepted.len() == 1 && accepted[0].actor == winner.account, "{accepted:?}");
    }
    Ok(())
}
