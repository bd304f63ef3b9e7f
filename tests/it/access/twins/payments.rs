//! What is owed, paid and given back.

use motcua::demo::world::{refused, request_id, until};
use motcua_proto::payment::v1::{
    AssessFeesRequest, AssessedFee, BeginPaymentRequest, CloseTillRequest, CollectPaymentRequest,
    CompleteRefundRequest, DecideRefundRequest, FeeOrder, FeePolicy, GetFeeOrderRequest,
    ListBalancesRequest, ListFeeOrdersRequest, ListFeePoliciesRequest, PaymentMethod,
    PublishFeePolicyRequest, RequestRefundRequest,
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
        self.given_back(&name, &paid).await;
        self.books().await;
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
        let far = [&others.citizen, &others.organisation];
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
        let complete =
            CompleteRefundRequest { request_id: request_id(), name: name.to_owned(), refund };
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
        let list = ListBalancesRequest {
            agency: story.ward.name.clone(),
            ..ListBalancesRequest::default()
        };
        let far = [&others.leader, &others.auditor];
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
        bench.twin(method, &others.province_editor, &far, &publish).await;
        let mut anybody = story.world.payment(&others.citizen);
        let published =
            anybody.list_fee_policies(ListFeePoliciesRequest::default()).await.map_err(refused);
        assert_eq!(published.unwrap().into_inner().policies.len(), 1);
    }
}
