//! Reading fields of a message, so that everything wrong is answered at once.

use std::str::FromStr;

use chrono::{DateTime, Utc};
use motcua_fault::{Fault, Violations};
use motcua_ids::{AgencyPath, BadName, TypedId, Uuid};

/// A message being read.
#[derive(Debug, Default)]
pub(crate) struct Fields {
    wrong: Violations,
}

impl Fields {
    /// A resource name.
    pub(crate) fn id<T>(&mut self, field: &str, name: &str) -> T
    where
        T: TypedId + FromStr<Err = BadName>,
    {
        name.parse().unwrap_or_else(|bad: BadName| {
            self.wrong.add(field, "NAME_INVALID", bad.to_string());
            T::from(Uuid::nil())
        })
    }

    /// A resource name that may be left out.
    pub(crate) fn maybe<T>(&mut self, field: &str, name: &str) -> Option<T>
    where
        T: TypedId + FromStr<Err = BadName>,
    {
        (!name.is_empty()).then(|| self.id(field, name))
    }

    /// An agency with its ancestors.
    pub(crate) fn path(&mut self, field: &str, text: &str) -> AgencyPath {
        AgencyPath::parse(text).unwrap_or_else(|bad| {
            self.wrong.add(field, "PATH_INVALID", bad.to_string());
            AgencyPath::root(Uuid::nil().into())
        })
    }

    /// An instant.
    pub(crate) fn instant(
        &mut self,
        field: &str,
        instant: Option<&prost_types::Timestamp>,
    ) -> DateTime<Utc> {
        instant.and_then(motcua_clockwire::instant).unwrap_or_else(|| {
            self.wrong.add(field, "TIME_INVALID", "Thiếu thời điểm hoặc thời điểm không hợp lệ.");
            DateTime::UNIX_EPOCH
        })
    }

    /// Words that must be there, of at most so many characters.
    pub(crate) fn text(&mut self, field: &str, text: &str, max_chars: usize) -> String {
        if text.trim().is_empty() {
            self.wrong.add(field, "TEXT_MISSING", "Nội dung này bắt buộc phải ghi.");
        }
        self.words(field, text, max_chars).unwrap_or_default()
    }

    /// Words that may be left out, of at most so many characters.
    pub(crate) fn words(&mut self, field: &str, text: &str, max_chars: usize) -> Option<String> {
        if text.chars().count() > max_chars {
            let most = format!("Nội dung dài quá {max_chars} ký tự.");
            self.wrong.add(field, "TEXT_TOO_LONG", most);
        }
        let text = text.trim();
        (!text.is_empty()).then(|| text.to_owned())
    }

    /// The version of a process as an etag; absent: none was sent.
    pub(crate) fn etag(&mut self, field: &str, etag: &str) -> Option<i64> {
        if etag.is_empty() {
            return None;
        }
        let version = etag.parse().ok();
        if version.is_none() {
            self.wrong.add(field, "ETAG_INVALID", "Mã phiên bản (etag) không đúng dạng.");
        }
        version
    }

    /// A value that must be one of those known.
    pub(crate) fn known<T>(&mut self, field: &str, value: Option<T>) -> Option<T> {
        if value.is_none() {
            self.wrong.add(field, "VALUE_UNKNOWN", "Giá trị này bắt buộc và phải hợp lệ.");
        }
        value
    }

    /// Notes something wrong.
    pub(crate) fn add(&mut self, field: &str, reason: &str, text: &str) {
        self.wrong.add(field, reason, text);
    }

    /// Refuses the message if anything was wrong.
    pub(crate) fn finish(self) -> Result<(), Fault> {
        self.wrong.finish()
    }
}
