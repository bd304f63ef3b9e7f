use std::{net::SocketAddr, process::ExitCode};

use anyhow::Context;
use chrono::NaiveDate;
use clap::{Args, Subcommand};
use motcua_context::{Clock, SystemClock};
use motcua_paywire::{Partner, Secrets, Terminal, VietQr};
use motcua_vn::local;
use secrecy::{ExposeSecret, SecretString};
use tokio::net::TcpListener;
use url::Url;

use super::say;
use crate::sandbox::{
    bank,
    national::{self, Served},
    sms,
    vnpay::{self, Merchant},
    webhook::{self, Receiver},
    zalo::{self, App, Events},
};

/// Which system outside is played.
#[derive(Debug, Subcommand)]
pub(crate) enum SandboxCommand {
    /// VNPAY's payment gateway, 2.1.0. The last three digits of a sum say what happens: 001
    /// declined, 002 the notice comes a minute late, 003 twice, 004 with a wrong signature, 005
    /// nothing is answered; all others succeed.
    Vnpay(VnpayArgs),
    /// The national payment platform, 1.0.6; the last three digits of a sum say the same.
    National(NationalArgs),
    /// A bank: the statement of transfers made by these VietQR codes, for `ImportStatement`.
    Bank(BankArgs),
    /// The operators' gateways of short messages: VinaPhone's (JSON) and Viettel's (SOAP). The last
    /// three digits of a telephone say what happens: 001 not now, 002 never, 003 the answer comes
    /// late, 004 no more for now; all others are taken.
    Sms(SmsArgs),
    /// Zalo's notification service (ZNS), with the renewal of tokens. The last three digits of a
    /// telephone say what happens, as in `sms`. With --events there is a person too, who has every
    /// telephone: `curl --data CO …/person/text` and `curl --data-binary @anh.jpg …/person/photo` say
    /// something and send a picture for them, and what they are answered is printed.
    Zalo(ZaloArgs),
    /// An organisation's own system: verifies signed requests, and prints what they tell, a line
    /// each.
    Webhook(WebhookArgs),
}

/// What was transferred.
#[derive(Debug, Args)]
pub(crate) struct BankArgs {
    /// The texts of codes, as `BeginPayment` answers them.
    #[arg(required = true)]
    codes: Vec<String>,
    /// The day, `YYYY-MM-DD`; by default today.
    #[arg(long)]
    day: Option<NaiveDate>,
}

/// Whose platform is played.
#[derive(Debug, Args)]
pub(crate) struct NationalArgs {
    /// Where it listens.
    #[arg(long, default_value = "127.0.0.1:9084")]
    listen: SocketAddr,
    /// The partner's code, as `payment.national.partner`.
    #[arg(long, default_value = "MOTCUA")]
    partner: String,
    /// The shared secret, as `payment.national.secret`.
    #[arg(long, env = "MOTCUA_SANDBOX_SECRET", hide_env_values = true)]
    secret: SecretString,
    /// Where the partner is told what became of a payment.
    #[arg(long, default_value = "http://127.0.0.1:8080/payment/national/confirm")]
    confirm: Url,
}

/// Whose gateway is played.
#[derive(Debug, Args)]
pub(crate) struct VnpayArgs {
    /// Where it listens.
    #[arg(long, default_value = "127.0.0.1:9081")]
    listen: SocketAddr,
    /// The merchant's code, as `payment.vnpay.terminal`.
    #[arg(long, default_value = "MOTCUA01")]
    terminal: String,
    /// The shared secret, as `payment.vnpay.secret`.
    #[arg(long, env = "MOTCUA_SANDBOX_SECRET", hide_env_values = true)]
    secret: SecretString,
    /// Where the merchant is told what became of a payment.
    #[arg(long, default_value = "http://127.0.0.1:8080/payment/vnpay/ipn")]
    ipn: Url,
}

/// Whose gateways are played.
#[derive(Debug, Args)]
pub(crate) struct SmsArgs {
    /// Where it listens.
    #[arg(long, default_value = "127.0.0.1:9082")]
    listen: SocketAddr,
    /// The password, as `notification.vinaphone.api_password` and `notification.viettel.password`.
    #[arg(long, env = "MOTCUA_SANDBOX_SECRET", hide_env_values = true)]
    secret: SecretString,
}

/// Whose Zalo is played.
#[derive(Debug, Args)]
pub(crate) struct ZaloArgs {
    /// Where it listens.
    #[arg(long, default_value = "127.0.0.1:9083")]
    listen: SocketAddr,
    /// The app, as `notification.zalo.app_id`.
    #[arg(long, default_value = "1000")]
    app: String,
    /// The app's secret, as `notification.zalo.secret_key`.
    #[arg(long, env = "MOTCUA_SANDBOX_SECRET", hide_env_values = true)]
    secret: SecretString,
    /// With which renewals begin, as `notification.zalo.refresh_token`.
    #[arg(long, default_value = "sandbox-refresh-0")]
    refresh: String,
    /// Where the app is told that a message came, a second later, and what the person does; otherwise
    /// it is not told.
    #[arg(long, requires = "events_secret")]
    events: Option<Url>,
    /// By what it knows that it is Zalo that tells, as `notification.zalo.events_secret`.
    #[arg(long, env = "MOTCUA_SANDBOX_EVENTS_SECRET", hide_env_values = true)]
    events_secret: Option<SecretString>,
}

