use std::{
    collections::BTreeSet,
    time::{Duration, SystemTime},
};

use rustls::pki_types::CertificateDer;
use x509_parser::{
    extensions::GeneralName,
    prelude::{FromDer, X509Certificate},
};

/// What a certificate says of its holder.
#[derive(Debug, Clone)]
pub(super) struct Certificate {
    names: BTreeSet<String>,
    ends: SystemTime,
}

impl Certificate {
    /// Reads one whose signature is checked elsewhere.
    pub(super) fn read(der: &CertificateDer<'_>) -> Option<Self> {
        let (_, certificate) = X509Certificate::from_der(der).ok()?;
        let alternatives = certificate.subject_alternative_name().ok()?;
        let names = alternatives.iter().flat_map(|san| &san.value.general_names);
        let ends = u64::try_from(certificate.validity().not_after.timestamp()).ok()?;
        Some(Self {
            names: names.filter_map(name).collect(),
            ends: SystemTime::UNIX_EPOCH + Duration::from_secs(ends),
        })
    }

    /// Whether this DNS name or URI, as it stands here, is one of its names: a
    /// pattern (`*.motcua`) names nobody.
    pub(super) fn is_called(&self, name: &str) -> bool {
        let lower = name.to_ascii_lowercase();
        self.names.contains(if is_uri(name) { name } else { &lower })
    }

    pub(super) fn names(&self) -> String {
        let names: Vec<_> = self.names.iter().map(String::as_str).collect();
        if names.is_empty() { "nobody".to_owned() } else { names.join(", ") }
    }

    pub(super) fn ends(&self) -> SystemTime {
        self.ends
    }
}

/// Whether a name is a URI and no DNS name.
pub(super) fn is_uri(name: &str) -> bool {
    name.contains("://")
}

/// A subject's own name (`CN`) is for people to read, and counts for nothing.
fn name(general: &GeneralName<'_>) -> Option<String> {
    match general {
        GeneralName::DNSName(name) => Some(name.to_ascii_lowercase()),
        GeneralName::URI(uri) => Some((*uri).to_owned()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use proptest::{prelude::*, sample::Index};

    use super::*;

    proptest! {
        #[test]
        fn any_certificate_is_read_or_is_none(noise: Vec<u8>, edits: Vec<(Index, u8)>) {
            let made = rcgen::generate_simple_self_signed(["intake".to_owned()]).unwrap();
            let mut altered = made.cert.der().to_vec();
            for (at, octet) in edits {
                let at = at.index(altered.len());
                altered[at] = octet;
            }
            for der in [noise, altered] {
                if let Some(certificate) = Certificate::read(&CertificateDer::from(der)) {
                    let _ = (certificate.names(), certificate.ends());
                    prop_assert!(!certificate.is_called("workflow"));
                }
            }
        }
    }
}
