//! What several paths do.

use std::fmt::Debug;

use anyhow::Result;
use motcua::demo::{story::Story, world::refused};
use motcua_fault::Fault;
use motcua_proto::{
    catalog::v1::{GetProcedureRequest, Procedure},
    intake::v1::Dossier,
};

/// The procedure of the story.
const NUMBER: &str = "2.000424";

/// The refusal that a call must answer with.
pub(crate) fn refusal<T: Debug>(answer: std::result::Result<T, tonic::Status>) -> Fault {
    match answer {
        Ok(done) => panic!("this should have been refused: {done:?}"),
        Err(status) => motcua_rpc::fault(status),
    }
}

/// A dossier filed in order.
pub(crate) async fn submitted(story: &mut Story<'_>) -> Result<Dossier> {
    let draft = drafted(story).await?;
    story.submit(&draft.name).await
}

/// A dossier with everything in it, not filed.
pub(crate) async fn drafted(story: &mut Story<'_>) -> Result<Dossier> {
    let procedure = procedure(story).await?;
    let draft = story.draft(&procedure).await?;
    story.fill(draft).await
}

/// The procedure as it is now.
pub(crate) async fn procedure(story: &Story<'_>) -> Result<Procedure> {
    let request =
        GetProcedureRequest { number: NUMBER.to_owned(), ..GetProcedureRequest::default() };
    Ok(story.world.catalog().get_procedure(request).await.map_err(refused)?.into_inner())
}
