use chrono::{DateTime, Utc};
use motcua_vn::{Vnd, local};
use serde::{Deserialize, Serialize};

use super::{Awaited, Class, Digest, Finding, Load, OffCause, Progress, Urgent};

type Timestamp = DateTime<Utc>;

/// Something that happened to a dossier, of which its owner must hear; or what awaits an officer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum News {
    /// Filed online; the desk owes an answer.
    Submitted {
        /// Until when.
        reply_due: Option<Timestamp>,
    },
    /// Accepted.
    Accepted {
        /// The appointment; none where the procedure has none.
        due: Option<Timestamp>,
    },
    /// Something is missing.
    SupplementRequested {
        /// Until when it is waited for.
        deadline: Option<Timestamp>,
        /// No clock runs yet that could stand still.
        before_acceptance: bool,
    },
    /// What was missing has come, and the desk looks again.
    SupplementReceived,
    /// Not accepted.
    Rejected {
        /// By nobody: a supplement never came.
        expired: bool,
    },
    /// Somebody wants it back, perhaps in the owner's name.
    WithdrawalRequested,
    /// Ended without a result.
    Stopped {
        /// Why.
        cause: StopCause,
    },
    /// The dossier cannot be withdrawn any more.
    WithdrawalRefused,
    /// The appointment moved.
    DueDateChanged {
        /// Where to; none where the procedure has none.
        due: Option<Timestamp>,
        /// Why.
        why: Moved,
    },
    /// The appointment passed without a result, and nobody set another.
    Overdue {
        /// The appointment.
        due: Option<Timestamp>,
    },
    /// There is a result.
    ResultReady {
        /// How it will be handed over.
        way: Way,
    },
    /// The result was handed over.
    ResultReturned {
        /// How.
        way: Way,
    },
    /// A paper lies in quarantine, and another has to come in its place.
    PaperQuarantined {
        /// What the procedure calls it.
        paper: String,
        /// Why.
        problem: Problem,
    },
    /// Phí, lệ phí are to be paid.
    PaymentRequested {
        /// In all.
        amount: Vnd,
        /// Until when.
        due: Option<Timestamp>,
    },
    /// They are to be paid still, and soon.
    PaymentDueSoon {
        /// In all.
        amount: Vnd,
        /// Until when.
        due: Timestamp,
    },
    /// Something is missing still.
    SupplementDueSoon {
        /// Until when it is waited for.
        deadline: Timestamp,
        /// The dossier is not accepted yet.
        before_acceptance: bool,
    },
    /// An organisation's own system is told no more, of this dossier first.
    WebhookOff {
        /// Why.
        cause: OffCause,
    },
    /// Somebody asked by short message.
    InquiryAnswered(Finding),
    /// They were paid.
    PaymentReceived {
        /// In all.
        amount: Vnd,
    },
    /// Money was given back.
    PaymentRefunded {
        /// How much.
        amount: Vnd,
    },
    /// So much awaits an officer this morning.
    OfficerDigest(Digest),
}

/// Why an appointment moved.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Moved {
    /// A supplement came.
    Supplement,
    /// What was owed was paid.
    Payment,
    /// The agency is late and apologises.
    Apology,
}

/// Why a paper lies in quarantine.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Problem {
    /// It is harmful.
    Infected,
    /// It is too large to be examined.
    TooLarge,
    /// It is protected by a password.
    Encrypted,
    /// It could not be examined for another reason.
    Unreadable,
}

/// Why a dossier ended without a result.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StopCause {
    /// The citizen withdrew it; the desk issues a notice.
    Withdrawn,
    /// The citizen withdrew it before it was accepted.
    WithdrawnEarly,
    /// A supplement never came.
    SupplementExpired,
    /// Another reason, told in the notice.
    Other,
}

/// How a result reaches the citizen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// As an electronic result in the account.
    Online,
    /// At the desk.
    Desk,
    /// By post.
    Post,
}

