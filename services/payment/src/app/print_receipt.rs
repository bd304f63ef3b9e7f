use motcua_context::Ctx;
use motcua_fault::Fault;
use motcua_ids::{FeeOrderId, ReceiptId};
use motcua_vn::{Vnd, local, text::grouped};
use serde::Serialize;

use super::{
    App,
    begin_payment::{info, told},
};
use crate::domain::{Attempt, Bill, ChargeKind, Line, Method, Order, Receipt, Refusal};

const TEMPLATE: &str = include_str!("../../templates/bien-lai.typ");

/// A receipt as paper.
#[derive(Debug, Clone)]
pub(crate) struct Printed {
    pub(crate) pdf: Vec<u8>,
    /// `LP-H53.41-26-0000017.pdf`.
    pub(crate) file_name: String,
}

/// What the template is filled in with.
#[derive(Debug, Serialize)]
struct Paper {
    title: &'static str,
    series: String,
    number: String,
    agency: String,
    agency_code: String,
    payer: String,
    dossier: String,
    procedure: String,
    procedure_name: String,
    method: &'static str,
    transaction: String,
    lines: Vec<PaperLine>,
    returned: Option<String>,
    amount: String,
    amount_in_words: String,
    bases: Vec<String>,
    issued: String,
    cancelled: Option<String>,
    replaced_by: Option<String>,
}

#[derive(Debug, Serialize)]
struct PaperLine {
    name: String,
    amount: String,
    reduction: String,
    payable: String,
}

impl App {
    /// A receipt as PDF, for its payer and for officers: ours, with its series and number, whoever
    /// took the money.
    pub(crate) async fn print_receipt(
        &self,
        ctx: &Ctx,
        id: FeeOrderId,
        receipt: ReceiptId,
    ) -> Result<Printed, Fault> {
        let (order, _) = self.order(ctx, id).await?;
        let receipt = order.receipt(receipt)?;
        let paid = order.paid_until(receipt.issued_at);
        let (series, number) = numbered(receipt);
        let file_name = format!("{series}-{number}.pdf");
        let bill = match self.orders.bill(self.store.reader(), receipt.id).await? {
            Some(kept) => {
                self.record_printing(ctx, &order).await?;
                kept
            }
            // One that was issued before they were kept, or just now.
            None => self.bill(ctx, &order).await?,
        };
        let paper = paper(&order, receipt, paid, bill);
        let at = local::local(receipt.issued_at);
        let printed =
            tokio::task::spawn_blocking(move || motcua_pdf::print(TEMPLATE, &paper, at)).await;
        let pdf = printed.map_err(Fault::internal)?.map_err(Fault::internal)?;
        Ok(Printed { pdf, file_name })
    }

    /// The bill that the platform at which a receipt's money was paid wrote of its own.
    pub(crate) async fn print_bill(
        &self,
        ctx: &Ctx,
        id: FeeOrderId,
        receipt: ReceiptId,
    ) -> Result<Printed, Fault> {
        let (order, _) = self.order(ctx, id).await?;
        let paid = order.paid_until(order.receipt(receipt)?.issued_at);
        let at = paid.and_then(|attempt| Some((attempt, self.gateways.of(attempt)?)));
        let (attempt, gateway) = at.ok_or(Refusal::BillAbsent)?;
        let info = info(&order);
        let told = told(attempt, &info);
        let file_name = format!("nen-tang-{}.pdf", told.reference);
        let pdf = gateway.receipt(told).await?.ok_or(Refusal::BillAbsent)?;
        self.record_printing(ctx, &order).await?;
        Ok(Printed { pdf, file_name })
    }

    /// Whose name is on a paper was read by whoever has it printed.
    async fn record_printing(&self, ctx: &Ctx, order: &Order) -> Result<(), Fault> {
        let method = "/motcua.payment.v1.PaymentService/PrintReceipt";
        let (payer, dossier) = (order.facts.payer.as_slice(), [order.facts.dossier]);
        self.store.record_reading(ctx, method, payer, &dossier, "issue_receipt").await
    }
}

fn paper(order: &Order, receipt: &Receipt, paid: Option<&Attempt>, bill: Bill) -> Paper {
    let (series, number) = numbered(receipt);
    let own: Vec<&Line> = bill.lines.iter().filter(|line| line.kind == receipt.kind).collect();
    let owed: i64 = own.iter().map(|line| line.payable().dong()).sum();
    let returned = owed - receipt.amount.dong();
    let replacing = receipt.replaced_by.and_then(|id| order.receipt(id).ok()).map(numbered);
    let mut bases: Vec<String> = Vec::new();
    for reduction in own.iter().filter_map(|line| line.charge.as_ref()?.reduction.as_ref()) {
        if !bases.contains(&reduction.basis) {
            bases.push(reduction.basis.clone());
        }
    }
    let lines = own.into_iter().map(paper_line).collect();
    Paper {
        title: match receipt.kind {
            ChargeKind::Charge => "Biên lai thu phí",
            ChargeKind::Fee => "Biên lai thu lệ phí",
        },
        series,
        number,
        agency: bill.agency_name,
        agency_code: bill.agency_code,
        payer: bill.payer,
        dossier: bill.dossier,
        procedure: bill.procedure,
        procedure_name: bill.procedure_name,
        method: paid.map_or("", |attempt| match attempt.method {
            Method::Gateway => "Thanh toán trực tuyến",
            Method::BankTransfer => "Chuyển khoản",
            Method::Cash => "Tiền mặt",
            Method::Postal => "Bưu điện thu hộ",
        }),
        transaction: paid.and_then(Attempt::transaction).unwrap_or_default().to_owned(),
        lines,
        returned: (returned > 0).then(|| grouped(returned)),
        amount: grouped(receipt.amount.dong()),
        amount_in_words: receipt.amount.in_words(),
        bases,
        issued: local::local(receipt.issued_at).format("Ngày %d tháng %m năm %Y").to_string(),
        cancelled: receipt
            .cancelled_at
            .map(|at| local::local(at).format("%H giờ %M ngày %d/%m/%Y").to_string()),
        replaced_by: replacing.map(|(series, number)| format!("{series} số {number}")),
    }
}

fn paper_line(line: &Line) -> PaperLine {
    let amount = line.charge.as_ref().map_or(Vnd::ZERO, |charge| charge.amount);
    let payable = line.payable();
    PaperLine {
        name: line.name.clone(),
        amount: grouped(amount.dong()),
        reduction: grouped(amount.dong() - payable.dong()),
        payable: grouped(payable.dong()),
    }
}

/// Its series, and its number in seven digits.
fn numbered(receipt: &Receipt) -> (String, String) {
    receipt.number.as_ref().map_or_else(Default::default, |(series, number)| {
        (series.as_str().to_owned(), format!("{number:07}"))
    })
}
