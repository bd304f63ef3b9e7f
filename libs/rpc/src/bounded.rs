use http_body_util::{BodyExt, LengthLimitError, Limited};
use tonic::{Status, body::Body};

/// A body of so many octets at the most; the rest is not waited for.
pub(crate) fn bounded(body: Body, most: usize) -> Body {
    Body::new(Limited::new(body, most).map_err(|error| {
        if error.is::<LengthLimitError>() {
            Status::out_of_range("message too large")
        } else {
            Status::from_error(error)
        }
    }))
}
