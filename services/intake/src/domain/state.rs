//! Where a dossier stands, and what the nation is told of it.

use std::fmt;

/// The citizen's side of a dossier's life (trạng thái hồ sơ). Processing inside
/// the agency has its own states, which belong to workflow.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum State {
    /// Nháp: nobody but its writer sees it.
    Draft,
    /// Mới đăng ký: the desk owes an answer.
    Submitted,
    /// Chờ bổ sung tiếp nhận: asked before acceptance.
    AwaitingCompletion,
    /// Được tiếp nhận: the limit runs.
    Accepted,
    /// Đang xử lý.
    Processing,
    /// The specialist asked; the desk decides whether the citizen is asked.
    SupplementNeeded,
    /// Yêu cầu bổ sung giấy tờ: asked during processing.
    AwaitingSupplement,
    /// Yêu cầu thực hiện nghĩa vụ tài chính: fees are to be paid.
    AwaitingPayment,
    /// Công dân yêu cầu rút hồ sơ: processing owes an answer.
    WithdrawalRequested,
    /// Processing stopped; the desk owes the notice.
    Stopping,
    /// Dừng xử lý.
    Stopped,
    /// Không được tiếp nhận.
    Rejected,
    /// Đã xử lý xong.
    ResultReady,
    /// Đã trả kết quả.
    Returned,
    /// Closed after the result was returned.
    Closed,
}

impl State {
    /// In the order of a dossier's life.
    pub const ALL: [Self; 15] = [
        Self::Draft,
        Self::Submitted,
        Self::AwaitingCompletion,
        Self::Accepted,
        Self::Processing,
        Self::SupplementNeeded,
        Self::AwaitingSupplement,
        Self::AwaitingPayment,
        Self::WithdrawalRequested,
        Self::Stopping,
        Self::Stopped,
        Self::Rejected,
        Self::ResultReady,
        Self::Returned,
        Self::Closed,
    ];

    /// The word in rows.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Submitted => "submitted",
            Self::AwaitingCompletion => "awaiting_completion",
            Self::Accepted => "accepted",
            Self::Processing => "processing",
            Self::SupplementNeeded => "supplement_needed",
            Self::AwaitingSupplement => "awaiting_supplement",
            Self::AwaitingPayment => "awaiting_payment",
            Self::WithdrawalRequested => "withdrawal_requested",
            Self::Stopping => "stopping",
            Self::Stopped => "stopped",
            Self::Rejected => "rejected",
            Self::ResultReady => "result_ready",
            Self::Returned => "returned",
            Self::Closed => "closed",
        }
    }

    /// Reads the word; a word of a newer release is `None`.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_str() == word)
    }

    /// What the national database is told.
    pub const fn national(self) -> Option<NationalStatus> {
        Some(match self {
            Self::Draft => return None,
            Self::Submitted => NationalStatus::Registered,
            Self::AwaitingCompletion | Self::AwaitingSupplement => NationalStatus::Supplement,
            Self::Accepted => NationalStatus::Accepted,
            Self::Processing | Self::SupplementNeeded => NationalStatus::Processing,
            Self::AwaitingPayment => NationalStatus::FinancialObligation,
            Self::WithdrawalRequested | Self::Stopping => NationalStatus::Withdrawal,
            Self::Stopped => NationalStatus::Stopped,
            Self::Rejected => NationalStatus::Rejected,
            Self::ResultReady => NationalStatus::Done,
            Self::Returned | Self::Closed => NationalStatus::Returned,
        })
    }

    /// Whether working time counts against the agency. It stands still in the
    /// national statuses 5, 6 and 7.
    pub const fn clock(self) -> Running {
        match self {
            Self::Draft | Self::Submitted | Self::AwaitingCompletion => Running::NotStarted,
            Self::Accepted | Self::Processing | Self::SupplementNeeded => Running::Running,
            Self::AwaitingSupplement
            | Self::AwaitingPayment
            | Self::WithdrawalRequested
            | Self::Stopping => Running::Stopped,
            Self::Stopped | Self::Rejected | Self::ResultReady | Self::Returned | Self::Closed => {
                Running::Ended
            }
        }
    }

    /// Nothing leads out of it.
    pub const fn is_final(self) -> bool {
        matches!(self, Self::Stopped | Self::Rejected | Self::Closed)
    }

    /// What people call it.
    pub const fn title(self) -> &'static str {
        match self {
            Self::Draft => "Nháp",
            Self::Submitted => "Mới đăng ký",
            Self::AwaitingCompletion => "Chờ bổ sung để tiếp nhận",
            Self::Accepted => "Được tiếp nhận",
            Self::Processing => "Đang xử lý",
            Self::SupplementNeeded => "Đang xử lý, cơ quan xem xét yêu cầu bổ sung",
            Self::AwaitingSupplement => "Yêu cầu bổ sung giấy tờ",
            Self::AwaitingPayment => "Yêu cầu thực hiện nghĩa vụ tài chính",
            Self::WithdrawalRequested => "Công dân yêu cầu rút hồ sơ",
            Self::Stopping => "Đã dừng, chờ thông báo",
            Self::Stopped => "Dừng xử lý",
            Self::Rejected => "Không được tiếp nhận",
            Self::ResultReady => "Đã xử lý xong",
            Self::Returned => "Đã trả kết quả",
            Self::Closed => "Đã đóng",
        }
    }
}

impl fmt::Display for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Trạng thái hồ sơ of the national database.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NationalStatus {
    /// 1 Mới đăng ký.
    Registered = 1,
    /// 2 Được tiếp nhận.
    Accepted = 2,
    /// 3 Không được tiếp nhận.
    Rejected = 3,
    /// 4 Đang xử lý.
    Processing = 4,
    /// 5 Yêu cầu bổ sung giấy tờ.
    Supplement = 5,
    /// 6 Yêu cầu thực hiện nghĩa vụ tài chính.
    FinancialObligation = 6,
    /// 7 Công dân yêu cầu rút hồ sơ.
    Withdrawal = 7,
    /// 8 Dừng xử lý.
    Stopped = 8,
    /// 9 Đã xử lý xong.
    Done = 9,
    /// 10 Đã trả kết quả.
    Returned = 10,
}

/// Whether working time is being counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Running {
    /// The limit has not begun.
    NotStarted,
    /// Counting.
    Running,
    /// Standing still.
    Stopped,
    /// Counted to the end.
    Ended,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_reads_back_and_a_newer_one_is_nobodys() {
        for state in State::ALL {
            assert_eq!(State::parse(state.as_str()), Some(state));
        }
        assert_eq!(State::parse("awaiting_the_moon"), None);
    }

    #[test]
    fn the_clock_stands_still_exactly_in_five_six_and_seven() {
        for state in State::ALL {
            let number = state.national().map(|n| n as u8);
            let before_acceptance = state == State::AwaitingCompletion;
            let still = matches!(number, Some(5..=7)) && !before_acceptance;
            assert_eq!(state.clock() == Running::Stopped, still, "{state}");
        }
    }
}
