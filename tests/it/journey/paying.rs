//! What is owed is paid at the gateway, by transfer and in cash, and given back; the payer is told on
//! every channel, and the books close at nothing.

use anyhow::{Context, Result, ensure};
use motcua::{
    demo::{
        cast::Signed,
        story::Story,
        teller::Teller,
        world::{refused, request_id, until},
    },
    sandbox::{
        bank,
        national::{self, Served},
        vnpay::{self, Merchant},
    },
};
use motcua_context::{Clock, SystemClock};
use motcua_paywire::{Partner, Secrets, Terminal, VietQr};
use motcua_proto::{
    access::v1::Role,
    catalog::v1::GetAgencyRequest,
    intake::v1::{ClockRunning, Dossier, DossierState, FinanceState, NationalStatus},
    payment::v1::{
        BeginPaymentRequest, CloseTillRequest, CollectPaymentRequest, DecideRefundRequest,
        FeeOrder, FeeOrderState, GetFeeOrderRequest, GetReconciliationRequest,
        ImportStatementRequest, ListBalancesRequest, LookUpReturnRequest, Payment, PaymentMethod,
        PaymentState, PrintReceiptRequest, RefundState, RequestRefundRequest,
    },
};
use motcua_tests::sandbox::{Sandbox, Topology};
use motcua_vn::local;
use tokio::net::TcpListener;
use url::Url;

use super::{
    acts,
    charged::{self, CHARGE, FEE},
    told::{Carriers, RECEIVED, REFUNDED, REQUESTED, tell_everywhere},
};

const TERMINAL: &str = "MOTCUA01";
const SECRET: &str = "sandbox-secret";
/// The collecting account.
const ACCOUNT: &str = "1234567890";

/// The product beside a sandbox of the national platform, each with the other's address.
#[expect(clippy::disallowed_methods, reason = "the sandbox ends with the test")]
async fn beside_the_platform() -> Result<Sandbox> {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let own: Url = format!("http://{}/", listener.local_addr()?).parse()?;
    let set = [
        format!("payment.national.url={}", own.join("api")?),
        format!("payment.national.partner={TERMINAL}"),
        format!("payment.national.secret={SECRET}"),
        format!("payment.national.receiver.account={ACCOUNT}"),
        "payment.national.receiver.bank=VCB".to_owned(),
        "payment.national.receiver.holder=Trung tâm hành chính công".to_owned(),
    ];
    let set: Vec<&str> = set.iter().map(String::as_str).collect();
    let sandbox = Sandbox::start_set(Topology::Processes, SystemClock.now(), &set).await?;
    let home = sandbox.http(sandbox.home("payment"));
    let partner = Partner { code: TERMINAL.to_owned(), secrets: Secrets::new(SECRET, []) };
    let confirm = format!("http://{home}/payment/national/confirm").parse()?;
    tokio::spawn(national::serve(listener, Served { partner, confirm, own }));
    Ok(sandbox)
}

/// The platform is asked for its page, the payer presses the button there, the platform confirms.
async fn paid_at_the_platform() -> Result<()> {
    let sandbox = beside_the_platform().await?;
    let world = sandbox.world()?;
    let mut teller = Teller::silent();
    let mut story = Story::begin(&world, sandbox.administrator(), &mut teller).await?;
    let story = &mut story;
    let editor = editor(story).await?;
    charged::charge(story, &editor).await?;
    let dossier = waiting(story).await?;
    let begun = begin(story, &dossier, PaymentMethod::Gateway).await?;
    let browser = reqwest::Client::builder().no_proxy().build()?;
    let page = browser.get(&begun.redirect_url).send().await?.text().await?;
    ensure!(page.contains("70.000 đồng"), "{page}");
    let pressed = browser.post(&begun.redirect_url).send().await?.text().await?;
    ensure!(pressed.contains("Thanh toán thành công"), "{pressed}");
    let citizen = story.citizen.clone();
    story.until_state(&citizen, &dossier.name, DossierState::Processing).await?;
    // The receipt is ours; the platform's own bill is to be had beside it.
    let order = order(story, &citizen, &dossier).await?;
    let receipt = &order.receipts[0];
    let mut payment = world.payment(&citizen);
    for (from_platform, title) in [(false, "BIÊN LAI THU"), (true, "Biên lai thử nghiệm")] {
        let name = order.name.clone();
        let ask = PrintReceiptRequest { name, receipt: receipt.name.clone(), from_platform };
        let printed = payment.print_receipt(ask).await.map_err(refused)?.into_inner();
        let text = motcua_testkit::pdf::text(&printed.content);
        ensure!(text.contains(title) && text.contains("đồng"), "{text}");
        let file = if from_platform { "nen-tang-MC" } else { &receipt.series };
        ensure!(printed.file_name.starts_with(file), "{}", printed.file_name);
    }
    ensure!(receipt.number == 1, "{receipt:?}");
    Ok(())
}

