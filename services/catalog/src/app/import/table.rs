//! From the lines of a table to procedures: one line for each procedure, paper,
//! way, fee, result, legal basis or step, told apart by `kind`, in any order.

use std::collections::BTreeMap;

use super::{
    cells::{Line, Reading},
    document::{
        BasisDoc, CaseDoc, ContactDoc, FeeDoc, FeeWord, LimitDoc, LimitWord, PaperDoc,
        ProcedureDoc, PublicationDoc, ResultDoc, SupplementDoc, TemplateDoc, WayDoc,
    },
    keeping::Says,
    read::{Item, Row},
};
use crate::domain::{Channel, FeeKind, ProcedureNumber};

/// Lines of one procedure; each is compared with others.
const MOST_LINES: usize = 2_000;

/// The procedures of these lines, or each line that is bad.
pub(super) fn procedures(lines: Vec<Line>) -> Vec<Row> {
    let mut procedures: BTreeMap<String, Vec<Line>> = BTreeMap::new();
    for line in lines {
        let number = line.get("number").unwrap_or_default().to_owned();
        procedures.entry(number).or_default().push(line);
    }
    let mut rows: Vec<_> =
        procedures.into_iter().flat_map(|(number, lines)| procedure(number, &lines)).collect();
    rows.sort_by_key(|row| row.position);
    rows
}

fn procedure(number: String, lines: &[Line]) -> Vec<Row> {
    if number.is_empty() {
        let bad = |line: &Line| Row::new(line.at, "", Err("Cột number: thiếu mã thủ tục.".into()));
        return lines.iter().map(bad).collect();
    }
    if let Some(line) = lines.get(MOST_LINES) {
        let why = format!("Một thủ tục không thể có quá {MOST_LINES} dòng.");
        return vec![Row::new(line.at, number, Err(why))];
    }
    let mut table = Table { bad: Vec::new(), lost: Vec::new() };
    let Some(head) = lines.iter().find(|line| line.kind() == Some("procedure")) else {
        let at = lines.first().map_or(0, |line| line.at);
        let why = "Mã này không có dòng nào với kind là procedure (thủ tục).".to_owned();
        return vec![Row::new(at, number, Err(why))];
    };
    let mut doc = table.head(&number, head);
    // Fees go to their ways, wherever those stand.
    let others = || lines.iter().filter(|line| line.at != head.at);
    for line in others().filter(|line| line.kind() != Some("fee")) {
        table.part(&mut doc, line);
    }
    for line in others().filter(|line| line.kind() == Some("fee")) {
        table.fee(&mut doc.cases, line);
    }
    if table.bad.is_empty() {
        return vec![Row::new(head.at, number, Ok(Item::Procedure(Box::new(doc), Says::Table)))];
    }
    let bad = |(at, why)| Row::new(at, number.clone(), Err(why));
    table.bad.into_iter().map(bad).collect()
}

/// The lines of one procedure, being read.
struct Table {
    /// Bad lines, and why.
    bad: Vec<(usize, String)>,
    /// Cases with a way that could not be read: their fees have nowhere to go.
    lost: Vec<String>,
}

impl Table {
    /// Notes what is wrong with a line; whether it is sound.
    fn sound(&mut self, line: &Line, read: &Reading<'_>) -> bool {
        if read.bad.is_empty() {
            return true;
        }
        self.bad.push((line.at, read.bad.join(" ")));
        false
    }

    fn head(&mut self, number: &str, line: &Line) -> ProcedureDoc {
        let mut read = line.read();
        if let Some(why) = cut_short(number) {
            read.bad.push(why);
        }
        let doc = ProcedureDoc {
            number: number.to_owned(),
            name: read.need("name").unwrap_or_default().to_owned(),
            field: read.need("field").unwrap_or_default().to_owned(),
            field_name: None,
            level: read.word("level").unwrap_or(crate::domain::Level::Commune),
            audience: read.words("audience"),
            publication: PublicationDoc { decision: read.owned("note"), ..Default::default() },
            service_level: read
                .word("service_level")
                .unwrap_or(crate::domain::ServiceLevel::Unspecified),
            legacy_level: None,
            front_door: read.word("front_door").unwrap_or(crate::domain::FrontDoor::National),
            summary: None,
            steps: Vec::new(),
            cases: Vec::new(),
            results: Vec::new(),
            legal_bases: Vec::new(),
            conditions: None,
            contact: ContactDoc::default(),
            keywords: Vec::new(),
            supplement: SupplementDoc::default(),
            form: None,
            process: None,
            agencies: Vec::new(),
            sources: Vec::new(),
            unknown: Vec::new(),
            flags: Vec::new(),
        };
        self.sound(line, &read);
        doc
    }

