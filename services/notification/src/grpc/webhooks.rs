//! Addresses of organisations' systems: proto to commands, and views to proto.

use motcua_context::Timestamp;
use motcua_fault::{Fault, Violations};
use motcua_ids::WebhookId;
use motcua_proto::notification::v1 as proto;
use url::Url;

use super::convert::instant;
use crate::{
    app::WebhookChange,
    domain::{Answer, OffCause, Webhook},
};

/// The longest address, in characters.
const LONGEST: usize = 2_000;

pub(super) fn webhook(webhook: &Webhook, now: Timestamp) -> proto::Webhook {
    let off = webhook.hook.off.as_ref();
    let state = if webhook.is_on() { proto::WebhookState::On } else { proto::WebhookState::Off };
    proto::Webhook {
        name: webhook.id.name(),
        url: webhook.hook.url.clone(),
        state: state.into(),
        off_cause: off.map_or(proto::WebhookOffCause::Unspecified, |off| cause(off.cause)).into(),
        off_time: off.map(|off| instant(off.at)),
        failing_time: webhook.hook.failing_since.map(instant),
        old_secret_expire_time: webhook.overlaps_until(now).map(instant),
        create_time: Some(instant(webhook.created_at)),
        etag: webhook.version.to_string(),
    }
}

pub(super) fn tried(answer: Option<&Answer>) -> proto::TestWebhookResponse {
    let taken = matches!(answer, Some(Answer::Taken(_)));
    let reason = match answer {
        Some(answer) => answer.reason().map(ToString::to_string).unwrap_or_default(),
        None => "DONE_BEFORE".to_owned(),
    };
    proto::TestWebhookResponse { taken, reason }
}

const fn cause(cause: OffCause) -> proto::WebhookOffCause {
    match cause {
        OffCause::Owner => proto::WebhookOffCause::Owner,
        OffCause::Gone => proto::WebhookOffCause::Gone,
        OffCause::Failing => proto::WebhookOffCause::Failing,
    }
}

pub(super) fn name(name: &str) -> Result<WebhookId, Fault> {
    let mut bad = Violations::default();
    let id = read_name(&mut bad, "name", name);
    bad.finish()?;
    id.ok_or_else(|| Fault::internal("a name that is none"))
}

pub(super) fn address(text: &str) -> Result<Url, Fault> {
    let mut bad = Violations::default();
    let url = read_url(&mut bad, "url", text);
    bad.finish()?;
    url.ok_or_else(|| Fault::internal("an address that is none"))
}

/// What an owner changes. Everything that is wrong is told at once.
pub(super) fn change(request: &proto::UpdateWebhookRequest) -> Result<WebhookChange, Fault> {
    let mut bad = Violations::default();
    let given = request.webhook.clone().unwrap_or_default();
    let id = read_name(&mut bad, "webhook.name", &given.name);
    let paths = request.update_mask.as_ref().map(|mask| mask.paths.as_slice()).unwrap_or_default();
    if paths.is_empty() {
        bad.add("update_mask", "REQUIRED", "Cho biết cần sửa gì: url, state.");
    }
    let (mut url, mut on) = (None, None);
    for path in paths {
        match path.as_str() {
            "url" => url = read_url(&mut bad, "webhook.url", &given.url),
            "state" => match given.state() {
                proto::WebhookState::On => on = Some(true),
                proto::WebhookState::Off => on = Some(false),
                proto::WebhookState::Unspecified => {
                    bad.add("webhook.state", "REQUIRED", "Chọn bật hoặc tắt.");
                }
            },
            other => {
                bad.add("update_mask", "FIELD_UNKNOWN", format!("Không sửa được mục «{other}»."));
            }
        }
    }
    let version = match given.etag.as_str() {
        "" => None,
        // An etag that is no number is one that does not match.
        etag => Some(etag.parse().unwrap_or(-1)),
    };
    bad.finish()?;
    let id = id.ok_or_else(|| Fault::internal("a name that is none"))?;
    Ok(WebhookChange { id, url, on, version })
}

fn read_name(bad: &mut Violations, field: &str, name: &str) -> Option<WebhookId> {
    let id = WebhookId::from_name(name);
    id.map_err(|error| bad.add(field, "NAME_INVALID", error.to_string())).ok()
}

/// An address with a host, and without what a request would not carry or should not.
fn read_url(bad: &mut Violations, field: &str, text: &str) -> Option<Url> {
    let plain = |url: &Url| {
        let clean = url.username().is_empty() && url.password().is_none();
        let web = ["https", "http"].contains(&url.scheme());
        web && url.has_host() && clean && url.fragment().is_none()
    };
    let url = Url::parse(text).ok().filter(|_| text.len() <= LONGEST).filter(plain);
    if url.is_none() {
        let text =
            "Địa chỉ phải có dạng https://máy-chủ/đường-dẫn, không có tên đăng nhập và dấu #.";
        bad.add(field, "URL_INVALID", text);
    }
    url
}
