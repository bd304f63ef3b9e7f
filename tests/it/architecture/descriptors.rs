//! The contracts, as the compiler of `proto/` saw them.

use prost::Message;
use prost_types::{DescriptorProto, FileDescriptorProto, FileDescriptorSet};

/// Our own files; the imported ones are Google's.
pub(super) fn files() -> Vec<FileDescriptorProto> {
    let mut set = FileDescriptorSet::decode(motcua_proto::DESCRIPTORS).unwrap();
    set.file.retain(|file| file.package().starts_with("motcua."));
    assert!(set.file.len() > 5, "too few contracts found");
    set.file
}

/// A message by its full name, without the leading dot.
pub(super) fn message<'a>(
    files: &'a [FileDescriptorProto],
    name: &str,
) -> Option<&'a DescriptorProto> {
    files.iter().find_map(|file| {
        let local = name.strip_prefix(file.package())?.strip_prefix('.')?;
        nested(&file.message_type, local)
    })
}

fn nested<'a>(messages: &'a [DescriptorProto], name: &str) -> Option<&'a DescriptorProto> {
    let (first, rest) = name.split_once('.').map_or((name, None), |(f, r)| (f, Some(r)));
    let found = messages.iter().find(|message| message.name() == first)?;
    rest.map_or(Some(found), |rest| nested(&found.nested_type, rest))
}

/// The comment above the element at `path` (descriptor.proto, `SourceCodeInfo.Location`).
pub(super) fn comment<'a>(file: &'a FileDescriptorProto, path: &[i32]) -> &'a str {
    let info = file.source_code_info.as_ref();
    info.and_then(|info| info.location.iter().find(|place| place.path == path))
        .map_or("", |place| place.leading_comments().trim())
}
