//! Papers as PDF: a template in Typst's language, filled in with data. A template reads no file
//! and no network; its data it has as `json(bytes(sys.inputs.data))`, and what people wrote there
//! stays text. Fonts are embedded, and the text can be searched, copied and read aloud.

use std::sync::LazyLock;

use chrono::{Datelike, NaiveDateTime, Timelike};
use serde::Serialize;
use typst::{
    Library, LibraryExt, World,
    diag::{FileError, FileResult},
    foundations::{Bytes, Datetime, Dict, Duration, IntoValue, Smart, Str},
    syntax::{FileId, Source},
    text::{Font, FontBook},
    utils::LazyHash,
};
use typst_layout::PagedDocument;
use typst_pdf::{PdfOptions, Timestamp};

/// In which all papers are set; it has every Vietnamese letter.
pub const FONT: &str = "Libertinus Serif";
/// For how many papers what was laid out is remembered.
const REMEMBERED: usize = 10;
/// Vietnam's, in minutes.
const ZONE: i32 = 7 * 60;

/// Why a paper cannot be printed: the template and the data do not fit.
#[derive(Debug, thiserror::Error)]
#[error("the paper cannot be printed: {0}")]
pub struct Unprintable(String);

/// Prints a paper as of `at`, in Vietnam's time. It is work for the processor: some milliseconds a page.
///
/// # Errors
/// The template and the data do not fit.
pub fn print(
    template: &str,
    data: &impl Serialize,
    at: NaiveDateTime,
) -> Result<Vec<u8>, Unprintable> {
    let data = serde_json::to_string(data).map_err(|error| Unprintable(error.to_string()))?;
    let ident = Smart::Custom(data.clone());
    let paper = Paper::new(template, data);
    let compiled = typst::compile::<PagedDocument>(&paper).output;
    let timestamp = moment(at).and_then(|moment| Timestamp::new_local(moment, ZONE));
    let options = PdfOptions { ident, timestamp, ..PdfOptions::default() };
    let printed = compiled.and_then(|document| typst_pdf::pdf(&document, &options));
    typst::comemo::evict(REMEMBERED);
    printed.map_err(|wrong| {
        // The template's words alone: what was filled in is nobody's to log.
        let wrong: Vec<_> = wrong.iter().map(|one| one.message.as_str()).collect();
        Unprintable(wrong.join("; "))
    })
}

fn moment(at: NaiveDateTime) -> Option<Datetime> {
    let small = |number: u32| u8::try_from(number).unwrap_or_default();
    Datetime::from_ymd_hms(
        at.year(),
        small(at.month()),
        small(at.day()),
        small(at.hour()),
        small(at.minute()),
        small(at.second()),
    )
}

struct Fonts {
    book: LazyHash<FontBook>,
    fonts: Vec<Font>,
}

static FONTS: LazyLock<Fonts> = LazyLock::new(|| {
    let all = typst_assets::fonts().flat_map(|data| Font::iter(Bytes::new(data)));
    let fonts: Vec<Font> = all.filter(|font| font.info().family == FONT).collect();
    Fonts { book: LazyHash::new(FontBook::from_fonts(&fonts)), fonts }
});

/// All that a template can see.
struct Paper {
    library: LazyHash<Library>,
    template: Source,
}

impl Paper {
    fn new(template: &str, data: String) -> Self {
        let mut inputs = Dict::new();
        inputs.insert(Str::from("data"), data.into_value());
        let library = Library::builder().with_inputs(inputs).build();
        Self { library: LazyHash::new(library), template: Source::detached(template) }
    }
}

impl World for Paper {
    fn library(&self) -> &LazyHash<Library> {
        &self.library
    }

    fn book(&self) -> &LazyHash<FontBook> {
        &FONTS.book
    }

    fn main(&self) -> FileId {
        self.template.id()
    }

    fn source(&self, id: FileId) -> FileResult<Source> {
        if id == self.template.id() {
            Ok(self.template.clone())
        } else {
            Err(FileError::AccessDenied)
        }
    }

    fn file(&self, _: FileId) -> FileResult<Bytes> {
        Err(FileError::AccessDenied)
    }

    fn font(&self, index: usize) -> Option<Font> {
        FONTS.fonts.get(index).cloned()
    }

    fn today(&self, _: Option<Duration>) -> Option<Datetime> {
        None
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use unicode_normalization::UnicodeNormalization;

    use super::*;

    const NAME: &str = "#let it = json(bytes(sys.inputs.data))\n#it.name";

    fn at() -> NaiveDateTime {
        "2026-11-29T08:00:00".parse().unwrap()
    }

    #[test]
    fn a_paper_is_a_pdf_and_the_same_for_the_same() {
        let data = json!({ "name": "Nguyễn Thị Ngọc Ưỡn" });
        let pdf = print(NAME, &data, at()).unwrap();
        assert!(pdf.starts_with(b"%PDF-1."));
        assert_eq!(print(NAME, &data, at()).unwrap(), pdf);
        let other = print(NAME, &json!({ "name": "Lê Văn B" }), at()).unwrap();
        assert_ne!(other, pdf);
    }

    #[test]
    fn what_people_wrote_is_text() {
        for name in ["#panic(1)", "= [*x*] $x$ //", "#read(\"/etc/passwd\")", "\\ @a <b>"] {
            assert!(print(NAME, &json!({ "name": name }), at()).is_ok(), "{name}");
        }
    }

    #[test]
    fn a_template_reads_nothing_and_tells_what_it_misses() {
        let read = print("#read(\"/etc/hostname\")", &json!({}), at()).unwrap_err().to_string();
        assert!(read.contains("cannot be printed"), "{read}");
        let said = print(NAME, &json!({ "ten": "Bí mật" }), at()).unwrap_err().to_string();
        assert!(said.contains("name") && !said.contains("Bí mật"), "{said}");
    }

    #[test]
    fn every_vietnamese_letter_is_in_the_font() {
        let vowels = "aăâeêioôơuưy";
        let marks = ['\u{300}', '\u{309}', '\u{303}', '\u{301}', '\u{323}'];
        let font = &FONTS.fonts;
        assert!(!font.is_empty());
        let coverage = &font[0].info().coverage;
        for vowel in vowels.chars().chain(vowels.to_uppercase().chars()) {
            for mark in marks {
                let letter = unicode(vowel, mark);
                assert!(coverage.contains(letter.into()), "{letter}");
            }
        }
        assert!("đĐ₫".chars().all(|letter| coverage.contains(letter.into())));
    }

    fn unicode(vowel: char, mark: char) -> char {
        let letter = [vowel, mark].into_iter().nfc().collect::<Vec<_>>();
        <[char; 1]>::try_from(letter).unwrap()[0]
    }
}
