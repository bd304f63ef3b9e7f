use std::{
    pin::Pin,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    task::{Context, Poll, Waker, ready},
    time::Duration,
};

use bytes::Bytes;
use motcua_fault::{Fault, Kind};
use tokio::time::{Instant, Sleep};
use tokio_util::{
    sync::{CancellationToken, DropGuard},
    task::TaskTracker,
};
use tonic::{Status, body::Body};

use crate::{shares::Share, status::status};

/// What a call from the network holds until its work and its bodies end; nothing
/// for a call from the same process.
pub(crate) type Place = Option<Arc<Share>>;

/// How slow the other end of a call may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pace {
    /// How long it may be waited for in all.
    pub patience: Duration,
    /// Octets for which one second of it comes back.
    pub octets_per_s: u32,
}

impl Pace {
    /// As slow as the deadline allows.
    pub(crate) const ANY: Self = Self { patience: Duration::MAX, octets_per_s: 1 };

    /// What is left of the patience after so many octets.
    fn earned(self, left: Duration, octets: usize) -> Duration {
        let octets = u32::try_from(octets).unwrap_or(u32::MAX);
        let earned = Duration::from_secs(octets.into()) / self.octets_per_s.max(1);
        left.saturating_add(earned).min(self.patience)
    }
}

/// A body that ends with DEADLINE_EXCEEDED at its time, or when who sends it is too slow, and
/// holds its call's place until then.
pub(crate) fn timed(body: Body, end: Instant, pace: Pace, held: Place) -> Body {
    let wait = Box::pin(tokio::time::sleep_until(end));
    Body::new(Timed { body, end, pace, left: pace.patience, since: None, wait, _place: held })
}

struct Timed {
    body: Body,
    end: Instant,
    pace: Pace,
    /// For how long more it may be waited for.
    left: Duration,
    /// Since when it is waited for.
    since: Option<Instant>,
    wait: Pin<Box<Sleep>>,
    _place: Place,
}

impl http_body::Body for Timed {
    type Data = Bytes;
    type Error = Status;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<http_body::Frame<Bytes>, Status>>> {
        let now = Instant::now();
        if now >= self.end {
            return Poll::Ready(Some(Err(late())));
        }
        let polled = Pin::new(&mut self.body).poll_frame(cx);
        if let Poll::Ready(frame) = polled {
            let waited = self.since.take().map_or(Duration::ZERO, |since| now - since);
            self.left = self.pace.earned(self.left.saturating_sub(waited), octets(frame.as_ref()));
            return Poll::Ready(frame);
        }
        if self.since.is_none() {
            self.since = Some(now);
            let until = now.checked_add(self.left).map_or(self.end, |until| until.min(self.end));
            self.wait.as_mut().reset(until);
        }
        ready!(self.wait.as_mut().poll(cx));
        let is_late = Instant::now() >= self.end;
        Poll::Ready(Some(Err(if is_late { late() } else { slow() })))
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> http_body::SizeHint {
        self.body.size_hint()
    }
}

/// A body for a caller on the network. The transport asks for no more of it while the caller
/// does not read, so that nothing in it could look at the time: a task does. It lets go of the
/// body at its time, or when the caller is too slow, and of the place with it.
pub(crate) fn read(
    body: Body,
    end: Instant,
    pace: Pace,
    taken: Place,
    tasks: &TaskTracker,
) -> Body {
    let held = Held {
        body: Some((body, taken)),
        left: pace.patience,
        since: Some(Instant::now()),
        asks: None,
    };
    let held = Arc::new(Mutex::new(held));
    let gone = CancellationToken::new();
    tasks.spawn(watch(held.clone(), end, pace, gone.clone()));
    Body::new(Read { held, pace, _gone: gone.drop_guard() })
}

struct Read {
    held: Arc<Mutex<Held>>,
    pace: Pace,
    _gone: DropGuard,
}

impl Drop for Read {
    fn drop(&mut self) {
        // Not only when the task comes to see it.
        lock(&self.held).body = None;
    }
}

struct Held {
    /// Until it has ended, or was let go of.
    body: Option<(Body, Place)>,
    /// For how long more the caller may be waited for.
    left: Duration,
    /// Since when he is; nothing while he waits for us.
    since: Option<Instant>,
    /// Whom to tell that there is no more.
    asks: Option<Waker>,
}

async fn watch(held: Arc<Mutex<Held>>, end: Instant, pace: Pace, gone: CancellationToken) {
    loop {
        let until = lock(&held).look(Instant::now(), end, pace);
        let Some(until) = until else { return };
        tokio::select! {
            () = tokio::time::sleep_until(until) => {}
            () = gone.cancelled() => return,
        }
    }
}

fn lock(held: &Mutex<Held>) -> MutexGuard<'_, Held> {
    held.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Held {
    /// Lets go of the body if it is time; otherwise answers when to look again.
    fn look(&mut self, now: Instant, end: Instant, pace: Pace) -> Option<Instant> {
        let until = match self.since {
            Some(since) => since + self.left,
            None => now + pace.patience,
        };
        let until = until.min(end);
        if until <= now {
            self.body = None;
            if let Some(asks) = self.asks.take() {
                asks.wake();
            }
        }
        self.body.as_ref().map(|_| until)
    }
}

impl http_body::Body for Read {
    type Data = Bytes;
    type Error = Status;