/// What a message is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Topic {
    /// Hồ sơ đã nộp.
    DossierSubmitted,
    /// Hồ sơ đã được tiếp nhận.
    DossierAccepted,
    /// Yêu cầu bổ sung.
    SupplementRequested,
    /// Từ chối tiếp nhận.
    DossierRejected,
    /// Dừng giải quyết.
    DossierStopped,
    /// Không rút được hồ sơ.
    WithdrawalRefused,
    /// Đổi ngày hẹn trả.
    DueDateChanged,
    /// Đã có kết quả.
    ResultReady,
    /// Đã trả kết quả.
    ResultReturned,
    /// Đã nhận yêu cầu rút.
    WithdrawalRequested,
    /// Đã nhận phần bổ sung.
    SupplementReceived,
    /// Quá hạn trả kết quả.
    DossierOverdue,
    /// Giấy tờ không qua được kiểm tra an toàn.
    PaperQuarantined,
    /// Phải nộp phí, lệ phí.
    PaymentRequested,
    /// Đã nhận phí, lệ phí.
    PaymentReceived,
    /// Đã hoàn tiền.
    PaymentRefunded,
    /// Sắp hết hạn nộp phí, lệ phí.
    PaymentDueSoon,
    /// Sắp hết hạn bổ sung.
    SupplementDueSoon,
    /// Địa chỉ nhận tin của hệ thống đã tắt.
    WebhookOff,
    /// Trả lời tra cứu bằng tin nhắn.
    InquiryAnswered,
    /// Việc chờ xử lý sáng nay.
    OfficerDigest,
}

impl Topic {
    /// Every topic.
    pub const ALL: [Self; 21] = [
        Self::DossierSubmitted,
        Self::DossierAccepted,
        Self::SupplementRequested,
        Self::DossierRejected,
        Self::DossierStopped,
        Self::WithdrawalRefused,
        Self::DueDateChanged,
        Self::ResultReady,
        Self::ResultReturned,
        Self::WithdrawalRequested,
        Self::SupplementReceived,
        Self::DossierOverdue,
        Self::PaperQuarantined,
        Self::PaymentRequested,
        Self::PaymentReceived,
        Self::PaymentRefunded,
        Self::PaymentDueSoon,
        Self::SupplementDueSoon,
        Self::WebhookOff,
        Self::InquiryAnswered,
        Self::OfficerDigest,
    ];

    /// The word in rows and the folder of the templates.
    pub const fn key(self) -> &'static str {
        match self {
            Self::DossierSubmitted => "dossier-submitted",
            Self::DossierAccepted => "dossier-accepted",
            Self::SupplementRequested => "supplement-requested",
            Self::DossierRejected => "dossier-rejected",
            Self::DossierStopped => "dossier-stopped",
            Self::WithdrawalRefused => "withdrawal-refused",
            Self::DueDateChanged => "due-date-changed",
            Self::ResultReady => "result-ready",
            Self::ResultReturned => "result-returned",
            Self::WithdrawalRequested => "withdrawal-requested",
            Self::SupplementReceived => "supplement-received",
            Self::DossierOverdue => "dossier-overdue",
            Self::PaperQuarantined => "paper-quarantined",
            Self::PaymentRequested => "payment-requested",
            Self::PaymentReceived => "payment-received",
            Self::PaymentRefunded => "payment-refunded",
            Self::PaymentDueSoon => "payment-due-soon",
            Self::SupplementDueSoon => "supplement-due-soon",
            Self::WebhookOff => "webhook-off",
            Self::InquiryAnswered => "inquiry-answered",
            Self::OfficerDigest => "officer-digest",
        }
    }

    /// By which rules it is told.
    pub const fn class(self) -> Class {
        match self {
            Self::DossierSubmitted
            | Self::SupplementReceived
            | Self::ResultReturned
            | Self::PaymentReceived
            | Self::PaymentRefunded
            | Self::OfficerDigest => Class::Courtesy,
            Self::PaymentDueSoon | Self::SupplementDueSoon => Class::Reminder,
            _ => Class::Required,
        }
    }

    /// Whether it reminds of something awaited.
    pub fn reminds(self) -> bool {
        self.class() == Class::Reminder
    }

    /// Whether somebody asked for it just before, by the channel it goes by.
    pub fn is_answer(self) -> bool {
        self == Self::InquiryAnswered
    }

    /// Whether it must be told: the law says so, or something could be lost. The
    /// rest is courtesy.
    pub fn is_required(self) -> bool {
        self.class() != Class::Courtesy
    }
}

