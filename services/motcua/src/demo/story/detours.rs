//! Chapters the demonstration does not tell: what else may become of a dossier.

use anyhow::Context;
use motcua_proto::{
    access::v1::Role,
    identity::v1::Citizen,
    intake::v1::{Dossier, IssueStopNoticeRequest, RejectDossierRequest, RequestWithdrawalRequest},
    notification::v1::{ListMessagesRequest, Message, MessageTopic},
    workflow::v1::{DueDateExplanation, ExplainDueDateRequest, GetProcessRequest, Process},
};

use super::Story;
use crate::demo::{
    cast::{self, Signed},
    teller::Teller,
    world::{refused, request_id, until},
};

impl Story<'_> {
    /// Signs everybody in again: a token lives ten minutes of the services' time.
    pub async fn sign_in_again(&mut self) -> anyhow::Result<()> {
        let world = self.world;
        for who in [
            &mut self.citizen,
            &mut self.desk,
            &mut self.head,
            &mut self.specialist,
            &mut self.leader,
        ] {
            *who = cast::sign_in(world, &who.login, &who.password, &who.name).await?;
        }
        Ok(())
    }

    /// Another citizen's story with the same officers, told beside this one.
    pub async fn beside<'b>(
        &'b self,
        teller: &'b mut Teller,
        applicant: Citizen,
    ) -> anyhow::Result<Story<'b>> {
        Ok(Story {
            citizen: cast::citizen(self.world, applicant.clone()).await?,
            world: self.world,
            teller,
            ward: self.ward.clone(),
            desk: self.desk.clone(),
            head: self.head.clone(),
            specialist: self.specialist.clone(),
            leader: self.leader.clone(),
            applicant,
            mark: self.mark.clone(),
            administrator: self.administrator.clone(),
        })
    }

    /// One more officer, signed in.
    pub async fn appoint(
        &self,
        role: Role,
        agency: &str,
        username: &str,
        name: &str,
    ) -> anyhow::Result<Signed> {
        let by = &self.administrator;
        let by = cast::sign_in(self.world, &by.username, &by.password, &by.name).await?;
        cast::officer(self.world, &by, role, agency, username, name, "Công chức").await
    }

    /// The desk refuses what was filed.
    pub async fn reject(&mut self, name: &str, reason: &str) -> anyhow::Result<Dossier> {
        let desk = self.desk.clone();
        let request = RejectDossierRequest {
            request_id: request_id(),
            name: name.to_owned(),
            reason: reason.to_owned(),
        };
        let rejected =
            self.world.intake(&desk).reject_dossier(request).await.map_err(refused)?.into_inner();
        self.step("desk officer", &desk, "RejectDossier", "từ chối tiếp nhận", vec![reason.into()]);
        Ok(rejected)
    }

    /// The citizen wants the dossier back.
    pub async fn withdraw(&mut self, name: &str, reason: &str) -> anyhow::Result<Dossier> {
        let citizen = self.citizen.clone();
        let request = RequestWithdrawalRequest {
            request_id: request_id(),
            name: name.to_owned(),
            reason: reason.to_owned(),
        };
        let mut intake = self.world.intake(&citizen);
        let asked = intake.request_withdrawal(request).await.map_err(refused)?.into_inner();
        self.step("citizen", &citizen, "RequestWithdrawal", "xin rút hồ sơ", vec![reason.into()]);
        Ok(asked)
    }

    /// The desk tells that processing has stopped.
    pub async fn issue_stop_notice(&mut self, name: &str, reason: &str) -> anyhow::Result<Dossier> {
        let desk = self.desk.clone();
        let request = IssueStopNoticeRequest {
            request_id: request_id(),
            name: name.to_owned(),
            reason: reason.to_owned(),
        };
        let mut intake = self.world.intake(&desk);
        let stopped = intake.issue_stop_notice(request).await.map_err(refused)?.into_inner();
        self.step(
            "desk officer",
            &desk,
            "IssueStopNotice",
            "thông báo dừng giải quyết",
            Vec::new(),
        );
        Ok(stopped)
    }

    /// From the accepted dossier to the closed one, without a detour.
    pub async fn finish(&mut self, name: &str) -> anyhow::Result<Dossier> {
        let task = self.assign(name).await?;
        self.draft_result(&task.name, "soạn quyết định hỗ trợ, trình lãnh đạo").await?;
        self.approve(name).await?;
        self.return_result(name).await?;
        self.close(name).await
    }

    /// The dossier's processing, as the leader sees it.
    pub async fn process(&self, dossier: &str) -> anyhow::Result<Process> {
        let request = GetProcessRequest { name: process_of(dossier) };
        let mut workflow = self.world.workflow(&self.leader);
        Ok(workflow.get_process(request).await.map_err(refused)?.into_inner())
    }

    /// How the dossier's appointment was counted.
    pub async fn explanation(&self, dossier: &str) -> anyhow::Result<DueDateExplanation> {
        let request = ExplainDueDateRequest { name: process_of(dossier) };
        let mut workflow = self.world.workflow(&self.citizen);
        Ok(workflow.explain_due_date(request).await.map_err(refused)?.into_inner())
    }

    /// What lies in the citizen's inbox about the dossier, oldest first.
    pub async fn inbox(&self, dossier: &str) -> anyhow::Result<Vec<Message>> {
        let mut notification = self.world.notification(&self.citizen);
        let (mut found, mut page_token) = (Vec::new(), String::new());
        loop {
            let request = ListMessagesRequest {
                page_size: 100,
                page_token,
                ..ListMessagesRequest::default()
            };
            let page = notification.list_messages(request).await.map_err(refused)?.into_inner();
            found.extend(page.messages.into_iter().filter(|message| message.dossier == dossier));
            page_token = page.next_page_token;
            if page_token.is_empty() {
                break;
            }
        }
        found.sort_by_key(|message| message.create_time.as_ref().map(|at| (at.seconds, at.nanos)));
        Ok(found)
    }

    /// The last message of a topic about the dossier, once it is there.
    pub async fn message(&self, dossier: &str, topic: MessageTopic) -> anyhow::Result<Message> {
        until(&format!("a message {} about {dossier}", topic.as_str_name()), async || {
            let inbox = self.inbox(dossier).await?;
            Ok(inbox.into_iter().rfind(|message| message.topic() == topic))
        })
        .await
        .context("the citizen was not told")
    }
}

/// A process bears its dossier's UUID.
fn process_of(dossier: &str) -> String {
    dossier.replacen("dossiers/", "processes/", 1)
}
