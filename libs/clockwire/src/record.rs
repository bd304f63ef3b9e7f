use motcua_proto::r#type::v1 as proto;
use motcua_vn::{Act, ClockRow, Pause, RowKind, Timestamp, clock::Explanation};
use proto::{ClockActKind, ClockRowKind, PauseReason};

use crate::{instant, instant_message};

/// The due times and their rows as sent; the legal rows only where they differ.
pub fn due_message(explained: &Explanation) -> proto::DueTimes {
    let alike = explained.legal == explained.promised;
    let legal = if alike { &[] } else { explained.legal.as_slice() };
    proto::DueTimes {
        legal_due_time: Some(instant_message(explained.due.legal)),
        promised_due_time: Some(instant_message(explained.due.promised)),
        provisional: explained.due.provisional,
        rows: explained.promised.iter().map(row_message).collect(),
        legal_rows: legal.iter().map(row_message).collect(),
    }
}

/// A row as sent.
pub fn row_message(row: &ClockRow) -> proto::ClockRow {
    proto::ClockRow {
        kind: kind_message(row.kind).into(),
        start_time: Some(instant_message(row.from)),
        end_time: row.until.map(instant_message),
        counted_minutes: row.counted_minutes,
        counted_days: row.counted_days,
        text: row.text.clone(),
        source: row.source.clone(),
    }
}

/// A row as received; none where its kind is unknown or its begin missing.
pub fn row(message: &proto::ClockRow) -> Option<ClockRow> {
    Some(ClockRow {
        kind: kind(message.kind())?,
        from: message.start_time.as_ref().and_then(instant)?,
        until: message.end_time.as_ref().and_then(instant),
        counted_minutes: message.counted_minutes,
        counted_days: message.counted_days,
        text: message.text.clone(),
        source: message.source.clone(),
    })
}

/// Rows as received; those that cannot be read are left out.
pub fn rows(messages: &[proto::ClockRow]) -> Vec<ClockRow> {
    messages.iter().filter_map(row).collect()
}

/// An act as sent.
pub fn act_message(act: &Act) -> proto::ClockAct {
    let (kind, why, until) = match *act {
        Act::Started { .. } => (ClockActKind::Started, None, None),
        Act::Paused { why, .. } => (ClockActKind::Paused, Some(why), None),
        Act::Resumed { why, .. } => (ClockActKind::Resumed, Some(why), None),
        Act::Extended { until, .. } => (ClockActKind::Extended, None, Some(until)),
        Act::Ended { .. } => (ClockActKind::Ended, None, None),
    };
    let reason = why.map_or(PauseReason::Unspecified, |why| match why {
        Pause::Supplement => PauseReason::Supplement,
        Pause::Payment => PauseReason::Payment,
        Pause::Withdrawal => PauseReason::Withdrawal,
    });
    proto::ClockAct {
        kind: kind.into(),
        act_time: Some(instant_message(act.at())),
        reason: reason.into(),
        new_due_time: until.map(instant_message),
    }
}

/// An act as received; none where it is not whole.
pub fn act(message: &proto::ClockAct) -> Option<Act> {
    let at: Timestamp = message.act_time.as_ref().and_then(instant)?;
    let why = || match message.reason() {
        PauseReason::Unspecified => None,
        PauseReason::Supplement => Some(Pause::Supplement),
        PauseReason::Payment => Some(Pause::Payment),
        PauseReason::Withdrawal => Some(Pause::Withdrawal),
    };
    Some(match message.kind() {
        ClockActKind::Unspecified => return None,
        ClockActKind::Started => Act::Started { at },
        ClockActKind::Paused => Act::Paused { at, why: why()? },
        ClockActKind::Resumed => Act::Resumed { at, why: why()? },
        ClockActKind::Extended => {
            Act::Extended { at, until: message.new_due_time.as_ref().and_then(instant)? }
        }
        ClockActKind::Ended => Act::Ended { at },
    })
}

const KINDS: [(RowKind, ClockRowKind); 13] = [
    (RowKind::Limit, ClockRowKind::Limit),
    (RowKind::Halving, ClockRowKind::Halving),
    (RowKind::Start, ClockRowKind::Start),
    (RowKind::Counted, ClockRowKind::Counted),
    (RowKind::MakeUp, ClockRowKind::MakeUp),
    (RowKind::WeeklyRest, ClockRowKind::WeeklyRest),
    (RowKind::DayOff, ClockRowKind::DayOff),
    (RowKind::Pause, ClockRowKind::Pause),
    (RowKind::Restart, ClockRowKind::Restart),
    (RowKind::Extension, ClockRowKind::Extension),
    (RowKind::Moved, ClockRowKind::Moved),
    (RowKind::Provisional, ClockRowKind::Provisional),
    (RowKind::Overdue, ClockRowKind::Overdue),
];

fn kind_message(kind: RowKind) -> ClockRowKind {
    KINDS
        .iter()
        .find(|(k, _)| *k == kind)
        .map_or(ClockRowKind::Unspecified, |(_, message)| *message)
}

fn kind(message: ClockRowKind) -> Option<RowKind> {
    KINDS.iter().find(|(_, m)| *m == message).map(|(kind, _)| *kind)
}