impl News {
    /// What it is about.
    pub const fn topic(&self) -> Topic {
        match self {
            Self::Submitted { .. } => Topic::DossierSubmitted,
            Self::Accepted { .. } => Topic::DossierAccepted,
            Self::SupplementRequested { .. } => Topic::SupplementRequested,
            Self::SupplementReceived => Topic::SupplementReceived,
            Self::Rejected { .. } => Topic::DossierRejected,
            Self::WithdrawalRequested => Topic::WithdrawalRequested,
            Self::Stopped { .. } => Topic::DossierStopped,
            Self::WithdrawalRefused => Topic::WithdrawalRefused,
            Self::DueDateChanged { .. } => Topic::DueDateChanged,
            Self::Overdue { .. } => Topic::DossierOverdue,
            Self::ResultReady { .. } => Topic::ResultReady,
            Self::ResultReturned { .. } => Topic::ResultReturned,
            Self::PaperQuarantined { .. } => Topic::PaperQuarantined,
            Self::PaymentRequested { .. } => Topic::PaymentRequested,
            Self::PaymentReceived { .. } => Topic::PaymentReceived,
            Self::PaymentRefunded { .. } => Topic::PaymentRefunded,
            Self::PaymentDueSoon { .. } => Topic::PaymentDueSoon,
            Self::SupplementDueSoon { .. } => Topic::SupplementDueSoon,
            Self::WebhookOff { .. } => Topic::WebhookOff,
            Self::InquiryAnswered(_) => Topic::InquiryAnswered,
            Self::OfficerDigest(_) => Topic::OfficerDigest,
        }
    }

    /// What is awaited of the person from now on, and until when.
    pub const fn asks_for(&self) -> Option<(Awaited, Timestamp)> {
        match self {
            Self::PaymentRequested { due: Some(due), .. } => Some((Awaited::Payment, *due)),
            Self::SupplementRequested { deadline: Some(due), .. } => {
                Some((Awaited::Supplement, *due))
            }
            _ => None,
        }
    }

