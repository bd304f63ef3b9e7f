//! Files as clerks make them: their slips told in their own words, each where
//! it stands, and nothing guessed.

use motcua_context::Role;
use motcua_proto::catalog::v1::{self as proto, ImportFormat, processing_limit::Rule};
use motcua_testkit::Database;
use serde_json::json;

use crate::{
    files::{errors, flags, national, send_as_editor},
    support::{Stage, import, officer, reason},
};

const BAD_YAML: &str = "\
number: \"1.777020\"
name: Cấp thẻ
field: ho-tich
level: xa
audience: [citizen]
---
number: \"1.777021\"
name: Cấp thẻ
field: ho-tich
level: commune
audience: [citizen]
service_level: information_only
front_door: national
cases:
  - code: default
    name: Chung
    ways:
      - channel: desk
        limit: { amount: 5, unit: ngay }
---
number: \"1.777022\"
name: Cấp thẻ
  field: ho-tich
---
number: \"1.777023\"
nam: Cấp thẻ
---
agencies:
  - { identifier: H53.99, kind: so, name: Sở X, parent: H53 }
";

fn told(answer: &proto::ImportProceduresResponse, wanted: &[(i32, &str)]) {
    let errors = errors(answer);
    assert!(!answer.imported);
    assert_eq!(errors.len(), wanted.len(), "{errors:#?}");
    for ((at, why), (position, words)) in errors.iter().zip(wanted) {
        assert!(at == position && why.contains(words), "{at}: {why}");
        for english in ["expected", "unknown ", "missing", "invalid", "variant", "enum", "\n"] {
            assert!(!why.contains(english), "«{english}» in: {why}");
        }
    }
}

async fn what_is_wrong_is_said_in_vietnamese_and_where(database: Database) {
    let stage = Stage::open(database).await;
    let answer = send_as_editor(&stage, ImportFormat::Yaml, BAD_YAML, true).await;
    told(
        &answer,
        &[
            (1, "Dòng 4, cột 8: giá trị «xa» không có trong danh mục: ministry, province"),
            (2, "giá trị «ngay» không có trong danh mục: working_days"),
            (3, "sai cú pháp"),
            (4, "không có mục «nam»"),
            (5, "giá trị «so» không có trong danh mục"),
        ],
    );
    let mut channel = national();
    channel["CACHTHUCTHUCHIEN"][0]["KENH"] = json!("9");
    let mut kind = national();
    kind["CACHTHUCTHUCHIEN"] = json!("trực tiếp");
    let mut field = national();
    field["LINHVUCTHUCHIEN"] = json!([{ "MALINHVUC": "G99-X", "TENLINHVUC": "Thư viện" }]);
    let file = json!([channel, kind, field, { "MATTHC": "1.777030", "TENTTHC": null }]);
    let answer = send_as_editor(&stage, ImportFormat::NationalJson, file.to_string(), true).await;
    told(
        &answer,
        &[
            (1, "KENH «9» không có trong danh mục: 1 (trực tiếp)"),
            (2, "CACHTHUCTHUCHIEN: Ghi chữ «trực tiếp», cần một danh sách."),
            (3, "Không có lĩnh vực «G99-X» (Thư viện)"),
            (4, "Thiếu tên thủ tục (TENTTHC)."),
        ],
    );
}

async fn files_with_nothing_in_them_are_refused(database: Database) {
    let stage = Stage::open(database).await;
    let editor = officer(Role::CatalogEditor, stage.province);
    let failed = json!({ "error_code": "-3", "message": "Hết phiên" }).to_string();
    for (format, file) in [
        (ImportFormat::Csv, "number,kind,name\n"),
        (ImportFormat::Csv, "name,note\nCấp thẻ,x\n"),
        (ImportFormat::Csv, ""),
        (ImportFormat::Yaml, "# chỉ có chú thích\n"),
        (ImportFormat::Json, "[]"),
        (ImportFormat::NationalJson, &failed),
    ] {
        let refused = import(&stage.env, &editor, format, file.into(), true).await.unwrap_err();
        assert_eq!(reason(&refused), "FILE_UNREADABLE", "{file}");
        assert!(file != failed || refused.message().contains("-3: Hết phiên"));
    }
}

