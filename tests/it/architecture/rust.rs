//! Rust source without what only looks like code.

/// The code of a file: comments and the insides of literals become spaces, and
/// what follows `#[cfg(test)]` is left out. Lines keep their numbers.
pub(super) fn code(text: &str) -> String {
    let text = text.split("\n#[cfg(test)]").next().unwrap_or_default();
    let mut code = String::with_capacity(text.len());
    let mut rest = text;
    while !rest.is_empty() {
        let length = comment(rest).or_else(|| string(rest)).or_else(|| character(rest));
        if let Some(length) = length {
            code.extend(rest[..length].chars().map(|c| if c == '\n' { c } else { ' ' }));
            rest = &rest[length..];
        } else {
            // A whole identifier at once, so that the `r` of `for"` never opens a raw string.
            let word = rest.chars().take_while(|c| is_word(*c)).map(char::len_utf8).sum::<usize>();
            let length = word.max(rest.chars().next().map_or(1, char::len_utf8));
            code.push_str(&rest[..length]);
            rest = &rest[length..];
        }
    }
    code
}

/// Whether `code` has `word` with no letter, digit or underscore on either side of it.
pub(super) fn has_word(code: &str, word: &str) -> bool {
    let starts_inside = word.starts_with(is_word);
    let ends_inside = word.ends_with(is_word);
    code.match_indices(word).any(|(at, _)| {
        let before = code[..at].chars().next_back().is_some_and(is_word);
        let after = code[at + word.len()..].chars().next().is_some_and(is_word);
        !(starts_inside && before || ends_inside && after)
    })
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

fn comment(rest: &str) -> Option<usize> {
    if rest.starts_with("//") {
        return Some(rest.find('\n').unwrap_or(rest.len()));
    }
    rest.starts_with("/*").then(|| rest.find("*/").map_or(rest.len(), |end| end + 2))
}

fn string(rest: &str) -> Option<usize> {
    let body = rest.trim_start_matches(['b', 'c']);
    if let Some(raw) = body.strip_prefix('r') {
        let hashes = raw.len() - raw.trim_start_matches('#').len();
        if raw[hashes..].starts_with('"') {
            let close = format!("\"{}", "#".repeat(hashes));
            let begin = rest.len() - raw.len() + hashes + 1;
            return Some(
                rest[begin..].find(&close).map_or(rest.len(), |end| begin + end + close.len()),
            );
        }
    }
    let inside = body.strip_prefix('"')?;
    let mut escaped = false;
    for (at, c) in inside.char_indices() {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '"' => return Some(rest.len() - inside.len() + at + 1),
            _ => {}
        }
    }
    Some(rest.len())
}

/// A character, not a lifetime: a lifetime has no closing quote after one character.
fn character(rest: &str) -> Option<usize> {
    let inside = rest.strip_prefix('\'')?;
    if let Some(escape) = inside.strip_prefix('\\') {
        let after = escape.char_indices().nth(1).map_or(escape.len(), |(at, _)| at);
        return Some(2 + after + escape[after..].find('\'')? + 1);
    }
    let first = inside.chars().next()?;
    inside[first.len_utf8()..].starts_with('\'').then(|| 2 + first.len_utf8())
}

#[test]
fn reads_code_only() {
    let text = "let a = \"sea_orm \\\" tonic\"; // tokio\nlet c = '\"'; let d: &'a str = r#\"prost \"#;\n\
                /* rand */ for\"tracing\" async_trait '\\'' b\"x\" end\n#[cfg(test)]\nmod tests { tokio }";
    let code = code(text);
    for word in ["sea_orm", "tonic", "tokio", "prost", "rand", "tracing"] {
        assert!(!code.contains(word), "{word} in {code}");
    }
    assert!(has_word(&code, "end") && has_word(&code, "async_trait"), "{code}");
    assert!(!has_word(&code, "async"));
    assert_eq!(code.lines().count(), 3);
}
