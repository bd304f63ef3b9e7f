//! What somebody asks the service, and asks again under the same id.

use motcua_proto::payment::v1::{
    AssessFeesRequest, BeginPaymentRequest, CloseTillRequest, CollectPaymentRequest,
    CompleteRefundRequest, DecideRefundRequest, FeeOrder, ImportStatementRequest,
    ReplaceReceiptRequest, RequestRefundRequest, ResolveDiscrepancyRequest,
};
use tonic::{Code, Status};

use crate::support::{Client, Office, accountant, desk, leader, payer};

/// A request, as often as it is sent.
#[derive(Debug, Clone)]
pub(super) enum Request {
    Begin(BeginPaymentRequest),
    Collect(CollectPaymentRequest),
    CloseTill(CloseTillRequest),
    Import(ImportStatementRequest),
    Ask(RequestRefundRequest, Who),
    Decide(DecideRefundRequest, Who),
    Complete(CompleteRefundRequest, Who),
    Replace(ReplaceReceiptRequest),
    Assess(AssessFeesRequest),
    Resolve(ResolveDiscrepancyRequest),
}

/// Who asks, where several may.
#[derive(Debug, Clone, Copy)]
pub(super) enum Who {
    Desk,
    Leader,
    Accountant,
}

/// More than a caller who meets others needs.
const TRIES: usize = 50;

impl Who {
    fn client(self, office: &Office) -> Client {
        office.client(&match self {
            Self::Desk => desk(),
            Self::Leader => leader(),
            Self::Accountant => accountant(),
        })
    }
}

impl Request {
    /// What of the answer is the same each time, or the reason for which it is refused; of an order,
    /// an attempt or a till the answer is how it stands by then. Whoever meets others (ABORTED) asks
    /// again, as every caller does.
    pub(super) async fn send(&self, office: &Office) -> Result<String, String> {
        for _ in 0..TRIES {
            match self.once(office).await {
                Ok(same) => return Ok(same),
                Err(refused) if refused.code() == Code::Aborted => {}
                Err(refused) => {
                    let documented = matches!(
                        refused.code(),
                        Code::FailedPrecondition
                            | Code::InvalidArgument
                            | Code::PermissionDenied
                            | Code::ResourceExhausted
                    );
                    assert!(documented, "{self:?}: {refused:?}");
                    return Err(motcua_rpc::fault(refused).reason().to_owned());
                }
            }
        }
        panic!("{self:?} meets others without an end");
    }

    async fn once(&self, office: &Office) -> Result<String, Status> {
        let order = |order: FeeOrder| order.name;
        Ok(match self.clone() {
            Self::Begin(asked) => {
                let begun = office.client(&payer()).begin_payment(asked).await?.into_inner();
                begun.method().as_str_name().to_owned()
            }
            Self::Collect(asked) => {
                order(office.client(&desk()).collect_payment(asked).await?.into_inner())
            }
            Self::CloseTill(asked) => {
                let closed = office.client(&desk()).close_till(asked).await?.into_inner();
                closed.cashier
            }
            Self::Import(asked) => {
                office.client(&accountant()).import_statement(asked).await?.into_inner().name
            }
            Self::Ask(asked, who) => {
                order(who.client(office).request_refund(asked).await?.into_inner())
            }
            Self::Decide(asked, who) => {
                order(who.client(office).decide_refund(asked).await?.into_inner())
            }
            Self::Complete(asked, who) => {
                order(who.client(office).complete_refund(asked).await?.into_inner())
            }
            Self::Replace(asked) => {
                order(office.client(&accountant()).replace_receipt(asked).await?.into_inner())
            }
            Self::Assess(asked) => {
                order(office.client(&desk()).assess_fees(asked).await?.into_inner())
            }
            Self::Resolve(asked) => {
                let found = office.client(&accountant()).resolve_discrepancy(asked).await?;
                format!("{:?}", found.into_inner().outcome())
            }
        })
    }
}
