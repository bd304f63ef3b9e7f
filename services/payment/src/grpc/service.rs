use motcua_fault::both;
use motcua_ids::{DiscrepancyId, FeePolicyId, StatementId};
use motcua_proto::payment::v1::{
    self as proto, AssessFeesRequest, BeginPaymentRequest, CloseTillRequest, CollectPaymentRequest,
    CompleteRefundRequest, DecideRefundRequest, Discrepancy, EndFeePolicyRequest,
    EstimateFeesRequest, EstimateFeesResponse, FeeOrder, FeePolicy, GetFeeOrderRequest,
    GetReconciliationRequest, GetStatementRequest, ImportStatementRequest, ListBalancesRequest,
    ListBalancesResponse, ListDiscrepanciesRequest, ListDiscrepanciesResponse,
    ListFeeOrdersRequest, ListFeeOrdersResponse, ListFeePoliciesRequest, ListFeePoliciesResponse,
    ListStatementsRequest, ListStatementsResponse, ListTillClosingsRequest,
    ListTillClosingsResponse, LookUpReturnRequest, LookUpReturnResponse, Payment,
    PrintReceiptRequest, PrintReceiptResponse, PublishFeePolicyRequest, Reconciliation,
    ReplaceReceiptRequest, RequestRefundRequest, ResolveDiscrepancyRequest, Statement,
    payment_service_server::PaymentService,
};
use motcua_rpc::{self as rpc, Pages};
use motcua_vn::local;
use tonic::{Request, Response, Status};

use super::{read, show};
use crate::app::{App, Closed, Placed, Printed, Slot, TillClosing};

/// The RPCs.
pub(crate) struct Service {
    pub(crate) app: App,
    pub(crate) pages: Pages,
}

type Answer<T> = Result<Response<T>, Status>;

#[async_trait::async_trait]
impl PaymentService for Service {
    async fn get_fee_order(&self, request: Request<GetFeeOrderRequest>) -> Answer<FeeOrder> {
        let (ctx, asked) = rpc::query(request);
        let found = async {
            let (order, officer) = self.app.order(&ctx, read::order_name(&asked.name)?).await?;
            Ok(show::order(&order, officer))
        };
        rpc::reply(found.await)
    }

    async fn list_fee_orders(
        &self,
        request: Request<ListFeeOrdersRequest>,
    ) -> Answer<ListFeeOrdersResponse> {
        let (ctx, asked) = rpc::query(request);
        let listed = async {
            let oldest_first = asked.oldest_first;
            let filter =
                ListFeeOrdersRequest { state: asked.state, oldest_first, ..Default::default() };
            let (size, token) = (asked.page_size, &asked.page_token);
            let page = self.pages.open::<Placed>(&ctx, &filter, size, token)?;
            let state = read::state(&asked);
            let (orders, more) = self.app.order_page(&ctx, state, oldest_first, page).await?;
            let last = orders.last().filter(|_| more).map(Placed::from);
            let next = last.map(|place| self.pages.token(&ctx, &filter, &place)).transpose()?;
            Ok(ListFeeOrdersResponse {
                fee_orders: orders.iter().map(|order| show::order(order, true)).collect(),
                next_page_token: next.unwrap_or_default(),
            })
        };
        rpc::reply(listed.await)
    }

    async fn estimate_fees(
        &self,
        request: Request<EstimateFeesRequest>,
    ) -> Answer<EstimateFeesResponse> {
        let (ctx, asked) = rpc::query(request);
        let found = async {
            let (filed, answers) = read::estimate(asked, local::day(ctx.now()))?;
            let lines = self.app.estimate_fees(&ctx, filed, &answers).await?;
            Ok(show::estimate(&lines))
        };
        rpc::reply(found.await)
    }

    async fn assess_fees(&self, request: Request<AssessFeesRequest>) -> Answer<FeeOrder> {
        let (ctx, command) = rpc::mutation(request, |_, asked| read::assess(asked))?;
        let order = self.app.assess_fees(&ctx, command).await;
        rpc::reply(order.map(|order| show::order(&order, true)))
    }

    async fn begin_payment(&self, request: Request<BeginPaymentRequest>) -> Answer<Payment> {
        let (ctx, command) = rpc::mutation(request, |_, asked| read::begin(&asked))?;
        rpc::reply(self.app.begin_payment(&ctx, command).await.map(show::begun))
    }

    async fn look_up_return(
        &self,
        request: Request<LookUpReturnRequest>,
    ) -> Answer<LookUpReturnResponse> {
        let (ctx, asked) = rpc::query(request);
        let known = self.app.look_up_return(&ctx, &asked.query).await;
        rpc::reply(known.map(|(order, attempt)| show::returned(&order, &attempt)))
    }

