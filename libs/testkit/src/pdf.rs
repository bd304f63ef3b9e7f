//! A reader of PDF of another maker.

use std::{
    io::Write,
    process::{Command, Stdio},
};

use crate::scripts::{python, script_of};

/// The words of a PDF, parted by single blanks.
pub fn text(pdf: &[u8]) -> String {
    let mut reader = Command::new(python())
        .arg(script_of("python", "pdf_text.py"))
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("a reader is missing: run scripts/test");
    reader.stdin.take().unwrap().write_all(pdf).unwrap();
    let read = reader.wait_with_output().unwrap();
    assert!(read.status.success(), "it is no PDF");
    let text = String::from_utf8(read.stdout).unwrap();
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
