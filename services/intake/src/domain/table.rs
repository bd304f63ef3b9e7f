//! The one table of a dossier's life: local state × command → local state. The
//! aggregate works from it, and `STATES.md` is printed from it.

use std::fmt::Write;

use super::{Running, State, Why};

/// Everything that can be asked of a dossier, or told to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Command {
    /// Change answers, persons, papers.
    Edit,
    /// Throw a draft away.
    Discard,
    /// Nộp hồ sơ trực tuyến.
    Submit,
    /// Tiếp nhận what was brought, posted or sent by Zalo: filed and accepted at once.
    Receive,
    /// Tiếp nhận an online filing.
    Accept,
    /// Yêu cầu bổ sung (Mẫu 02).
    RequestSupplement,
    /// Tell the specialist that the citizen need not be asked.
    DeclineSupplement,
    /// Bổ sung hồ sơ.
    ProvideSupplement,
    /// Từ chối tiếp nhận (Mẫu 03).
    Reject,
    /// Rút hồ sơ.
    Withdraw,
    /// Thông báo dừng giải quyết (Mẫu 05).
    IssueStopNotice,
    /// Trả kết quả.
    ReturnResult,
    /// Đóng hồ sơ.
    Close,
    /// Fact of workflow: officers began.
    ProcessStarted,
    /// Fact of workflow: a specialist asks for more.
    SupplementNeeded,
    /// Fact of workflow: the appointment moved.
    DueDateChanged,
    /// Fact of workflow: the result is at the desk.
    ResultApproved,
    /// Fact of workflow: processing ended without a result.
    ProcessStopped,
    /// Fact of workflow: too late to withdraw.
    StopRefused,
    /// Timer: the citizen did not answer in time.
    ExpireSupplement,
    /// Fact of payment: something is owed.
    PaymentRequested,
    /// Fact of payment: it is paid, or not owed after all.
    PaymentSettled,
    /// Fact of payment: it was not paid in time.
    PaymentLapsed,
}

impl Command {
    /// In the order of a dossier's life; facts and timers last.
    pub const ALL: [Self; 23] = [
        Self::Edit,
        Self::Discard,
        Self::Submit,
        Self::Receive,
        Self::Accept,
        Self::RequestSupplement,
        Self::DeclineSupplement,
        Self::ProvideSupplement,
        Self::Reject,
        Self::Withdraw,
        Self::IssueStopNotice,
        Self::ReturnResult,
        Self::Close,
        Self::ProcessStarted,
        Self::SupplementNeeded,
        Self::DueDateChanged,
        Self::ResultApproved,
        Self::ProcessStopped,
        Self::StopRefused,
        Self::ExpireSupplement,
        Self::PaymentRequested,
        Self::PaymentSettled,
        Self::PaymentLapsed,
    ];

    /// Somebody else's decision, or the passing of time: it is not refused but
    /// dropped where it comes too late.
    pub const fn is_fact(self) -> bool {
        matches!(
            self,
            Self::ProcessStarted
                | Self::SupplementNeeded
                | Self::DueDateChanged
                | Self::ResultApproved
                | Self::ProcessStopped
                | Self::StopRefused
                | Self::ExpireSupplement
                | Self::PaymentRequested
                | Self::PaymentSettled
                | Self::PaymentLapsed
        )
    }
}

/// Who may give a command.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Who {
    /// The one who filed, from their account.
    Filer,
    /// Cán bộ một cửa of the receiving agency.
    Desk,
    /// Either; the desk for whoever filed through it.
    FilerOrDesk,
    /// The desk, or a timer after a set time.
    DeskOrTimer,
    /// Workflow, by an event.
    Workflow,
    /// Payment, by an event.
    Payment,
    /// A due job.
    Timer,
}

/// Where a command leads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum To {
    /// Into a state.
    State(State),
    /// The state stays, the dossier changes.
    Same,
    /// Back to where it stood when the withdrawal, or the payment, was asked for.
    Resume,
    /// It stays, and the state to resume becomes this one.
    ResumeLater(State),
    /// The draft is gone.
    Gone,
}

/// One legal step.
#[derive(Debug, Clone, Copy)]
pub struct Row {
    /// Where the dossier stands.
    pub from: State,
    /// What is asked.
    pub command: Command,
    /// Where it leads.
    pub to: To,
    /// Who may.
    pub who: Who,
}

/// What becomes of a command in a state.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// It is done, and leads there.
    Do(To),
    /// A fact that came too late: nothing changes.
    Late,
    /// It is refused.
    No(Why),
}

macro_rules! table {
    ($($from:ident, $command:ident => $to:expr, $who:ident;)+) => {
        &[$(Row { from: State::$from, command: Command::$command, to: $to, who: Who::$who }),+]
    };
}

