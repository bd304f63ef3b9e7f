use std::{collections::BTreeMap, path::PathBuf};

use motcua_config::Secret;
use serde::{Deserialize, Serialize};
use url::Url;

use super::PhotosConfig;
use crate::domain::{Topic, ZnsTemplate};

/// The way to Zalo's notification service (ZNS).
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ZaloConfig {
    /// By which Zalo knows our app.
    pub app_id: String,
    /// The app's secret.
    pub secret_key: Secret,
    /// The refresh token with which we begin; those that follow are kept sealed in the store.
    /// Another one here begins anew.
    pub refresh_token: Secret,
    /// The official account's secret, by which Zalo signs what it tells by itself; with it, a
    /// message counts as delivered when Zalo tells that it came.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub events_secret: Option<Secret>,
    /// How pictures are taken that people send while a supplement is awaited; none are without it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub photos: Option<PhotosConfig>,
    /// Where messages are taken.
    #[serde(default = "api_url")]
    pub api_url: Url,
    /// Where tokens are renewed.
    #[serde(default = "oauth_url")]
    pub oauth_url: Url,
    /// How long an answer of it is waited for, in seconds.
    #[serde(default = "answer_s")]
    pub answer_s: u32,
    /// A file with certificates of its authority, PEM, beside those the system trusts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ca: Option<PathBuf>,
    /// The texts that Zalo approved, by what they are about; of other topics nothing goes there.
    #[serde(default)]
    pub templates: BTreeMap<Topic, ZnsTemplate>,
}

/// Theirs, spelled right: a test says so.
fn api_url() -> Url {
    url("https://business.openapi.zalo.me/message/template")
}

fn oauth_url() -> Url {
    url("https://oauth.zaloapp.com/v4/oa/access_token")
}

#[expect(clippy::expect_used, reason = "an address written in the program, which a test reads")]
pub(super) fn url(text: &'static str) -> Url {
    text.parse().expect("an address")
}

const fn answer_s() -> u32 {
    10
}

impl ZaloConfig {
    /// Everything that is wrong, each beginning with its key.
    pub(super) fn wrong(&self) -> Vec<String> {
        let number = |text: &str| !text.is_empty() && text.bytes().all(|c| c.is_ascii_digit());
        let params = |text: &ZnsTemplate| !text.params.keys().any(String::is_empty);
        let rules = [
            (number(&self.app_id), "zalo.app_id: must be a number"),
            (!self.secret_key.is_empty(), "zalo.secret_key: must not be empty"),
            (
                self.events_secret.as_ref().is_none_or(|secret| !secret.is_empty()),
                "zalo.events_secret: must not be empty",
            ),
            (
                self.photos.is_none() || self.events_secret.is_some(),
                "zalo.photos: wants zalo.events_secret, by which Zalo signs what people send",
            ),
            (
                self.photos.is_none()
                    || self.templates.contains_key(&Topic::SupplementRequested)
                    || self.templates.contains_key(&Topic::SupplementDueSoon),
                "zalo.photos: wants a text of zalo.templates that asks for a supplement, by which it is \
                 known whose Zalo it is",
            ),
            (!self.refresh_token.is_empty(), "zalo.refresh_token: must not be empty"),
            // A renewal holds a row of the store.
            ((1..=20).contains(&self.answer_s), "zalo.answer_s: must be 1 to 20"),
            (
                self.templates.values().all(|text| number(&text.id) && params(text)),
                "zalo.templates: each must have an id, which is a number, and names of parameters",
            ),
        ];
        let own = rules.iter().filter(|(right, _)| !right).map(|(_, text)| (*text).to_owned());
        let photos = self.photos.iter().flat_map(PhotosConfig::wrong);
        own.chain(photos).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn little_has_to_be_said() {
        let text = "app_id = '4412'\nsecret_key = 's'\nrefresh_token = 'r'\n\
                    [templates.dossier_accepted]\nid = '3'\nparams = { ma = 'code' }";
        let config: ZaloConfig = toml::from_str(text).unwrap();
        assert_eq!(config.wrong(), [""; 0]);
        assert_eq!([&config.api_url, &config.oauth_url].map(Url::scheme), ["https", "https"]);
        let photos = Some(PhotosConfig { largest_mib: 21, ..PhotosConfig::default() });
        let wrong = ZaloConfig { app_id: "x".into(), answer_s: 21, photos, ..config };
        assert_eq!(wrong.wrong().len(), 5);
    }
}
