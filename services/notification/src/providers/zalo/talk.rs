use std::{sync::Arc, time::Instant};

use motcua_context::Timestamp;
use motcua_outside::Strangers;
use serde_json::json;
use url::Url;

use super::{Doors, Holder, NAME, code};
use crate::{
    config::{PhotosConfig, ZaloConfig},
    domain::{Answer, Channel, TALK, Taken, Tariff},
    providers::watched::Meter,
};

/// Talk by the official account: what is said there, and the pictures that people send.
pub(crate) struct Talk {
    config: PhotosConfig,
    doors: Doors,
    strangers: Strangers,
    meter: Meter,
}

/// Why there is no picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Miss {
    /// It may be there another time.
    Later,
    /// There is none that could be taken.
    Never,
}

impl Talk {
    pub(crate) fn new(
        own: &ZaloConfig,
        config: PhotosConfig,
        holder: Arc<dyn Holder>,
        tariff: Tariff,
    ) -> anyhow::Result<Self> {
        let meter = Meter::new(TALK, tariff);
        let strangers = Strangers::new(config.answer(), config.ca.as_deref(), config.anywhere)?;
        Ok(Self { doors: Doors::new(own, holder)?, config, strangers, meter })
    }

    /// Says something to somebody who wrote to the official account lately.
    pub(crate) async fn say(&self, now: Timestamp, user: &str, text: &str) -> Answer {
        let begun = Instant::now();
        let answer = self.tell(user, text).await;
        self.meter.note(now, Channel::Zalo, &answer, begun.elapsed());
        answer
    }

    async fn tell(&self, user: &str, text: &str) -> Answer {
        let body = json!({ "recipient": { "user_id": user }, "message": { "text": text } });
        match self.doors.send(&self.config.talk_url, &body.to_string()).await {
            Err(answer) => answer,
            Ok(said) => match code(&said) {
                Some(0) => Answer::Taken(Taken { id: None, segments: 1, receipt: false }),
                // Of the person: they left, or wrote too long ago.
                Some(code @ (-213 | -217 | -227 | -230 | -232)) => {
                    tracing::info!(code, "somebody cannot be answered at Zalo");
                    Answer::refused("ZALO_PERSON_REFUSED")
                }
                code => {
                    tracing::warn!(provider = NAME, code, "Zalo does not take an answer");
                    Answer::later("ZALO_FAILS")
                }
            },
        }
    }

    /// The picture at an address that Zalo told: from a public address by TLS, of the size allowed.
    pub(crate) async fn fetch(&self, url: &str) -> Result<Vec<u8>, Miss> {
        let url: Url = url.parse().map_err(|_| Miss::Never)?;
        let request = self.strangers.get(&url).map_err(|_| {
            tracing::warn!("a picture does not lie at a public address");
            Miss::Never
        })?;
        match Strangers::body(request, self.config.largest()).await {
            Ok((status, Some(body))) if status.is_success() => Ok(body),
            Ok((status, None)) if status.is_success() => {
                tracing::info!("a picture is larger than notification.zalo.photos.largest_mib");
                Err(Miss::Never)
            }
            Ok((status, _)) => {
                tracing::warn!(%status, "a picture is not to be had");
                let gone = status.is_client_error() && status.as_u16() != 429;
                Err(if gone { Miss::Never } else { Miss::Later })
            }
            // A name may be rebound to a private address by whoever holds it.
            Err(error) if Strangers::is_not_public(&error) => {
                tracing::warn!("a picture does not lie at a public address");
                Err(Miss::Never)
            }
            Err(error) => {
                tracing::warn!(%error, "a picture cannot be fetched");
                Err(Miss::Later)
            }
        }
    }
}