/// The product beside a sandbox of the gateway, each with the other's address.
#[expect(clippy::disallowed_methods, reason = "the sandbox ends with the test")]
async fn beside_a_gateway(topology: Topology, carriers: &Carriers) -> Result<Sandbox> {
    // As the binary does: one provider of cryptography for every connection of this process.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let gateway = format!("http://{}", listener.local_addr()?);
    let set = [
        format!("payment.vnpay.pay_url={gateway}/paymentv2/vpcpay.html"),
        format!("payment.vnpay.api_url={gateway}/merchant_webapi/api/transaction"),
        "payment.vnpay.return_url=https://dichvucong.example.vn/thanh-toan".to_owned(),
        format!("payment.vnpay.terminal={TERMINAL}"),
        format!("payment.vnpay.secret={SECRET}"),
        "payment.vnpay.server_address=203.0.113.7".to_owned(),
        "payment.transfer.bank=970418".to_owned(),
        format!("payment.transfer.account={ACCOUNT}"),
        "payment.parity_minutes=0".to_owned(),
    ];
    let more = carriers.settings();
    let set: Vec<&str> = set.iter().chain(&more).map(String::as_str).collect();
    let sandbox = Sandbox::start_set(topology, SystemClock.now(), &set).await?;
    let home = sandbox.http(sandbox.home("payment"));
    let terminal = Terminal { code: TERMINAL.to_owned(), secrets: Secrets::new(SECRET, []) };
    let ipn = format!("http://{home}/payment/vnpay/ipn").parse()?;
    tokio::spawn(vnpay::serve(listener, Merchant { terminal, ipn }));
    Ok(sandbox)
}

async fn paid_and_given_back(topology: Topology) -> Result<()> {
    let mut carriers = Carriers::start().await;
    let sandbox = beside_a_gateway(topology, &carriers).await?;
    let world = sandbox.world()?;
    let mut teller = Teller::silent();
    let mut story = Story::begin(&world, sandbox.administrator(), &mut teller).await?;
    let story = &mut story;
    let editor = editor(story).await?;
    charged::charge(story, &editor).await?;
    let province = province(story).await?;
    let accountant =
        story.appoint(Role::Accountant, &province, "ketoan.mai", "Đỗ Tuyết Mai").await?;

    tell_everywhere(story, &story.citizen).await?;
    let first = online(story).await.context("paid at the gateway")?;
    carriers.told(story, &first, &REQUESTED).await.context("told that it is to be paid")?;
    carriers.told(story, &first, &RECEIVED).await.context("told that it was paid")?;
    by_transfer(story, &accountant).await.context("paid by transfer")?;
    in_cash(story).await.context("paid in cash")?;
    given_back(story, &first).await.context("given back")?;
    carriers.told(story, &first, &REFUNDED).await.context("told that it was given back")?;
    closes(story).await.context("the day's books")?;
    reconciled(story, &accountant).await.context("the day's reconciliation")?;
    let said = sandbox.command(&["doctor", "--consistency", "--settle", "2"], "").await?;
    ensure!(said.contains("the stores agree"), "{said}");
    Ok(())
}

async fn province(story: &Story<'_>) -> Result<String> {
    let ask = GetAgencyRequest { identifier_code: "H53".to_owned(), ..GetAgencyRequest::default() };
    Ok(story.world.catalog().get_agency(ask).await.map_err(refused)?.into_inner().name)
}

async fn editor(story: &mut Story<'_>) -> Result<Signed> {
    let province = province(story).await?;
    story.appoint(Role::CatalogEditor, &province, "danhmuc.lan", "Vũ Ngọc Lan").await
}

async fn begin(story: &Story<'_>, dossier: &Dossier, method: PaymentMethod) -> Result<Payment> {
    let ask = BeginPaymentRequest {
        request_id: request_id(),
        name: order_of(dossier),
        method: method.into(),
        english: false,
    };
    let mut payment = story.world.payment(&story.citizen);
    Ok(payment.begin_payment(ask).await.map_err(refused)?.into_inner())
}

