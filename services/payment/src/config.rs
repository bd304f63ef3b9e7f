//! `[payment]` of the configuration.

use std::{collections::BTreeMap, net::IpAddr, path::PathBuf, time::Duration};

use chrono::TimeDelta;
use motcua_config::{Secret, Section};
use motcua_paywire::{Partner, Secrets, Terminal, VietQr, statement::Column};
use motcua_vn::Vnd;
use secrecy::SecretString;
use serde::{Deserialize, Serialize};
use url::Url;

use crate::domain::Via;

/// How money is asked for and comes.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct PaymentConfig {
    /// Days that somebody has to pay; then the dossier is stopped.
    pub due_days: u16,
    /// Minutes that an attempt at the gateway may take.
    pub attempt_minutes: u16,
    /// Days that a bank transfer is waited for.
    pub transfer_days: u16,
    /// The gateway; none: nobody pays there.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub vnpay: Option<VnpayConfig>,
    /// Minutes after the end of an attempt until the gateway is asked whether it sees it so.
    pub parity_minutes: u16,
    /// Seconds from one look through the books to the next.
    pub books_check_s: u32,
    /// The national payment platform; none: nobody pays there.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub national: Option<NationalConfig>,
    /// To which gateway people are sent, where there are several.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub gateway: Option<Via>,
    /// The account to which people transfer; none: nobody does.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub transfer: Option<TransferConfig>,
}

/// A merchant at VNPAY's gateway, version 2.1.0.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct VnpayConfig {
    /// The page to which payers are sent.
    pub pay_url: Url,
    /// Where the gateway is asked.
    pub api_url: Url,
    /// Where payers come back to.
    pub return_url: Url,
    /// `vnp_TmnCode`.
    pub terminal: String,
    /// The shared secret.
    pub secret: Secret,
    /// Secrets that were in force before: what was signed with them still counts.
    #[serde(default)]
    pub former_secrets: Vec<Secret>,
    /// Our own address, as the gateway is told it.
    pub server_address: IpAddr,
    /// Seconds that the gateway may take to answer.
    #[serde(default = "answer_s")]
    pub answer_s: u16,
    /// A certificate authority beside the system's, PEM.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ca: Option<PathBuf>,
}

/// A partner of the national payment platform, version 1.0.6.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NationalConfig {
    /// Where it is asked.
    pub url: Url,
    /// `MaDoiTac`.
    pub partner: String,
    /// The shared secret.
    pub secret: Secret,
    /// Secrets that were in force before: what was signed with them still counts.
    #[serde(default)]
    pub former_secrets: Vec<Secret>,
    /// Whose account is credited.
    pub receiver: ReceiverConfig,
    /// Seconds that the platform may take to answer.
    #[serde(default = "answer_s")]
    pub answer_s: u16,
    /// A certificate authority beside the system's, PEM.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ca: Option<PathBuf>,
}

/// The account that the platform credits (tài khoản thụ hưởng).
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReceiverConfig {
    /// Its number.
    pub account: String,
    /// The bank's code on the platform.
    pub bank: String,
    /// Its holder.
    pub holder: String,
}

/// The collecting account (tài khoản thu phí, lệ phí).
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TransferConfig {
    /// The bank's number at NAPAS (BIN), six digits.
    pub bank: String,
    /// The account's number.
    pub account: String,
    /// Headings of the bank's tables (CSV) that are not known by themselves, by what they stand
    /// over: `memo = "Diễn giải GD"`.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub columns: BTreeMap<Column, String>,
}

impl Default for PaymentConfig {
    fn default() -> Self {
        Self {
            due_days: 10,
            attempt_minutes: 15,
            transfer_days: 3,
            parity_minutes: 15,
            books_check_s: 3_600,
            vnpay: None,
            national: None,
            gateway: None,
            transfer: None,
        }
    }
}

const fn answer_s() -> u16 {
    10
}

impl Section for PaymentConfig {
    fn validate(&self) -> Result<(), Vec<String>> {
        let mut wrong = Vec::new();
        let mut must = |right: bool, text: &str| {
            if !right {
                wrong.push(text.to_owned());
            }
        };
        must((1..=90).contains(&self.due_days), "due_days: must be 1 to 90");
        must((5..=120).contains(&self.attempt_minutes), "attempt_minutes: must be 5 to 120");
        must(
            self.transfer_days >= 1 && self.transfer_days <= self.due_days,
            "transfer_days: must be at least 1 and at most due_days",
        );
        must(self.parity_minutes <= 1_440, "parity_minutes: must be at most 1440");
        must((1..=86_400).contains(&self.books_check_s), "books_check_s: must be 1 to 86400");
        if let Some(vnpay) = &self.vnpay {
            must(!vnpay.secret.is_empty(), "vnpay.secret: must not be empty");
            must(!vnpay.terminal.is_empty(), "vnpay.terminal: must not be empty");
            must((1..=60).contains(&vnpay.answer_s), "vnpay.answer_s: must be 1 to 60");
        }
        if let Some(national) = &self.national {
            must(!national.secret.is_empty(), "national.secret: must not be empty");
            must(!national.partner.is_empty(), "national.partner: must not be empty");
            must((1..=60).contains(&national.answer_s), "national.answer_s: must be 1 to 60");
        }
        must(
            match self.gateway {
                Some(Via::Vnpay) => self.vnpay.is_some(),
                Some(Via::National) => self.national.is_some(),
                None => self.vnpay.is_none() || self.national.is_none(),
            },
            "gateway: must be one of those that are set up, and must be said where there are two",
        );
        if let Some(transfer) = &self.transfer {
            let code = transfer.code(Vnd::new(1), "");
            must(
                code.encode().is_ok(),
                "transfer: bank must be six digits, account 1 to 19 letters and digits",
            );
        }
        if wrong.is_empty() { Ok(()) } else { Err(wrong) }
    }
}

