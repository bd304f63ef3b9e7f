//! What several paths do.

use std::fmt::Debug;

use anyhow::Result;
use motcua::demo::{
    story::Story,
    world::{refused, request_id},
};
use motcua_fault::Fault;
use motcua_proto::{
    catalog::v1::{GetProcedureRequest, Procedure},
    identity::v1::Citizen,
    intake::v1::{
        CreateDossierRequest, Dossier, FilingChannel, HandedInPaper, Party, PartyKind,
        ReceiveDossierRequest, RequestSupplementRequest, UpdateDossierRequest,
    },
};
use prost_types::FieldMask;

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

/// What somebody brought to the desk, typed in there, not received.
pub(crate) async fn brought(story: &Story<'_>) -> Result<Dossier> {
    let mut intake = story.world.intake(&story.desk);
    let dossier = Dossier {
        procedure: procedure(story).await?.name,
        filing_channel: FilingChannel::Desk.into(),
        receiving_agency: story.ward.name.clone(),
        competent_agency: story.ward.name.clone(),
        ..Dossier::default()
    };
    let create = CreateDossierRequest { request_id: request_id(), dossier: Some(dossier) };
    let draft = intake.create_dossier(create).await.map_err(refused)?.into_inner();
    let Citizen { full_name, citizen_number, phone, .. } = story.applicant.clone();
    let applicant = Party {
        kind: PartyKind::Citizen.into(),
        full_name,
        citizen_number,
        phone,
        address: "Số 12 đường Hoa Lư, phường An Bình".to_owned(),
        ..Party::default()
    };
    let update = UpdateDossierRequest {
        request_id: request_id(),
        dossier: Some(Dossier { applicant: Some(applicant), ..draft }),
        update_mask: Some(FieldMask { paths: vec!["applicant".to_owned()] }),
    };
    Ok(intake.update_dossier(update).await.map_err(refused)?.into_inner())
}

/// What was brought to the desk with its papers, received and accepted.
pub(crate) async fn received(story: &Story<'_>) -> Result<Dossier> {
    let paper = |code: &str| HandedInPaper { code: code.to_owned(), originals: 1, copies: 1 };
    let request = ReceiveDossierRequest {
        request_id: request_id(),
        name: brought(story).await?.name,
        handed_in: ["giay-de-nghi", "bien-ban-tai-nan", "giay-ra-vien"].map(paper).into(),
        ..ReceiveDossierRequest::default()
    };
    let mut intake = story.world.intake(&story.desk);
    Ok(intake.receive_dossier(request).await.map_err(refused)?.into_inner())
}

/// The desk asks for a paper before it accepts.
pub(crate) async fn send_back(story: &Story<'_>, name: &str) -> Result<Dossier> {
    let request = RequestSupplementRequest {
        request_id: request_id(),
        name: name.to_owned(),
        reason: "Thiếu giấy ra viện.".to_owned(),
        papers: vec!["giay-ra-vien".to_owned()],
        ..RequestSupplementRequest::default()
    };
    let mut intake = story.world.intake(&story.desk);
    Ok(intake.request_supplement(request).await.map_err(refused)?.into_inner())
}

/// The procedure as it is now.
pub(crate) async fn procedure(story: &Story<'_>) -> Result<Procedure> {
    let request =
        GetProcedureRequest { number: NUMBER.to_owned(), ..GetProcedureRequest::default() };
    Ok(story.world.catalog().get_procedure(request).await.map_err(refused)?.into_inner())
}
