//! The enums of the contract and ours.

use motcua_proto::intake::v1 as proto;

use crate::domain::{
    Basis, Channel, DeliveryState, Finance, NationalStatus, PartyKind, ReturnWay, RoundState,
    Running, Scan, State, StopCause, Unfit,
};

/// Both directions of an enum whose values answer one to one. Unspecified, and
/// values of a newer contract, are `None`.
macro_rules! both_ways {
    ($there:ident / $back:ident: $ours:ident = $theirs:ident { $($ours_value:ident = $value:ident),+ $(,)? }) => {
        pub(crate) const fn $there(value: $ours) -> proto::$theirs {
            match value { $($ours::$ours_value => proto::$theirs::$value),+ }
        }

        pub(crate) fn $back(value: i32) -> Option<$ours> {
            match proto::$theirs::try_from(value) {
                $(Ok(proto::$theirs::$value) => Some($ours::$ours_value),)+
                _ => None,
            }
        }
    };
}

both_ways!(channel / to_channel: Channel = FilingChannel {
    Online = Online, Desk = Desk, Post = Post, Zalo = Zalo,
});
both_ways!(return_way / to_return_way: ReturnWay = ReturnWay {
    Online = Online, Desk = Desk, Post = Post,
});
both_ways!(party_kind / to_party_kind: PartyKind = PartyKind {
    Citizen = Citizen, Organisation = Organisation,
});
both_ways!(basis / to_basis: Basis = RepresentationBasis {
    Authorisation = Authorisation, Legal = Legal, Relative = Relative,
});
both_ways!(state / to_state: State = DossierState {
    Draft = Draft,
    Submitted = Submitted,
    AwaitingCompletion = AwaitingCompletion,
    Accepted = Accepted,
    Processing = Processing,
    SupplementNeeded = SupplementNeeded,
    AwaitingSupplement = AwaitingSupplement,
    AwaitingPayment = AwaitingPayment,
    WithdrawalRequested = WithdrawalRequested,
    Stopping = Stopping,
    Stopped = Stopped,
    Rejected = Rejected,
    ResultReady = ResultReady,
    Returned = Returned,
    Closed = Closed,
});

pub(crate) const fn national(state: State) -> proto::NationalStatus {
    match state.national() {
        None => proto::NationalStatus::Unspecified,
        Some(NationalStatus::Registered) => proto::NationalStatus::Registered,
        Some(NationalStatus::Accepted) => proto::NationalStatus::Accepted,
        Some(NationalStatus::Rejected) => proto::NationalStatus::Rejected,
        Some(NationalStatus::Processing) => proto::NationalStatus::Processing,
        Some(NationalStatus::Supplement) => proto::NationalStatus::Supplement,
        Some(NationalStatus::FinancialObligation) => proto::NationalStatus::FinancialObligation,
        Some(NationalStatus::Withdrawal) => proto::NationalStatus::Withdrawal,
        Some(NationalStatus::Stopped) => proto::NationalStatus::Stopped,
        Some(NationalStatus::Done) => proto::NationalStatus::Done,
        Some(NationalStatus::Returned) => proto::NationalStatus::Returned,
    }
}

pub(crate) const fn clock(state: State) -> proto::ClockRunning {
    match state.clock() {
        Running::NotStarted => proto::ClockRunning::NotStarted,
        Running::Running => proto::ClockRunning::Running,
        Running::Stopped => proto::ClockRunning::Stopped,
        Running::Ended => proto::ClockRunning::Ended,
    }
}

pub(crate) const fn finance(finance: Finance) -> proto::FinanceState {
    match finance {
        Finance::Free => proto::FinanceState::Free,
        Finance::NotCollectedHere => proto::FinanceState::NotCollectedHere,
        Finance::Unknown => proto::FinanceState::Unknown,
        Finance::Due => proto::FinanceState::Due,
        Finance::Paid => proto::FinanceState::Paid,
    }
}

pub(crate) const fn delivery(state: DeliveryState) -> proto::DeliveryState {
    match state {
        DeliveryState::None => proto::DeliveryState::None,
        DeliveryState::Waiting => proto::DeliveryState::Waiting,
        DeliveryState::Sent => proto::DeliveryState::Sent,
        DeliveryState::Delivered => proto::DeliveryState::Delivered,
    }
}

pub(crate) const fn scan(scan: Scan) -> proto::ScanState {
    match scan {
        Scan::Unscanned => proto::ScanState::Unscanned,
        Scan::Clean => proto::ScanState::Clean,
        Scan::Waiting => proto::ScanState::Waiting,
        Scan::Unfit(Unfit::Infected) => proto::ScanState::Infected,
        Scan::Unfit(_) => proto::ScanState::Unscannable,
    }
}

pub(crate) const fn round_state(state: RoundState) -> proto::SupplementState {
    match state {
        RoundState::Requested => proto::SupplementState::Requested,
        RoundState::Provided => proto::SupplementState::Provided,
        RoundState::Expired => proto::SupplementState::Expired,
        RoundState::Cancelled => proto::SupplementState::Cancelled,
    }
}

pub(crate) const fn stop_cause(cause: StopCause) -> proto::StopCause {
    match cause {
        StopCause::Withdrawn => proto::StopCause::Withdrawn,
        StopCause::SupplementExpired => proto::StopCause::SupplementExpired,
        StopCause::Process => proto::StopCause::Process,
        StopCause::PaymentLapsed => proto::StopCause::PaymentLapsed,
    }
}
