//! Dossiers that are filed over gRPC.

use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use futures::{StreamExt, TryStreamExt, stream};
use motcua::demo::{
    cast::{self, Administrator, Signed},
    story::Story,
    teller::Teller,
    world::{World, refused, request_id},
};
use motcua_proto::{
    access::v1::Role,
    catalog::v1::{Agency, AgencyKind, CreateAgencyRequest, GetProcedureRequest},
    intake::v1::{
        AttachPaperRequest, CreateDossierRequest, Dossier, FilingChannel, GetDossierRequest,
        SubmitDossierRequest,
    },
    workflow::v1::{Task, TaskFilter},
};

/// The procedure of the demonstration.
const NUMBER: &str = "2.000424";

/// Somebody who files one dossier after another, each with its form and two papers.
pub(crate) struct Filing {
    world: World,
    citizen: Signed,
    /// Filed before; each new one is like it.
    model: Dossier,
    /// Who receives.
    agencies: Vec<String>,
    /// The head of the unit that processes what was accepted, and what waits for her.
    pub(crate) head: Signed,
    pub(crate) task: Task,
}

impl Filing {
    pub(crate) async fn begin(
        world: &World,
        administrator: &Administrator,
        agencies: usize,
    ) -> Result<Self> {
        let mut teller = Teller::silent();
        let mut story = Story::begin(world, administrator, &mut teller).await?;
        let request =
            GetProcedureRequest { number: NUMBER.to_owned(), ..GetProcedureRequest::default() };
        let procedure = world.catalog().get_procedure(request).await.map_err(refused)?;
        let draft = story.draft(&procedure.into_inner()).await?;
        let draft = story.fill(draft).await?;
        let filed = story.submit(&draft.name).await?;
        let (citizen, head) = (story.citizen.clone(), story.head.clone());
        let accepted = story.accept(&filed).await?;
        let role = Role::HeadOfUnit;
        let task = story.task(&head, role, &accepted.name, TaskFilter::Waiting).await?;
        let request = GetDossierRequest { name: filed.name };
        let model = world.intake(&citizen).get_dossier(request).await.map_err(refused)?;
        let parent = story.ward.parent.clone();
        let agencies = communes(world, administrator, &parent, agencies).await?;
        Ok(Self { world: world.clone(), citizen, model: model.into_inner(), agencies, head, task })
    }

    /// Drafts that lack nothing but their submission, received by so many agencies.
    pub(crate) async fn draft_all(&self, count: usize, agencies: usize) -> Result<Vec<String>> {
        let drafts = (0..count).map(|n| self.draft(&self.agencies[n % agencies]));
        stream::iter(drafts).buffer_unordered(8).try_collect().await
    }

    async fn draft(&self, agency: &str) -> Result<String> {
        let mut intake = self.world.intake(&self.citizen);
        let model = &self.model;
        let dossier = Dossier {
            procedure: model.procedure.clone(),
            filing_channel: FilingChannel::Online.into(),
            competent_agency: model.competent_agency.clone(),
            receiving_agency: agency.to_owned(),
            applicant: model.applicant.clone(),
            answers: model.answers.clone(),
            delivery: model.delivery.clone(),
            ..Dossier::default()
        };
        let request = CreateDossierRequest { request_id: request_id(), dossier: Some(dossier) };
        let draft = intake.create_dossier(request).await.map_err(refused)?.into_inner();
        for paper in &model.papers {
            let request = AttachPaperRequest {
                request_id: request_id(),
                dossier: draft.name.clone(),
                paper: paper.name.clone(),
                code: paper.code.clone(),
            };
            intake.attach_paper(request).await.map_err(refused)?;
        }
        Ok(draft.name)
    }

    /// Files them as fast as `callers` at once can; how many a second.
    pub(crate) async fn submit_all(&self, drafts: &[String], callers: usize) -> Result<f64> {
        let begun = Instant::now();
        stream::iter(drafts.iter().map(|name| self.submit(name)))
            .buffer_unordered(callers)
            .try_collect::<Vec<()>>()
            .await?;
        Ok(drafts.len() as f64 / begun.elapsed().as_secs_f64())
    }

    /// Files so many a second, whether or not those before are answered.
    pub(crate) async fn submit_paced(&self, drafts: &[String], rate: f64) -> Result<()> {
        let ticks = tokio::time::interval(Duration::from_secs_f64(1.0 / rate));
        let ticks = stream::unfold(ticks, async |mut ticks| {
            ticks.tick().await;
            Some(((), ticks))
        });
        ticks
            .zip(stream::iter(drafts))
            .map(|((), name)| self.submit(name))
            .buffer_unordered(drafts.len())
            .try_collect::<Vec<()>>()
            .await?;
        Ok(())
    }

    async fn submit(&self, name: &str) -> Result<()> {
        let request = SubmitDossierRequest {
            request_id: request_id(),
            name: name.to_owned(),
            ..SubmitDossierRequest::default()
        };
        self.world.intake(&self.citizen).submit_dossier(request).await.map_err(refused)?;
        Ok(())
    }
}

/// Communes beside the others.
async fn communes(
    world: &World,
    administrator: &Administrator,
    parent: &str,
    count: usize,
) -> Result<Vec<String>> {
    let Administrator { username, name, password } = administrator;
    let by = cast::sign_in(world, username, password, name).await?;
    let mut names = Vec::with_capacity(count);
    for n in 0..count {
        let agency = Agency {
            identifier_code: format!("H53.{}", 200 + n),
            display_name: format!("Ủy ban nhân dân xã số {n}"),
            kind: AgencyKind::Commune.into(),
            parent: parent.to_owned(),
            valid_from: "2025-07-01".to_owned(),
            ..Agency::default()
        };
        let request = CreateAgencyRequest { request_id: request_id(), agency: Some(agency) };
        let made = world.catalog_of(&by).create_agency(request).await;
        names.push(made.map_err(refused).context("a commune")?.into_inner().name);
    }
    Ok(names)
}
