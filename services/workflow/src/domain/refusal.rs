use chrono::{DateTime, Utc};
use motcua_fault::Kind;
use motcua_ids::{AccountId, ResultId};
use motcua_quarantine::Unfit;

/// Every "no" of the officers' work.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// The catalog's process leads no dossier to a result.
    #[error("Quy trình điện tử của thủ tục chưa dùng được, cần kiểm tra lại danh mục.")]
    DefinitionUnusable {
        /// What is wrong, for programs.
        flaw: String,
    },
    /// No such process, or none the caller may know of.
    #[error("Không tìm thấy quá trình giải quyết hồ sơ.")]
    ProcessUnknown,
    /// No such result, or none the caller may know of.
    #[error("Không tìm thấy kết quả giải quyết.")]
    ResultUnknown,
    /// No such ask, or none the caller may know of.
    #[error("Không tìm thấy yêu cầu bổ sung.")]
    AskUnknown,
    /// The caller's role does not reach the agency.
    #[error("Việc này thuộc thẩm quyền của cơ quan, đơn vị khác.")]
    NotYourAgency,
    /// The process went on since it was read.
    #[error("Hồ sơ vừa có thay đổi, vui lòng tải lại và thực hiện lại.")]
    EtagMismatch {
        /// The present one.
        current: i64,
    },
    /// The officer lacks the task's role in its agency.
    #[error("Người được giao không có vai trò phù hợp tại đơn vị thực hiện.")]
    AssigneeUnsuitable,
    /// The scanner found something in the file, or can never examine it.
    #[error("{0}")]
    FileUnfit(Unfit),
    /// The draft waits for the scanner.
    #[error("Tệp dự thảo đang chờ kiểm tra an toàn, vui lòng thử lại sau ít phút.")]
    ResultNotScanned,
    /// No such task in the process.
    #[error("Không tìm thấy nhiệm vụ.")]
    TaskUnknown,
    /// The task is over.
    #[error("Nhiệm vụ này đã kết thúc.")]
    TaskDone,
    /// Another officer works on it.
    #[error("Nhiệm vụ này đang do người khác xử lý.")]
    TaskTaken {
        /// The officer.
        by: AccountId,
    },
    /// The caller does not work on it.
    #[error("Anh/chị chưa nhận nhiệm vụ này nên chưa thể thực hiện.")]
    TaskNotHeld {
        /// Who does, if anybody.
        by: Option<AccountId>,
    },
    /// The citizen was asked for a supplement.
    #[error("Hồ sơ đang chờ công dân bổ sung, thời gian xử lý đang tạm dừng.")]
    DossierWaiting,
    /// The officers' part is over.
    #[error("Việc giải quyết hồ sơ này đã kết thúc.")]
    ProcessEnded,
    /// That step does not follow.
    #[error("Bước chuyển đến không nằm trong quy trình của hồ sơ.")]
    StepNotNext {
        /// The steps that may follow.
        allowed: Vec<String>,
    },
    /// That step was not done before.
    #[error("Chỉ được trả lại cho bước đã thực hiện trước đó.")]
    StepNotBefore {
        /// The steps it may go back to.
        allowed: Vec<String>,
    },
    /// Only what its officer forwarded can be taken back.
    #[error("Chỉ thu hồi được nhiệm vụ anh/chị đã chuyển đi.")]
    NotForwarded,
    /// Somebody has begun on what was forwarded.
    #[error("Người nhận đã bắt đầu xử lý nên không thu hồi được nữa.")]
    RecallTooLate {
        /// The officer.
        by: Option<AccountId>,
    },
    /// A step that drafts ends with a draft.
    #[error("Chưa có dự thảo kết quả.")]
    ResultNotDrafted,
    /// The desk is given approved results only.
    #[error("Kết quả chưa được phê duyệt.")]
    ResultNotApproved,
    /// A step that approves ends with an approval, or goes back.
    #[error("Bước này phải phê duyệt hoặc trả lại, không chuyển tiếp.")]
    ApprovalNeeded,
    /// The desk has not decided on the supplement.
    #[error("Đang chờ bộ phận một cửa quyết định về yêu cầu bổ sung.")]
    SupplementPending,
    /// Other agencies have not answered.
    #[error("Còn ý kiến phối hợp chưa được trả lời hoặc rút lại.")]
    ConsultPending {
        /// The codes of the open consults.
        consults: Vec<String>,
    },
    /// The result is approved.
    #[error("Kết quả đã được phê duyệt.")]
    AlreadyDecided,
    /// The task is a step, not an opinion.
    #[error("Nhiệm vụ này không phải là lấy ý kiến phối hợp.")]
    NotAConsult,
    /// The task is an opinion, not a step.
    #[error("Nhiệm vụ lấy ý kiến phối hợp không thực hiện được việc này.")]
    IsAConsult,
    /// Results are drafted at another step.
    #[error("Bước này không dự thảo kết quả.")]
    StepDoesNotDraft,
    /// Results are approved at another step.
    #[error("Bước này không phê duyệt kết quả.")]
    StepDoesNotApprove,
    /// Who drafts and who approves are two people.
    #[error("Người dự thảo không tự phê duyệt kết quả của mình, cần người có thẩm quyền khác ký.")]
    OwnDraft,
    /// The draft was replaced after it was read.
    #[error("Dự thảo đã được thay thế, vui lòng đọc lại trước khi phê duyệt.")]
    DraftChanged {
        /// The newest draft.
        current: ResultId,
    },
    /// An appointment is moved once.
    #[error("Hồ sơ đã được gia hạn một lần, không được gia hạn thêm.")]
    AlreadyExtended {
        /// When it was.
        at: DateTime<Utc>,
    },
    /// Less than a working day is left.
    #[error("Chỉ được xin lỗi và gia hạn khi còn ít nhất một ngày làm việc trước hạn.")]
    ExtensionTooLate {
        /// The present due time.
        due: DateTime<Utc>,
    },
    /// The new time is not after the present one.
    #[error("Hạn mới phải sau hạn hiện tại.")]
    ExtensionNotLater {
        /// The present due time.
        due: DateTime<Utc>,
    },
    /// Nobody is at the desk at that time.
    #[error("Hạn mới phải rơi vào giờ làm việc.")]
    ExtensionOutsideHours {
        /// The next office minute.
        next: DateTime<Utc>,
    },
    /// The procedure has no due date.
    #[error("Thủ tục này không có thời hạn trả kết quả nên không gia hạn.")]
    NoDueDate,
}

