use std::path::PathBuf;

use motcua_config::Secret;
use serde::{Deserialize, Serialize};
use url::Url;

/// VinaPhone's gateway of brand names: JSON over HTTP.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct VinaphoneConfig {
    /// Where it is.
    pub url: Url,
    /// `LABELID`: the registered name that telephones show.
    pub label: String,
    /// `CONTRACTTYPEID`.
    pub contract_type: String,
    /// `CONTRACTID`.
    pub contract: String,
    /// `TEMPLATEID`: a registered text of one parameter, which is the whole message.
    pub template: String,
    /// `AGENTID`.
    pub agent: String,
    /// `APIUSER`.
    pub api_user: String,
    /// `APIPASS`.
    pub api_password: Secret,
    /// `USERNAME`.
    pub user: String,
    /// Codes by which it says that a message will never be taken, as the contract's handbook has
    /// them. All others but 0 may pass.
    #[serde(default)]
    pub refused: Vec<String>,
    /// Codes by which it says that it has taken this `REQID` before.
    #[serde(default)]
    pub repeated: Vec<String>,
    /// How many short messages go by it beside those of the others; 0: a reserve.
    #[serde(default = "weight")]
    pub weight: u32,
    /// How long an answer of it is waited for, in seconds.
    #[serde(default = "answer_s")]
    pub answer_s: u32,
    /// A file with certificates of its authority, PEM, beside those the system trusts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ca: Option<PathBuf>,
}

/// Viettel's gateway of brand names: SOAP 1.1.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ViettelConfig {
    /// Where it is.
    pub url: Url,
    /// `User`.
    pub user: String,
    /// `Password`.
    pub password: Secret,
    /// `CPCode`.
    pub cp_code: String,
    /// `ServiceID`: the registered name that telephones show.
    pub service: String,
    /// How many short messages go by it beside those of the others; 0: a reserve.
    #[serde(default = "weight")]
    pub weight: u32,
    /// How long an answer of it is waited for, in seconds.
    #[serde(default = "answer_s")]
    pub answer_s: u32,
    /// A file with certificates of its authority, PEM, beside those the system trusts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ca: Option<PathBuf>,
}

const fn weight() -> u32 {
    1
}

const fn answer_s() -> u32 {
    20
}

impl VinaphoneConfig {
    /// Everything that is wrong, each beginning with its key.
    pub(super) fn wrong(&self) -> Vec<String> {
        let words = [
            ("label", &*self.label),
            ("contract_type", &self.contract_type),
            ("contract", &self.contract),
            ("template", &self.template),
            ("agent", &self.agent),
            ("api_user", &self.api_user),
            ("api_password", self.api_password.expose()),
            ("user", &self.user),
        ];
        let mut wrong = wrong("vinaphone", &words, self.weight, self.answer_s);
        if self.refused.iter().chain(&self.repeated).any(|code| code == "0") {
            wrong.push("vinaphone.refused: 0 is how a message is taken".to_owned());
        }
        wrong
    }
}

impl ViettelConfig {
    /// Everything that is wrong, each beginning with its key.
    pub(super) fn wrong(&self) -> Vec<String> {
        let words = [
            ("user", &*self.user),
            ("password", self.password.expose()),
            ("cp_code", &self.cp_code),
            ("service", &self.service),
        ];
        wrong("viettel", &words, self.weight, self.answer_s)
    }
}

fn wrong(section: &str, words: &[(&str, &str)], weight: u32, answer_s: u32) -> Vec<String> {
    let empty = words.iter().filter(|(_, word)| word.is_empty());
    let mut wrong: Vec<String> =
        empty.map(|(key, _)| format!("{section}.{key}: must not be empty")).collect();
    if weight > 100 {
        wrong.push(format!("{section}.weight: must be at most 100"));
    }
    if !(1..=100).contains(&answer_s) {
        wrong.push(format!("{section}.answer_s: must be 1 to 100"));
    }
    wrong
}
