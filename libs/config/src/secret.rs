use std::{fmt, path::PathBuf};

use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use url::Url;

const HIDDEN: &str = "***";

/// A password or key: written as text, or as `{ file = "/run/secrets/…" }`,
/// whose content is taken without the line end. Never printed.
#[derive(Clone, Default)]
pub struct Secret(SecretString);

impl Secret {
    /// Wraps a text that must not be seen.
    pub fn new(text: impl Into<String>) -> Self {
        Self(SecretString::from(text.into()))
    }

    /// The text itself. Never log it, never put it into an error.
    pub fn expose(&self) -> &str {
        self.0.expose_secret()
    }

    /// Whether nothing was given.
    pub fn is_empty(&self) -> bool {
        self.expose().is_empty()
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.is_empty() { "" } else { HIDDEN })
    }
}

impl Serialize for Secret {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(if self.is_empty() { "" } else { HIDDEN })
    }
}

impl<'de> Deserialize<'de> for Secret {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(SecretVisitor)
    }
}

struct SecretVisitor;

impl<'de> de::Visitor<'de> for SecretVisitor {
    type Value = Secret;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a text in quotes, or { file = \"path\" }")
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<Secret, E> {
        match text {
            HIDDEN => Err(E::custom("*** is how secrets are shown, not a secret: give its text")),
            _ => Ok(Secret::new(text)),
        }
    }

    // The default messages would quote the number, which may be the secret.
    fn visit_i64<E: de::Error>(self, _: i64) -> Result<Secret, E> {
        Err(E::custom("a secret is a text: put it in quotes"))
    }

    fn visit_f64<E: de::Error>(self, _: f64) -> Result<Secret, E> {
        Err(E::custom("a secret is a text: put it in quotes"))
    }

    fn visit_map<A: de::MapAccess<'de>>(self, map: A) -> Result<Secret, A::Error> {
        #[derive(Deserialize)]
        #[serde(deny_unknown_fields)]
        struct InFile {
            file: PathBuf,
        }
        let InFile { file } = InFile::deserialize(de::value::MapAccessDeserializer::new(map))?;
        let text = std::fs::read_to_string(&file)
            .map_err(|e| de::Error::custom(format!("{}: {e}", file.display())))?;
        Ok(Secret::new(text.trim_end_matches(['\r', '\n'])))
    }
}

/// An address whose password, if it has one, never prints:
/// `postgres://intake:***@db/motcua`.
#[derive(Clone, PartialEq, Eq)]
pub struct SecretUrl(String);

impl SecretUrl {
    /// Reads an address, with its scheme.
    pub fn parse(text: &str) -> Result<Self, url::ParseError> {
        Url::parse(text).map(|_| Self(text.to_owned()))
    }

    /// An address written in the program itself, for a `Default`.
    pub fn of(text: &'static str) -> Self {
        debug_assert!(Url::parse(text).is_ok(), "{text} is not an address");
        Self(text.to_owned())
    }

    /// The address with its password. Never log it, never put it into an error.
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// What chooses the backend: `sqlite`, `postgres`, `memory`, `redis`, `amqp`.
    pub fn scheme(&self) -> &str {
        self.0.split(':').next().unwrap_or_default()
    }
}

impl fmt::Display for SecretUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Ok(mut url) = Url::parse(&self.0) else {
            return write!(f, "{}:{HIDDEN}", self.scheme());
        };
        if url.password().is_none() {
            return f.write_str(&self.0);
        }
        match url.set_password(Some(HIDDEN)) {
            Ok(()) => f.write_str(url.as_str()),
            Err(()) => write!(f, "{}:{HIDDEN}", self.scheme()),
        }
    }
}

impl fmt::Debug for SecretUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl Serialize for SecretUrl {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for SecretUrl {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let url = Self::parse(&text).map_err(|e| {
            de::Error::custom(format!("not an address ({e}): write scheme:… or scheme://host/…"))
        })?;
        if Url::parse(&text).is_ok_and(|url| url.password() == Some(HIDDEN)) {
            return Err(de::Error::custom("*** is how passwords are shown: give the password"));
        }
        Ok(url)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, Serialize, Deserialize)]
    struct Holder {
        key: Secret,
        url: SecretUrl,
    }

    #[test]
    fn secrets_never_print() {
        let text = "key = 'hunter2'\nurl = 'postgres://u:hunter2@db:5432/motcua'";
        let holder: Holder = toml::from_str(text).unwrap();
        assert_eq!(holder.key.expose(), "hunter2");
        assert_eq!(holder.url.expose(), "postgres://u:hunter2@db:5432/motcua");
        for shown in [format!("{holder:?}"), toml::to_string(&holder).unwrap()] {
            assert!(!shown.contains("hunter2"), "{shown}");
            assert!(shown.contains("postgres://u:***@db:5432/motcua"), "{shown}");
        }
    }

    #[test]
    fn what_was_printed_is_not_taken_back() {
        assert!(toml::from_str::<Holder>("key = '***'\nurl = 'memory:'").is_err());
        assert!(toml::from_str::<Holder>("key = 'a'\nurl = 'redis://u:***@h'").is_err());
        assert_eq!(SecretUrl::parse("memory:").unwrap().to_string(), "memory:");
        assert_eq!(SecretUrl::parse("sqlite:./data").unwrap().to_string(), "sqlite:./data");
    }

    #[test]
    fn a_secret_may_lie_in_a_file() {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), "hunter2\n").unwrap();
        let text = format!("key = {{ file = '{}' }}\nurl = 'memory:'", file.path().display());
        assert_eq!(toml::from_str::<Holder>(&text).unwrap().key.expose(), "hunter2");
        let gone = "key = { file = '/nowhere/at/all' }\nurl = 'memory:'";
        let error = toml::from_str::<Holder>(gone).unwrap_err().to_string();
        assert!(error.contains("/nowhere/at/all"), "{error}");
    }

    #[test]
    fn a_number_is_not_quoted_in_the_error() {
        let error = toml::from_str::<Holder>("key = 991199\nurl = 'memory:'").unwrap_err();
        assert!(!error.message().contains("991199"), "{error}");
    }
}