async fn a_misspelt_key_of_a_policy_is_told(database: Database) {
    let stage = Stage::open(database).await;
    let admin = officer(Role::Administrator, stage.province);
    let builtin = motcua_catalog::builtin();
    let policy = builtin.split("\n---\n").find(|d| d.contains("\ncode: tay-ninh")).unwrap();
    let slip = policy.replacen("\nvalid_from:", "\nvalid_till: 2026-12-31\nvalid_from:", 1);
    let answer = import(&stage.env, &admin, ImportFormat::Yaml, slip.into(), true).await.unwrap();
    told(&answer, &[(1, "không có mục «valid_till»")]);
}

/// As a spreadsheet program set to Vietnamese writes it, with Vietnamese headings.
const VIETNAMESE: &str = "\
Mã thủ tục;Loại dòng;Cách nộp;Mã;Tên;Số tiền;Đơn vị;Cách thu;Bản chính;Yêu cầu nộp;Ghi chú;Lĩnh vực;Cấp;Đối tượng;Mức độ;Cổng
1.777040;Khoản thu;trực tiếp;le-phi;Lệ phí;50.000 đồng;;cố định;;;;;;;;
1.777040;Thủ tục;;;Cấp thẻ thư viện;;;;;;;Hộ tịch;Cấp xã;Công dân, tổ chức;Cung cấp thông tin;Quốc gia
1.777040;Giấy tờ;;don;Đơn đề nghị;;;;1;Bắt buộc;;;;;;
1.777040;Cách nộp;Trực tiếp;;;5;ngày làm việc;;;;;;;;;
";

async fn a_clerks_own_table_is_read(database: Database) {
    let stage = Stage::open(database).await;
    let answer = send_as_editor(&stage, ImportFormat::Csv, VIETNAMESE, true).await;
    assert!(answer.imported, "{answer:#?}");
    let procedure = stage.procedure("1.777040").await;
    assert_eq!(procedure.level(), proto::ProcedureLevel::Commune);
    assert_eq!(procedure.audiences.len(), 2);
    let content = stage.version(&procedure.current_version).await.content.unwrap();
    let way = &content.cases[0].ways[0];
    assert_eq!(way.fees[0].amount_vnd, 50_000);
    let Some(Rule::Counted(limit)) = &way.limit.as_ref().unwrap().rule else { panic!("{way:?}") };
    assert_eq!(limit.amount, 5);
}

async fn everything_wrong_with_a_line_is_told_and_no_sum_is_guessed(database: Database) {
    let stage = Stage::open(database).await;
    let table = VIETNAMESE.replace("50.000 đồng", "99,5").replace(";1;Bắt buộc", ";một;luôn luôn")
        + "1.77704;Thủ tục;;;Thẻ;;;;;;;Hộ tịch;Cấp xã;Công dân;Toàn trình;Quốc gia\n\
           ;Bước;;;Nộp đơn;;;;;;;;;;;\n";
    let answer = send_as_editor(&stage, ImportFormat::Csv, table, true).await;
    told(
        &answer,
        &[
            (2, "«99,5» không phải số đồng"),
            (4, "«một» không phải số nguyên không âm. Cột need: «luôn luôn»"),
            (6, "bảng tính có thể đã bỏ số 0 ở cuối"),
            (7, "thiếu mã thủ tục"),
        ],
    );
}

async fn what_does_not_fit_the_national_shape_is_kept_in_words(database: Database) {
    let stage = Stage::open(database).await;
    let mut reply = national();
    reply["CACHTHUCTHUCHIEN"] = json!([
        { "KENH": "1", "THOIGIAN": [
            { "THOIGIANGIAIQUYET": "5", "DONVITINH": "Ngày làm việc",
              "PHILEPHI": [{ "MAPHILEPHI": "LP", "SOTIEN": "10", "DONVI": "USD", "MOTA": "Phí" }] },
            { "THOIGIANGIAIQUYET": "15", "DONVITINH": "Ngày", "MOTA": "cấp lại",
              "PHILEPHI": [{ "SOTIEN": "70.000", "DONVI": "Đồng" }] }
        ] },
        { "KENH": "3", "THOIGIAN": [{ "THOIGIANGIAIQUYET": "", "MOTA": "Ngay khi nhận đủ" }] }
    ]);
    let file = reply.to_string();
    let answer = send_as_editor(&stage, ImportFormat::NationalJson, file, true).await;
    assert!(answer.imported, "{answer:#?}");
    let reasons = flags(&answer);
    assert!(reasons.contains(&"SEVERAL_LIMITS") && reasons.contains(&"FEE_UNREADABLE"));
    let procedure = stage.procedure("1.777001").await;
    let content = stage.version(&procedure.current_version).await.content.unwrap();
    let [desk, post] = content.cases[0].ways.as_slice() else { panic!("{:?}", content.cases) };
    assert_eq!(desk.fees[0].rule(), proto::FeeRule::SeeNote, "ten dollars are not ten đồng");
    assert!(desk.fees[0].note.contains("10 USD"));
    assert_eq!(desk.note, "Thời hạn khác: 15 Ngày cấp lại (thu 70.000 Đồng).");
    assert_eq!(post.note, "Ngay khi nhận đủ");
}

