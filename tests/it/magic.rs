//! The gateways' sandboxes beside the service of payments: each of the sums by which they play tricks
//! (docs/payments.md) ends there as it is documented.

use std::time::Duration;

use chrono::TimeDelta;
use motcua::sandbox::{
    national::{self, Served},
    vnpay::{self, Merchant},
};
use motcua_context::{Actor, Clock, Person, SystemClock};
use motcua_fault::Fault;
use motcua_payment::Payment;
use motcua_paywire::{Partner, Secrets, Terminal};
use motcua_proto::{
    catalog::v1::{
        Agency, Case, Fee, FeeRule, GetAgencyRequest, GetProcedureVersionRequest, ProcedureVersion,
        VersionContent, Way, WayChannel,
    },
    intake::v1 as intake,
    payment::v1::{
        BeginPaymentRequest, FeeOrder, FeeOrderState, GetFeeOrderRequest, PaymentMethod,
        PaymentState, payment_service_client::PaymentServiceClient,
    },
};
use motcua_testkit::{Builder, Neighbour, TestEnv};
use tokio::net::TcpListener;
use uuid::Uuid;

const CODE: &str = "MOTCUA01";
const SECRET: &str = "sandbox-secret";
/// The sums end in as much as their number says.
const SUMS: u128 = 6;
/// A late notice is a minute late.
const LATE: Duration = Duration::from_secs(90);

struct Office(TestEnv<Payment>);

fn uuid(n: u128) -> Uuid {
    Uuid::from_u128(n)
}

fn payer() -> Actor {
    Actor::Person(Person::citizen(uuid(11).into()))
}

fn order_name(n: u128) -> String {
    format!("feeOrders/{}", uuid(1_000 + n))
}

fn catalog() -> Neighbour {
    let cases = (0..SUMS).map(|n| {
        let fee = Fee {
            code: "le-phi".into(),
            display_name: "Lệ phí".into(),
            rule: FeeRule::Fixed.into(),
            amount_vnd: 50_000 + i64::try_from(n).unwrap(),
            ..Fee::default()
        };
        let channel = WayChannel::Online.into();
        let way = Way { channel, fees: vec![fee], ..Way::default() };
        Case { code: n.to_string(), ways: vec![way], ..Case::default() }
    });
    let content = Some(VersionContent { cases: cases.collect(), ..VersionContent::default() });
    let version = ProcedureVersion { number: "1.001193".into(), content, ..Default::default() };
    Neighbour::new()
        .on("/motcua.catalog.v1.CatalogService/GetAgency", |asked: GetAgencyRequest| {
            let path = vec![asked.name.clone()];
            let identifier_code = "H53.41".to_owned();
            Ok::<_, Fault>(Agency { name: asked.name, path, identifier_code, ..Agency::default() })
        })
        .on(
            "/motcua.catalog.v1.CatalogService/GetProcedureVersion",
            move |_: GetProcedureVersionRequest| Ok::<_, Fault>(version.clone()),
        )
}

fn people() -> Neighbour {
    let contact = |_: intake::GetContactRequest| {
        let full_name = "Nguyễn Văn An".to_owned();
        Ok::<_, Fault>(intake::DossierContact { full_name, ..Default::default() })
    };
    Neighbour::new().on("/motcua.intake.v1.IntakeService/GetContact", contact)
}

/// On the day that the sandboxes live in.
fn beside() -> Builder<Payment> {
    let _ = rustls::crypto::ring::default_provider().install_default();
    TestEnv::builder()
        .at(SystemClock.now())
        .neighbour("catalog", catalog())
        .neighbour("intake", people())
}

#[expect(clippy::disallowed_methods, reason = "the sandbox ends with the test")]
async fn beside_vnpay() -> Office {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let gateway = format!("http://{}", listener.local_addr().unwrap());
    let env = beside()
        .set(format!("payment.vnpay.pay_url={gateway}/paymentv2/vpcpay.html"))
        .set(format!("payment.vnpay.api_url={gateway}/merchant_webapi/api/transaction"))
        .set("payment.vnpay.return_url=https://dichvucong.example.vn/thanh-toan")
        .set(format!("payment.vnpay.terminal={CODE}"))
        .set(format!("payment.vnpay.secret={SECRET}"))
        .set("payment.vnpay.server_address=203.0.113.7")
        .set("payment.vnpay.answer_s=1")
        .start()
        .await;
    let terminal = Terminal { code: CODE.to_owned(), secrets: Secrets::new(SECRET, []) };
    let ipn = format!("http://{}/payment/vnpay/ipn", env.http()).parse().unwrap();
    tokio::spawn(vnpay::serve(listener, Merchant { terminal, ipn }));
    Office(env)
}

