//! The main job: a village mediator was hurt while mediating, and asks the ward
//! for the support the law gives him (procedure 2.000424).

mod detours;
mod messages;
mod officers;
mod person;

use motcua_proto::{
    access::v1::Role,
    catalog::v1::{Agency, GetAgencyRequest},
    identity::v1::Citizen,
    intake::v1::{Dossier, DossierState, GetDossierRequest, ListTimelineRequest},
    r#type::v1::ClockRow,
};

use super::{
    cast::{self, Administrator, Signed},
    teller::{Step, Teller},
    world::{World, refused, until},
};

/// The ward of the sample province.
const WARD: &str = "H53.41";
const UNIT: &str = "tu-phap";

/// How the story ended.
#[derive(Debug)]
pub struct Ending {
    /// `dossiers/{uuid}`.
    pub dossier: String,
    /// Mã hồ sơ.
    pub code: String,
    /// The last state.
    pub state: DossierState,
    /// Every act, a line each.
    pub timeline: Vec<String>,
    /// What lies in the citizen's inbox, a line each.
    pub messages: Vec<String>,
    /// The short messages and e-mail that went out, as the administrator sees them.
    pub spool: Vec<String>,
    /// Who took part.
    pub people: Vec<Signed>,
}

/// The ward, its officers and the citizen; each chapter is a method, so that a
/// test can tell the story another way.
pub struct Story<'a> {
    /// Where the services are.
    pub world: &'a World,
    teller: &'a mut Teller,
    /// The agency that receives and decides.
    pub ward: Agency,
    /// Files the dossier.
    pub citizen: Signed,
    /// Receives it.
    pub desk: Signed,
    /// Assigns it.
    pub head: Signed,
    /// Appraises it.
    pub specialist: Signed,
    /// Decides it.
    pub leader: Signed,
    /// Who the citizen is, as the dossier says it.
    pub applicant: Citizen,
    /// Put behind every free text that somebody writes; empty in the demonstration.
    pub mark: String,
    administrator: Administrator,
}

/// Tells the story from the search to the closed dossier.
///
/// # Errors
/// The first step that fails, as the service said it.
pub async fn tell(
    world: &World,
    administrator: &Administrator,
    teller: &mut Teller,
) -> anyhow::Result<Ending> {
    let mut story = Story::begin(world, administrator, teller).await?;
    let procedure = story.search().await?;
    let dossier = story.draft(&procedure).await?;
    story.submit_too_early(&dossier).await?;
    let dossier = story.fill(dossier).await?;
    let dossier = story.submit(&dossier.name).await?;
    let dossier = story.accept(&dossier).await?;
    story.look_up(&dossier).await?;
    let task = story.assign(&dossier.name).await?;
    story.ask_supplement(&task, &dossier.name).await?;
    story.provide_supplement(&dossier.name).await?;
    story.draft_result(&task.name, "soạn quyết định hỗ trợ, trình lãnh đạo").await?;
    let again = story.send_back(&dossier.name).await?;
    story.draft_result(&again, "sửa theo ý kiến, trình lại").await?;
    story.approve(&dossier.name).await?;
    let dossier = story.return_result(&dossier.name).await?;
    story.download_result(&dossier).await?;
    let dossier = story.close(&dossier.name).await?;
    story.explain(&dossier).await?;
    story.end(dossier).await
}

impl<'a> Story<'a> {
    /// Makes the accounts and signs everybody in.
    pub async fn begin(
        world: &'a World,
        administrator: &Administrator,
        teller: &'a mut Teller,
    ) -> anyhow::Result<Self> {
        Self::begin_of(world, administrator, teller, applicant()).await
    }