impl PaymentConfig {
    /// What is refused in production: a gateway without TLS, as sandboxes are.
    pub fn refuse_unsafe(&self) -> Vec<String> {
        let vnpay = self.vnpay.iter().flat_map(|vnpay| {
            [("vnpay.pay_url", &vnpay.pay_url), ("vnpay.api_url", &vnpay.api_url)]
        });
        let national = self.national.iter().map(|national| ("national.url", &national.url));
        vnpay
            .chain(national)
            .filter(|(_, url)| url.scheme() != "https")
            .map(|(key, _)| {
                format!("payment.{key}: a gateway without https is refused in production")
            })
            .collect()
    }

    /// How long somebody has to pay.
    pub fn due(&self) -> TimeDelta {
        TimeDelta::days(self.due_days.into())
    }

    /// How long an attempt at the gateway may take.
    pub fn attempt(&self) -> TimeDelta {
        TimeDelta::minutes(self.attempt_minutes.into())
    }

    /// How long after its end the gateway is asked of an attempt.
    pub fn parity(&self) -> TimeDelta {
        TimeDelta::minutes(self.parity_minutes.into())
    }

    /// How long from one look through the books to the next.
    pub fn books_check(&self) -> Duration {
        Duration::from_secs(self.books_check_s.into())
    }

    /// How long a bank transfer is waited for.
    pub fn transfer_wait(&self) -> TimeDelta {
        TimeDelta::days(self.transfer_days.into())
    }
}

/// Secrets in force, and those that were.
fn secrets(now: &Secret, former: &[Secret]) -> Secrets {
    let text = |secret: &Secret| SecretString::from(secret.expose());
    Secrets::new(text(now), former.iter().map(text))
}

impl NationalConfig {
    /// The partner with what is shared with the platform.
    pub fn partner(&self) -> Partner {
        let secrets = secrets(&self.secret, &self.former_secrets);
        Partner { code: self.partner.clone(), secrets }
    }
}

impl VnpayConfig {
    /// The merchant with what is shared with the gateway.
    pub fn merchant(&self) -> Terminal {
        Terminal {
            code: self.terminal.clone(),
            secrets: secrets(&self.secret, &self.former_secrets),
        }
    }
}

impl TransferConfig {
    /// The code that a payer scans.
    pub fn code(&self, amount: Vnd, memo: &str) -> VietQr {
        VietQr {
            bank: self.bank.clone(),
            account: self.account.clone(),
            amount: Some(amount),
            memo: memo.to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sandbox_is_no_gateway_of_production() {
        let url = |text: &str| text.parse().unwrap();
        let vnpay = VnpayConfig {
            pay_url: url("http://127.0.0.1:9081/paymentv2/vpcpay.html"),
            api_url: url("https://gateway.example.vn/api"),
            return_url: url("https://cong.example.vn/"),
            terminal: "MOTCUA01".into(),
            secret: Secret::new("s"),
            former_secrets: Vec::new(),
            server_address: [203, 0, 113, 7].into(),
            answer_s: 10,
            ca: None,
        };
        let config = PaymentConfig { vnpay: Some(vnpay), ..PaymentConfig::default() };
        assert_eq!(config.validate(), Ok(()));
        let [wrong] = &config.refuse_unsafe()[..] else { panic!("one") };
        assert!(wrong.starts_with("payment.vnpay.pay_url: "), "{wrong}");
        assert!(PaymentConfig::default().refuse_unsafe().is_empty());
    }

    #[test]
    fn the_default_is_right_and_nonsense_is_told_all_at_once() {
        assert_eq!(PaymentConfig::default().validate(), Ok(()));
        let transfer =
            TransferConfig { bank: "BIDV".into(), account: "1".into(), columns: BTreeMap::new() };
        let wrong = PaymentConfig {
            due_days: 0,
            attempt_minutes: 0,
            transfer: Some(transfer),
            ..PaymentConfig::default()
        };
        assert_eq!(wrong.validate().unwrap_err().len(), 4);
    }
}
