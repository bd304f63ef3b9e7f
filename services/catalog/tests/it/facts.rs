//! Facts of the law, written down a second time: a wrong edit of the
//! repository's own catalog fails here.

use motcua_catalog::builtin;
use motcua_proto::{
    catalog::v1::{self as proto, FeeRule, WayChannel, processing_limit::Rule},
    r#type::v1::LimitUnit::{self, WorkingDays},
};
use motcua_testkit::Database;

use crate::support::Stage;

struct Fact {
    number: &'static str,
    name: &'static str,
    /// Of the last case.
    channel: WayChannel,
    /// None: no source gives one.
    limit: Option<(u32, LimitUnit)>,
    fee: (FeeRule, i64),
    /// Of all cases together.
    papers: usize,
    basis: &'static str,
}

#[rustfmt::skip]
const FACTS: [Fact; 11] = [
    Fact { number: "2.000908", name: "Thủ tục cấp bản sao từ sổ gốc",
        channel: WayChannel::Online, limit: Some((1, WorkingDays)), fee: (FeeRule::Free, 0), papers: 2, basis: "23/2015/NĐ-CP" },
    Fact { number: "2.000424", name: "Thủ tục thực hiện hỗ trợ khi hòa giải viên gặp tai nạn hoặc rủi ro ảnh hưởng đến sức khỏe, tính mạng trong khi thực hiện hoạt động hòa giải",
        channel: WayChannel::Online, limit: Some((7, WorkingDays)), fee: (FeeRule::Free, 0), papers: 5, basis: "15/2014/NĐ-CP" },
    Fact { number: "2.000950", name: "Thủ tục công nhận tổ trưởng tổ hòa giải (cấp xã)",
        channel: WayChannel::Desk, limit: Some((5, WorkingDays)), fee: (FeeRule::Free, 0), papers: 2, basis: "35/2013/QH13" },
    Fact { number: "1.012900", name: "Cấp giấy phép hoạt động của Sàn giao dịch bất động sản",
        channel: WayChannel::Post, limit: Some((15, WorkingDays)), fee: (FeeRule::Free, 0), papers: 5, basis: "96/2024/NĐ-CP" },
    Fact { number: "1.012906", name: "Cấp mới chứng chỉ hành nghề môi giới bất động sản",
        channel: WayChannel::Online, limit: Some((10, WorkingDays)), fee: (FeeRule::Fixed, 300_000), papers: 6, basis: "29/2023/QH15" },
    Fact { number: "1.001686", name: "Cấp Giấy chứng nhận đủ điều kiện buôn bán thuốc thú y",
        channel: WayChannel::Desk, limit: Some((7, WorkingDays)), fee: (FeeRule::Fixed, 230_000), papers: 3, basis: "35/2016/NĐ-CP" },
    Fact { number: "2.002288", name: "Cấp, cấp lại Phù hiệu cho xe ô tô, xe bốn bánh có gắn động cơ kinh doanh vận tải",
        channel: WayChannel::Online, limit: Some((2, WorkingDays)), fee: (FeeRule::Free, 0), papers: 2, basis: "158/2024/NĐ-CP" },
    Fact { number: "2.002286", name: "Cấp lại Giấy phép kinh doanh vận tải bằng xe ô tô, bằng xe bốn bánh có gắn động cơ khi có sự thay đổi liên quan đến nội dung của Giấy phép kinh doanh hoặc Giấy phép kinh doanh bị thu hồi",
        channel: WayChannel::Online, limit: Some((4, WorkingDays)), fee: (FeeRule::Free, 0), papers: 7, basis: "158/2024/NĐ-CP" },
    Fact { number: "2.000884", name: "Chứng thực chữ ký trong các giấy tờ, văn bản (áp dụng cho cả trường hợp chứng thực điểm chỉ và trường hợp người yêu cầu chứng thực không thể ký, không thể điểm chỉ được)",
        channel: WayChannel::Desk, limit: None, fee: (FeeRule::Fixed, 10_000), papers: 2, basis: "23/2015/NĐ-CP" },
    Fact { number: "1.013274", name: "Cấp phép sử dụng tạm thời lòng đường, vỉa hè vào mục đích khác",
        channel: WayChannel::Online, limit: Some((5, WorkingDays)), fee: (FeeRule::Unknown, 0), papers: 4, basis: "165/2024/NĐ-CP" },
    Fact { number: "1.012753", name: "Đăng ký đất đai, tài sản gắn liền với đất, cấp Giấy chứng nhận quyền sử dụng đất, quyền sở hữu tài sản gắn liền với đất lần đầu đối với tổ chức đang sử dụng đất",
        channel: WayChannel::Post, limit: Some((30, WorkingDays)), fee: (FeeRule::SeeNote, 0), papers: 7, basis: "101/2024/NĐ-CP" },
];