/// How requests are taken.
#[derive(Debug, Args)]
pub(crate) struct WebhookArgs {
    /// Where it listens.
    #[arg(long, default_value = "127.0.0.1:9085")]
    listen: SocketAddr,
    /// The secret that CreateWebhook showed, whsec_…
    #[arg(long, env = "MOTCUA_SANDBOX_SECRET", hide_env_values = true)]
    secret: SecretString,
    /// The status that is answered to what is signed right; to all else 401.
    #[arg(long, default_value_t = 204)]
    answer: u16,
}

/// Plays a system outside until it is stopped.
pub(crate) async fn run(command: SandboxCommand) -> anyhow::Result<ExitCode> {
    match command {
        SandboxCommand::Vnpay(args) => vnpay(args).await?,
        SandboxCommand::National(args) => national(args).await?,
        SandboxCommand::Bank(args) => {
            let codes = args.codes.iter().map(|code| VietQr::decode(code));
            let codes = codes.collect::<Result<Vec<_>, _>>()?;
            let day = args.day.unwrap_or_else(|| local::day(SystemClock.now()));
            say(bank::statement(&codes, day)?.trim_end())?;
        }
        SandboxCommand::Sms(args) => {
            let (listener, address) = listen(args.listen).await?;
            say(format!("notification.vinaphone.url = \"http://{address}/vinaphone\""))?;
            say(format!("notification.vinaphone.refused = [\"{}\"]", sms::REFUSED))?;
            say(format!("notification.vinaphone.repeated = [\"{}\"]", sms::REPEATED))?;
            say(format!("notification.viettel.url = \"http://{address}/viettel\""))?;
            sms::serve(listener, args.secret.expose_secret()).await?;
        }
        SandboxCommand::Zalo(args) => {
            let (listener, address) = listen(args.listen).await?;
            say(format!("notification.zalo.api_url = \"http://{address}/message/template\""))?;
            say(format!("notification.zalo.oauth_url = \"http://{address}/v4/oa/access_token\""))?;
            say(format!("notification.zalo.app_id = \"{}\"", args.app))?;
            say(format!("notification.zalo.refresh_token = \"{}\"", args.refresh))?;
            let secret = args.secret.expose_secret().to_owned();
            if args.events.is_some() {
                let talk = format!("http://{address}/v3.0/oa/message/cs");
                say(format!("notification.zalo.photos.talk_url = \"{talk}\""))?;
                say("notification.zalo.photos.anywhere = true")?;
            }
            let events = args.events.zip(args.events_secret);
            let events =
                events.map(|(url, by)| Events { url, secret: by.expose_secret().to_owned() });
            let app = App { id: args.app, secret, refresh: args.refresh, events };
            zalo::serve(listener, app, say).await?;
        }
        SandboxCommand::Webhook(args) => {
            let receiver = Receiver::new(args.secret.expose_secret(), args.answer)?;
            let (listener, address) = listen(args.listen).await?;
            say(format!("url = \"http://{address}/\""))?;
            webhook::serve(listener, receiver, || SystemClock.now(), say).await?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

async fn vnpay(args: VnpayArgs) -> anyhow::Result<()> {
    let (listener, address) = listen(args.listen).await?;
    say(format!("payment.vnpay.pay_url = \"http://{address}/paymentv2/vpcpay.html\""))?;
    say(format!("payment.vnpay.api_url = \"http://{address}/merchant_webapi/api/transaction\""))?;
    let secrets = Secrets::new(args.secret, []);
    let terminal = Terminal { code: args.terminal, secrets };
    vnpay::serve(listener, Merchant { terminal, ipn: args.ipn }).await
}

async fn national(args: NationalArgs) -> anyhow::Result<()> {
    let (listener, address) = listen(args.listen).await?;
    say(format!("payment.national.url = \"http://{address}/api\""))?;
    let partner = Partner { code: args.partner, secrets: Secrets::new(args.secret, []) };
    let own = format!("http://{address}/").parse()?;
    national::serve(listener, Served { partner, confirm: args.confirm, own }).await
}

async fn listen(at: SocketAddr) -> anyhow::Result<(TcpListener, SocketAddr)> {
    let listener = TcpListener::bind(at)
        .await
        .with_context(|| format!("--listen: {at} cannot be listened on"))?;
    let address = listener.local_addr()?;
    Ok((listener, address))
}