/// Filed and accepted: it waits for the payment, and its clock stands still.
async fn waiting(story: &mut Story<'_>) -> Result<Dossier> {
    let filed = acts::submitted(story).await?;
    story.accept(&filed).await?;
    let citizen = story.citizen.clone();
    let waits = story.until_state(&citizen, &filed.name, DossierState::AwaitingPayment).await?;
    ensure!(waits.national_status() == NationalStatus::FinancialObligation, "{waits:?}");
    ensure!(waits.clock() == ClockRunning::Stopped, "{waits:?}");
    ensure!(waits.finance_state() == FinanceState::Due, "{waits:?}");
    ensure!(waits.payment_due_time.is_some(), "{waits:?}");
    Ok(waits)
}

async fn online(story: &mut Story<'_>) -> Result<Dossier> {
    let dossier = waiting(story).await?;
    let begun = begin(story, &dossier, PaymentMethod::Gateway).await?;
    let browser = reqwest::Client::builder()
        .no_proxy()
        .redirect(reqwest::redirect::Policy::none())
        .build()?;
    let page = browser.get(&begun.redirect_url).send().await?.text().await?;
    ensure!(page.contains("70.000 đồng"), "{page}");
    let press = begun.redirect_url.replace("vpcpay.html", "pay");
    let pressed = browser.post(press).send().await?;
    let back = pressed.headers().get("location").context("no way back")?.to_str()?;
    let (_, query) = back.split_once('?').context("nothing is brought back")?;
    let confirm = LookUpReturnRequest { query: query.to_owned() };
    let mut payment = story.world.payment(&story.citizen);
    let known = payment.look_up_return(confirm).await.map_err(refused)?.into_inner();
    ensure!(known.state() == PaymentState::Settled, "{known:?}");

    let citizen = story.citizen.clone();
    story.until_state(&citizen, &dossier.name, DossierState::Processing).await?;
    let done = story.finish(&dossier.name).await?;
    ensure!(done.finance_state() == FinanceState::Paid, "{done:?}");
    let order = order(story, &story.citizen, &done).await?;
    ensure!((order.paid_vnd, order.receipts.len()) == (FEE + CHARGE, 2), "{order:?}");
    Ok(done)
}

/// The payer scans the code; the bank's statement says that the money came, and is imported twice.
async fn by_transfer(story: &mut Story<'_>, accountant: &Signed) -> Result<()> {
    let dossier = waiting(story).await?;
    let begun = begin(story, &dossier, PaymentMethod::BankTransfer).await?;
    let code = VietQr::decode(&begun.vietqr)?;
    ensure!(code.account == ACCOUNT, "{code:?}");
    let table = bank::statement(&[code], local::day(SystemClock.now()))?;
    let mut books = story.world.payment(accountant);
    for new in [1, 0] {
        let content = table.clone().into_bytes();
        let import =
            ImportStatementRequest { request_id: request_id(), content, ..Default::default() };
        let imported = books.import_statement(import).await.map_err(refused)?.into_inner();
        ensure!((imported.entry_count, imported.new_count) == (1, new), "{imported:?}");
    }
    let citizen = story.citizen.clone();
    story.until_state(&citizen, &dossier.name, DossierState::Processing).await?;
    story.finish(&dossier.name).await?;
    Ok(())
}

async fn in_cash(story: &mut Story<'_>) -> Result<()> {
    let dossier = waiting(story).await?;
    let collect = CollectPaymentRequest {
        request_id: request_id(),
        name: order_of(&dossier),
        method: PaymentMethod::Cash.into(),
        amount_vnd: FEE + CHARGE,
        ..CollectPaymentRequest::default()
    };
    let mut payment = story.world.payment(&story.desk);
    let paid = payment.collect_payment(collect).await.map_err(refused)?.into_inner();
    ensure!(paid.state() == FeeOrderState::Paid, "{paid:?}");
    let citizen = story.citizen.clone();
    story.until_state(&citizen, &dossier.name, DossierState::Processing).await?;
    story.finish(&dossier.name).await?;
    Ok(())
}

