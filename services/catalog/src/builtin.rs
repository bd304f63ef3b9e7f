//! The repository's own catalog: a sample province and real procedures.

include!(concat!(env!("OUT_DIR"), "/builtin.rs"));

/// The whole of it as one file of many documents, to be imported as
/// `IMPORT_FORMAT_YAML` and published.
pub fn builtin() -> String {
    FILES.join("\n---\n")
}
