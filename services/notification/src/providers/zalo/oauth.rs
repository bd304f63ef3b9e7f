use motcua_fault::Fault;
use motcua_outside::Http;
use serde_json::Value;

use super::NAME;
use crate::{config::ZaloConfig, domain::Renewed, providers::gateway};

/// Where Zalo gives the next tokens for a refresh token.
pub(crate) struct Oauth {
    config: ZaloConfig,
    http: Http,
}

impl Oauth {
    pub(crate) fn new(config: ZaloConfig) -> anyhow::Result<Self> {
        Ok(Self { http: gateway::way(config.answer_s, config.ca.as_deref())?, config })
    }

    /// By which Zalo knows our app.
    pub(crate) fn app(&self) -> &str {
        &self.config.app_id
    }

    /// The refresh token that the settings give.
    pub(crate) fn first(&self) -> &str {
        self.config.refresh_token.expose()
    }

    /// What comes after a refresh token, which is used up by this.
    pub(crate) async fn renew(&self, refresh: &str) -> Result<Renewed, Fault> {
        let form =
            [("refresh_token", refresh), ("app_id", self.app()), ("grant_type", "refresh_token")];
        let request = self.http.post(self.config.oauth_url.as_str());
        let request = request.header("secret_key", self.config.secret_key.expose()).form(&form);
        let away = || Fault::unavailable(NAME);
        let reply = gateway::ask(NAME, request).await.map_err(|_| away())?;
        let said = reply.json().unwrap_or_default();
        renewed(&said).ok_or_else(|| {
            // In place of tokens there is a code, and words that may quote what was sent.
            let code = super::code(&said);
            tracing::warn!(
                code,
                "Zalo renews nothing: if this stays, have a new refresh token made and put it into \
                 notification.zalo.refresh_token"
            );
            away()
        })
    }
}

/// The tokens of an answer. Their time is told as a text or as a number.
fn renewed(said: &Value) -> Option<Renewed> {
    let text = |key: &str| said[key].as_str().filter(|text| !text.is_empty()).map(str::to_owned);
    let told = &said["expires_in"];
    let seconds = told.as_i64().or_else(|| told.as_str()?.parse().ok())?;
    let good_for = chrono::TimeDelta::try_seconds(seconds).filter(|time| time.num_days() < 400)?;
    Some(Renewed { access: text("access_token")?, refresh: text("refresh_token")?, good_for })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    #[test]
    fn tokens_are_read_with_their_time() {
        for told in [json!("90000"), json!(90_000)] {
            let said = json!({"access_token": "a", "refresh_token": "r", "expires_in": told});
            let renewed = renewed(&said).unwrap();
            assert_eq!((&*renewed.access, &*renewed.refresh), ("a", "r"));
            assert_eq!(renewed.good_for.num_hours(), 25);
        }
        let error = json!({"error": -14014, "error_name": "Invalid refresh token."});
        assert!(renewed(&error).is_none());
        let lacking = json!({"access_token": "a", "refresh_token": "", "expires_in": "1"});
        assert!(renewed(&lacking).is_none());
    }

    proptest! {
        #[test]
        fn any_time_is_read_or_none(text in "\\PC{0,30}", number: i64) {
            for told in [json!(text), json!(number)] {
                let said = json!({"access_token": "a", "refresh_token": "r", "expires_in": told});
                if let Some(renewed) = renewed(&said) {
                    prop_assert!(renewed.good_for.num_days() < 400);
                }
            }
        }
    }
}
