//! The books balance, and say what the orders say.

use motcua_fault::Fault;
use motcua_payment::consistency as payment;

use super::{Report, Stores};

pub(super) async fn prove(stores: &Stores, report: &mut Report) -> Result<(), Fault> {
    let db = stores.payment.reader();
    let counted = payment::counted(db).await?;
    report.count("fee orders", counted.orders);
    report.count("movements of the books", counted.entries);
    for entry in payment::unbalanced(db).await? {
        let wrong = "its sides do not add up to nothing: the row was changed by hand";
        report.wrong(format!("ledgerEntries/{entry}"), "UNBALANCED", wrong);
    }
    for order in payment::disowned(db).await? {
        let wrong = "the books say something else than the order of what is owed";
        report.wrong(format!("feeOrders/{order}"), "NOT_AS_BOOKED", wrong);
    }
    for order in payment::unreturned(db).await? {
        let wrong = "the books say something else than the refunds of what is to be given back";
        report.wrong(format!("feeOrders/{order}"), "NOT_AS_APPROVED", wrong);
    }
    for order in payment::misheld(db).await? {
        let wrong = "the books hold another surplus than what came and was not owed";
        report.wrong(format!("feeOrders/{order}"), "NOT_AS_SURPLUS", wrong);
    }
    for order in payment::unbooked(db).await? {
        let wrong = "money came that does not stand in the books, or stands there otherwise";
        report.wrong(format!("feeOrders/{order}"), "NOT_BOOKED", wrong);
    }
    if let Some((books, bank)) = payment::misbanked(db).await? {
        let wrong = format!("{bank} came and went by statements, {books} by the books");
        report.wrong("the collecting account".to_owned(), "NOT_AS_STATED", wrong);
    }
    for series in payment::gaps(db).await? {
        let wrong = "a number is missing: a receipt is gone";
        report.wrong(format!("receipts of {series}"), "RECEIPT_GONE", wrong);
    }
    Ok(())
}
