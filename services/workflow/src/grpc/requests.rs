//! Requests in our own terms, refused with everything that is wrong with them.

use std::time::Duration;

use motcua_fault::Fault;
use motcua_proto::workflow::v1 as proto;

use super::convert::role_from_proto;
use super::fields::Fields;
use crate::app::{
    ApproveResult, AskSupplement, AssignTask, DraftResult, ExtendDueDate, ForwardTask, ListTasks,
    OnTask, SendBackTask,
};
use crate::domain::{AskWords, AskedPaper, Onward, Outcome, ResultWords};

/// What a transfer may take if the caller does not say.
const TRANSFER: Duration = Duration::from_mins(10);
/// What a caller may ask for.
const LONGEST_TRANSFER: Duration = Duration::from_hours(1);
/// The longest file name, in characters.
const FILE_NAME: usize = 200;
/// The most papers in one ask.
const PAPERS: usize = 50;

/// Requests read with the service's limits.
#[derive(Debug, Clone, Copy)]
pub(super) struct Requests {
    /// The longest words, in characters.
    pub(super) text_max_chars: usize,
}

impl Requests {
    /// An act on a task whose reason may be left out.
    pub(super) fn on_task(self, name: &str, etag: &str, reason: &str) -> Result<OnTask, Fault> {
        let mut fields = Fields::default();
        let on = self.on(&mut fields, name, etag, reason);
        fields.finish()?;
        Ok(on)
    }

    /// An act on a task with words that must be there, in the field `field`.
    pub(super) fn with_words(
        self,
        name: &str,
        etag: &str,
        field: &str,
        words: &str,
    ) -> Result<OnTask, Fault> {
        let mut fields = Fields::default();
        let on = OnTask {
            reason: Some(fields.text(field, words, self.text_max_chars)),
            ..self.on(&mut fields, name, etag, "")
        };
        fields.finish()?;
        Ok(on)
    }

    fn on(self, fields: &mut Fields, name: &str, etag: &str, reason: &str) -> OnTask {
        OnTask {
            task: fields.id("name", name),
            etag: fields.etag("etag", etag),
            reason: fields.words("reason", reason, self.text_max_chars),
        }
    }

    pub(super) fn assign(self, m: &proto::AssignTaskRequest) -> Result<AssignTask, Fault> {
        let mut fields = Fields::default();
        let on = self.on(&mut fields, &m.name, &m.etag, &m.reason);
        let assignee = fields.id("assignee", &m.assignee);
        fields.finish()?;
        Ok(AssignTask { on, assignee })
    }

    pub(super) fn forward(self, m: &proto::ForwardTaskRequest) -> Result<ForwardTask, Fault> {
        let mut fields = Fields::default();
        let on = self.on(&mut fields, &m.name, &m.etag, &m.reason);
        let assignee = fields.maybe("assignee", &m.assignee);
        fields.finish()?;
        Ok(ForwardTask { on, onward: Onward { to: some(&m.to_step_code), assignee } })
    }

    pub(super) fn send_back(self, m: &proto::SendBackTaskRequest) -> Result<SendBackTask, Fault> {
        let on = self.with_words(&m.name, &m.etag, "reason", &m.reason)?;
        Ok(SendBackTask { on, to: some(&m.to_step_code) })
    }

    pub(super) fn approve(self, m: &proto::ApproveResultRequest) -> Result<ApproveResult, Fault> {
        let mut fields = Fields::default();
        let on = self.on(&mut fields, &m.name, &m.etag, &m.reason);
        let result = fields.id("result", &m.result);
        fields.finish()?;
        Ok(ApproveResult {
            on,
            result,
            onward: Onward { to: some(&m.to_step_code), assignee: None },
        })
    }

