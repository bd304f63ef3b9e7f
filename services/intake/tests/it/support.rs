//! Sentences the tests are written in.

use motcua_fault::Fault;
use motcua_proto::intake::v1::{
    self as proto, intake_service_client::IntakeServiceClient, upload_paper_request::Part,
};
use motcua_rpc::Wire;
use tonic::{Response, Status};

/// Declares each behaviour as a test on SQLite and one on PostgreSQL.
macro_rules! on_both_databases {
    ($($behaviour:ident),+ $(,)?) => {
        mod sqlite {
            $(#[tokio::test]
            async fn $behaviour() {
                use motcua_testkit::{Database, on_each_database};
                on_each_database(Database::Sqlite, super::$behaviour).await;
            })+
        }
        mod postgres {
            $(#[tokio::test]
            async fn $behaviour() {
                use motcua_testkit::{Database, on_each_database};
                on_each_database(Database::Postgres, super::$behaviour).await;
            })+
        }
    };
}
pub(crate) use on_both_databases;

/// A caller with a token.
pub(crate) type Client = IntakeServiceClient<Wire>;

/// An answer as it was meant.
pub(crate) trait Answer<T> {
    fn done(self) -> T;
    fn refused(self) -> Fault;
    /// The reason of a refusal.
    fn reason(self) -> String;
    /// Fields and reasons of a request that is wrong, sorted.
    fn wrong(self) -> Vec<(String, String)>;
}

impl<T: std::fmt::Debug> Answer<T> for Result<Response<T>, Status> {
    fn done(self) -> T {
        self.map(Response::into_inner).map_err(motcua_rpc::fault).unwrap()
    }

    fn refused(self) -> Fault {
        motcua_rpc::fault(self.unwrap_err())
    }

    fn reason(self) -> String {
        self.refused().reason().to_owned()
    }

    fn wrong(self) -> Vec<(String, String)> {
        let fault = self.refused();
        let mut wrong: Vec<_> =
            fault.violations().iter().map(|v| (v.field.clone(), v.reason.clone())).collect();
        wrong.sort();
        wrong
    }
}

/// A fresh UUIDv4.
pub(crate) fn request_id() -> String {
    uuid::Builder::from_random_bytes(rand_bytes()).into_uuid().to_string()
}

fn rand_bytes() -> [u8; 16] {
    use std::hash::{BuildHasher, RandomState};
    let half = || RandomState::new().hash_one(0).to_be_bytes();
    let mut bytes = [0; 16];
    bytes[..8].copy_from_slice(&half());
    bytes[8..].copy_from_slice(&half());
    bytes
}

/// The messages of an upload.
pub(crate) fn upload(
    dossier: &str,
    code: &str,
    content: &[u8],
) -> impl futures::Stream<Item = proto::UploadPaperRequest> + use<> {
    let header = proto::PaperHeader {
        dossier: dossier.to_owned(),
        code: code.to_owned(),
        file_name: format!("{code}.pdf"),
        ..Default::default()
    };
    upload_with(request_id(), header, content)
}

pub(crate) fn upload_with(
    request_id: String,
    header: proto::PaperHeader,
    content: &[u8],
) -> impl futures::Stream<Item = proto::UploadPaperRequest> + use<> {
    let first = proto::UploadPaperRequest { request_id, part: Some(Part::Header(header)) };
    let rest: Vec<_> = content
        .chunks(1000)
        .map(|chunk| proto::UploadPaperRequest {
            request_id: String::new(),
            part: Some(Part::Chunk(chunk.to_vec())),
        })
        .collect();
    futures::stream::iter(std::iter::once(first).chain(rest))
}

/// A small PDF, of its own content.
pub(crate) fn pdf(text: &str) -> Vec<u8> {
    let mut content = format!("%PDF-1.7\n{text}\n").into_bytes();
    content.resize(content.len() + 3000, b' ');
    content.extend_from_slice(b"\n%%EOF\n");
    content
}