    /// The same, of another citizen.
    pub async fn begin_of(
        world: &'a World,
        administrator: &Administrator,
        teller: &'a mut Teller,
        applicant: Citizen,
    ) -> anyhow::Result<Self> {
        let request = GetAgencyRequest {
            identifier_code: WARD.to_owned(),
            with_units: true,
            ..GetAgencyRequest::default()
        };
        let ward = world.catalog().get_agency(request).await.map_err(refused)?.into_inner();
        let unit = ward
            .units
            .iter()
            .find(|unit| unit.unit_code == UNIT)
            .map(|unit| unit.name.clone())
            .ok_or_else(|| anyhow::anyhow!("{WARD} has no unit {UNIT}"))?;
        let login = &administrator.username;
        let by = cast::sign_in(world, login, &administrator.password, &administrator.name).await?;
        let officer = async |role, agency: &str, username: &str, name: &str, position: &str| {
            cast::officer(world, &by, role, agency, username, name, position).await
        };
        let desk = officer(
            Role::DeskOfficer,
            &ward.name,
            "motcua.binh",
            "Trần Thị Bình",
            "Cán bộ một cửa",
        );
        let head =
            officer(Role::HeadOfUnit, &unit, "tuphap.dung", "Lê Văn Dũng", "Phụ trách Tư pháp");
        let specialist =
            officer(Role::Specialist, &unit, "tuphap.ha", "Phạm Thu Hà", "Công chức Tư pháp");
        let leader =
            officer(Role::Leader, &ward.name, "lanhdao.son", "Đỗ Minh Sơn", "Phó Chủ tịch phường");
        Ok(Self {
            citizen: cast::citizen(world, applicant.clone()).await?,
            desk: desk.await?,
            head: head.await?,
            specialist: specialist.await?,
            leader: leader.await?,
            world,
            teller,
            ward,
            applicant,
            mark: String::new(),
            administrator: administrator.clone(),
        })
    }

    /// A dossier filed in order, with its code.
    pub async fn submitted(&mut self) -> anyhow::Result<Dossier> {
        let procedure = self.search().await?;
        let draft = self.draft(&procedure).await?;
        let filled = self.fill(draft).await?;
        self.submit(&filled.name).await
    }

    fn step(
        &mut self,
        role: &str,
        who: &Signed,
        verb: &str,
        what: impl Into<String>,
        details: Vec<String>,
    ) {
        let (who, what) = (who.name.as_str(), what.into());
        self.teller.step(&Step { role, who, verb, what, details });
    }

    /// The dossier as somebody sees it.
    pub async fn dossier(&self, who: &Signed, name: &str) -> anyhow::Result<Dossier> {
        let request = GetDossierRequest { name: name.to_owned() };
        Ok(self.world.intake(who).get_dossier(request).await.map_err(refused)?.into_inner())
    }

    /// The dossier, once it is in this state.
    pub async fn until_state(
        &self,
        who: &Signed,
        name: &str,
        state: DossierState,
    ) -> anyhow::Result<Dossier> {
        until(&format!("{name}: {}", state.as_str_name()), async || {
            let dossier = self.dossier(who, name).await?;
            Ok((dossier.state() == state).then_some(dossier))
        })
        .await
    }

    async fn end(self, dossier: Dossier) -> anyhow::Result<Ending> {
        let request = ListTimelineRequest {
            dossier: dossier.name.clone(),
            page_size: 100,
            ..ListTimelineRequest::default()
        };
        let timeline = self
            .world
            .intake(&self.citizen)
            .list_timeline(request)
            .await
            .map_err(refused)?
            .into_inner();
        let timeline = timeline
            .acts
            .iter()
            .map(|act| format!("{}  {}", at(act.complete_time.as_ref()), act.text));
        Ok(Ending {
            timeline: timeline.collect(),
            messages: self.messages(&dossier.name).await?,
            spool: self.spool(&dossier.name).await?,
            state: dossier.state(),
            dossier: dossier.name,
            code: dossier.code,
            people: vec![self.citizen, self.desk, self.head, self.specialist, self.leader],
        })
    }
}

fn applicant() -> Citizen {
    Citizen {
        full_name: "Nguyễn Văn An".to_owned(),
        citizen_number: "072085001234".to_owned(),
        phone: "0912345678".to_owned(),
        email: "nguyenvanan@example.vn".to_owned(),
    }
}

/// An instant as people in Viet Nam read it.
fn at(instant: Option<&prost_types::Timestamp>) -> String {
    instant
        .and_then(|at| {
            let nanos = u32::try_from(at.nanos).ok()?;
            chrono::DateTime::from_timestamp(at.seconds, nanos)
        })
        .map_or_else(|| "không hẹn".to_owned(), motcua_vn::local::date_time_text)
}

/// A row of how time was counted.
fn row(row: &ClockRow) -> String {
    let source = if row.source.is_empty() { "không rõ nguồn" } else { &row.source };
    format!("{} [{source}]", row.text)
}