    pub(super) fn ask(self, m: &proto::AskSupplementRequest) -> Result<AskSupplement, Fault> {
        let mut fields = Fields::default();
        let on = self.on(&mut fields, &m.name, &m.etag, "");
        let reasons = fields.text("reasons", &m.reasons, self.text_max_chars);
        if m.papers.len() > PAPERS {
            fields.add("papers", "TOO_MANY", "Mỗi lần chỉ yêu cầu tối đa 50 giấy tờ.");
        }
        let papers = m.papers.iter().enumerate().map(|(i, paper)| AskedPaper {
            code: paper.paper_code.clone(),
            name: fields.text(&format!("papers.{i}.display_name"), &paper.display_name, 500),
            note: fields
                .words(&format!("papers.{i}.note"), &paper.note, self.text_max_chars)
                .unwrap_or_default(),
        });
        let words = AskWords { reasons, papers: papers.collect() };
        fields.finish()?;
        Ok(AskSupplement { on, words })
    }

    pub(super) fn draft(self, m: &proto::DraftResultHead) -> Result<DraftResult, Fault> {
        let mut fields = Fields::default();
        let on = OnTask {
            task: fields.id("head.task", &m.task),
            etag: fields.etag("head.etag", &m.etag),
            reason: None,
        };
        let outcome = fields.known(
            "head.outcome",
            match m.outcome() {
                proto::Outcome::Granted => Some(Outcome::Granted),
                proto::Outcome::Refused => Some(Outcome::Refused),
                proto::Outcome::Unspecified => None,
            },
        );
        let words = ResultWords {
            text: fields.text("head.text", &m.text, self.text_max_chars),
            file_name: fields.text("head.file_name", &m.file_name, FILE_NAME),
        };
        let time_limit = time_limit(&mut fields, "head.time_limit", m.time_limit.as_ref());
        fields.finish()?;
        let outcome = outcome.unwrap_or(Outcome::Refused);
        Ok(DraftResult { on, outcome, words, time_limit })
    }

    pub(super) fn extend(self, m: &proto::ExtendDueDateRequest) -> Result<ExtendDueDate, Fault> {
        let mut fields = Fields::default();
        let extend = ExtendDueDate {
            process: fields.id("name", &m.name),
            etag: fields.etag("etag", &m.etag),
            new_due: fields.instant("new_due_time", m.new_due_time.as_ref()),
            reason: fields.text("reason", &m.reason, self.text_max_chars),
        };
        fields.finish()?;
        Ok(extend)
    }
}

/// A list of tasks; the caller's own may leave role and agency out.
pub(super) fn list_tasks(m: &proto::ListTasksRequest) -> Result<ListTasks, Fault> {
    if m.filter() == proto::TaskFilter::Mine {
        return Ok(ListTasks::Mine);
    }
    let mut fields = Fields::default();
    let agency = fields.id("agency", &m.agency);
    if m.filter() == proto::TaskFilter::Below {
        fields.finish()?;
        return Ok(ListTasks::Below(agency));
    }
    let role = fields.known("role", role_from_proto(m.role()));
    fields.finish()?;
    let role = role.unwrap_or(crate::domain::Role::Specialist);
    Ok(match m.filter() {
        proto::TaskFilter::Open => ListTasks::Open(role, agency),
        _ => ListTasks::Waiting(role, agency),
    })
}

/// How long a transfer may take.
pub(super) fn time_limit(
    fields: &mut Fields,
    field: &str,
    limit: Option<&prost_types::Duration>,
) -> Duration {
    let Some(limit) = limit else { return TRANSFER };
    let limit = Duration::try_from(*limit).ok().filter(|l| !l.is_zero() && *l <= LONGEST_TRANSFER);
    limit.unwrap_or_else(|| {
        fields.add(field, "DURATION_INVALID", "Thời gian truyền phải trên 0 và không quá một giờ.");
        TRANSFER
    })
}

/// A resource name by itself.
pub(super) fn id<T>(field: &str, name: &str) -> Result<T, Fault>
where
    T: motcua_ids::TypedId + std::str::FromStr<Err = motcua_ids::BadName>,
{
    let mut fields = Fields::default();
    let id = fields.id(field, name);
    fields.finish()?;
    Ok(id)
}

fn some(text: &str) -> Option<String> {
    (!text.is_empty()).then(|| text.to_owned())
}