async fn what_the_province_decided_outlives_the_next_import(database: Database) {
    let stage = Stage::open(database).await;
    // With a unit: without a limit nothing is filed online at the province's portal.
    let mut sent = national();
    sent["CACHTHUCTHUCHIEN"][1]["THOIGIAN"][0]["DONVITINH"] = json!("Ngày làm việc");
    let first = sent.to_string();
    send_as_editor(&stage, ImportFormat::NationalJson, first.clone(), true).await;
    let draft = stage.draft("1.777001").await;
    let mut content = draft.content.unwrap();
    content.front_door = proto::FrontDoor::Local.into();
    content.agencies = vec![stage.agency("H53.41").await.name];
    content.cases[0].papers[0].originals = 2;
    let asked = proto::UpdateDraftRequest {
        request_id: stage.id(),
        name: draft.name,
        etag: draft.etag,
        content: Some(content),
        update_mask: None,
    };
    let draft = stage.editor().update_draft(asked).await.unwrap().into_inner();
    let asked = proto::PublishVersionRequest {
        request_id: stage.id(),
        name: draft.name,
        etag: draft.etag,
        effective_from: String::new(),
    };
    stage.editor().publish_version(asked).await.unwrap();

    let again = send_as_editor(&stage, ImportFormat::NationalJson, first, true).await;
    assert_eq!((again.unchanged, again.updated), (1, 0), "{again:#?}");
    let mut renamed = sent;
    renamed["TENTTHC"] = json!("Cấp thẻ thư viện tỉnh");
    let answer =
        send_as_editor(&stage, ImportFormat::NationalJson, renamed.to_string(), true).await;
    assert_eq!(answer.updated, 1, "{answer:#?}");
    assert!(flags(&answer).contains(&"KEPT"));
    let procedure = stage.procedure("1.777001").await;
    assert_eq!(procedure.display_name, "Cấp thẻ thư viện tỉnh");
    assert_eq!(procedure.front_door(), proto::FrontDoor::Local);
    let content = stage.version(&procedure.current_version).await.content.unwrap();
    assert_eq!(content.agencies, [stage.agency("H53.41").await.name]);
    assert_eq!(content.cases[0].papers[0].originals, 2);
}

async fn letters_written_apart_from_their_marks_are_put_together(database: Database) {
    let stage = Stage::open(database).await;
    let apart = "fields:\n  - { code: thu-vien, name: \"Thu\u{31b} vie\u{323}\u{302}n\" }\n";
    send_as_editor(&stage, ImportFormat::Yaml, apart, true).await;
    let listed = stage.public().list_fields(proto::ListFieldsRequest::default()).await.unwrap();
    let mut names = listed.into_inner().fields.into_iter().map(|field| field.display_name);
    assert!(names.any(|name| name == "Thư viện"));
}

crate::support::on_both_databases! {
    what_is_wrong_is_said_in_vietnamese_and_where,
    files_with_nothing_in_them_are_refused,
    a_misspelt_key_of_a_policy_is_told,
    a_clerks_own_table_is_read,
    everything_wrong_with_a_line_is_told_and_no_sum_is_guessed,
    what_does_not_fit_the_national_shape_is_kept_in_words,
    what_the_province_decided_outlives_the_next_import,
    letters_written_apart_from_their_marks_are_put_together,
}
