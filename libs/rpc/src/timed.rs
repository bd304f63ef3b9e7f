use std::{
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
};

use bytes::Bytes;
use tokio::{
    sync::OwnedSemaphorePermit,
    time::{Instant, Sleep},
};
use tonic::{Status, body::Body};

/// What a call from the network holds until its work and its bodies end; nothing
/// for a call from the same process.
pub(crate) type Place = Arc<Vec<OwnedSemaphorePermit>>;

/// A body that ends with DEADLINE_EXCEEDED at its time, and holds its call's
/// place until then: neither a client that sends nothing nor one that reads
/// nothing holds anything longer.
pub(crate) fn timed(body: Body, end: Instant, place: Place) -> Body {
    Body::new(Timed { body, end: Box::pin(tokio::time::sleep_until(end)), _place: place })
}

struct Timed {
    body: Body,
    end: Pin<Box<Sleep>>,
    _place: Place,
}

impl http_body::Body for Timed {
    type Data = Bytes;
    type Error = Status;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<http_body::Frame<Bytes>, Status>>> {
        if self.end.as_mut().poll(cx).is_ready() {
            return Poll::Ready(Some(Err(Status::deadline_exceeded("deadline passed"))));
        }
        Pin::new(&mut self.body).poll_frame(cx)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> http_body::SizeHint {
        self.body.size_hint()
    }
}