impl motcua_fault::Refusal for Refusal {
    fn kind(&self) -> Kind {
        match self {
            Self::ProcessUnknown | Self::ResultUnknown | Self::AskUnknown | Self::TaskUnknown => {
                Kind::NotFound
            }
            Self::NotYourAgency => Kind::PermissionDenied,
            Self::FileUnfit(unfit) => motcua_fault::Refusal::kind(unfit),
            Self::EtagMismatch { .. } | Self::DraftChanged { .. } => Kind::Aborted,
            _ => Kind::FailedPrecondition,
        }
    }

    fn reason(&self) -> &'static str {
        match self {
            Self::DefinitionUnusable { .. } => "DEFINITION_UNUSABLE",
            Self::ProcessUnknown => "PROCESS_NOT_FOUND",
            Self::ResultUnknown => "RESULT_NOT_FOUND",
            Self::AskUnknown => "ASK_NOT_FOUND",
            Self::NotYourAgency => "NOT_YOUR_AGENCY",
            Self::EtagMismatch { .. } => "ETAG_MISMATCH",
            Self::AssigneeUnsuitable => "ASSIGNEE_UNSUITABLE",
            Self::FileUnfit(unfit) => motcua_fault::Refusal::reason(unfit),
            Self::ResultNotScanned => "RESULT_NOT_SCANNED",
            Self::TaskUnknown => "TASK_NOT_FOUND",
            Self::TaskDone => "TASK_DONE",
            Self::TaskTaken { .. } => "TASK_TAKEN",
            Self::TaskNotHeld { .. } => "TASK_NOT_HELD",
            Self::DossierWaiting => "DOSSIER_WAITING",
            Self::ProcessEnded => "PROCESS_ENDED",
            Self::StepNotNext { .. } => "STEP_NOT_NEXT",
            Self::StepNotBefore { .. } => "STEP_NOT_BEFORE",
            Self::NotForwarded => "NOT_FORWARDED",
            Self::RecallTooLate { .. } => "RECALL_TOO_LATE",
            Self::ResultNotDrafted => "RESULT_NOT_DRAFTED",
            Self::ResultNotApproved => "RESULT_NOT_APPROVED",
            Self::ApprovalNeeded => "APPROVAL_NEEDED",
            Self::SupplementPending => "SUPPLEMENT_PENDING",
            Self::ConsultPending { .. } => "CONSULT_PENDING",
            Self::AlreadyDecided => "ALREADY_DECIDED",
            Self::NotAConsult => "NOT_A_CONSULT",
            Self::IsAConsult => "IS_A_CONSULT",
            Self::StepDoesNotDraft => "STEP_DOES_NOT_DRAFT",
            Self::StepDoesNotApprove => "STEP_DOES_NOT_APPROVE",
            Self::OwnDraft => "OWN_DRAFT",
            Self::DraftChanged { .. } => "DRAFT_CHANGED",
            Self::AlreadyExtended { .. } => "ALREADY_EXTENDED",
            Self::ExtensionTooLate { .. } => "EXTENSION_TOO_LATE",
            Self::ExtensionNotLater { .. } => "EXTENSION_NOT_LATER",
            Self::ExtensionOutsideHours { .. } => "EXTENSION_OUTSIDE_HOURS",
            Self::NoDueDate => "NO_DUE_DATE",
        }
    }

    fn metadata(&self) -> Vec<(&'static str, String)> {
        match self {
            Self::DefinitionUnusable { flaw } => vec![("flaw", flaw.clone())],
            Self::TaskTaken { by }
            | Self::TaskNotHeld { by: Some(by) }
            | Self::RecallTooLate { by: Some(by) } => vec![("by", by.name())],
            Self::StepNotNext { allowed } | Self::StepNotBefore { allowed } => {
                vec![("allowed", allowed.join(","))]
            }
            Self::FileUnfit(unfit) => motcua_fault::Refusal::metadata(unfit),
            Self::ConsultPending { consults } => vec![("consults", consults.join(","))],
            Self::EtagMismatch { current } => vec![("current", current.to_string())],
            Self::DraftChanged { current } => vec![("current", current.name())],
            Self::AlreadyExtended { at } => vec![("at", at.to_rfc3339())],
            Self::ExtensionTooLate { due } | Self::ExtensionNotLater { due } => {
                vec![("due", due.to_rfc3339())]
            }
            Self::ExtensionOutsideHours { next } => vec![("next", next.to_rfc3339())],
            _ => Vec::new(),
        }
    }
}