/// The desk asks, the leader approves, the gateway gives it back.
async fn given_back(story: &Story<'_>, dossier: &Dossier) -> Result<()> {
    let name = order_of(dossier);
    let order = order(story, &story.desk, dossier).await?;
    let ask = RequestRefundRequest {
        request_id: request_id(),
        name: name.clone(),
        payment: order.payments[0].name.clone(),
        reason: "Thu phí hai lần".to_owned(),
        fee_code: order.lines[1].fee_code.clone(),
        ..RequestRefundRequest::default()
    };
    let mut desk = story.world.payment(&story.desk);
    let asked = desk.request_refund(ask).await.map_err(refused)?.into_inner();
    let refund = asked.refunds[0].name.clone();
    let decide = DecideRefundRequest { request_id: request_id(), name, refund, approve: true };
    let mut leader = story.world.payment(&story.leader);
    let decided = leader.decide_refund(decide).await.map_err(refused)?.into_inner();
    let held: Vec<i64> = decided
        .receipts
        .iter()
        .filter(|receipt| receipt.cancel_time.is_none())
        .map(|receipt| receipt.amount_vnd)
        .collect();
    ensure!(held == [FEE], "the receipt over the lệ phí stays: {decided:?}");
    until("the money has gone back", async || {
        let order = self::order(story, &story.citizen, dossier).await?;
        Ok((order.refunds[0].state() == RefundState::Refunded).then_some(()))
    })
    .await
}

/// What was counted is what the books say, and nothing is open.
async fn closes(story: &Story<'_>) -> Result<()> {
    let all = FEE + CHARGE;
    let close = CloseTillRequest {
        request_id: request_id(),
        agency: story.ward.name.clone(),
        counted_vnd: all,
    };
    let mut desk = story.world.payment(&story.desk);
    let closed = desk.close_till(close).await.map_err(refused)?.into_inner();
    ensure!(closed.expected_vnd == all, "{closed:?}");
    let ask = ListBalancesRequest {
        page_size: 100,
        agency: story.ward.name.clone(),
        ..ListBalancesRequest::default()
    };
    let mut leader = story.world.payment(&story.leader);
    let books = leader.list_balances(ask).await.map_err(refused)?.into_inner().balances;
    let of = |account: &str| -> i64 {
        let own = books.iter().filter(|balance| balance.account == account);
        own.map(|balance| balance.debit_vnd - balance.credit_vnd).sum()
    };
    let open = ["receivable", "refunds", "surplus", "difference"].map(of);
    ensure!(open == [0; 4], "{books:?}");
    let held = [of("cash"), of("bank"), of("gateway"), of("income")];
    ensure!(held == [all, all, all - CHARGE, CHARGE - 3 * all], "{books:?}");
    Ok(())
}

/// The bank and the gateway say what the books say, to the đồng.
async fn reconciled(story: &Story<'_>, accountant: &Signed) -> Result<()> {
    let all = FEE + CHARGE;
    let ask = GetReconciliationRequest { day: local::day(SystemClock.now()).to_string() };
    let mut books = story.world.payment(accountant);
    until("the day closes", async || {
        let day = books.get_reconciliation(ask.clone()).await.map_err(refused)?.into_inner();
        Ok((day.difference_vnd == 0 && day.open_count == 0).then_some(day))
    })
    .await
    .and_then(|day| {
        ensure!((day.bank_vnd, day.explained_vnd) == (all, all), "{day:?}");
        ensure!((day.gateway_vnd, day.confirmed_vnd) == (all, all), "{day:?}");
        Ok(())
    })
}

fn order_of(dossier: &Dossier) -> String {
    dossier.name.replace("dossiers/", "feeOrders/")
}

async fn order(story: &Story<'_>, who: &Signed, dossier: &Dossier) -> Result<FeeOrder> {
    let ask = GetFeeOrderRequest { name: order_of(dossier) };
    let mut payment = story.world.payment(who);
    Ok(payment.get_fee_order(ask).await.map_err(refused)?.into_inner())
}

mod one_process {
    use super::*;

    #[tokio::test(flavor = "multi_thread")]
    async fn what_is_owed_is_paid_and_given_back() -> Result<()> {
        super::paid_and_given_back(Topology::OneProcess).await
    }
}

mod processes {
    use super::*;

    #[tokio::test(flavor = "multi_thread")]
    async fn what_is_owed_is_paid_and_given_back() -> Result<()> {
        super::paid_and_given_back(Topology::Processes).await
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn what_is_owed_is_paid_at_the_national_platform() -> Result<()> {
        super::paid_at_the_platform().await
    }
}
