//! What a file is, by its first bytes.

use crate::MediaType;

/// How many bytes are looked at. Office files name their parts within these.
pub(crate) const HEAD: usize = 64 * 1024;

const ZIP_ENTRY: &[u8] = b"PK\x03\x04";

/// The type, or the name of a type that is never accepted.
pub(crate) fn sniff(head: &[u8]) -> Result<MediaType, String> {
    if head.starts_with(ZIP_ENTRY) {
        return zipped(head).ok_or_else(|| "application/zip".to_owned());
    }
    match infer::get(head).map(|found| found.mime_type()) {
        Some("application/pdf") => Ok(MediaType::Pdf),
        Some("image/jpeg") => Ok(MediaType::Jpeg),
        Some("image/png") => Ok(MediaType::Png),
        Some("image/tiff") => Ok(MediaType::Tiff),
        Some("image/heif") => Ok(MediaType::Heic),
        Some("text/xml") => xml(head),
        Some(other) => Err(other.to_owned()),
        None if is_text(head) => Ok(MediaType::Text),
        None => Err("application/octet-stream".to_owned()),
    }
}

/// Office files are archives; the names of their parts tell which kind.
fn zipped(head: &[u8]) -> Option<MediaType> {
    if head.get(30..).is_some_and(|name| name.starts_with(b"mimetype")) {
        let odt = b"mimetypeapplication/vnd.oasis.opendocument.text";
        // "…text" is also how templates begin ("…text-template"), which are no papers.
        let rest = head[30..].strip_prefix(odt.as_slice())?;
        return if rest.first() == Some(&b'-') { None } else { Some(MediaType::Odt) };
    }
    let mut names =
        head.windows(4).enumerate().filter(|(_, four)| *four == ZIP_ENTRY).filter_map(|(at, _)| {
            let length = head.get(at + 26..at + 28)?;
            let length = usize::from(u16::from_le_bytes([length[0], length[1]]));
            head.get(at + 30..at + 30 + length)
        });
    names.find_map(|name| match name {
        _ if name.starts_with(b"word/") => Some(MediaType::Docx),
        _ if name.starts_with(b"xl/") => Some(MediaType::Xlsx),
        _ => None,
    })
}

/// SVG and XHTML run scripts in a reader's browser: they are not data.
fn xml(head: &[u8]) -> Result<MediaType, String> {
    let text = String::from_utf8_lossy(head).to_lowercase();
    if text.contains("<svg") || text.contains(":svg") {
        Err("image/svg+xml".to_owned())
    } else if text.contains("<html") || text.contains("1999/xhtml") {
        Err("application/xhtml+xml".to_owned())
    } else {
        Ok(MediaType::Xml)
    }
}

fn is_text(head: &[u8]) -> bool {
    let valid = match std::str::from_utf8(head) {
        Ok(text) => text,
        // The head may end within a letter.
        Err(e) if e.error_len().is_none() => {
            std::str::from_utf8(&head[..e.valid_up_to()]).unwrap_or_default()
        }
        Err(_) => return false,
    };
    !valid.chars().any(|c| c.is_control() && !matches!(c, '\n' | '\r' | '\t' | '\u{feff}'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(name: &str) -> Vec<u8> {
        let mut entry = ZIP_ENTRY.to_vec();
        entry.extend([0; 22]);
        entry.extend(u16::try_from(name.len()).unwrap().to_le_bytes());
        entry.extend([0; 2]);
        entry.extend(name.as_bytes());
        entry
    }

    #[test]
    fn content_decides() {
        let docx =
            [entry("[Content_Types].xml"), entry("docProps/app.xml"), entry("word/document.xml")];
        let xlsx = [entry("_rels/.rels"), entry("xl/workbook.xml")];
        let heic = b"\0\0\0\x18ftypheic\0\0\0\0mif1heic";
        for (bytes, expected) in [
            (b"%PDF-1.7\n".to_vec(), Ok(MediaType::Pdf)),
            (b"\xff\xd8\xff\xe0\0\x10JFIF".to_vec(), Ok(MediaType::Jpeg)),
            (b"\x89PNG\r\n\x1a\n".to_vec(), Ok(MediaType::Png)),
            (b"II*\0\x08\0\0\0\0\0\0\0".to_vec(), Ok(MediaType::Tiff)),
            (heic.to_vec(), Ok(MediaType::Heic)),
            (docx.concat(), Ok(MediaType::Docx)),
            (xlsx.concat(), Ok(MediaType::Xlsx)),
            (entry("mimetypeapplication/vnd.oasis.opendocument.text"), Ok(MediaType::Odt)),
            (
                entry("mimetypeapplication/vnd.oasis.opendocument.text-template"),
                Err("application/zip"),
            ),
            (entry("evil.exe"), Err("application/zip")),
            (b"<?xml version='1.0'?><hoSo/>".to_vec(), Ok(MediaType::Xml)),
            (b"<?xml version='1.0'?><svg onload='x'/>".to_vec(), Err("image/svg+xml")),
            (
                b"<?xml version='1.0'?><a xmlns='http://www.w3.org/1999/xhtml'/>".to_vec(),
                Err("application/xhtml+xml"),
            ),
            (b"<!DOCTYPE html><html>".to_vec(), Err("text/html")),
            ("Đơn đề nghị".as_bytes().to_vec(), Ok(MediaType::Text)),
            (b"MZ\x90\0\x03".to_vec(), Err("application/vnd.microsoft.portable-executable")),
            (b"\x01\x02\x03".to_vec(), Err("application/octet-stream")),
        ] {
            assert_eq!(sniff(&bytes), expected.map_err(str::to_owned), "{bytes:?}");
        }
    }

    #[test]
    fn a_letter_may_be_cut_at_the_end_of_the_head() {
        let text = "Đồng ý".as_bytes();
        assert_eq!(sniff(&text[..text.len() - 1]), Ok(MediaType::Text));
        assert!(sniff(b"\xff\xfe broken").is_err());
    }

    proptest::proptest! {
        #[test]
        fn any_beginning_is_of_some_type_or_none(
            begin in proptest::sample::select(BEGINNINGS),
            rest: Vec<u8>,
            entries in proptest::collection::vec("[a-z/]{0,9}", 0..3),
            cut: proptest::sample::Index,
        ) {
            let entries: Vec<u8> = entries.iter().flat_map(|name| entry(name)).collect();
            let mut head = [begin, &entries, &rest].concat();
            head.truncate(cut.index(head.len() + 1));
            let _ = sniff(&head);
        }
    }

    const BEGINNINGS: &[&[u8]] = &[
        b"",
        b"PK\x03\x04",
        b"%PDF-",
        b"II*\0",
        b"\0\0\0\x18ftyp",
        b"<?xml",
        b"<svg",
        b"\xef\xbb\xbf",
    ];
}