    fn poll_frame(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<http_body::Frame<Bytes>, Status>>> {
        let mut held = lock(&self.held);
        let now = Instant::now();
        if let Some(since) = held.since.take() {
            held.left = held.left.saturating_sub(now - since);
        }
        let Some((body, _)) = &mut held.body else { return Poll::Ready(Some(Err(late()))) };
        match Pin::new(body).poll_frame(cx) {
            Poll::Ready(frame) => {
                held.left = self.pace.earned(held.left, octets(frame.as_ref()));
                held.since = Some(now);
                Poll::Ready(frame)
            }
            Poll::Pending => {
                held.asks = Some(cx.waker().clone());
                Poll::Pending
            }
        }
    }

    fn is_end_stream(&self) -> bool {
        lock(&self.held).body.as_ref().is_some_and(|(body, _)| body.is_end_stream())
    }

    fn size_hint(&self) -> http_body::SizeHint {
        let held = lock(&self.held);
        held.body.as_ref().map(|(body, _)| body.size_hint()).unwrap_or_default()
    }
}

fn octets(frame: Option<&Result<http_body::Frame<Bytes>, Status>>) -> usize {
    let frame = frame.and_then(|frame| frame.as_ref().ok());
    frame.and_then(|frame| frame.data_ref()).map_or(0, Bytes::len)
}

fn late() -> Status {
    Status::deadline_exceeded("deadline passed")
}

fn slow() -> Status {
    status(Fault::new(
        Kind::DeadlineExceeded,
        "UPLOAD_TOO_SLOW",
        "Dữ liệu được gửi lên quá chậm, vui lòng gửi lại khi đường truyền tốt hơn.",
    ))
}

#[cfg(test)]
mod tests {
    use std::convert::Infallible;

    use futures::{StreamExt, stream};
    use http_body::Frame;
    use http_body_util::{BodyExt, StreamBody};
    use motcua_fault::Fault;

    use super::*;
    use crate::shares::{Party, Shares};

    const PACE: Pace = Pace { patience: Duration::from_secs(1), octets_per_s: 1_000 };
    const MOMENT: Duration = Duration::from_millis(50);

    /// So many pieces of so many octets, each after a pause.
    fn pieces(count: usize, octets: usize, pause: Duration) -> Body {
        let pieces = stream::iter(0..count).then(move |_| async move {
            tokio::time::sleep(pause).await;
            Ok::<_, Infallible>(Frame::data(Bytes::from(vec![b'x'; octets])))
        });
        Body::new(StreamBody::new(Box::pin(pieces)))
    }

    fn place() -> (Arc<Shares>, Place) {
        let shares = Shares::new(1);
        let place = shares.take(Party::Service).map(Arc::new);
        (shares, place)
    }

    fn is_free(shares: &Arc<Shares>) -> bool {
        shares.take(Party::Service).is_some()
    }

    async fn taken(body: Body) -> Result<usize, String> {
        let whole = body.collect().await;
        whole.map(|whole| whole.to_bytes().len()).map_err(reason)
    }

    fn reason(status: Status) -> String {
        let fault: Fault = crate::fault(status);
        fault.reason().to_owned()
    }

    fn in_an_hour() -> Instant {
        Instant::now() + Duration::from_hours(1)
    }

    #[tokio::test]
    async fn who_sends_drop_by_drop_is_not_waited_for() {
        let drops = pieces(10_000, 1, MOMENT);
        let broken = taken(timed(drops, in_an_hour(), PACE, None)).await;
        assert_eq!(broken.unwrap_err(), "UPLOAD_TOO_SLOW");
        // A second and a half in all, each half second of it earned.
        let steady = pieces(30, 500, MOMENT);
        assert_eq!(taken(timed(steady, in_an_hour(), PACE, None)).await, Ok(15_000));
        let silent = pieces(1, 1, Duration::from_hours(1));
        let broken = taken(timed(silent, in_an_hour(), PACE, None)).await;
        assert_eq!(broken.unwrap_err(), "UPLOAD_TOO_SLOW");
    }

    #[tokio::test]
    async fn a_body_ends_at_its_time_whoever_is_slow() {
        let soon = || Instant::now() + MOMENT;
        let slow = || pieces(1, 1, Duration::from_hours(1));
        let broken = taken(timed(slow(), soon(), Pace::ANY, None)).await;
        assert_eq!(broken.unwrap_err(), "DEADLINE_EXCEEDED");
        let broken = taken(read(slow(), soon(), PACE, None, &TaskTracker::new())).await;
        assert_eq!(broken.unwrap_err(), "DEADLINE_EXCEEDED");
    }

    #[tokio::test]
    async fn who_does_not_read_loses_the_place_and_the_body() {
        let (shares, place) = place();
        let tasks = TaskTracker::new();
        let mut body = read(pieces(10, 1, Duration::ZERO), in_an_hour(), PACE, place, &tasks);
        body.frame().await.unwrap().unwrap();
        assert!(!is_free(&shares), "he may still come");
        tasks.close();
        tasks.wait().await;
        assert!(is_free(&shares));
        assert_eq!(reason(body.frame().await.unwrap().unwrap_err()), "DEADLINE_EXCEEDED");
    }

    #[tokio::test]
    async fn our_own_slowness_is_not_the_readers() {
        let (shares, place) = place();
        let tasks = TaskTracker::new();
        let pause = PACE.patience + MOMENT;
        let body = read(pieces(2, 1, pause), in_an_hour(), PACE, place, &tasks);
        assert_eq!(taken(body).await, Ok(2));
        assert!(is_free(&shares));
    }
}