    async fn collect_payment(&self, request: Request<CollectPaymentRequest>) -> Answer<FeeOrder> {
        let (ctx, command) = rpc::mutation(request, |_, asked| read::collect(asked))?;
        let order = self.app.collect_payment(&ctx, command).await;
        rpc::reply(order.map(|order| show::order(&order, true)))
    }

    async fn replace_receipt(&self, request: Request<ReplaceReceiptRequest>) -> Answer<FeeOrder> {
        let (ctx, command) = rpc::mutation(request, |_, asked| read::replace(&asked))?;
        let order = self.app.replace_receipt(&ctx, command).await;
        rpc::reply(order.map(|order| show::order(&order, true)))
    }

    async fn print_receipt(
        &self,
        request: Request<PrintReceiptRequest>,
    ) -> Answer<PrintReceiptResponse> {
        let (ctx, asked) = rpc::query(request);
        let printed = async {
            let (order, receipt) = read::printed(&asked)?;
            let Printed { pdf, file_name } = if asked.from_platform {
                self.app.print_bill(&ctx, order, receipt).await?
            } else {
                self.app.print_receipt(&ctx, order, receipt).await?
            };
            Ok(PrintReceiptResponse { content: pdf, file_name })
        };
        rpc::reply(printed.await)
    }

    async fn request_refund(&self, request: Request<RequestRefundRequest>) -> Answer<FeeOrder> {
        let (ctx, command) = rpc::mutation(request, |_, asked| read::refund(&asked))?;
        let order = self.app.request_refund(&ctx, command).await;
        rpc::reply(order.map(|order| show::order(&order, true)))
    }

    async fn decide_refund(&self, request: Request<DecideRefundRequest>) -> Answer<FeeOrder> {
        let (ctx, command) = rpc::mutation(request, |_, asked| read::decide(&asked))?;
        let order = self.app.decide_refund(&ctx, command).await;
        rpc::reply(order.map(|order| show::order(&order, true)))
    }

    async fn complete_refund(&self, request: Request<CompleteRefundRequest>) -> Answer<FeeOrder> {
        let (ctx, (id, refund, in_cash)) =
            rpc::mutation(request, |_, asked| read::complete(&asked))?;
        let order = self.app.complete_refund(&ctx, id, refund, in_cash).await;
        rpc::reply(order.map(|order| show::order(&order, true)))
    }

    async fn close_till(&self, request: Request<CloseTillRequest>) -> Answer<proto::TillClosing> {
        let (ctx, (agency, counted)) = rpc::mutation(request, |_, asked| read::till(&asked))?;
        rpc::reply(self.app.close_till(&ctx, agency, counted).await.map(show::closing))
    }

    async fn list_till_closings(
        &self,
        request: Request<ListTillClosingsRequest>,
    ) -> Answer<ListTillClosingsResponse> {
        let (ctx, asked) = rpc::query(request);
        let listed = async {
            let filter =
                ListTillClosingsRequest { agency: asked.agency.clone(), ..Default::default() };
            let (size, token) = (asked.page_size, &asked.page_token);
            let page = self.pages.open::<Closed>(&ctx, &filter, size, token);
            let (page, agency) = both(page, read::agency(&asked.agency))?;
            let (closings, more) = self.app.closing_page(&ctx, agency, page).await?;
            let last = closings.last().filter(|_| more).map(TillClosing::place);
            let next = last.map(|place| self.pages.token(&ctx, &filter, &place)).transpose()?;
            Ok(ListTillClosingsResponse {
                till_closings: closings.into_iter().map(show::closing).collect(),
                next_page_token: next.unwrap_or_default(),
            })
        };
        rpc::reply(listed.await)
    }

    async fn list_balances(
        &self,
        request: Request<ListBalancesRequest>,
    ) -> Answer<ListBalancesResponse> {
        let (ctx, asked) = rpc::query(request);
        let listed = async {
            let filter = ListBalancesRequest {
                agency: asked.agency.clone(),
                day: asked.day.clone(),
                ..Default::default()
            };
            let (size, token) = (asked.page_size, &asked.page_token);
            let page = self.pages.open::<Slot>(&ctx, &filter, size, token);
            let (page, (agency, day)) = both(page, read::balances(&asked))?;
            let (sums, more) = self.app.balances(&ctx, agency, day, page).await?;
            let last = sums.last().filter(|_| more).map(|sum| &sum.slot);
            let next = last.map(|slot| self.pages.token(&ctx, &filter, slot)).transpose()?;
            Ok(ListBalancesResponse {
                balances: sums.into_iter().map(show::balance).collect(),
                next_page_token: next.unwrap_or_default(),
            })
        };
        rpc::reply(listed.await)
    }

    async fn import_statement(
        &self,
        request: Request<ImportStatementRequest>,
    ) -> Answer<Statement> {
        let (ctx, file) = rpc::mutation(request, |_, asked| read::statement(asked))?;
        let imported = async {
            let statement = self.app.import_statement(&ctx, file).await?;
            let (statement, counts) = self.app.statement(&ctx, statement.id).await?;
            Ok(show::statement(&statement, &counts))
        };
        rpc::reply(imported.await)
    }