use State as S;
use To::{Gone, Resume, ResumeLater, Same, State as Go};

/// Every legal step. What is not here is refused, or late.
pub const TABLE: &[Row] = table! {
    Draft, Edit => Same, FilerOrDesk;
    Draft, Discard => Gone, FilerOrDesk;
    Draft, Submit => Go(S::Submitted), Filer;
    Draft, Receive => Go(S::Accepted), Desk;
    Draft, RequestSupplement => Go(S::AwaitingCompletion), Desk;
    Draft, Reject => Go(S::Rejected), Desk;

    Submitted, Accept => Go(S::Accepted), Desk;
    Submitted, RequestSupplement => Go(S::AwaitingCompletion), Desk;
    Submitted, Reject => Go(S::Rejected), Desk;
    Submitted, Withdraw => Go(S::Stopped), FilerOrDesk;

    AwaitingCompletion, Edit => Same, FilerOrDesk;
    AwaitingCompletion, ProvideSupplement => Go(S::Submitted), FilerOrDesk;
    AwaitingCompletion, Withdraw => Go(S::Stopped), FilerOrDesk;
    AwaitingCompletion, ExpireSupplement => Go(S::Rejected), Timer;

    Accepted, ProcessStarted => Go(S::Processing), Workflow;
    Accepted, Withdraw => Go(S::WithdrawalRequested), FilerOrDesk;
    Accepted, SupplementNeeded => Go(S::SupplementNeeded), Workflow;
    Accepted, DueDateChanged => Same, Workflow;
    Accepted, ResultApproved => Go(S::ResultReady), Workflow;
    Accepted, ProcessStopped => Go(S::Stopping), Workflow;

    Processing, SupplementNeeded => Go(S::SupplementNeeded), Workflow;
    Processing, Withdraw => Go(S::WithdrawalRequested), FilerOrDesk;
    Processing, DueDateChanged => Same, Workflow;
    Processing, ResultApproved => Go(S::ResultReady), Workflow;
    Processing, ProcessStopped => Go(S::Stopping), Workflow;

    SupplementNeeded, RequestSupplement => Go(S::AwaitingSupplement), Desk;
    SupplementNeeded, DeclineSupplement => Go(S::Processing), Desk;
    SupplementNeeded, Withdraw => Go(S::WithdrawalRequested), FilerOrDesk;
    SupplementNeeded, DueDateChanged => Same, Workflow;
    SupplementNeeded, ResultApproved => Go(S::ResultReady), Workflow;
    SupplementNeeded, ProcessStopped => Go(S::Stopping), Workflow;

    AwaitingSupplement, Edit => Same, FilerOrDesk;
    AwaitingSupplement, ProvideSupplement => Go(S::Processing), FilerOrDesk;
    AwaitingSupplement, Withdraw => Go(S::WithdrawalRequested), FilerOrDesk;
    AwaitingSupplement, DueDateChanged => Same, Workflow;
    AwaitingSupplement, ExpireSupplement => Go(S::Stopped), Timer;
    AwaitingSupplement, ProcessStopped => Go(S::Stopping), Workflow;

    Accepted, PaymentRequested => Go(S::AwaitingPayment), Payment;
    Processing, PaymentRequested => Go(S::AwaitingPayment), Payment;
    SupplementNeeded, PaymentRequested => Go(S::AwaitingPayment), Payment;

    AwaitingPayment, PaymentRequested => Same, Payment;
    AwaitingPayment, PaymentSettled => Resume, Payment;
    AwaitingPayment, PaymentLapsed => Go(S::Stopped), Payment;
    AwaitingPayment, ProcessStarted => ResumeLater(S::Processing), Workflow;
    AwaitingPayment, SupplementNeeded => ResumeLater(S::SupplementNeeded), Workflow;
    AwaitingPayment, Withdraw => Go(S::WithdrawalRequested), FilerOrDesk;
    AwaitingPayment, DueDateChanged => Same, Workflow;
    AwaitingPayment, ResultApproved => Go(S::ResultReady), Workflow;
    AwaitingPayment, ProcessStopped => Go(S::Stopping), Workflow;

    WithdrawalRequested, PaymentSettled => ResumeLater(S::Processing), Payment;
    WithdrawalRequested, ProcessStarted => ResumeLater(S::Processing), Workflow;
    WithdrawalRequested, SupplementNeeded => ResumeLater(S::SupplementNeeded), Workflow;
    WithdrawalRequested, DueDateChanged => Same, Workflow;
    WithdrawalRequested, ResultApproved => Go(S::ResultReady), Workflow;
    WithdrawalRequested, ProcessStopped => Go(S::Stopping), Workflow;
    WithdrawalRequested, StopRefused => Resume, Workflow;

    Stopping, IssueStopNotice => Go(S::Stopped), Desk;

    ResultReady, ReturnResult => Go(S::Returned), Desk;

    Returned, Close => Go(S::Closed), DeskOrTimer;
};

