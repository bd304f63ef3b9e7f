//! What an ID token must say (OpenID Connect Core 1.0, 3.1.3.7); its signature is proved before.

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::Value;

use super::{Claims, NotTaken};

/// What is expected of a token.
#[derive(Debug, Clone)]
pub struct Expected<'a> {
    /// Who issues.
    pub issuer: &'a str,
    /// For whom it must be: one of these.
    pub audiences: &'a [&'a str],
    /// For whom it may be besides.
    pub trusted: &'a [&'a str],
    /// The nonce of the sign-in that asked for it; nothing where we did not ask.
    pub nonce: Option<&'a str>,
    /// How far the provider's clock may be from ours.
    pub skew: TimeDelta,
    /// How long ago it may have been issued.
    pub longest_age: TimeDelta,
}

/// Judges the claims of a token at `now`. Answers until when it could open a session: so long it has
/// to be remembered that it has.
pub fn check(
    claims: &Claims,
    expected: &Expected<'_>,
    now: DateTime<Utc>,
) -> Result<DateTime<Utc>, NotTaken> {
    if text(claims, "iss").as_deref() != Some(expected.issuer) {
        return Err(NotTaken::IssuerWrong);
    }
    check_audience(claims, expected)?;
    let end = time(claims, "exp")?.ok_or(NotTaken::Malformed)?;
    let issued = time(claims, "iat")?.ok_or(NotTaken::Malformed)?;
    let begin = time(claims, "nbf")?.unwrap_or(issued);
    if now >= end + expected.skew {
        return Err(NotTaken::TokenExpired);
    }
    if now + expected.skew < begin.max(issued) {
        return Err(NotTaken::NotYetValid);
    }
    let too_old = issued + expected.longest_age + expected.skew;
    if now >= too_old {
        return Err(NotTaken::TooOld);
    }
    if let Some(nonce) = expected.nonce
        && text(claims, "nonce").as_deref() != Some(nonce)
    {
        return Err(NotTaken::NonceWrong);
    }
    Ok(too_old.min(end + expected.skew))
}

/// A claim as text: what is a whole number counts as its digits.
pub fn text(claims: &Claims, name: &str) -> Option<String> {
    match claims.get(name)? {
        Value::String(text) => Some(text.trim().to_owned()).filter(|text| !text.is_empty()),
        Value::Number(number) if !number.is_f64() => Some(number.to_string()),
        _ => None,
    }
}

fn check_audience(claims: &Claims, expected: &Expected<'_>) -> Result<(), NotTaken> {
    let audiences: Option<Vec<&str>> = match claims.get("aud") {
        Some(Value::String(one)) => Some(vec![one]),
        Some(Value::Array(many)) => many.iter().map(Value::as_str).collect(),
        _ => None,
    };
    let audiences = audiences.ok_or(NotTaken::AudienceWrong)?;
    let ours = |audience: &str| expected.audiences.contains(&audience);
    let known = |audience: &&str| ours(audience) || expected.trusted.contains(audience);
    if !audiences.iter().any(|audience| ours(audience)) || !audiences.iter().all(known) {
        return Err(NotTaken::AudienceWrong);
    }
    // The one it was issued to, where that is not plain from the audience.
    match claims.get("azp") {
        None if audiences.len() == 1 => Ok(()),
        Some(Value::String(party)) if ours(party) => Ok(()),
        _ => Err(NotTaken::AudienceWrong),
    }
}

fn time(claims: &Claims, name: &str) -> Result<Option<DateTime<Utc>>, NotTaken> {
    // Some providers write fractions of a second; they do not matter beside the skew.
    #[expect(clippy::cast_possible_truncation, reason = "the fraction is meant to go")]
    let seconds = |number: &serde_json::Number| {
        number.as_i64().or_else(|| number.as_f64().map(|seconds| seconds as i64))
    };
    // So far away that adding a skew would leave the calendar is no time.
    let sane = |at: &i64| (0..=253_402_300_799).contains(at);
    match claims.get(name) {
        None => Ok(None),
        Some(Value::Number(number)) => seconds(number)
            .filter(sane)
            .and_then(|at| DateTime::from_timestamp(at, 0))
            .map(Some)
            .ok_or(NotTaken::Malformed),
        Some(_) => Err(NotTaken::Malformed),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const NOW: i64 = 1_800_000_000;

    fn judged(change: &Value) -> Result<i64, NotTaken> {
        let mut claims = json!({
            "iss": "https://sso.example.vn", "aud": "motcua", "sub": "1", "nonce": "n",
            "iat": NOW - 10, "exp": NOW + 290,
        });
        for (name, value) in change.as_object().unwrap() {
            match value {
                Value::Null => drop(claims.as_object_mut().unwrap().remove(name)),
                value => claims[name] = value.clone(),
            }
        }
        let expected = Expected {
            issuer: "https://sso.example.vn",
            audiences: &["motcua"],
            trusted: &["app"],
            nonce: Some("n"),
            skew: TimeDelta::seconds(60),
            longest_age: TimeDelta::seconds(600),
        };
        let now = DateTime::from_timestamp(NOW, 0).unwrap();
        check(claims.as_object().unwrap(), &expected, now).map(|until| until.timestamp() - NOW)
    }

    #[test]
    fn each_rule_refuses_by_its_own_name() {
        use NotTaken::{
            AudienceWrong, IssuerWrong, Malformed, NonceWrong, NotYetValid, TokenExpired, TooOld,
        };
        let table = [
            (json!({}), Ok(350)),
            (json!({"iss": "https://sso.example.vn/"}), Err(IssuerWrong)),
            (json!({"iss": null}), Err(IssuerWrong)),
            (json!({"aud": ["motcua"]}), Ok(350)),
            (json!({"aud": "app"}), Err(AudienceWrong)),
            (json!({"aud": null}), Err(AudienceWrong)),
            (json!({"aud": []}), Err(AudienceWrong)),
            (json!({"aud": ["motcua", 7]}), Err(AudienceWrong)),
            (json!({"aud": ["motcua", "app"]}), Err(AudienceWrong)),
            (json!({"aud": ["motcua", "app"], "azp": "motcua"}), Ok(350)),
            (json!({"aud": ["motcua", "stranger"], "azp": "motcua"}), Err(AudienceWrong)),
            (json!({"azp": "motcua"}), Ok(350)),
            (json!({"azp": "app"}), Err(AudienceWrong)),
            (json!({"azp": 7}), Err(AudienceWrong)),
            (json!({"exp": NOW - 59}), Ok(1)),
            (json!({"exp": NOW - 60}), Err(TokenExpired)),
            (json!({"exp": null}), Err(Malformed)),
            (json!({"exp": "soon"}), Err(Malformed)),
            (json!({"exp": i64::MAX}), Err(Malformed)),
            (json!({"exp": 1e300}), Err(Malformed)),
            (json!({"exp": 1_800_000_290.5}), Ok(350)),
            (json!({"iat": null}), Err(Malformed)),
            (json!({"iat": NOW + 60}), Ok(350)),
            (json!({"iat": NOW + 61}), Err(NotYetValid)),
            (json!({"nbf": NOW + 60}), Ok(350)),
            (json!({"nbf": NOW + 61}), Err(NotYetValid)),
            (json!({"iat": NOW - 659}), Ok(1)),
            (json!({"iat": NOW - 660}), Err(TooOld)),
            (json!({"nonce": "m"}), Err(NonceWrong)),
            (json!({"nonce": null}), Err(NonceWrong)),
        ];
        for (change, expected) in table {
            assert_eq!(judged(&change), expected, "{change}");
        }
    }
}