    async fn get_statement(&self, request: Request<GetStatementRequest>) -> Answer<Statement> {
        let (ctx, asked) = rpc::query(request);
        let found = async {
            let id = read::statement_name(&asked.name)?;
            let (statement, counts) = self.app.statement(&ctx, id).await?;
            Ok(show::statement(&statement, &counts))
        };
        rpc::reply(found.await)
    }

    async fn list_statements(
        &self,
        request: Request<ListStatementsRequest>,
    ) -> Answer<ListStatementsResponse> {
        let (ctx, asked) = rpc::query(request);
        let listed = async {
            let filter = ListStatementsRequest::default();
            let (size, token) = (asked.page_size, &asked.page_token);
            let page = self.pages.open::<StatementId>(&ctx, &filter, size, token)?;
            let (found, more) = self.app.statement_page(&ctx, page).await?;
            let last = found.last().filter(|_| more).map(|(last, _)| last.id);
            let next = last.map(|id| self.pages.token(&ctx, &filter, &id)).transpose()?;
            let statements = found.iter().map(|(one, counts)| show::statement(one, counts));
            Ok(ListStatementsResponse {
                statements: statements.collect(),
                next_page_token: next.unwrap_or_default(),
            })
        };
        rpc::reply(listed.await)
    }

    async fn list_discrepancies(
        &self,
        request: Request<ListDiscrepanciesRequest>,
    ) -> Answer<ListDiscrepanciesResponse> {
        let (ctx, asked) = rpc::query(request);
        let listed = async {
            let filter =
                ListDiscrepanciesRequest { open_only: asked.open_only, ..Default::default() };
            let (size, token) = (asked.page_size, &asked.page_token);
            let page = self.pages.open::<DiscrepancyId>(&ctx, &filter, size, token)?;
            let (found, more) = self.app.discrepancy_page(&ctx, asked.open_only, page).await?;
            let last = found.last().filter(|_| more).map(|(last, _)| last.id);
            let next = last.map(|id| self.pages.token(&ctx, &filter, &id)).transpose()?;
            let discrepancies = found.into_iter().map(|(one, memo)| show::discrepancy(&one, memo));
            Ok(ListDiscrepanciesResponse {
                discrepancies: discrepancies.collect(),
                next_page_token: next.unwrap_or_default(),
            })
        };
        rpc::reply(listed.await)
    }

    async fn resolve_discrepancy(
        &self,
        request: Request<ResolveDiscrepancyRequest>,
    ) -> Answer<Discrepancy> {
        let (ctx, command) = rpc::mutation(request, |_, asked| read::resolve(&asked))?;
        let settled = self.app.resolve_discrepancy(&ctx, command).await;
        rpc::reply(settled.map(|one| show::discrepancy(&one, String::new())))
    }

    async fn get_reconciliation(
        &self,
        request: Request<GetReconciliationRequest>,
    ) -> Answer<Reconciliation> {
        let (ctx, asked) = rpc::query(request);
        let reckoned = async {
            let day = read::day(&asked.day)?;
            Ok(show::reconciliation(day, &self.app.reckon(&ctx, day).await?))
        };
        rpc::reply(reckoned.await)
    }

    async fn publish_fee_policy(
        &self,
        request: Request<PublishFeePolicyRequest>,
    ) -> Answer<FeePolicy> {
        let (ctx, terms) = rpc::mutation(request, |_, asked| read::policy(asked))?;
        rpc::reply(self.app.publish_policy(&ctx, terms).await.map(show::policy))
    }

    async fn end_fee_policy(&self, request: Request<EndFeePolicyRequest>) -> Answer<FeePolicy> {
        let (ctx, command) =
            rpc::mutation(request, |ctx, asked| read::end_policy(&asked, local::day(ctx.now())))?;
        rpc::reply(self.app.end_policy(&ctx, command).await.map(show::policy))
    }

    async fn list_fee_policies(
        &self,
        request: Request<ListFeePoliciesRequest>,
    ) -> Answer<ListFeePoliciesResponse> {
        let (ctx, asked) = rpc::query(request);
        let listed = async {
            let filter = ListFeePoliciesRequest::default();
            let (size, token) = (asked.page_size, &asked.page_token);
            let page = self.pages.open::<FeePolicyId>(&ctx, &filter, size, token)?;
            let (policies, more) = self.app.policy_page(page).await?;
            let last = policies.last().filter(|_| more).map(|policy| policy.id);
            let next = last.map(|id| self.pages.token(&ctx, &filter, &id)).transpose()?;
            Ok(ListFeePoliciesResponse {
                policies: policies.into_iter().map(show::policy).collect(),
                next_page_token: next.unwrap_or_default(),
            })
        };
        rpc::reply(listed.await)
    }
}
