use std::{path::PathBuf, time::Duration};

use serde::{Deserialize, Serialize};
use url::Url;

use super::zalo::url;

/// How pictures are taken that people send to the official account while a supplement is awaited.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct PhotosConfig {
    /// Where messages of a conversation (tin tư vấn) are taken.
    pub talk_url: Url,
    /// The largest picture, in MiB.
    pub largest_mib: u32,
    /// How long a picture is waited for, in seconds.
    pub answer_s: u32,
    /// A file with certificates of an authority of those who keep pictures, PEM, beside those the
    /// system trusts.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ca: Option<PathBuf>,
    /// Whether pictures may lie anywhere, in private networks and in clear too: for trying out and
    /// tests alone.
    pub anywhere: bool,
}

impl Default for PhotosConfig {
    fn default() -> Self {
        Self {
            talk_url: url("https://openapi.zalo.me/v3.0/oa/message/cs"),
            largest_mib: 10,
            answer_s: 20,
            ca: None,
            anywhere: false,
        }
    }
}

impl PhotosConfig {
    /// Everything that is wrong, each beginning with its key.
    pub(super) fn wrong(&self) -> Vec<String> {
        let rules = [
            // It is held in memory on its way.
            ((1..=20).contains(&self.largest_mib), "zalo.photos.largest_mib: must be 1 to 20"),
            ((1..=60).contains(&self.answer_s), "zalo.photos.answer_s: must be 1 to 60"),
        ];
        rules.iter().filter(|(right, _)| !right).map(|(_, text)| (*text).to_owned()).collect()
    }

    /// How long a picture is waited for.
    pub fn answer(&self) -> Duration {
        Duration::from_secs(self.answer_s.into())
    }

    /// The largest picture, in octets.
    pub const fn largest(&self) -> usize {
        (self.largest_mib as usize) << 20
    }
}
