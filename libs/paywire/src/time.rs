use chrono::NaiveDateTime;
use motcua_vn::{Timestamp, local};

/// As gateways write an instant: in Viet Nam's time, of 24 hours.
const FORM: &str = "%Y%m%d%H%M%S";

pub(crate) fn text(at: Timestamp) -> String {
    local::local(at).format(FORM).to_string()
}

pub(crate) fn read(text: &str) -> Option<Timestamp> {
    NaiveDateTime::parse_from_str(text, FORM).ok().map(local::instant)
}
