//! Files from elsewhere: the national database's shape, tables, and bad rows.

use futures::{StreamExt, stream};
use motcua_context::Role;
use motcua_proto::catalog::v1::{self as proto, ImportFormat, RowOutcome};
use motcua_testkit::Database;
use serde_json::json;
use tonic::Code;

use crate::{
    support::{Stage, client, import, officer, reason, send, violations},
    workbook::workbook,
};

pub(crate) async fn send_as_editor(
    stage: &Stage,
    format: ImportFormat,
    file: impl Into<Vec<u8>>,
    publish: bool,
) -> proto::ImportProceduresResponse {
    let editor = officer(Role::CatalogEditor, stage.province);
    import(&stage.env, &editor, format, file.into(), publish).await.unwrap()
}

pub(crate) fn errors(answer: &proto::ImportProceduresResponse) -> Vec<(i32, &str)> {
    let bad = answer.rows.iter().filter(|row| row.outcome() == RowOutcome::Bad);
    bad.map(|row| (row.position, row.error.as_str())).collect()
}

pub(crate) fn flags(answer: &proto::ImportProceduresResponse) -> Vec<&str> {
    answer.rows.iter().flat_map(|row| &row.flags).map(|flag| flag.reason.as_str()).collect()
}

pub(crate) fn national() -> serde_json::Value {
    json!({
        "MATTHC": "1.777001", "TENTTHC": "Cấp thẻ thư viện", "MACOQUANCONGBO": "G16",
        "LINHVUCTHUCHIEN": [{ "MALINHVUC": "", "TENLINHVUC": "Hộ tịch" }],
        "TRINHTUTHUCHIEN": [{ "TRUONGHOP": "", "TRINHTU": [{ "TENTRINHTU": "Nộp đơn tại quầy." }] }],
        "CACHTHUCTHUCHIEN": [
            { "KENH": "1", "THOIGIAN": [{
                "THOIGIANGIAIQUYET": "5", "DONVITINH": "Ngày làm việc", "MOTA": "",
                "PHILEPHI": [{ "MAPHILEPHI": "LP01", "SOTIEN": "100", "DONVI": "Đồng", "MOTA": "Lệ phí cấp thẻ" }]
            }] },
            { "KENH": "2", "THOIGIAN": [{ "THOIGIANGIAIQUYET": "3", "DONVITINH": "", "PHILEPHI": [] }] }
        ],
        "DOITUONGTHUCHIEN": "Công dân Việt Nam", "YEUCAU": "",
        "KETQUATHUCHIEN": [{ "MAKETQUA": "KQ.G16.000001", "TENKETQUA": "Thẻ thư viện" }],
        "CANCUPHAPLY": [{ "SOVANBAN": "46/2019/QH14", "TENVANBAN": "Luật Thư viện" }],
        "COQUANTHUCHIEN": [{ "MADONVI": "H53.41", "TENDONVI": "Ủy ban nhân dân cấp xã" }],
        "THANHPHANHOSO": [{ "TRUONGHOP": "", "GIAYTO": [
            { "MAGIAYTO": "", "TENGIAYTO": "Đơn đề nghị cấp thẻ", "TENMAUDON": "Mẫu 01", "URL": "https://example.org/01.docx" }
        ] }]
    })
}

