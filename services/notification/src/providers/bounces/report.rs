use mail_parser::{MessageParser, MessagePart, MimeHeaders};

use crate::domain::{Bounce, MailStatus};

/// What a delivery status notification says (RFC 3464); none of what is none.
pub(super) fn read(letter: &[u8]) -> Option<Bounce> {
    let letter = MessageParser::default().parse(letter)?;
    // One that somebody passes on, attached to a letter, says nothing of ours.
    is(letter.root_part(), "multipart", &["report"]).then_some(())?;
    let status = letter
        .parts
        .iter()
        .find(|part| is(part, "message", &["delivery-status", "global-delivery-status"]))?;
    let text = String::from_utf8_lossy(status.contents()).replace("\r\n", "\n");
    // The first group of fields tells of the letter, each other of one mailbox.
    text.split("\n\n")
        .filter_map(one)
        .reduce(|first, next| if next.weight() > first.weight() { next } else { first })
}

fn is(part: &MessagePart<'_>, kind: &str, subtypes: &[&str]) -> bool {
    part.content_type().is_some_and(|own| {
        let subtype = own.subtype().unwrap_or_default();
        own.ctype().eq_ignore_ascii_case(kind)
            && subtypes.iter().any(|known| subtype.eq_ignore_ascii_case(known))
    })
}

/// What became of it in one mailbox.
fn one(group: &str) -> Option<Bounce> {
    let fields = MessageParser::default().parse_headers(group.trim_start())?;
    let field = |name| fields.header_raw(name).map(str::trim);
    let action = field("Action")?.split(|sign: char| !sign.is_ascii_alphabetic()).next()?;
    match &*action.to_ascii_lowercase() {
        "failed" => {
            let status = field("Status").and_then(MailStatus::parse);
            Some(Bounce::Failed(status.unwrap_or(MailStatus::UNSAID)))
        }
        "delayed" => Some(Bounce::Delayed),
        // Handed on to a list, or to where no reports are made: as far as can be known.
        "delivered" | "relayed" | "expanded" => Some(Bounce::Arrived),
        _ => None,
    }
}
