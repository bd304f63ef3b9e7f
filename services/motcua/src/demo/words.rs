//! What the contracts' words are called in Vietnamese.

use motcua_proto::{
    intake::v1::DossierState,
    notification::v1::{MessageChannel, MessageState},
};

/// The state of a dossier, as `services/intake/STATES.md` calls it.
pub(super) const fn state(state: DossierState) -> &'static str {
    match state {
        DossierState::Unspecified => "không rõ",
        DossierState::Draft => "Nháp",
        DossierState::Submitted => "Mới đăng ký",
        DossierState::AwaitingCompletion => "Chờ bổ sung để tiếp nhận",
        DossierState::Accepted => "Được tiếp nhận",
        DossierState::Processing => "Đang xử lý",
        DossierState::SupplementNeeded => "Đang xử lý, cơ quan xem xét yêu cầu bổ sung",
        DossierState::AwaitingSupplement => "Yêu cầu bổ sung giấy tờ",
        DossierState::AwaitingPayment => "Yêu cầu thực hiện nghĩa vụ tài chính",
        DossierState::WithdrawalRequested => "Công dân yêu cầu rút hồ sơ",
        DossierState::Stopping => "Đã dừng, chờ thông báo",
        DossierState::Stopped => "Dừng xử lý",
        DossierState::Rejected => "Không được tiếp nhận",
        DossierState::ResultReady => "Đã xử lý xong",
        DossierState::Returned => "Đã trả kết quả",
        DossierState::Closed => "Đã đóng",
    }
}

/// Where a message goes.
pub(super) const fn channel(channel: MessageChannel) -> &'static str {
    match channel {
        MessageChannel::Unspecified => "không rõ",
        MessageChannel::Inbox => "hộp thư",
        MessageChannel::Sms => "tin nhắn",
        MessageChannel::Email => "thư điện tử",
        MessageChannel::Zalo => "Zalo",
        MessageChannel::Webhook => "hệ thống của tổ chức",
    }
}

/// How far a message came. The demonstration has no providers: handed over is to the spool.
pub(super) const fn handed_over(state: MessageState) -> &'static str {
    match state {
        MessageState::Unspecified => "không rõ",
        MessageState::Queued => "đang chờ gửi",
        MessageState::Sent => "đã gửi, chờ báo nhận",
        MessageState::Delivered => "đã chuyển gửi",
        MessageState::Failed => "không gửi được",
        MessageState::Expired => "không có báo nhận",
        MessageState::Spared => "không cần gửi",
    }
}
