//! `[payment]` of the configuration.

use std::{net::IpAddr, path::PathBuf};

use chrono::TimeDelta;
use motcua_config::{Secret, Section};
use motcua_paywire::{Secrets, Terminal, VietQr};
use motcua_vn::Vnd;
use secrecy::SecretString;
use serde::{Deserialize, Serialize};
use url::Url;

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

/// The collecting account (tài khoản thu phí, lệ phí).
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TransferConfig {
    /// The bank's number at NAPAS (BIN), six digits.
    pub bank: String,
    /// The account's number.
    pub account: String,
}

impl Default for PaymentConfig {
    fn default() -> Self {
        Self { due_days: 10, attempt_minutes: 15, transfer_days: 3, vnpay: None, transfer: None }
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
        if let Some(vnpay) = &self.vnpay {
            must(!vnpay.secret.is_empty(), "vnpay.secret: must not be empty");
            must(!vnpay.terminal.is_empty(), "vnpay.terminal: must not be empty");
            must((1..=60).contains(&vnpay.answer_s), "vnpay.answer_s: must be 1 to 60");
        }
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
        let Some(vnpay) = &self.vnpay else { return Vec::new() };
        [("pay_url", &vnpay.pay_url), ("api_url", &vnpay.api_url)]
            .into_iter()
            .filter(|(_, url)| url.scheme() != "https")
            .map(|(key, _)| {
                format!("payment.vnpay.{key}: a gateway without https is refused in production")
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

    /// How long a bank transfer is waited for.
    pub fn transfer_wait(&self) -> TimeDelta {
        TimeDelta::days(self.transfer_days.into())
    }
}

impl VnpayConfig {
    /// The merchant with what is shared with the gateway.
    pub fn merchant(&self) -> Terminal {
        let text = |secret: &Secret| SecretString::from(secret.expose());
        Terminal {
            code: self.terminal.clone(),
            secrets: Secrets::new(text(&self.secret), self.former_secrets.iter().map(text)),
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
        let transfer = TransferConfig { bank: "BIDV".into(), account: "1".into() };
        let wrong = PaymentConfig {
            due_days: 0,
            attempt_minutes: 0,
            transfer: Some(transfer),
            ..PaymentConfig::default()
        };
        assert_eq!(wrong.validate().unwrap_err().len(), 4);
    }
}
