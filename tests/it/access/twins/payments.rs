//! What is owed, paid and given back.

use motcua::demo::world::{refused, request_id, until};
use motcua_proto::{
    access::v1::Role,
    catalog::v1::GetAgencyRequest,
    payment::v1::{
        AssessFeesRequest, AssessedFee, BeginPaymentRequest, CloseTillRequest,
        CollectPaymentRequest, CompleteRefundRequest, DecideRefundRequest, DiscrepancyOutcome,
        EndFeePolicyRequest, FeeOrder, FeePolicy, GetFeeOrderRequest, GetReconciliationRequest,
        GetStatementRequest, ImportStatementRequest, ListBalancesRequest, ListDiscrepanciesRequest,
        ListFeeOrdersRequest, ListFeePoliciesRequest, ListStatementsRequest,
        ListTillClosingsRequest, PaymentMethod, PrintReceiptRequest, PublishFeePolicyRequest,
        ReplaceReceiptRequest, RequestRefundRequest, ResolveDiscrepancyRequest, Statement,
    },
};

use super::Stage;
use crate::journey;

impl Stage<'_> {
    pub(super) async fn payments(&mut self) {
        journey::charge(&self.story, &self.others.province_editor).await.unwrap();
        let filed = journey::submitted(&mut self.story).await.unwrap();
        self.story.accept(&filed).await.unwrap();
        let name = filed.name.replace("dossiers/", "feeOrders/");
        let get = GetFeeOrderRequest { name: name.clone() };
        until("the order", async || {
            let mut payment = self.story.world.payment(&self.story.citizen);
            Ok(payment.get_fee_order(get.clone()).await.ok())
        })
        .await
        .unwrap();
        self.owed(&name, &get).await;
        let paid = self.paid(&name).await;
        self.receipts(&name, &paid).await;
        self.given_back(&name, &paid).await;
        self.books().await;
        self.statements().await;
    }

    async fn receipts(&mut self, name: &str, paid: &FeeOrder) {
        let (home, away) = (self.agency("H53").await, self.agency("H53.42").await);
        let accountant = Role::Accountant;
        let keeper = self.story.appoint(accountant, &home, "bienlai.tinh", "Đỗ Tuyết Lan").await;
        let other = self.story.appoint(accountant, &away, "bienlai.xa", "Lý Thu Hồng").await;
        let (keeper, other) = (keeper.unwrap(), other.unwrap());
        let Self { bench, story, others } = self;
        let receipt = paid.receipts[0].name.clone();
        let print = PrintReceiptRequest {
            name: name.to_owned(),
            receipt: receipt.clone(),
            ..PrintReceiptRequest::default()
        };
        let strangers = [&others.citizen, &others.organisation, &others.desk, &other];
        bench.twin("PaymentService/PrintReceipt", &story.citizen, &strangers, &print).await;
        let replace = ReplaceReceiptRequest {
            request_id: request_id(),
            name: name.to_owned(),
            receipt,
            reason: "Sai tên người nộp".to_owned(),
        };
        bench.twin("PaymentService/ReplaceReceipt", &keeper, &[&other], &replace).await;
    }

    async fn agency(&self, code: &str) -> String {
        let ask = GetAgencyRequest { identifier_code: code.to_owned(), ..Default::default() };
        self.story.world.catalog().get_agency(ask).await.unwrap().into_inner().name
    }

    async fn owed(&mut self, name: &str, get: &GetFeeOrderRequest) {
        let Self { bench, story, others } = self;
        let strangers =
            [&others.citizen, &others.organisation, &others.desk, &others.leader, &others.auditor];
        let method = "PaymentService/GetFeeOrder";
        bench.twin(method, &story.citizen, &strangers, get).await;
        bench.watch(method, &story.citizen, get);
        let list = ListFeeOrdersRequest { page_size: 100, ..ListFeeOrdersRequest::default() };
        let far = [&others.desk, &others.leader, &others.auditor];
        bench.listed("PaymentService/ListFeeOrders", &story.desk, &far, &list, name).await;
        let assess = AssessFeesRequest {
            request_id: request_id(),
            name: name.to_owned(),
            fees: vec![AssessedFee {
                fee_code: "phi".to_owned(),
                amount_vnd: 30_000,
                ..AssessedFee::default()
            }],
            ..AssessFeesRequest::default()
        };
        let far = [&others.desk, &others.specialist];
        bench.twin("PaymentService/AssessFees", &story.specialist, &far, &assess).await;
        let begin = BeginPaymentRequest {
            request_id: request_id(),
            name: name.to_owned(),
            method: PaymentMethod::Gateway.into(),
            english: false,
        };
        let far = [&others.citizen, &others.organisation, &others.desk];
        bench.twin_by_state("PaymentService/BeginPayment", &story.citizen, &far, &begin).await;
    }

    async fn paid(&mut self, name: &str) -> FeeOrder {
        let Self { bench, story, others } = self;
        let collect = CollectPaymentRequest {
            request_id: request_id(),
            name: name.to_owned(),
            method: PaymentMethod::Cash.into(),
            amount_vnd: 80_000,
            ..CollectPaymentRequest::default()
        };
        let method = "PaymentService/CollectPayment";
        bench.twin(method, &story.desk, &[&others.desk], &collect).await.read()
    }

    async fn given_back(&mut self, name: &str, paid: &FeeOrder) {
        let Self { bench, story, others } = self;
        let ask = RequestRefundRequest {
            request_id: request_id(),
            name: name.to_owned(),
            payment: paid.payments[0].name.clone(),
            amount_vnd: 10_000,
            reason: "Thu thừa".to_owned(),
            ..RequestRefundRequest::default()
        };
        let method = "PaymentService/RequestRefund";
        let asked: FeeOrder = bench.twin(method, &story.desk, &[&others.desk], &ask).await.read();
        let refund = asked.refunds[0].name.clone();
        let decide = DecideRefundRequest {
            request_id: request_id(),
            name: name.to_owned(),
            refund: refund.clone(),
            approve: true,
        };
        let method = "PaymentService/DecideRefund";
        bench.twin(method, &story.leader, &[&others.leader], &decide).await;
        let complete = CompleteRefundRequest {
            request_id: request_id(),
            name: name.to_owned(),
            refund,
            in_cash: false,
        };
        let method = "PaymentService/CompleteRefund";
        bench.twin(method, &story.desk, &[&others.desk], &complete).await;
    }

    async fn books(&mut self) {
        let Self { bench, story, others } = self;
        let close = CloseTillRequest {
            request_id: request_id(),
            agency: story.ward.name.clone(),
            counted_vnd: 70_000,
        };
        bench.twin("PaymentService/CloseTill", &story.desk, &[&others.desk], &close).await;
        let list = ListTillClosingsRequest {
            agency: story.ward.name.clone(),
            ..ListTillClosingsRequest::default()
        };
        let far = [&others.leader, &others.auditor];
        bench.twin("PaymentService/ListTillClosings", &story.leader, &far, &list).await;
        let list = ListBalancesRequest {
            agency: story.ward.name.clone(),
            ..ListBalancesRequest::default()
        };
        bench.twin("PaymentService/ListBalances", &story.leader, &far, &list).await;
        let publish = PublishFeePolicyRequest {
            request_id: request_id(),
            policy: Some(FeePolicy {
                display_name: "Giảm lệ phí".to_owned(),
                legal_basis: "Nghị quyết của Hội đồng nhân dân tỉnh".to_owned(),
                valid_from: "2099-01-01".to_owned(),
                percent: 10,
                ..FeePolicy::default()
            }),
        };
        let far = [&others.editor, &others.administrator];
        let method = "PaymentService/PublishFeePolicy";
        let published: FeePolicy =
            bench.twin(method, &others.province_editor, &far, &publish).await.read();
        let end = EndFeePolicyRequest {
            request_id: request_id(),
            name: published.name,
            last_day: "2098-12-31".to_owned(),
        };
        let method = "PaymentService/EndFeePolicy";
        bench.twin(method, &others.province_editor, &far, &end).await;
        let mut anybody = story.world.payment(&others.citizen);
        let published =
            anybody.list_fee_policies(ListFeePoliciesRequest::default()).await.map_err(refused);
        assert_eq!(published.unwrap().into_inner().policies.len(), 1);
    }

    async fn statements(&mut self) {
        let province = self.agency("H53").await;
        let ward = self.story.ward.name.clone();
        let accountant = Role::Accountant;
        let keeper = self.story.appoint(accountant, &province, "ketoan.tinh", "Đỗ Tuyết Mai").await;
        let of_ward = self.story.appoint(accountant, &ward, "ketoan.xa", "Lý Thu Cúc").await;
        let (keeper, of_ward) = (keeper.unwrap(), of_ward.unwrap());
        let Self { bench, story, .. } = self;
        let far = [&of_ward];
        let table = "Ngày giao dịch;Số tham chiếu;Ghi nợ;Ghi có;Nội dung\n\
                     02/11/2026;FT1;;5000;Khong ro\n";
        let import = ImportStatementRequest {
            request_id: request_id(),
            content: table.into(),
            account: "1234567890".to_owned(),
        };
        let method = "PaymentService/ImportStatement";
        let statement: Statement = bench.twin(method, &keeper, &far, &import).await.read();
        let get = GetStatementRequest { name: statement.name };
        bench.twin("PaymentService/GetStatement", &keeper, &far, &get).await;
        let list = ListStatementsRequest { page_size: 100, ..ListStatementsRequest::default() };
        bench.listed("PaymentService/ListStatements", &keeper, &far, &list, &get.name).await;
        let list =
            ListDiscrepanciesRequest { page_size: 100, ..ListDiscrepanciesRequest::default() };
        let found = until("the discrepancy", async || {
            let mut payment = story.world.payment(&keeper);
            let page = payment.list_discrepancies(list.clone()).await.map_err(refused)?;
            Ok(page.into_inner().discrepancies.pop())
        })
        .await
        .unwrap();
        let method = "PaymentService/ListDiscrepancies";
        bench.listed(method, &keeper, &far, &list, &found.name).await;
        let resolve = ResolveDiscrepancyRequest {
            request_id: request_id(),
            name: found.name,
            outcome: DiscrepancyOutcome::WrittenOff.into(),
            resolution: "Lãi tiền gửi".to_owned(),
            ..ResolveDiscrepancyRequest::default()
        };
        bench.twin("PaymentService/ResolveDiscrepancy", &keeper, &far, &resolve).await;
        let day = GetReconciliationRequest { day: found.day };
        let far = [&of_ward, &story.leader];
        bench.twin("PaymentService/GetReconciliation", &keeper, &far, &day).await;
    }
}