/// What becomes of `command` in `state`.
pub fn outcome(state: State, command: Command) -> Outcome {
    match TABLE.iter().find(|row| row.from == state && row.command == command) {
        Some(row) => Outcome::Do(row.to),
        None => otherwise(state, command),
    }
}

/// Why a command that is not in the table is not done.
fn otherwise(state: State, command: Command) -> Outcome {
    use Command as C;
    let why = match command {
        // A result cannot be decided while the citizen is asked: a person must look.
        C::ResultApproved if state == S::AwaitingSupplement => Why::AwaitingCitizen,
        // A fact about a dossier that was never accepted cannot be true.
        _ if command.is_fact() => {
            let accepted = !matches!(state, S::Draft | S::Submitted | S::AwaitingCompletion);
            if accepted || command == C::ExpireSupplement {
                return Outcome::Late;
            }
            Why::NotAccepted
        }
        C::Edit | C::Discard => Why::NotEditable,
        C::Submit | C::Receive => Why::NotDraft,
        _ if state == S::Draft => Why::NotSubmitted,
        C::Accept | C::Reject => match state {
            S::AwaitingCompletion => Why::AwaitingCitizen,
            S::Rejected | S::Stopped => Why::DossierEnded,
            _ => Why::AlreadyAccepted,
        },
        _ if state.is_final() => Why::DossierEnded,
        C::RequestSupplement => match state {
            S::AwaitingCompletion | S::AwaitingSupplement => Why::AlreadyAsked,
            _ => Why::NotAskedBySpecialist,
        },
        C::DeclineSupplement => Why::NotAskedBySpecialist,
        C::ProvideSupplement => Why::NotAwaitingSupplement,
        C::Withdraw => match state {
            S::WithdrawalRequested | S::Stopping => Why::WithdrawalPending,
            _ => Why::AlreadyDecided,
        },
        C::IssueStopNotice => Why::ProcessNotStopped,
        C::ReturnResult if state == S::Returned => Why::AlreadyReturned,
        C::ReturnResult => Why::ResultNotReady,
        _ => Why::NotReturned,
    };
    Outcome::No(why)
}

/// The table as the page `STATES.md` shows it.
pub fn page() -> String {
    let mut page = String::from(INTRODUCTION);
    page.push_str("\n## States\n\n| State | Tên | National status | Clock |\n|---|---|---|---|\n");
    for state in State::ALL {
        let national = state.national().map_or("none".to_owned(), |n| (n as u8).to_string());
        let clock = match state.clock() {
            Running::NotStarted => "not started",
            Running::Running => "running",
            Running::Stopped => "stands still",
            Running::Ended => "ended",
        };
        let _ = writeln!(page, "| {state} | {} | {national} | {clock} |", state.title());
    }
    page.push_str("\n## Steps\n\n| From | Command | To | Who |\n|---|---|---|---|\n");
    for row in TABLE {
        let to = match row.to {
            Go(state) => state.to_string(),
            Same => "the same".to_owned(),
            Resume => "where it stood before".to_owned(),
            ResumeLater(state) => format!("the same; resumes in {state}"),
            Gone => "removed".to_owned(),
        };
        let _ = writeln!(page, "| {} | {:?} | {to} | {:?} |", row.from, row.command, row.who);
    }
    page.push_str("\n## Everything else\n\n| State |");
    for command in Command::ALL {
        let _ = write!(page, " {command:?} |");
    }
    let _ = writeln!(page, "\n|---|{}", "---|".repeat(Command::ALL.len()));
    for state in State::ALL {
        let _ = write!(page, "| {state} |");
        for command in Command::ALL {
            let cell = match outcome(state, command) {
                Outcome::Do(_) => "**yes**",
                Outcome::Late => "late",
                Outcome::No(why) => why.reason(),
            };
            let _ = write!(page, " {cell} |");
        }
        page.push('\n');
    }
    page
}

const INTRODUCTION: &str = "\
# The life of a dossier

Printed from `src/domain/table.rs`, which the service itself works from; a test
keeps this page equal to it. `intake` owns these states; what officers do inside
`processing` belongs to `workflow`, whose facts are commands here. A fact that
comes too late is dropped. A draft is submitted by whoever wrote it online;
one begun at a desk is received, sent back for more, or rejected there.
";

#[cfg(test)]
#[path = "table_tests.rs"]
mod tests;
