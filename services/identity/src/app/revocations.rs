use chrono::{DateTime, TimeDelta};
use motcua_context::Ctx;
use motcua_fault::Fault;
use motcua_ids::Uuid;

use super::App;
use crate::{
    domain::{Malformed, Revocation},
    store::FeedPosition,
};

const PAGE: u64 = 1000;

/// What is answered again each time, since writes become visible later than they were begun.
const OVERLAP: TimeDelta = TimeDelta::seconds(120);

/// A page of the feed.
#[derive(Debug)]
pub(crate) struct Feed {
    pub(crate) revocations: Vec<Revocation>,
    pub(crate) next_cursor: String,
    pub(crate) more: bool,
}

impl App {
    /// What was taken back since the cursor and still matters.
    pub(crate) async fn list_revocations(&self, ctx: &Ctx, cursor: &str) -> Result<Feed, Fault> {
        let start = FeedPosition { at: DateTime::UNIX_EPOCH, id: Uuid::nil() };
        let after = if cursor.is_empty() {
            start
        } else {
            read(cursor).ok_or_else(|| super::change_password::at("cursor", Malformed::Cursor))?
        };
        let found = self.revocations.feed(self.store.reader(), after, ctx.now(), PAGE).await?;
        let more = found.len() as u64 == PAGE;
        let rest = FeedPosition { at: ctx.now() - OVERLAP, id: Uuid::nil() };
        let next = match found.last() {
            Some((last, _)) if more => *last,
            _ => rest,
        };
        let revocations = found.into_iter().map(|(_, revocation)| revocation).collect();
        Ok(Feed { revocations, next_cursor: write(next), more })
    }
}

fn write(position: FeedPosition) -> String {
    format!("{}.{}", position.at.timestamp_micros(), position.id.simple())
}

fn read(cursor: &str) -> Option<FeedPosition> {
    let (at, id) = cursor.split_once('.')?;
    let at = DateTime::from_timestamp_micros(at.parse().ok()?)?;
    Some(FeedPosition { at, id: Uuid::try_parse(id).ok()? })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_reads_back_and_another_text_is_refused() {
        let at = DateTime::UNIX_EPOCH + TimeDelta::microseconds(1_700_000_000_123_456);
        let position = FeedPosition { at, id: Uuid::from_u128(7) };
        assert_eq!(read(&write(position)), Some(position));
        for wrong in ["x", "1", "1.x", ".", "1.2.3"] {
            assert_eq!(read(wrong), None, "{wrong}");
        }
    }

    proptest::proptest! {
        #[test]
        fn any_text_is_a_cursor_or_none(text in proptest::prop_oneof![
            proptest::prelude::any::<String>(), "-?[0-9]{1,20}[.][0-9a-f]{30,34}",
        ]) {
            if let Some(position) = read(&text) {
                proptest::prop_assert_eq!(read(&write(position)), Some(position));
            }
        }
    }
}
