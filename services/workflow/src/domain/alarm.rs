//! Warnings before and after the promised time, each said once per due time.

use chrono::{DateTime, Utc};

use super::{Event, Process};

impl Process {
    /// The time left is short. Nothing, if it is not, or was said already.
    pub fn warn(&mut self, now: DateTime<Utc>) -> Vec<Event> {
        let Some(alarm) = self.alarm(now) else { return Vec::new() };
        if now < alarm.near_at || now >= alarm.at || self.progress.warned == Some(alarm.at) {
            return Vec::new();
        }
        self.progress.warned = Some(alarm.at);
        self.say(vec![Event::NearDue { due: alarm.at }])
    }

    /// The promised time passed. Nothing, if it did not, or was said already.
    pub fn mark_overdue(&mut self, now: DateTime<Utc>) -> Vec<Event> {
        let Some(alarm) = self.alarm(now) else { return Vec::new() };
        if now < alarm.at || self.progress.overdue == Some(alarm.at) {
            return Vec::new();
        }
        self.progress.overdue = Some(alarm.at);
        self.say(vec![Event::Overdue { due: alarm.at }])
    }
}
