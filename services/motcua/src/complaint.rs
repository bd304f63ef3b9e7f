//! What went wrong, as one line for an operator.

use std::io::{self, ErrorKind};

use motcua_fault::{Fault, Kind};

/// The error and its causes, each said once. What a fault would tell citizens is
/// left out where there is a cause to tell.
pub(crate) fn line(error: &anyhow::Error) -> String {
    let mut said: Vec<String> = Vec::new();
    let mut advice = "";
    for cause in error.chain() {
        if cause.downcast_ref::<io::Error>().is_some_and(|e| e.kind() == ErrorKind::AddrInUse) {
            advice = " (stop what is there, or choose another port with --set)";
        }
        if let Some(fault) = cause.downcast_ref::<Fault>() {
            let away = fault.kind() == Kind::Unavailable;
            if away {
                advice = " (`motcua doctor` examines everything that is needed)";
            }
            if (away || fault.kind() == Kind::Internal) && cause.source().is_some() {
                continue;
            }
        }
        let text = cause.to_string();
        if !said.iter().any(|earlier| earlier.contains(&text)) {
            said.push(text.trim_end_matches(['.', ' ']).to_owned());
        }
    }
    said.join(": ") + advice
}

#[cfg(test)]
mod tests {
    use anyhow::Context;

    use super::*;

    #[test]
    fn a_cause_is_said_once_and_what_citizens_are_told_is_not() {
        let cause = std::io::Error::other("Connection refused");
        let fault = Fault::unavailable("broker").because(cause);
        let error = Err::<(), _>(fault).context("bus.url: no queue").unwrap_err();
        let line = line(&error);
        assert!(line.starts_with("bus.url: no queue: Connection refused (`motcua doctor`"));
        assert_eq!(line.matches("Connection refused").count(), 1);
        assert!(!line.contains("vui lòng"), "{line}");
    }

    #[test]
    fn a_refusal_keeps_its_words() {
        let fault = Fault::new(Kind::AlreadyExists, "ADMINISTRATOR_EXISTS", "Đã có quản trị viên.");
        assert_eq!(line(&fault.into()), "ADMINISTRATOR_EXISTS: Đã có quản trị viên");
    }
}
