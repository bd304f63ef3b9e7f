/// How far a dossier came, for whoever asks by short message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Progress {
    /// Filed, and not answered yet.
    Submitted,
    /// Something is missing before it is accepted.
    AwaitingCompletion,
    /// Accepted.
    Accepted,
    /// Worked on.
    Processing,
    /// Something is missing.
    AwaitingSupplement,
    /// Fees are to be paid.
    AwaitingPayment,
    /// Somebody wants it back.
    WithdrawalRequested,
    /// Ended without a result.
    Stopped,
    /// Not accepted.
    Rejected,
    /// There is a result.
    ResultReady,
    /// The result was handed over.
    Returned,
}

impl Progress {
    /// All of them.
    pub const ALL: [Self; 11] = [
        Self::Submitted,
        Self::AwaitingCompletion,
        Self::Accepted,
        Self::Processing,
        Self::AwaitingSupplement,
        Self::AwaitingPayment,
        Self::WithdrawalRequested,
        Self::Stopped,
        Self::Rejected,
        Self::ResultReady,
        Self::Returned,
    ];

    /// The word templates tell it by.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Submitted => "submitted",
            Self::AwaitingCompletion => "awaiting_completion",
            Self::Accepted => "accepted",
            Self::Processing => "processing",
            Self::AwaitingSupplement => "awaiting_supplement",
            Self::AwaitingPayment => "awaiting_payment",
            Self::WithdrawalRequested => "withdrawal_requested",
            Self::Stopped => "stopped",
            Self::Rejected => "rejected",
            Self::ResultReady => "result_ready",
            Self::Returned => "returned",
        }
    }
}
