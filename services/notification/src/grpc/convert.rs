//! Proto to commands, and views to proto.

use chrono::{DateTime, Utc};
use motcua_fault::{Fault, Violations};
use motcua_ids::{AccountId, DossierId, MessageId};
use motcua_proto::notification::v1 as proto;

use crate::{
    app::{Change, First, Preview, SpoolFilter, ZaloPreview},
    domain::{
        Channel, ChannelUse, Language, Message, MessageState, Preferences, SMS_SEPTETS, Stage,
        Status, Template, Topic, templates,
    },
};

pub(super) fn message(message: &Message) -> proto::Message {
    let (stage, reason, _) = message.status();
    let (attempts, delivered_at) = match message.state {
        MessageState::Delivered { at, attempts } => (attempts, Some(at)),
        MessageState::Queued { attempts }
        | MessageState::Sent { attempts, .. }
        | MessageState::Failed { attempts, .. }
        | MessageState::Expired { attempts, .. }
        | MessageState::Spared { attempts, .. } => (attempts, None),
    };
    let written_in = crate::domain::template(&message.template)
        .map(|template| language_message(template.language));
    let written = &message.written;
    let handover = message.handover.as_ref();
    proto::Message {
        name: message.id.name(),
        dossier: dossier_name(message.origin.dossier),
        code: message.origin.code.clone(),
        topic: topic_message(message.topic).into(),
        channel: channel_message(written.address.channel()).into(),
        template: message.template.clone(),
        title: written.title.clone(),
        text: written.text.clone(),
        state: stage_message(stage).into(),
        create_time: Some(instant(message.created_at)),
        deliver_time: delivered_at.map(instant),
        read_time: message.read_at.map(instant),
        masked_address: written.address.masked(),
        attempts: attempts.into(),
        failure_reason: reason.to_owned(),
        provider: handover.map(|taken| taken.provider.clone()).unwrap_or_default(),
        send_time: handover.map(|taken| instant(taken.at)),
        segments: handover.map_or(0, |taken| taken.segments.into()),
        send_millis: handover.map_or(0, |taken| taken.took.num_milliseconds()),
        language: written_in.unwrap_or_default().into(),
    }
}

pub(super) fn status(status: &Status) -> proto::MessageStatus {
    proto::MessageStatus {
        sequence: status.sequence,
        message: status.message.name(),
        dossier: dossier_name(status.dossier),
        code: status.code.clone(),
        topic: topic_message(status.topic).into(),
        channel: channel_message(status.channel).into(),
        state: stage_message(status.state).into(),
        reason: status.reason.clone(),
        change_time: Some(instant(status.at)),
    }
}

const fn stage_message(stage: Stage) -> proto::MessageState {
    match stage {
        Stage::Queued => proto::MessageState::Queued,
        Stage::Sent => proto::MessageState::Sent,
        Stage::Delivered => proto::MessageState::Delivered,
        Stage::Failed => proto::MessageState::Failed,
        Stage::Expired => proto::MessageState::Expired,
        Stage::Spared => proto::MessageState::Spared,
    }
}

pub(super) fn preferences(account: AccountId, known: Preferences) -> proto::Preferences {
    proto::Preferences {
        name: preferences_name(account),
        sms: use_message(known.sms).into(),
        email: use_message(known.email).into(),
        zalo: use_message(known.zalo).into(),
        etag: known.version.to_string(),
        first: known.first.map_or(proto::MessageChannel::Unspecified, channel_message).into(),
        language: language_message(known.language).into(),
        digest: if known.digest { proto::DigestUse::Daily } else { proto::DigestUse::Off }.into(),
    }
}

pub(super) fn template(template: &Template) -> proto::Template {
    proto::Template {
        name: template.name(),
        topic: topic_message(template.topic).into(),
        channels: template
            .variant
            .channels()
            .iter()
            .map(|channel| channel_message(*channel).into())
            .collect(),
        version: template.version.into(),
        current: template.is_current(),
        text: template.source.to_owned(),
        language: language_message(template.language).into(),
    }
}

/// The templates of a language, or of all, behind `after`, at the most `size`; and whether there
/// are more.
pub(super) fn template_page(
    of: proto::Language,
    after: usize,
    size: u64,
) -> (Vec<proto::Template>, bool) {
    let size = usize::try_from(size).unwrap_or(usize::MAX);
    let wanted = language(of);
    let all = templates().iter().filter(|t| wanted.is_none_or(|wanted| t.language == wanted));
    let mut rest = all.skip(after);
    let page = rest.by_ref().take(size).map(template).collect();
    (page, rest.next().is_some())
}

