use http::Response;
use motcua_fault::{Fault, Kind};
use tonic::{Code, Status, body::Body};

use crate::status::status;

/// A message that could not be read is the caller's fault, and is answered like
/// every other refusal. The transport calls a malformed one INTERNAL and an
/// overlong one OUT_OF_RANGE, and gives no reason; ours always carry one.
pub(crate) fn explain(response: Response<Body>) -> Response<Body> {
    let refused = Status::from_header_map(response.headers());
    match refused.as_ref().and_then(refusal) {
        Some(fault) => status(fault).into_http(),
        None => response,
    }
}

/// Why the next message of a caller's stream cannot be had.
pub fn unread(broken: Status) -> Fault {
    refusal(&broken).unwrap_or_else(|| crate::fault(broken))
}

fn refusal(status: &Status) -> Option<Fault> {
    if !status.details().is_empty() {
        return None;
    }
    let (reason, text) = match status.code() {
        Code::Internal => ("MESSAGE_MALFORMED", "Dữ liệu gửi lên không đọc được."),
        Code::OutOfRange => ("MESSAGE_TOO_LARGE", "Dữ liệu gửi lên trong một lần quá lớn."),
        _ => return None,
    };
    Some(Fault::new(Kind::InvalidArgument, reason, text))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answered(given: Status) -> (Code, String) {
        let response = explain(given.into_http());
        let status = Status::from_header_map(response.headers()).unwrap();
        let fault = crate::fault(status.clone());
        (status.code(), fault.reason().to_owned())
    }

    #[test]
    fn what_cannot_be_read_is_the_callers_fault() {
        let malformed = answered(Status::internal("failed to decode Protobuf message"));
        assert_eq!(malformed, (Code::InvalidArgument, "MESSAGE_MALFORMED".to_owned()));
        let overlong = answered(Status::out_of_range("decoded message length too large"));
        assert_eq!(overlong, (Code::InvalidArgument, "MESSAGE_TOO_LARGE".to_owned()));
    }

    #[test]
    fn our_own_refusals_stay_as_they_are() {
        let (code, reason) = answered(status(Fault::internal("a defect")));
        assert_eq!((code, reason.as_str()), (Code::Internal, "INTERNAL"));
        assert_eq!(answered(Status::unimplemented("no such method")).0, Code::Unimplemented);
    }
}
