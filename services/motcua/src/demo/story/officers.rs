//! The officers' chapters.

use anyhow::Context;
use motcua_proto::{
    access::v1::Role,
    intake::v1::{
        AcceptDossierRequest, CloseDossierRequest, Dossier, DossierState, ListDossiersRequest,
        RequestSupplementRequest, ReturnResultRequest, ReturnWay,
    },
    workflow::v1::{
        ApproveResultRequest, AskSupplementRequest, AskedPaper, ExplainDueDateRequest,
        ForwardTaskRequest, GetProcessRequest, GetTaskRequest, ListTasksRequest,
        SendBackTaskRequest, TakeTaskRequest, Task, TaskFilter, TaskState,
    },
};

use super::{Story, at, row};
use crate::demo::{
    cast::Signed,
    papers,
    world::{refused, request_id, until},
};

impl Story<'_> {
    /// Takes the dossier from the desk's queue.
    pub async fn accept(&mut self, dossier: &Dossier) -> anyhow::Result<Dossier> {
        let desk = self.desk.clone();
        let mut intake = self.world.intake(&desk);
        let queue = ListDossiersRequest {
            states: vec![DossierState::Submitted.into()],
            ..ListDossiersRequest::default()
        };
        let queue = intake.list_dossiers(queue).await.map_err(refused)?.into_inner();
        queue
            .dossiers
            .iter()
            .find(|waiting| waiting.name == dossier.name)
            .context("the dossier is not in the desk's queue")?;
        let request = AcceptDossierRequest { request_id: request_id(), name: dossier.name.clone() };
        let accepted = intake.accept_dossier(request).await.map_err(refused)?.into_inner();
        let details = vec![
            format!("Tiếp nhận lúc {}", at(accepted.accept_time.as_ref())),
            format!("Hẹn trả {}", at(accepted.promised_due_time.as_ref())),
            format!("Hạn theo luật {}", at(accepted.legal_due_time.as_ref())),
        ];
        let what = format!("tiếp nhận hồ sơ {}", accepted.code);
        self.step("desk officer", &desk, "AcceptDossier", what, details);
        Ok(accepted)
    }

    /// The head takes the dossier and gives it to the specialist. Answers her task.
    pub async fn assign(&mut self, dossier: &str) -> anyhow::Result<Task> {
        let (head, specialist) = (self.head.clone(), self.specialist.clone());
        let task = self.take(&head, Role::HeadOfUnit, dossier).await?;
        let request = ForwardTaskRequest {
            request_id: request_id(),
            name: task.name.clone(),
            assignee: specialist.account.clone(),
            reason: format!("Đề nghị thẩm định và dự thảo quyết định.{}", self.mark),
            ..ForwardTaskRequest::default()
        };
        self.world.workflow(&head).forward_task(request).await.map_err(refused)?;
        let mine = self.task(&specialist, Role::Specialist, dossier, TaskFilter::Mine).await?;
        let details = vec![format!("Hạn của bước: {}", at(mine.due_time.as_ref()))];
        let what = format!("phân công cho {}", specialist.name);
        self.step("head of unit", &head, "ForwardTask", what, details);
        Ok(mine)
    }

    /// The specialist asks the desk, the desk asks the citizen: one contact point.
    pub async fn ask_supplement(&mut self, task: &Task, name: &str) -> anyhow::Result<()> {
        let (specialist, desk) = (self.specialist.clone(), self.desk.clone());
        let reasons = format!(
            "Đơn có đề nghị phần thu nhập bị mất nhưng chưa có giấy tờ về thu nhập.{}",
            self.mark
        );
        let request = AskSupplementRequest {
            request_id: request_id(),
            name: task.name.clone(),
            reasons: reasons.clone(),
            papers: vec![AskedPaper {
                paper_code: "giay-to-thu-nhap".to_owned(),
                display_name: "Giấy tờ về thu nhập".to_owned(),
                ..AskedPaper::default()
            }],
            ..AskSupplementRequest::default()
        };
        self.world.workflow(&specialist).ask_supplement(request).await.map_err(refused)?;
        self.step(
            "specialist",
            &specialist,
            "AskSupplement",
            "đề nghị một cửa yêu cầu bổ sung",
            vec![reasons],
        );
        self.until_state(&desk, name, DossierState::SupplementNeeded).await?;
        let request = RequestSupplementRequest {
            request_id: request_id(),
            name: name.to_owned(),
            papers: vec!["giay-to-thu-nhap".to_owned()],
            ..RequestSupplementRequest::default()
        };
        let asked = self
            .world
            .intake(&desk)
            .request_supplement(request)
            .await
            .map_err(refused)?
            .into_inner();
        let deadline = asked.supplements.last().and_then(|round| round.deadline.as_ref());
        let details = vec![format!("Bổ sung trước {}", at(deadline))];
        self.step(
            "desk officer",
            &desk,
            "RequestSupplement",
            "yêu cầu người nộp bổ sung, đồng hồ dừng",
            details,
        );
        Ok(())
    }

    /// Drafts the result and forwards it to the leader.
    pub async fn draft_result(&mut self, task: &str, what: &str) -> anyhow::Result<()> {
        let specialist = self.specialist.clone();
        // After a supplement it comes back a moment later than the dossier.
        until("the specialist's task comes back", async || {
            let request = GetTaskRequest { name: task.to_owned() };
            let task = self.world.workflow(&specialist).get_task(request).await.map_err(refused)?;
            Ok((task.get_ref().state() == TaskState::Held).then_some(()))
        })
        .await?;
        let text = format!("Hỗ trợ ông {} 6.750.000 đồng.{}", self.applicant.full_name, self.mark);
        papers::draft(self.world, &specialist, task, &text).await?;
        let request = ForwardTaskRequest {
            request_id: request_id(),
            name: task.to_owned(),
            reason: format!("Kính trình lãnh đạo xem xét, ký.{}", self.mark),
            ..ForwardTaskRequest::default()
        };
        self.world.workflow(&specialist).forward_task(request).await.map_err(refused)?;
        self.step("specialist", &specialist, "DraftResult", what, Vec::new());
        Ok(())
    }

    /// The leader finds a fault. Answers the specialist's task, back with her.
    pub async fn send_back(&mut self, dossier: &str) -> anyhow::Result<String> {
        let leader = self.leader.clone();
        let task = self.take(&leader, Role::Leader, dossier).await?;
        let reason = format!("Ghi rõ căn cứ tính phần thu nhập bị mất.{}", self.mark);
        let request = SendBackTaskRequest {
            request_id: request_id(),
            name: task.name,
            reason: reason.clone(),
            ..SendBackTaskRequest::default()
        };
        self.world.workflow(&leader).send_back_task(request).await.map_err(refused)?;
        self.step("leader", &leader, "SendBackTask", "trả lại, nêu lý do", vec![reason]);
        let specialist = self.specialist.clone();
        let again = self.task(&specialist, Role::Specialist, dossier, TaskFilter::Mine).await?;
        Ok(again.name)
    }

    /// The leader approves the draft he read.
    pub async fn approve(&mut self, dossier: &str) -> anyhow::Result<()> {
        let leader = self.leader.clone();
        let task = self.take(&leader, Role::Leader, dossier).await?;
        let mut workflow = self.world.workflow(&leader);
        let process = GetProcessRequest { name: task.process.clone() };
        let process = workflow.get_process(process).await.map_err(refused)?.into_inner();
        let draft = process.result.context("the leader sees no draft")?;
        let request = ApproveResultRequest {
            request_id: request_id(),
            name: task.name,
            result: draft.name,
            ..ApproveResultRequest::default()
        };
        workflow.approve_result(request).await.map_err(refused)?;
        self.step("leader", &leader, "ApproveResult", "ký duyệt kết quả", Vec::new());
        Ok(())
    }

    /// Returns the result once it is at the desk.
    pub async fn return_result(&mut self, name: &str) -> anyhow::Result<Dossier> {
        let desk = self.desk.clone();
        let ready = self.until_state(&desk, name, DossierState::ResultReady).await?;
        let request = ReturnResultRequest {
            request_id: request_id(),
            name: name.to_owned(),
            way: ReturnWay::Online.into(),
            ..ReturnResultRequest::default()
        };
        let returned =
            self.world.intake(&desk).return_result(request).await.map_err(refused)?.into_inner();
        let details = vec![
            format!("Xử lý xong lúc {}", at(ready.finish_time.as_ref())),
            format!("Hẹn trả {}", at(ready.promised_due_time.as_ref())),
        ];
        self.step("desk officer", &desk, "ReturnResult", "trả kết quả trực tuyến", details);
        let workflow = self.world.workflow(&self.citizen.clone());
        until("the result is open to the citizen", async || {
            let request = motcua_proto::workflow::v1::DownloadResultRequest {
                name: returned.result.clone(),
                ..Default::default()
            };
            Ok(workflow.clone().download_result(request).await.ok().map(|_| ()))
        })
        .await?;
        Ok(returned)
    }

    /// Closes the dossier.
    pub async fn close(&mut self, name: &str) -> anyhow::Result<Dossier> {
        let desk = self.desk.clone();
        let request = CloseDossierRequest { request_id: request_id(), name: name.to_owned() };
        let closed =
            self.world.intake(&desk).close_dossier(request).await.map_err(refused)?.into_inner();
        self.step("desk officer", &desk, "CloseDossier", "đóng hồ sơ", Vec::new());
        Ok(closed)
    }

    /// How the appointment and each change of it was counted.
    pub async fn explain(&mut self, dossier: &Dossier) -> anyhow::Result<()> {
        let citizen = self.citizen.clone();
        // A process bears its dossier's UUID.
        let process = format!("processes/{}", dossier.name.trim_start_matches("dossiers/"));
        let request = ExplainDueDateRequest { name: process };
        let explained = self
            .world
            .workflow(&citizen)
            .explain_due_date(request)
            .await
            .map_err(refused)?
            .into_inner();
        let due = explained.due.context("the appointment is not explained")?;
        let mut details: Vec<_> = due.rows.iter().map(row).collect();
        details.push(format!("= hẹn trả {}", at(due.promised_due_time.as_ref())));
        self.step("citizen", &citizen, "ExplainDueDate", "xem thời hạn được tính ra sao", details);
        Ok(())
    }

    /// Takes the dossier's waiting task of that role, once it is there.
    async fn take(&self, who: &Signed, role: Role, dossier: &str) -> anyhow::Result<Task> {
        let task = self.task(who, role, dossier, TaskFilter::Waiting).await?;
        let request = TakeTaskRequest {
            request_id: request_id(),
            name: task.name,
            ..TakeTaskRequest::default()
        };
        Ok(self.world.workflow(who).take_task(request).await.map_err(refused)?.into_inner())
    }

    /// The dossier's task in a queue, once it is there.
    pub async fn task(
        &self,
        who: &Signed,
        role: Role,
        dossier: &str,
        filter: TaskFilter,
    ) -> anyhow::Result<Task> {
        let agency = match role {
            Role::Leader => self.ward.name.clone(),
            _ => self.unit()?,
        };
        until(&format!("a task of {} for {dossier}", role.as_str_name()), async || {
            let request = ListTasksRequest {
                role: role.into(),
                agency: agency.clone(),
                filter: filter.into(),
                page_size: 100,
                ..ListTasksRequest::default()
            };
            let list =
                self.world.workflow(who).list_tasks(request).await.map_err(refused)?.into_inner();
            Ok(list.tasks.into_iter().find(|task| task.dossier == dossier))
        })
        .await
    }

    fn unit(&self) -> anyhow::Result<String> {
        self.ward
            .units
            .iter()
            .find(|unit| unit.unit_code == super::UNIT)
            .map(|unit| unit.name.clone())
            .context("the ward has no such unit")
    }
}