pub(super) fn preview(preview: Preview) -> proto::PreviewTemplateResponse {
    let number = |count: Option<usize>| count.map_or(0, |n| i32::try_from(n).unwrap_or(i32::MAX));
    debug_assert!(preview.septets.is_none_or(|n| n <= SMS_SEPTETS));
    proto::PreviewTemplateResponse {
        title: preview.rendered.title,
        text: preview.rendered.text,
        sms_septets: number(preview.septets),
        sms_segments: number(preview.segments),
        language: language_message(preview.language).into(),
        zalo: preview.zalo.map(zalo_preview),
    }
}

fn zalo_preview(ZaloPreview { template, values }: ZaloPreview) -> proto::ZaloPreview {
    let value = |(param, value): (String, Option<String>)| proto::ZaloValue {
        param,
        value: value.unwrap_or_default(),
    };
    proto::ZaloPreview { template_id: template, values: values.into_iter().map(value).collect() }
}

pub(super) fn message_id(name: &str) -> Result<MessageId, Fault> {
    let mut bad = Violations::default();
    let id = MessageId::from_name(name);
    if let Err(error) = &id {
        bad.add("name", "NAME_INVALID", error.to_string());
    }
    bad.finish()?;
    id.map_err(Fault::internal)
}

pub(super) fn spool_filter(request: &proto::ListSpoolRequest) -> Result<SpoolFilter, Fault> {
    let mut bad = Violations::default();
    let dossier = match request.dossier.as_str() {
        "" => None,
        name => match DossierId::from_name(name) {
            Ok(id) => Some(id),
            Err(error) => {
                bad.add("dossier", "NAME_INVALID", error.to_string());
                None
            }
        },
    };
    let channel = match request.channel() {
        proto::MessageChannel::Unspecified => None,
        proto::MessageChannel::Sms => Some(Channel::Sms),
        proto::MessageChannel::Email => Some(Channel::Email),
        proto::MessageChannel::Zalo => Some(Channel::Zalo),
        proto::MessageChannel::Webhook => Some(Channel::Webhook),
        proto::MessageChannel::Inbox => {
            let text = "Hộp thư của tài khoản chỉ chủ tài khoản xem được.";
            bad.add("channel", "CHANNEL_NOT_SPOOLED", text);
            None
        }
    };
    bad.finish()?;
    Ok(SpoolFilter { dossier, channel })
}

/// What a person changes. Everything that is wrong is told at once.
pub(super) fn change(request: &proto::UpdatePreferencesRequest) -> Result<Change, Fault> {
    let mut bad = Violations::default();
    let given = request.preferences.clone().unwrap_or_default();
    if request.preferences.is_none() {
        bad.add("preferences", "REQUIRED", "Chưa có nội dung cần thay đổi.");
    }
    let paths = request.update_mask.as_ref().map(|mask| mask.paths.as_slice()).unwrap_or_default();
    for path in paths {
        if !["sms", "email", "zalo", "first", "language", "digest"].contains(&path.as_str()) {
            bad.add("update_mask", "FIELD_UNKNOWN", format!("Không sửa được mục «{path}»."));
        }
    }
    let masked = |path: &str| paths.is_empty() || paths.iter().any(|p| p == path);
    let mut wanted = |path: &str, value: proto::ChannelUse| {
        if !masked(path) || request.preferences.is_none() {
            return None;
        }
        let read = channel_use(value);
        if read.is_none() {
            let text = "Chọn một trong: tất cả, chỉ tin bắt buộc, không nhận.";
            bad.add(format!("preferences.{path}"), "REQUIRED", text);
        }
        read
    };
    let (sms, email) = (wanted("sms", given.sms()), wanted("email", given.email()));
    // Callers from before Zalo say nothing of it where they mean both of the others.
    let silent = paths.is_empty() && given.zalo() == proto::ChannelUse::Unspecified;
    let zalo = if silent { None } else { wanted("zalo", given.zalo()) };
    let spoken = language(given.language()).filter(|_| masked("language"));
    if spoken.is_none() && paths.iter().any(|path| path == "language") {
        bad.add("preferences.language", "REQUIRED", "Chọn tiếng Việt hoặc tiếng Anh.");
    }
    let digest = digest_use(given.digest()).filter(|_| masked("digest"));
    if digest.is_none() && paths.iter().any(|path| path == "digest") {
        bad.add("preferences.digest", "REQUIRED", "Chọn nhận tin mỗi sáng hoặc không nhận.");
    }
    let is_said = given.first() != proto::MessageChannel::Unspecified;
    let chosen = [Channel::Sms, Channel::Email, Channel::Zalo]
        .into_iter()
        .find(|channel| channel_message(*channel) == given.first());
    if masked("first") && is_said && chosen.is_none() {
        let text = "Chọn một trong: Zalo, tin nhắn SMS, thư điện tử.";
        bad.add("preferences.first", "CHANNEL_NOT_IN_TURN", text);
    }
    // Whoever knows nothing of it names no mask and no channel, and changes nothing.
    let first = (masked("first") && (is_said || !paths.is_empty()))
        .then(|| chosen.map_or(First::Nobody, First::Chosen));
    let version = match given.etag.as_str() {
        "" => None,
        // An etag that is no number is one that does not match.
        etag => Some(etag.parse().unwrap_or(-1)),
    };
    bad.finish()?;
    Ok(Change { sms, email, zalo, first, language: spoken, digest, version })
}