async fn what_the_law_says_is_what_the_catalog_says(database: Database) {
    let stage = Stage::with(database, builtin()).await;
    for fact in &FACTS {
        let number = fact.number;
        let current = stage.procedure(number).await.current_version;
        let content = stage.version(&current).await.content.unwrap();
        assert_eq!(content.display_name, fact.name, "{number}");
        let papers: usize = content.cases.iter().map(|case| case.papers.len()).sum();
        assert_eq!(papers, fact.papers, "{number}");
        let mut ways = content.cases.last().unwrap().ways.iter();
        let way = ways.find(|way| way.channel() == fact.channel).unwrap();
        let limit = match way.limit.as_ref().unwrap().rule.as_ref().unwrap() {
            Rule::Counted(counted) => Some((counted.amount, counted.unit())),
            Rule::NoDueDate(_) | Rule::Unknown(_) => None,
        };
        assert_eq!(limit, fact.limit, "{number}");
        let fees: Vec<_> = way.fees.iter().map(|fee| (fee.rule(), fee.amount_vnd)).collect();
        assert_eq!(fees, [fact.fee], "{number}");
        assert!(content.legal_bases.iter().any(|basis| basis.number == fact.basis), "{number}");
    }
}

/// What no source says is unknown; the levels are the province's own where it designed a process.
async fn what_no_source_says_is_marked_unknown(database: Database) {
    let stage = Stage::with(database, builtin()).await;
    let asked = proto::SearchProceduresRequest { page_size: 100, ..Default::default() };
    let found = stage.public().search_procedures(asked).await.unwrap().into_inner();
    let mut unknown = 0;
    for procedure in found.hits.into_iter().filter_map(|hit| hit.procedure) {
        let content = stage.version(&procedure.current_version).await.content.unwrap();
        let listed = |path: &str| content.unknown_paths.iter().any(|p| p == path);
        let number = procedure.number;
        assert_eq!(content.service_level == 0, listed("service_level"), "{number}");
        assert_eq!(content.legacy_level == 0, listed("legacy_level"), "{number}");
        assert_eq!(content.legacy_level == 0, content.process.is_none(), "{number}");
        for case in &content.cases {
            for way in &case.ways {
                let online = way.channel() == WayChannel::Online;
                let information = content.service_level() == proto::ServiceLevel::InformationOnly;
                assert!(!(online && information), "{number}");
                let Some(Rule::Counted(counted)) = &way.limit.as_ref().unwrap().rule else {
                    continue;
                };
                let word = way.channel().as_str_name().replace("WAY_CHANNEL_", "").to_lowercase();
                let assumed = listed(&format!("cases.{}.ways.{word}.limit.unit", case.code));
                assert_eq!(counted.source.contains("tạm hiểu"), assumed, "{number}");
                unknown += usize::from(assumed);
            }
        }
    }
    assert!(unknown > 0);
}

crate::support::on_both_databases! {
    what_the_law_says_is_what_the_catalog_says,
    what_no_source_says_is_marked_unknown,
}