async fn the_national_shape_becomes_a_version_and_its_slips_are_flagged(database: Database) {
    let stage = Stage::open(database).await;
    let file = json!({ "error_code": 0, "data": [national()] }).to_string();
    let answer = send_as_editor(&stage, ImportFormat::NationalJson, file.clone(), true).await;
    assert!(answer.imported, "{answer:#?}");
    let reasons = flags(&answer);
    for reason in ["FEE_TOO_SMALL", "LIMIT_WITHOUT_UNIT", "COUNT_MISSING"] {
        assert!(reasons.contains(&reason), "{reason} in {reasons:?}");
    }
    let again = send_as_editor(&stage, ImportFormat::NationalJson, file, true).await;
    assert_eq!((again.unchanged, again.created, again.updated), (1, 0, 0));

    let procedure = stage.procedure("1.777001").await;
    let content = stage.version(&procedure.current_version).await.content.unwrap();
    assert_eq!(content.level(), proto::ProcedureLevel::Commune);
    let case = &content.cases[0];
    assert_eq!(case.papers[0].form.as_ref().unwrap().url, "https://example.org/01.docx");
    let desk = case.ways.iter().find(|w| w.channel() == proto::WayChannel::Desk).unwrap();
    assert_eq!(desk.fees[0].amount_vnd, 100, "flagged, never mended by a machine");
    let online = case.ways.iter().find(|w| w.channel() == proto::WayChannel::Online).unwrap();
    let rule = online.limit.as_ref().unwrap().rule.as_ref();
    assert!(matches!(rule, Some(proto::processing_limit::Rule::Unknown(_))), "no unit is invented");
}

async fn one_bad_row_and_nothing_is_imported(database: Database) {
    let stage = Stage::open(database).await;
    let mut bad = national();
    bad["MATTHC"] = json!("một");
    let file = json!([national(), bad, { "MATTHC": "1.777003" }]).to_string();
    let answer = send_as_editor(&stage, ImportFormat::NationalJson, file, true).await;
    assert!(!answer.imported);
    let positions: Vec<_> = errors(&answer).iter().map(|(at, _)| *at).collect();
    assert_eq!(positions, [2, 3]);
    assert!(errors(&answer).iter().all(|(_, why)| !why.is_empty() && !why.contains('\n')));
    assert!(stage.find("1.777001").await.is_empty());
}

const TABLE: &str = "\
number,kind,case,channel,code,name,amount,unit,rule,originals,copies,need,note,field,level,audience,service_level,front_door
1.777010,procedure,,,,Cấp thẻ đọc sách,,,,,,,12/QĐ-UBND,ho-tich,commune,citizen;organisation,information_only,national
1.777010,step,,,,Nộp đơn tại quầy,,,,,,,,,,,,
1.777010,paper,,,don,Đơn đề nghị,,,,1,2,always,https://example.org/don.docx,,,,,
1.777010,way,,desk,,,5,Ngày làm việc,,,,,,,,,,
1.777010,fee,,desk,le-phi,Lệ phí,50.000,,fixed,,,,,,,,,
1.777010,result,,,KQ.1,Thẻ,,,,,,,,,,,,
1.777010,legal_basis,,,46/2019/QH14,Luật Thư viện,,,,,,,,,,,,
";

async fn a_table_becomes_a_version(database: Database) {
    let stage = Stage::open(database).await;
    let answer = send_as_editor(&stage, ImportFormat::Csv, TABLE, true).await;
    assert!(answer.imported, "{answer:#?}");
    let procedure = stage.procedure("1.777010").await;
    let content = stage.version(&procedure.current_version).await.content.unwrap();
    let case = &content.cases[0];
    assert_eq!((case.papers[0].originals, case.papers[0].copies), (1, 2));
    assert_eq!(case.ways[0].fees[0].amount_vnd, 50_000);
    assert_eq!(content.audiences.len(), 2);
}

async fn the_same_table_in_a_workbook_becomes_the_same_version(database: Database) {
    let stage = Stage::open(database).await;
    let rows: Vec<Vec<&str>> = TABLE.lines().map(|line| line.split(',').collect()).collect();
    let book = workbook(&rows);
    let answer = send_as_editor(&stage, ImportFormat::Xlsx, book, true).await;
    assert!(answer.imported, "{answer:#?}");
    let again = send_as_editor(&stage, ImportFormat::Csv, TABLE, true).await;
    assert_eq!(again.unchanged, 1);
}

