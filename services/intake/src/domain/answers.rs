//! What became of answers between two looks at them, by dotted paths such as
//! `answers.father.name`.

use serde_json::Value;

const ROOT: &str = "answers";
/// More than an officer reads one by one.
const MOST: usize = 500;

/// Paths whose value is another now. A group that only one side has is named as one.
pub fn changed(before: &Value, now: &Value) -> Vec<String> {
    let mut paths = Vec::new();
    differ(ROOT, before, now, &mut paths);
    paths
}

/// The paths as they are shown: a flood of them is `answers` alone.
pub fn named(paths: Vec<String>) -> Vec<String> {
    if paths.len() > MOST { vec![ROOT.to_owned()] } else { paths }
}

/// Whether a changed path is what was asked for, lies within it, or holds it. Who asks for a
/// field of every row leaves the row's position out.
pub fn touches(asked: &str, changed: &str) -> bool {
    let mut asked = asked.split('.').peekable();
    for part in changed.split('.') {
        match asked.peek() {
            None => return true,
            Some(wanted) if *wanted == part => drop(asked.next()),
            Some(_) if part.parse::<usize>().is_ok() => {}
            Some(_) => return false,
        }
    }
    true
}

fn differ(path: &str, before: &Value, now: &Value, paths: &mut Vec<String>) {
    match (before, now) {
        (Value::Object(before), Value::Object(now)) => {
            let gone = before.keys().filter(|name| !now.contains_key(*name));
            for name in now.keys().chain(gone) {
                let [before, now] =
                    [before, now].map(|side| side.get(name).unwrap_or(&Value::Null));
                differ(&format!("{path}.{name}"), before, now, paths);
            }
        }
        (Value::Array(before), Value::Array(now)) => {
            for i in 0..before.len().max(now.len()) {
                let [before, now] = [before, now].map(|side| side.get(i).unwrap_or(&Value::Null));
                differ(&format!("{path}.{i}"), before, now, paths);
            }
        }
        _ if before == now => {}
        _ => paths.push(path.to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_differs_is_named() {
        let before = json!({
            "child": { "name": "An", "sex": "nữ" }, "gone": 1, "rows": [{ "n": 1 }, { "n": 2 }],
        });
        let now = json!({
            "child": { "name": "Ân", "sex": "nữ" }, "new": { "a": 1 }, "rows": [{ "n": 1 }],
        });
        let mut paths = changed(&before, &now);
        paths.sort_unstable();
        let expected = ["answers.child.name", "answers.gone", "answers.new", "answers.rows.1"];
        assert_eq!(paths, expected);
        assert!(changed(&before, &before).is_empty());
        assert_eq!(changed(&Value::Null, &now), ["answers"]);
    }

    #[test]
    fn a_flood_of_changes_is_named_as_one() {
        let rows = |value: u32, count: usize| json!({ "rows": vec![value; count] });
        let most = changed(&rows(1, MOST), &rows(2, MOST));
        assert_eq!(named(most.clone()), most);
        assert_eq!(named(changed(&rows(1, MOST + 1), &rows(2, MOST + 1))), ["answers"]);
    }

    #[test]
    fn an_asked_answer_is_touched_by_it_its_parts_and_its_group() {
        for (asked, changed, is) in [
            ("answers.child.name", "answers.child.name", true),
            ("answers.child", "answers.child.name", true),
            ("answers.child.name", "answers.child", true),
            ("answers.rows.n", "answers.rows.1.n", true),
            ("answers.rows.1.n", "answers.rows.1.n", true),
            ("answers.rows.0.n", "answers.rows.1.n", false),
            ("answers.child.name", "answers.child.sex", false),
            ("answers.child", "answers.children", false),
        ] {
            assert_eq!(touches(asked, changed), is, "{asked} {changed}");
        }
    }
}