    /// What is no longer awaited of the person.
    pub const fn settles(&self) -> &'static [Awaited] {
        match self {
            Self::PaymentReceived { .. } => &[Awaited::Payment],
            Self::SupplementReceived => &[Awaited::Supplement],
            Self::WithdrawalRequested => &Awaited::ALL,
            _ if self.ends() => &Awaited::ALL,
            _ => &[],
        }
    }

    /// Whether nothing will be awaited any more.
    pub const fn ends(&self) -> bool {
        matches!(self, Self::Rejected { .. } | Self::Stopped { .. } | Self::ResultReturned { .. })
    }

    /// The time that is told, if one is.
    pub const fn time(&self) -> Option<Timestamp> {
        match self {
            Self::Submitted { reply_due: time }
            | Self::Accepted { due: time }
            | Self::SupplementRequested { deadline: time, .. }
            | Self::DueDateChanged { due: time, .. }
            | Self::Overdue { due: time }
            | Self::PaymentRequested { due: time, .. }
            | Self::InquiryAnswered(Finding::Found { due: time, .. }) => *time,
            Self::PaymentDueSoon { due: time, .. }
            | Self::SupplementDueSoon { deadline: time, .. } => Some(*time),
            _ => None,
        }
    }

    /// The sum that is told, if one is.
    pub const fn amount(&self) -> Option<Vnd> {
        match self {
            Self::PaymentRequested { amount, .. }
            | Self::PaymentDueSoon { amount, .. }
            | Self::PaymentReceived { amount }
            | Self::PaymentRefunded { amount } => Some(*amount),
            _ => None,
        }
    }

    /// The paper that is told of, if one is.
    pub fn paper(&self) -> Option<&str> {
        match self {
            Self::PaperQuarantined { paper, .. } => Some(paper),
            _ => None,
        }
    }

    /// What awaits an officer, if that is told.
    pub const fn digest(&self) -> Option<&Digest> {
        match self {
            Self::OfficerDigest(digest) => Some(digest),
            _ => None,
        }
    }

    /// The case a template tells apart, if there is one.
    pub const fn case(&self) -> Option<&'static str> {
        match self {
            Self::SupplementRequested { before_acceptance: true, .. }
            | Self::SupplementDueSoon { before_acceptance: true, .. } => Some("before_acceptance"),
            Self::Stopped { cause: StopCause::Withdrawn } => Some("withdrawn"),
            Self::Stopped { cause: StopCause::WithdrawnEarly } => Some("withdrawn_early"),
            Self::Rejected { expired: true }
            | Self::Stopped { cause: StopCause::SupplementExpired } => Some("supplement_expired"),
            Self::DueDateChanged { why: Moved::Apology, .. } => Some("apology"),
            Self::DueDateChanged { why: Moved::Payment, .. } => Some("payment"),
            Self::ResultReady { way } | Self::ResultReturned { way } => Some(match way {
                Way::Online => "online",
                Way::Desk => "desk",
                Way::Post => "post",
            }),
            Self::WebhookOff { cause } => Some(cause.word()),
            Self::InquiryAnswered(reply) => Some(reply.word()),
            Self::PaperQuarantined { problem, .. } => Some(match problem {
                Problem::Infected => "infected",
                Problem::TooLarge => "too_large",
                Problem::Encrypted => "encrypted",
                Problem::Unreadable => "unreadable",
            }),
            _ => None,
        }
    }

    /// One of every kind and case at `time`, to look at templates with.
    pub fn samples(time: Timestamp) -> Vec<Self> {
        let due = Some(time);
        let mut all = vec![
            Self::Submitted { reply_due: due },
            Self::Accepted { due },
            Self::Accepted { due: None },
            Self::SupplementReceived,
            Self::WithdrawalRequested,
            Self::WithdrawalRefused,
            Self::DueDateChanged { due, why: Moved::Apology },
            Self::DueDateChanged { due, why: Moved::Payment },
            Self::DueDateChanged { due, why: Moved::Supplement },
            Self::PaymentRequested { amount: Vnd::new(1_250_000), due },
            Self::PaymentDueSoon { amount: Vnd::new(1_250_000), due: time },
            Self::PaymentReceived { amount: Vnd::new(1_250_000) },
            Self::PaymentRefunded { amount: Vnd::new(1_250_000) },
            Self::Overdue { due },
        ];
        for either in [false, true] {
            all.push(Self::SupplementRequested { deadline: due, before_acceptance: either });
            all.push(Self::SupplementDueSoon { deadline: time, before_acceptance: either });
            all.push(Self::Rejected { expired: either });
        }
        let causes = [
            StopCause::Withdrawn,
            StopCause::WithdrawnEarly,
            StopCause::SupplementExpired,
            StopCause::Other,
        ];
        all.extend(causes.map(|cause| Self::Stopped { cause }));
        let problems =
            [Problem::Infected, Problem::TooLarge, Problem::Encrypted, Problem::Unreadable];
        all.extend(problems.map(|problem| {
            let paper = "Giấy chứng sinh".to_owned();
            Self::PaperQuarantined { paper, problem }
        }));
        all.extend(OffCause::ALL.map(|cause| Self::WebhookOff { cause }));
        all.extend([Finding::Usage, Finding::Unknown].map(Self::InquiryAnswered));
        for progress in Progress::ALL {
            let replies = [due, None].map(|due| Finding::Found { progress, due });
            all.extend(replies.map(Self::InquiryAnswered));
        }
        for way in [Way::Online, Way::Desk, Way::Post] {
            all.extend([Self::ResultReady { way }, Self::ResultReturned { way }]);
        }
        all.extend(digests(time).map(Self::OfficerDigest));
        all
    }
}

/// One of which there is something to say of everything, and those of which there is little.
fn digests(time: Timestamp) -> [Digest; 4] {
    let empty = Digest {
        day: local::day(time),
        held: Load::default(),
        waiting: Load::default(),
        to_approve: 0,
        to_return: 0,
        late: 0,
        urgent: Vec::new(),
    };
    let code = || "H53.12.05-261121-0001".to_owned();
    let much = Digest {
        held: Load { tasks: 7, due_today: 2, overdue: 1 },
        waiting: Load { tasks: 12, due_today: 3, overdue: 0 },
        to_approve: 4,
        to_return: 15,
        late: 120,
        urgent: vec![Urgent { code: code(), due: time }; 5],
        ..empty.clone()
    };
    let one = Digest { held: Load { tasks: 1, ..Load::default() }, ..empty.clone() };
    [much, one, Digest { to_return: 1, ..empty.clone() }, Digest { late: 1, ..empty }]
}