async fn each_bad_line_of_a_table_is_named(database: Database) {
    let stage = Stage::open(database).await;
    let table = TABLE
        .replace("desk,,,5,", "desk,,,năm,")
        .replace("1,2,always", "1,2,luon-luon")
        .replace("1.777010,step,", "1.777011,step,");
    let answer = send_as_editor(&stage, ImportFormat::Csv, table, true).await;
    assert!(!answer.imported);
    let lines: Vec<_> = errors(&answer).iter().map(|(line, _)| *line).collect();
    // The fee of line 6 is not blamed for its way on line 5.
    assert_eq!(lines, [3, 4, 5]);
    let bad_heading = TABLE.replacen("number,", "so,", 1);
    let editor = officer(Role::CatalogEditor, stage.province);
    let refused =
        import(&stage.env, &editor, ImportFormat::Csv, bad_heading.into(), true).await.unwrap_err();
    assert_eq!(reason(&refused), "FILE_UNREADABLE");
}

async fn what_is_no_file_of_its_format_is_refused(database: Database) {
    let stage = Stage::open(database).await;
    let editor = officer(Role::CatalogEditor, stage.province);
    for (format, file) in [
        (ImportFormat::Xlsx, "không phải bảng tính"),
        (ImportFormat::Json, "{"),
        (ImportFormat::NationalJson, "<xml/>"),
    ] {
        let refused = import(&stage.env, &editor, format, file.into(), true).await.unwrap_err();
        assert_eq!(reason(&refused), "FILE_UNREADABLE", "{format:?}");
    }
    let refused = import(&stage.env, &editor, ImportFormat::Unspecified, Vec::new(), true).await;
    assert!(refused.is_err());
}

async fn our_own_json_keeps_the_order_of_a_form_and_leaves_drafts(database: Database) {
    let stage = Stage::open(database).await;
    let file = r#"[{
        "number": "1.777020", "name": "Cấp thẻ", "field": "ho-tich", "level": "commune",
        "audience": ["citizen"], "service_level": "partly_online", "legacy_level": 3,
        "front_door": "local",
        "form": { "type": "object", "properties": {
            "ten": { "type": "string", "title": "Tên" }, "anh": { "type": "string", "title": "Ảnh" } } },
        "cases": [{ "code": "default", "name": "Chung", "ways": [
            { "channel": "online", "limit": { "amount": 2, "unit": "working_days" } },
            { "channel": "desk", "limit": "unknown" } ] }]
    }, { "number": "1.777021", "name": "Thiếu lĩnh vực" }]"#;
    let answer = send_as_editor(&stage, ImportFormat::Json, file, false).await;
    assert_eq!(errors(&answer).len(), 1);
    assert!(errors(&answer)[0].1.contains("field"), "{answer:#?}");

    let one = format!(
        "{}]",
        file.split_once("}, { \"number\": \"1.777021\"").unwrap().0.to_owned() + "}"
    );
    let answer = send_as_editor(&stage, ImportFormat::Json, one, false).await;
    assert!(answer.imported, "{answer:#?}");
    let asked = proto::GetProcedureRequest { number: "1.777020".into(), ..Default::default() };
    assert!(stage.public().get_procedure(asked.clone()).await.is_err(), "a draft only");
    let procedure = stage.editor().get_procedure(asked).await.unwrap().into_inner();
    let asked = proto::GetProcedureVersionRequest { name: procedure.draft, ..Default::default() };
    let draft = stage.editor().get_procedure_version(asked).await.unwrap().into_inner();
    let form = draft.content.unwrap().form.unwrap();
    let Some(prost_types::value::Kind::ListValue(order)) = &form.fields["x-order"].kind else {
        panic!("no order")
    };
    assert_eq!(order.values.len(), 2);
    assert_eq!(order.values[0].kind, Some(prost_types::value::Kind::StringValue("ten".into())));
}

