//! The catalog's places and procedures: an administrator's are those below the
//! own agency, an editor's those of the province or those the own agency decides.

use motcua::demo::world::request_id;
use motcua_proto::catalog::v1::{
    AbolishProcedureRequest, Agency, AgencyKind, Audience, Case, CheckDraftRequest, ClockRules,
    CreateAgencyRequest, CreateDeskRequest, CreateDraftRequest, CreateFieldRequest,
    CreateProcedureRequest, Desk, DiscardDraftRequest, EndAgencyRequest, Field, FrontDoor,
    GetAgencyRequest, GetClockRulesRequest, GetProcedureVersionRequest, ImportFormat,
    ImportProceduresRequest, ProcedureLevel, ProcedureVersion, PublishCalendarRequest,
    PublishPolicyRequest, PublishVersionRequest, ServiceLevel, UpdateAgencyRequest,
    UpdateDeskRequest, UpdateDraftRequest, UpdateFieldRequest, VersionContent,
};
use prost_types::FieldMask;

use super::{Stage, processing::bytes};

const PROCEDURE: &str = include_str!("../../../../services/catalog/data/procedures/2.000424.yaml");

fn mask(path: &str) -> FieldMask {
    FieldMask { paths: vec![path.to_owned()] }
}

impl Stage<'_> {
    pub(super) async fn catalog(&mut self) {
        let read = GetAgencyRequest {
            name: self.story.ward.name.clone(),
            with_units: true,
            ..Default::default()
        };
        self.bench.watch("CatalogService/GetAgency", &self.others.province, &read);
        self.agencies().await;
        self.desks().await;
        self.fields().await;
        self.drafts().await;
        self.published().await;
        self.clocks().await;
    }

    async fn agencies(&mut self) {
        let Self { bench, story, others } = self;
        let (owner, far) = (&others.province, [&others.administrator]);
        let unit = Agency {
            display_name: "Bộ phận Kiểm tra".to_owned(),
            kind: AgencyKind::Unit.into(),
            parent: story.ward.name.clone(),
            unit_code: "kiem-tra".to_owned(),
            valid_from: "2025-07-01".to_owned(),
            ..Agency::default()
        };
        let create = CreateAgencyRequest { request_id: request_id(), agency: Some(unit) };
        let unit = bench.twin("CatalogService/CreateAgency", owner, &far, &create).await;
        let unit: Agency = unit.read();
        let renamed =
            Agency { display_name: "Bộ phận Kiểm tra, Giám sát".to_owned(), ..unit };
        let update = UpdateAgencyRequest {
            request_id: request_id(),
            agency: Some(renamed.clone()),
            update_mask: Some(mask("display_name")),
        };
        bench.twin("CatalogService/UpdateAgency", owner, &far, &update).await;
        let end = EndAgencyRequest {
            request_id: request_id(),
            name: renamed.name,
            valid_to: "2099-12-31".to_owned(),
            ..EndAgencyRequest::default()
        };
        bench.twin("CatalogService/EndAgency", owner, &far, &end).await;
    }

    async fn desks(&mut self) {
        let Self { bench, story, others } = self;
        let (owner, far) = (&others.province, [&others.administrator]);
        let desk = Desk {
            code: "an-binh-9".to_owned(),
            display_name: "Quầy số 09".to_owned(),
            agency: story.ward.name.clone(),
            valid_from: "2025-07-01".to_owned(),
            ..Desk::default()
        };
        let create = CreateDeskRequest { request_id: request_id(), desk: Some(desk) };
        let desk: Desk = bench.twin("CatalogService/CreateDesk", owner, &far, &create).await.read();
        let update = UpdateDeskRequest {
            request_id: request_id(),
            desk: Some(Desk { display_name: "Quầy số 9".to_owned(), ..desk }),
            update_mask: Some(mask("display_name")),
        };
        bench.twin("CatalogService/UpdateDesk", owner, &far, &update).await;
    }

    async fn fields(&mut self) {
        let Self { bench, others, .. } = self;
        let (owner, far) = (&others.province_editor, [&others.editor, &others.administrator]);
        let field = Field {
            code: "kiem-tra".to_owned(),
            display_name: "Kiểm tra".to_owned(),
            ..Field::default()
        };
        let create = CreateFieldRequest { request_id: request_id(), field: Some(field) };
        let field = bench.twin("CatalogService/CreateField", owner, &far, &create).await;
        let field: Field = field.read();
        let update = UpdateFieldRequest {
            request_id: request_id(),
            field: Some(Field { display_name: "Kiểm tra, thanh tra".to_owned(), ..field }),
            update_mask: Some(mask("display_name")),
        };
        bench.twin("CatalogService/UpdateField", owner, &far, &update).await;
    }

    /// A draft, from its beginning to its end.
    async fn drafts(&mut self) {
        let procedure = self.story.search().await.unwrap();
        let Self { bench, story, others } = self;
        let (owner, far) = (&others.province_editor, [&others.editor, &others.administrator]);
        let content = VersionContent {
            display_name: "Thủ tục kiểm tra".to_owned(),
            field: procedure.field,
            level: ProcedureLevel::Commune.into(),
            audiences: vec![Audience::Citizen.into()],
            service_level: ServiceLevel::InformationOnly.into(),
            front_door: FrontDoor::Local.into(),
            cases: vec![Case {
                code: "default".to_owned(),
                display_name: "Trường hợp chung".to_owned(),
                ..Case::default()
            }],
            ..VersionContent::default()
        };
        let create = CreateProcedureRequest {
            request_id: request_id(),
            number: "3.999001".to_owned(),
            content: Some(content.clone()),
        };
        let draft = bench.twin("CatalogService/CreateProcedure", owner, &far, &create).await;
        let draft: ProcedureVersion = draft.read();
        let read = GetProcedureVersionRequest { name: draft.name.clone(), ..Default::default() };
        let public = [&story.citizen, &story.desk, &story.leader];
        bench.twin("CatalogService/GetProcedureVersion", owner, &public, &read).await;
        bench.watch("CatalogService/GetProcedureVersion", owner, &read);
        let update = UpdateDraftRequest {
            request_id: request_id(),
            name: draft.name.clone(),
            etag: draft.etag,
            content: Some(VersionContent { summary: "Để kiểm tra.".to_owned(), ..content }),
            update_mask: Some(mask("summary")),
        };
        let draft = bench.twin("CatalogService/UpdateDraft", owner, &far, &update).await;
        let draft: ProcedureVersion = draft.read();
        let check = CheckDraftRequest { name: draft.name.clone() };
        bench.twin("CatalogService/CheckDraft", owner, &far, &check).await;
        let discard =
            DiscardDraftRequest { request_id: request_id(), name: draft.name, etag: draft.etag };
        bench.twin("CatalogService/DiscardDraft", owner, &far, &discard).await;
    }

    /// What is published for everybody, by the province's editors alone.
    async fn published(&mut self) {
        let procedure = self.story.search().await.unwrap();
        let Self { bench, others, .. } = self;
        let (owner, far) = (&others.province_editor, [&others.editor, &others.administrator]);
        let import = ImportProceduresRequest {
            request_id: request_id(),
            format: ImportFormat::Yaml.into(),
            dry_run: true,
            ..ImportProceduresRequest::default()
        };
        let chunk = ImportProceduresRequest { chunk: PROCEDURE.into(), ..Default::default() };
        let file = vec![bytes(&import), bytes(&chunk)];
        bench.twins("CatalogService/ImportProcedures", owner, &far, file).await;
        let create =
            CreateDraftRequest { request_id: request_id(), procedure: procedure.name.clone() };
        let draft = bench.twin("CatalogService/CreateDraft", owner, &far, &create).await;
        let draft: ProcedureVersion = draft.read();
        let publish = PublishVersionRequest {
            request_id: request_id(),
            name: draft.name,
            etag: draft.etag,
            ..PublishVersionRequest::default()
        };
        bench.twin("CatalogService/PublishVersion", owner, &far, &publish).await;
        let abolish = AbolishProcedureRequest {
            request_id: request_id(),
            name: procedure.name,
            decision: "01/QĐ-UBND".to_owned(),
            ..AbolishProcedureRequest::default()
        };
        bench.twin("CatalogService/AbolishProcedure", owner, &far, &abolish).await;
    }

    async fn clocks(&mut self) {
        let Self { bench, story, others } = self;
        let (owner, far) = (&others.province, [&others.administrator]);
        let ask = GetClockRulesRequest { agency: story.ward.name.clone(), ..Default::default() };
        let rules = bench.call("CatalogService/GetClockRules", owner, vec![bytes(&ask)]).await;
        let rules: ClockRules = rules.read();
        let mut calendar = rules.calendar.unwrap();
        "kiem-tra".clone_into(&mut calendar.code);
        calendar.agencies = vec![story.ward.name.clone()];
        let publish = PublishCalendarRequest { request_id: request_id(), calendar: Some(calendar) };
        bench.twin("CatalogService/PublishCalendar", owner, &far, &publish).await;
        let mut policy = rules.policy.unwrap();
        "kiem-tra".clone_into(&mut policy.code);
        policy.agencies = vec![story.ward.name.clone()];
        let publish = PublishPolicyRequest { request_id: request_id(), policy: Some(policy) };
        bench.twin("CatalogService/PublishPolicy", owner, &far, &publish).await;
    }
}
