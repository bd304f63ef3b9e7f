//! What a parser says about a document, for the person who wrote it. Parsers
//! speak English and of types; a clerk needs the place, the word and the choice.

/// One line in Vietnamese for a parser's message.
pub(super) fn say(message: &str) -> String {
    // What follows the first line is an excerpt of the text.
    let line = message.lines().next().unwrap_or_default();
    let (place, what) = place(line.trim_start_matches("error: "));
    let said = known(what).unwrap_or_else(|| {
        // A sentence of our own readers stays; what is left is a slip of syntax.
        if what.is_ascii() {
            "sai cú pháp".to_owned()
        } else {
            what.trim_end_matches('.').to_owned()
        }
    });
    match place {
        Some((line, column)) => format!("Dòng {line}, cột {column}: {said}."),
        None => format!("{}.", capitalised(&said)),
    }
}

/// `line 4 column 8: …` and `… at line 4 column 8`, with what is left.
fn place(text: &str) -> (Option<(&str, &str)>, &str) {
    let numbers = |text: &str| -> Option<(usize, usize)> {
        let (line, rest) = text.split_once(" column ")?;
        let digits = |text: &str| text.bytes().take_while(u8::is_ascii_digit).count();
        let (l, c) = (digits(line), digits(rest));
        (l == line.len() && l > 0 && c > 0).then_some((l, c))
    };
    if let Some(rest) = text.strip_prefix("line ")
        && let Some((l, c)) = numbers(rest)
    {
        let column = &rest[l + " column ".len()..][..c];
        let after = rest[l + " column ".len() + c..].trim_start_matches([':', ' ']);
        return (Some((&rest[..l], column)), after);
    }
    if let Some((before, rest)) = text.rsplit_once(" at line ")
        && let Some((l, c)) = numbers(rest)
    {
        return (Some((&rest[..l], &rest[l + " column ".len()..][..c])), before);
    }
    (None, text)
}

fn known(what: &str) -> Option<String> {
    if let Some(rest) = what.strip_prefix("unknown variant ") {
        let (word, choices) = choice(rest);
        return Some(format!("giá trị «{word}» không có trong danh mục: {choices}"));
    }
    if let Some(rest) = what.strip_prefix("unknown field ") {
        let (word, choices) = choice(rest);
        return Some(format!("không có mục «{word}»; các mục có thể ghi: {choices}"));
    }
    if let Some(field) = what.strip_prefix("missing field ") {
        return Some(format!("thiếu mục «{}»", bare(field)));
    }
    if let Some(field) = what.strip_prefix("duplicate field ") {
        return Some(format!("mục «{}» được ghi hai lần", bare(field)));
    }
    let rest =
        what.strip_prefix("invalid type: ").or_else(|| what.strip_prefix("invalid value: "))?;
    let (found, expected) = rest.rsplit_once(", expected ")?;
    Some(format!("ghi {}, cần {}", thing(found), thing(expected)))
}

/// The word, and the choices behind `expected`.
fn choice(rest: &str) -> (&str, String) {
    let (word, choices) = rest.split_once(", expected ").unwrap_or((rest, ""));
    let choices = choices.strip_prefix("one of ").unwrap_or(choices).replace(" or ", ", ");
    (bare(word), choices.replace('`', ""))
}

fn bare(word: &str) -> &str {
    word.trim().trim_end_matches('.').trim_matches('`')
}

/// What serde calls the kinds of values.
fn thing(text: &str) -> String {
    let quoted = text.split_once('"').map(|(_, rest)| rest.trim_end_matches('"'));
    match text.split(' ').collect::<Vec<_>>().as_slice() {
        ["null" | "Option" | "unit", ..] => "để trống".to_owned(),
        ["string", ..] => match quoted {
            Some(quoted) => format!("chữ «{quoted}»"),
            None => "chữ".to_owned(),
        },
        ["a", "string"] | ["a", "str", ..] | ["str"] => "chữ".to_owned(),
        ["integer" | "floating", ..] => format!("số {}", text.rsplit(' ').next().unwrap_or("")),
        ["boolean", ..] | ["a", "boolean"] => "đúng hoặc sai (true, false)".to_owned(),
        ["sequence" | "array", ..] | ["a", "sequence"] => "một danh sách".to_owned(),
        ["map" | "object" | "struct", ..] | ["a", "map"] => "một nhóm mục".to_owned(),
        ["u32" | "u16" | "u8" | "i64" | "i32" | "usize"] => "số nguyên".to_owned(),
        ["f64"] => "số".to_owned(),
        _ => text.to_owned(),
    }
}

fn capitalised(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map(|c| c.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parsers_are_put_into_words() {
        for (said, told) in [
            (
                "error: line 4 column 8: unknown variant `xa`, expected one of ministry, commune",
                "Dòng 4, cột 8: giá trị «xa» không có trong danh mục: ministry, commune.",
            ),
            (
                "unknown field `nam`, expected `number` or `name` at line 2 column 1",
                "Dòng 2, cột 1: không có mục «nam»; các mục có thể ghi: number, name.",
            ),
            ("missing field `TENTTHC`", "Thiếu mục «TENTTHC»."),
            ("invalid type: null, expected a string", "Ghi để trống, cần chữ."),
            (
                "invalid type: string \"abc\", expected a sequence",
                "Ghi chữ «abc», cần một danh sách.",
            ),
            (
                "line 3 column 8: mapping values are not allowed in this context",
                "Dòng 3, cột 8: sai cú pháp.",
            ),
            (
                "«hôm nay» không phải ngày dạng năm-tháng-ngày",
                "«hôm nay» không phải ngày dạng năm-tháng-ngày.",
            ),
        ] {
            assert_eq!(say(said), told);
        }
    }
}