    fn part(&mut self, doc: &mut ProcedureDoc, line: &Line) {
        let mut read = line.read();
        let case_code = read.get("case").unwrap_or("default").to_owned();
        match line.kind() {
            Some("procedure") => {
                read.bad.push("Thủ tục có hai dòng procedure (thủ tục).".to_owned());
            }
            Some("step") => doc.steps.extend(read.owned_need("name")),
            Some("result") => {
                let code = read.owned("code");
                doc.results.extend(read.owned_need("name").map(|name| ResultDoc { code, name }));
            }
            Some("legal_basis") => {
                let (number, name) = (read.owned_need("code"), read.owned_need("name"));
                doc.legal_bases
                    .extend(number.zip(name).map(|(number, name)| BasisDoc { number, name }));
            }
            Some("paper") => {
                let paper = paper(&mut read);
                case(&mut doc.cases, &case_code).papers.extend(paper);
            }
            Some("way") => match way(&mut read) {
                Some(way) => case(&mut doc.cases, &case_code).ways.push(way),
                None => self.lost.push(case_code),
            },
            _ => drop(read.word::<String>("kind")),
        }
        self.sound(line, &read);
    }

    fn fee(&mut self, cases: &mut Vec<CaseDoc>, line: &Line) {
        let mut read = line.read();
        let case_code = read.get("case").unwrap_or("default").to_owned();
        let (fee, channel) = (fee(&mut read), read.word::<Channel>("channel"));
        if !self.sound(line, &read) {
            return;
        }
        let (Some(fee), Some(channel)) = (fee, channel) else { return };
        let ways = &mut case(cases, &case_code).ways;
        match ways.iter_mut().find(|way| way.channel == channel) {
            Some(way) => way.fees.push(fee),
            // The way is bad itself: that line says so.
            None if self.lost.contains(&case_code) => {}
            None => {
                let title = channel.title();
                let why = format!(
                    "Khoản thu của cách nộp {title} không có dòng way (cách nộp) tương ứng."
                );
                self.bad.push((line.at, why));
            }
        }
    }
}

/// A spreadsheet drops zeros at the end of what it takes for a number.
fn cut_short(number: &str) -> Option<String> {
    let (kind, order) = number.split_once('.')?;
    let digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
    let short = number.parse::<ProcedureNumber>().is_err()
        && kind.len() == 1
        && digits(kind)
        && (1..6).contains(&order.len())
        && digits(order);
    short.then(|| {
        format!(
            "Mã «{number}» thiếu chữ số: bảng tính có thể đã bỏ số 0 ở cuối; hãy định dạng cột mã là văn bản."
        )
    })
}

fn case<'a>(cases: &'a mut Vec<CaseDoc>, code: &str) -> &'a mut CaseDoc {
    let at = cases.iter().position(|case| case.code == code).unwrap_or_else(|| {
        let name = if code == "default" { "Trường hợp chung" } else { code };
        let (papers, ways) = (Vec::new(), Vec::new());
        cases.push(CaseDoc { code: code.to_owned(), name: name.to_owned(), papers, ways });
        cases.len() - 1
    });
    &mut cases[at]
}

fn paper(read: &mut Reading<'_>) -> Option<PaperDoc> {
    let (code, name) = (read.owned_need("code"), read.owned_need("name"));
    let (originals, copies) = (read.count("originals"), read.count("copies"));
    let required = read.word("need");
    let note = read.owned("note");
    let form = note
        .clone()
        .filter(|note| note.starts_with("http"))
        .map(|url| TemplateDoc { name: "Mẫu đơn, tờ khai".to_owned(), url: Some(url) });
    Some(PaperDoc {
        code: code?,
        name: name?,
        originals: originals?,
        copies: copies?,
        required: required?,
        condition: note.filter(|_| form.is_none()),
        form,
        result_code: None,
    })
}

fn way(read: &mut Reading<'_>) -> Option<WayDoc> {
    let channel = read.word("channel");
    let limit = match read.get("amount").map(motcua_vn::text::searchable).as_deref() {
        None | Some("unknown" | "khong ro") => Some(LimitDoc::Word(LimitWord::Unknown)),
        Some("none" | "khong hen") => Some(LimitDoc::Word(LimitWord::None)),
        Some(_) => {
            let (amount, unit) = (read.count("amount"), read.maybe_word("unit"));
            amount.map(|amount| LimitDoc::Amount { amount, unit, note: None })
        }
    };
    if !read.bad.is_empty() {
        return None;
    }
    let note = read.owned("note");
    Some(WayDoc { channel: channel?, limit: limit?, fees: Vec::new(), online_payment: false, note })
}

fn fee(read: &mut Reading<'_>) -> Option<FeeDoc> {
    let (code, name) = (read.owned_need("code"), read.owned_need("name"));
    let rule = read.word::<FeeWord>("rule");
    let amount_vnd = read.money("amount");
    if rule == Some(FeeWord::Fixed) && read.get("amount").is_none() {
        read.bad.push("Cột amount: mức cố định thì phải ghi số tiền.".to_owned());
    }
    let (name, note) = (name?, read.owned("note"));
    let kind = if name.to_lowercase().starts_with("phí") { FeeKind::Charge } else { FeeKind::Fee };
    let (code, rule) = (code?, rule?);
    Some(FeeDoc { code, name, kind, rule, amount_vnd, table: None, shares: Vec::new(), note })
}

impl Reading<'_> {
    fn owned_need(&mut self, column: &str) -> Option<String> {
        self.need(column).map(ToOwned::to_owned)
    }
}