#[expect(clippy::disallowed_methods, reason = "the sandbox ends with the test")]
async fn beside_the_platform() -> Office {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let own: url::Url = format!("http://{}/", listener.local_addr().unwrap()).parse().unwrap();
    let env = beside()
        .set(format!("payment.national.url={}", own.join("api").unwrap()))
        .set(format!("payment.national.partner={CODE}"))
        .set(format!("payment.national.secret={SECRET}"))
        .set("payment.national.receiver.account=1234567890")
        .set("payment.national.receiver.bank=VCB")
        .set("payment.national.receiver.holder=Trung tâm hành chính công")
        .set("payment.national.answer_s=1")
        .start()
        .await;
    let partner = Partner { code: CODE.to_owned(), secrets: Secrets::new(SECRET, []) };
    let confirm = format!("http://{}/payment/national/confirm", env.http()).parse().unwrap();
    tokio::spawn(national::serve(listener, Served { partner, confirm, own }));
    Office(env)
}

impl Office {
    fn client(&self) -> PaymentServiceClient<motcua_rpc::Wire> {
        PaymentServiceClient::new(self.0.wire(&payer()))
    }

    async fn order(&self, n: u128) -> FeeOrder {
        let asked = GetFeeOrderRequest { name: order_name(n) };
        self.client().get_fee_order(asked).await.unwrap().into_inner()
    }

    async fn stands(&self, n: u128) -> PaymentState {
        self.order(n).await.payments[0].state()
    }

    async fn until(&self, n: u128, state: PaymentState) {
        self.0.until(async || (self.stands(n).await == state).then_some(())).await;
    }

    /// An order of each sum is asked for, and its payer presses the button; `button` is where that
    /// posts to, from the page.
    async fn pressed(&self, button: impl Fn(&str) -> String) {
        self.0
            .until(async || {
                let asked = GetFeeOrderRequest { name: order_name(99) };
                let answer = self.client().get_fee_order(asked).await;
                let code = answer.map(drop).map_err(|status| status.code());
                (code != Err(tonic::Code::Unavailable)).then_some(())
            })
            .await;
        let browser = reqwest::Client::builder()
            .no_proxy()
            .redirect(reqwest::redirect::Policy::none())
            .build()
            .unwrap();
        for n in 0..SUMS {
            let path = format!("/{}/", uuid(101));
            let accepted = intake::DossierAccepted {
                dossier: format!("dossiers/{}", uuid(1_000 + n)),
                code: format!("H53.41-261129-{n:04}"),
                version: 3,
                procedure_version: format!("procedureVersions/{}", uuid(7)),
                case_code: n.to_string(),
                filing_channel: intake::FilingChannel::Online.into(),
                receiving_path: path.clone(),
                competent_path: path,
                applicant: format!("accounts/{}", uuid(11)),
                ..Default::default()
            };
            self.0.tell(uuid(1_000 + n), &accepted).await;
            let asked = BeginPaymentRequest {
                request_id: self.0.request_id(),
                name: order_name(n),
                method: PaymentMethod::Gateway.into(),
                english: false,
            };
            let begun = self.client().begin_payment(asked).await.unwrap().into_inner();
            let answer = browser.post(button(&begun.redirect_url)).send().await.unwrap();
            assert!(answer.status().as_u16() < 400, "{:?}", answer.status());
        }
    }

    /// What becomes of each, by and by.
    async fn ends(&self) {
        self.until(0, PaymentState::Settled).await;
        self.until(1, PaymentState::Declined).await;
        self.until(3, PaymentState::Settled).await;
        assert_eq!(self.stands(2).await, PaymentState::Pending, "its notice is still to come");
        let late = async {
            while self.stands(2).await != PaymentState::Settled {
                tokio::time::sleep(Duration::from_millis(200)).await;
            }
        };
        tokio::time::timeout(LATE, late).await.expect("the late notice comes");
        // By now the others would have been heard of, were they to be believed.
        for n in [4, 5] {
            assert_eq!(self.stands(n).await, PaymentState::Pending, "{n}");
        }
        let twice = self.order(3).await;
        assert_eq!(
            (twice.state(), twice.surplus_vnd, twice.receipts.len()),
            (FeeOrderState::Paid, 0, 1)
        );
        assert_eq!(self.order(1).await.state(), FeeOrderState::Due, "it may be tried again");
        // The attempts are over, and the gateway is asked; of the one it says nothing, again and again.
        self.0.clock.advance(TimeDelta::minutes(16));
        self.until(4, PaymentState::Settled).await;
        assert_eq!(self.stands(5).await, PaymentState::Pending);
        self.0.clock.advance(TimeDelta::days(5));
        self.until(5, PaymentState::Expired).await;
        assert_eq!(self.order(5).await.state(), FeeOrderState::Due);
        for n in [0, 2, 3, 4] {
            assert_eq!(self.order(n).await.paid_vnd, 50_000 + i64::try_from(n).unwrap());
        }
    }
}

#[tokio::test]
async fn each_sum_ends_as_documented_at_the_gateway() {
    let office = beside_vnpay().await;
    office.pressed(|page| page.replace("vpcpay.html", "pay")).await;
    office.ends().await;
    office.0.stop().await;
}

#[tokio::test]
async fn each_sum_ends_as_documented_at_the_platform() {
    let office = beside_the_platform().await;
    office.pressed(str::to_owned).await;
    office.ends().await;
    office.0.stop().await;
}
