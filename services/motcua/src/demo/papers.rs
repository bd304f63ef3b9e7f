//! Files as a citizen would have them.

use std::fmt::Write;

use motcua_proto::{
    intake::v1::{PaperHeader, UploadPaperRequest, upload_paper_request::Part},
    workflow::v1::{
        DraftResultHead, DraftResultRequest, Outcome, draft_result_request::Part as DraftPart,
    },
};
use tonic::Request;

use super::{
    cast::Signed,
    world::{World, refused, request_id},
};

const CHUNK: usize = 64 * 1024;

/// A PDF of one page that says `title`; small, and whole for every reader.
pub(super) fn pdf(title: &str) -> Vec<u8> {
    let plain: String = title.chars().filter(char::is_ascii).collect();
    let stream = format!("BT /F1 18 Tf 72 720 Td ({plain}) Tj ET");
    let objects = [
        "<< /Type /Catalog /Pages 2 0 R >>".to_owned(),
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>".to_owned(),
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R \
         /Resources << /Font << /F1 5 0 R >> >> >>"
            .to_owned(),
        format!("<< /Length {} >>\nstream\n{stream}\nendstream", stream.len()),
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>".to_owned(),
    ];
    let mut file = "%PDF-1.4\n".to_owned();
    let mut offsets = Vec::with_capacity(objects.len());
    for (number, object) in (1..).zip(&objects) {
        offsets.push(file.len());
        let _ = write!(file, "{number} 0 obj\n{object}\nendobj\n");
    }
    let table = file.len();
    let _ = write!(file, "xref\n0 {}\n0000000000 65535 f \n", objects.len() + 1);
    for offset in offsets {
        let _ = writeln!(file, "{offset:010} 00000 n ");
    }
    let _ = write!(
        file,
        "trailer\n<< /Size {} /Root 1 0 R >>\nstartxref\n{table}\n%%EOF\n",
        objects.len() + 1
    );
    file.into_bytes()
}

/// Adds a paper to a dossier.
pub(super) async fn upload(
    world: &World,
    who: &Signed,
    dossier: &str,
    code: &str,
    content: &[u8],
) -> anyhow::Result<()> {
    let header = PaperHeader {
        dossier: dossier.to_owned(),
        code: code.to_owned(),
        file_name: format!("{code}.pdf"),
        ..PaperHeader::default()
    };
    let first = UploadPaperRequest { request_id: request_id(), part: Some(Part::Header(header)) };
    let rest = chunks(content).map(|chunk| UploadPaperRequest {
        request_id: String::new(),
        part: Some(Part::Chunk(chunk)),
    });
    let messages: Vec<_> = std::iter::once(first).chain(rest).collect();
    let stream = Request::new(futures::stream::iter(messages));
    world.intake(who).upload_paper(stream).await.map_err(refused)?;
    Ok(())
}

/// Drafts a result that grants what was asked. Answers `results/{uuid}`.
pub(super) async fn draft(
    world: &World,
    who: &Signed,
    task: &str,
    text: &str,
) -> anyhow::Result<String> {
    let content = pdf("Quyet dinh ho tro");
    let head = DraftResultHead {
        task: task.to_owned(),
        outcome: Outcome::Granted.into(),
        text: text.to_owned(),
        file_name: "quyet-dinh.pdf".to_owned(),
        ..DraftResultHead::default()
    };
    let first = DraftResultRequest { request_id: request_id(), part: Some(DraftPart::Head(head)) };
    let rest = chunks(&content).map(|chunk| DraftResultRequest {
        request_id: String::new(),
        part: Some(DraftPart::Chunk(chunk)),
    });
    let messages: Vec<_> = std::iter::once(first).chain(rest).collect();
    let stream = Request::new(futures::stream::iter(messages));
    let result = world.workflow(who).draft_result(stream).await.map_err(refused)?;
    Ok(result.into_inner().name)
}

fn chunks(content: &[u8]) -> impl Iterator<Item = Vec<u8>> + '_ {
    content.chunks(CHUNK).map(<[u8]>::to_vec)
}
