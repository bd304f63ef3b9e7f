//! Texts are normalised, and speak of the product as it is.

use unicode_normalization::{UnicodeNormalization, is_nfc};

use super::tree::{none, texts};

const TEXTS: [&str; 12] = [
    ".rs", ".proto", ".md", ".toml", ".yaml", ".yml", ".json", ".txt", ".py", ".tpl", ".html",
    ".csv",
];
const WRITTEN: [&str; 6] = [".rs", ".proto", ".md", ".toml", ".tpl", ".py"];

/// "ề" as one code point and as three look alike and compare different.
#[test]
fn texts_are_nfc() {
    let mut broken = Vec::new();
    for file in texts("", &TEXTS).into_iter().filter(|file| !is_nfc(&file.text)) {
        let line = file.text.lines().position(|line| !line.nfc().eq(line.chars()));
        broken.push(format!("{}:{}", file.path, line.unwrap_or_default() + 1));
    }
    none("a text is not in normalisation form C", &broken);
}

/// Plans and status belong to the issues; here they go stale.
#[test]
fn nothing_is_promised() {
    // Joined here, so that this list does not find itself.
    let marks = ["TO|DO", "FIX|ME", "XX|X", "W|IP", "TB|D"].map(|mark| mark.replace('|', ""));
    let phrases = ["coming |soon", "will be |implemented", "not |implemented yet", "later |issue"]
        .map(|phrase| phrase.replace('|', ""));
    let mut broken = Vec::new();
    for file in texts("", &WRITTEN) {
        for (number, line) in (1..).zip(file.text.lines()) {
            let mark =
                line.split(|c: char| !c.is_alphanumeric()).any(|w| marks.iter().any(|m| m == w));
            let lower = line.to_lowercase();
            if mark || phrases.iter().any(|phrase| lower.contains(phrase)) {
                broken.push(format!("{}:{number}: {}", file.path, line.trim()));
            }
        }
    }
    none("a text promises instead of saying", &broken);
}

/// `#[expect]` fails when it is no longer needed; `#[allow]` stays for ever.
#[test]
fn lints_are_expected_not_allowed() {
    let mut broken = Vec::new();
    for file in texts("", &[".rs"]) {
        // Generated code is allowed as a whole, in the crate that only includes it.
        if file.path != "libs/proto/src/lib.rs" && super::rust::code(&file.text).contains("[allow(")
        {
            broken.push(file.path);
        }
    }
    none("a lint is allowed", &broken);
}