/// The contract's enum.
pub(crate) const fn channel_message(channel: Channel) -> proto::MessageChannel {
    match channel {
        Channel::Inbox => proto::MessageChannel::Inbox,
        Channel::Sms => proto::MessageChannel::Sms,
        Channel::Email => proto::MessageChannel::Email,
        Channel::Zalo => proto::MessageChannel::Zalo,
        Channel::Webhook => proto::MessageChannel::Webhook,
    }
}

/// The contract's enum.
pub(crate) const fn topic_message(topic: Topic) -> proto::MessageTopic {
    match topic {
        Topic::DossierSubmitted => proto::MessageTopic::DossierSubmitted,
        Topic::DossierAccepted => proto::MessageTopic::DossierAccepted,
        Topic::SupplementRequested => proto::MessageTopic::SupplementRequested,
        Topic::DossierRejected => proto::MessageTopic::DossierRejected,
        Topic::DossierStopped => proto::MessageTopic::DossierStopped,
        Topic::WithdrawalRefused => proto::MessageTopic::WithdrawalRefused,
        Topic::DueDateChanged => proto::MessageTopic::DueDateChanged,
        Topic::ResultReady => proto::MessageTopic::ResultReady,
        Topic::ResultReturned => proto::MessageTopic::ResultReturned,
        Topic::WithdrawalRequested => proto::MessageTopic::WithdrawalRequested,
        Topic::SupplementReceived => proto::MessageTopic::SupplementReceived,
        Topic::DossierOverdue => proto::MessageTopic::DossierOverdue,
        Topic::PaperQuarantined => proto::MessageTopic::PaperQuarantined,
        Topic::PaymentRequested => proto::MessageTopic::PaymentRequested,
        Topic::PaymentReceived => proto::MessageTopic::PaymentReceived,
        Topic::PaymentRefunded => proto::MessageTopic::PaymentRefunded,
        Topic::PaymentDueSoon => proto::MessageTopic::PaymentDueSoon,
        Topic::SupplementDueSoon => proto::MessageTopic::SupplementDueSoon,
        Topic::WebhookOff => proto::MessageTopic::WebhookOff,
        Topic::InquiryAnswered => proto::MessageTopic::InquiryAnswered,
        Topic::OfficerDigest => proto::MessageTopic::OfficerDigest,
    }
}

const fn use_message(channel_use: ChannelUse) -> proto::ChannelUse {
    match channel_use {
        ChannelUse::All => proto::ChannelUse::All,
        ChannelUse::RequiredOnly => proto::ChannelUse::RequiredOnly,
        ChannelUse::Off => proto::ChannelUse::Off,
    }
}

const fn channel_use(message: proto::ChannelUse) -> Option<ChannelUse> {
    match message {
        proto::ChannelUse::Unspecified => None,
        proto::ChannelUse::All => Some(ChannelUse::All),
        proto::ChannelUse::RequiredOnly => Some(ChannelUse::RequiredOnly),
        proto::ChannelUse::Off => Some(ChannelUse::Off),
    }
}

const fn language_message(language: Language) -> proto::Language {
    match language {
        Language::Vi => proto::Language::Vi,
        Language::En => proto::Language::En,
    }
}

const fn language(message: proto::Language) -> Option<Language> {
    match message {
        proto::Language::Unspecified => None,
        proto::Language::Vi => Some(Language::Vi),
        proto::Language::En => Some(Language::En),
    }
}

const fn digest_use(message: proto::DigestUse) -> Option<bool> {
    match message {
        proto::DigestUse::Unspecified => None,
        proto::DigestUse::Daily => Some(true),
        proto::DigestUse::Off => Some(false),
    }
}

/// Empty where a message is about no dossier.
pub(crate) fn dossier_name(dossier: Option<DossierId>) -> String {
    dossier.map(DossierId::name).unwrap_or_default()
}

fn preferences_name(account: AccountId) -> String {
    format!("{}/preferences", account.name())
}

pub(super) fn instant(at: DateTime<Utc>) -> prost_types::Timestamp {
    std::time::SystemTime::from(at).into()
}