async fn agencies_and_calendars_are_the_administrators(database: Database) {
    let stage = Stage::open(database).await;
    let editor = officer(Role::CatalogEditor, stage.province);
    let file =
        "agencies:\n  - { identifier: H53.77, kind: department, name: Sở Mới, parent: H53 }\n";
    let refused =
        import(&stage.env, &editor, ImportFormat::Yaml, file.into(), true).await.unwrap_err();
    assert_eq!(reason(&refused), "NOT_ADMINISTRATOR");
    let admin = officer(Role::Administrator, stage.province);
    let answer = import(&stage.env, &admin, ImportFormat::Yaml, file.into(), true).await.unwrap();
    assert_eq!(answer.created, 1);
    assert_eq!(stage.agency("H53.77").await.display_name, "Sở Mới");
}

async fn the_same_request_with_another_file_is_refused(database: Database) {
    let stage = Stage::open(database).await;
    let editor = officer(Role::CatalogEditor, stage.province);
    let head = proto::ImportProceduresRequest {
        request_id: stage.id(),
        format: ImportFormat::Csv as i32,
        publish: true,
        ..Default::default()
    };
    let first = send(&stage.env, &editor, head.clone(), TABLE.into()).await.unwrap();
    assert_eq!(first.created, 1);
    let same = send(&stage.env, &editor, head.clone(), TABLE.into()).await.unwrap();
    assert!(same.imported && same.unchanged == 1);
    let other = TABLE.replace("Cấp thẻ đọc sách", "Cấp thẻ khác");
    let refused = send(&stage.env, &editor, head, other.into()).await.unwrap_err();
    assert_eq!(reason(&refused), "REQUEST_ID_REUSED");
}

async fn an_upload_has_its_own_time_limit(database: Database) {
    let stage = Stage::open(database).await;
    let editor = officer(Role::CatalogEditor, stage.province);
    let head = |seconds, nanos| proto::ImportProceduresRequest {
        request_id: stage.id(),
        format: ImportFormat::Csv as i32,
        time_limit: Some(prost_types::Duration { seconds, nanos }),
        ..Default::default()
    };
    let stalled = stream::iter([head(0, 50_000_000)]).chain(stream::pending());
    let refused = client(&stage.env, &editor).import_procedures(stalled).await.unwrap_err();
    assert_eq!((refused.code(), &*reason(&refused)), (Code::DeadlineExceeded, "UPLOAD_TOO_SLOW"));
    for wrong in [0, 3601] {
        let refused = send(&stage.env, &editor, head(wrong, 0), TABLE.into()).await.unwrap_err();
        assert_eq!(violations(&refused), ["time_limit"]);
    }
    assert_eq!(send(&stage.env, &editor, head(3600, 0), TABLE.into()).await.unwrap().created, 1);
}

async fn a_changed_file_publishes_the_next_version(database: Database) {
    let stage = Stage::open(database).await;
    send_as_editor(&stage, ImportFormat::Csv, TABLE, true).await;
    let before = stage.procedure("1.777010").await.current_version;
    let changed = TABLE.replace("50.000", "60.000");
    let answer = send_as_editor(&stage, ImportFormat::Csv, changed, true).await;
    assert_eq!((answer.updated, answer.created), (1, 0));
    let after = stage.procedure("1.777010").await.current_version;
    assert_ne!(before, after);
    assert_eq!(stage.version(&after).await.revision, 2);
    let old = stage.version(&before).await.content.unwrap();
    assert_eq!(old.cases[0].ways[0].fees[0].amount_vnd, 50_000, "the old one stays");
}

crate::support::on_both_databases! {
    the_national_shape_becomes_a_version_and_its_slips_are_flagged,
    one_bad_row_and_nothing_is_imported,
    a_table_becomes_a_version,
    the_same_table_in_a_workbook_becomes_the_same_version,
    each_bad_line_of_a_table_is_named,
    what_is_no_file_of_its_format_is_refused,
    our_own_json_keeps_the_order_of_a_form_and_leaves_drafts,
    agencies_and_calendars_are_the_administrators,
    the_same_request_with_another_file_is_refused,
    an_upload_has_its_own_time_limit,
    a_changed_file_publishes_the_next_version,
}
