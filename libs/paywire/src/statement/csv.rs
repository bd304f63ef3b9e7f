//! Tables, as internet banking exports them.

use csv::{ReaderBuilder, StringRecord};
use motcua_vn::{Vnd, local, text::searchable};

use super::{BadStatement, Draft, Entry, Form, Statement, Wrong, forms, forms::Lines};

/// What stands between cells.
const DELIMITERS: [u8; 3] = [b',', b';', b'\t'];
/// The headings stand in one of the first lines, below the bank's and the account's.
const HEAD: usize = 64;
/// Cells of one line that are looked at, and how many there may be: each takes far more
/// memory than what stands between them.
const CELLS: usize = 64;
const WIDE: usize = 512;
/// What stands between the names of a column in several languages.
const LANGUAGES: [char; 4] = ['/', '\n', '(', '|'];
/// The longest heading or label, in octets.
const LABEL: usize = 120;
const FORM: &str = "bảng CSV";

/// What a column says.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize,
)]
#[serde(rename_all = "snake_case")]
pub enum Column {
    /// The day, perhaps with the time.
    Booked,
    /// The time of that day.
    Time,
    /// What the account was credited with.
    Credit,
    /// What the account was debited with, with or without a minus.
    Debit,
    /// What came, or went where it has a minus or its mark says so.
    Amount,
    /// Whether an amount came or went: `C`, `CR`, `Có`, `+`, or `D`, `DR`, `Nợ`, `-`.
    Mark,
    /// The words that came with the money.
    Memo,
    /// The bank's own reference.
    Reference,
    /// The account, which is the same in every line.
    Account,
    /// The currency.
    Currency,
}

/// How columns are called, without marks and signs; of two that a table has, the first counts.
const HEADINGS: [(Column, &str); 9] = [
    (
        Column::Booked,
        "ngay hach toan|ngay ghi so|booking date|posting date|ngay gio giao dich|ngay giao dich|\
         thoi gian giao dich|ngay gd|transaction date|trans date|tran date|ngay phat sinh|\
         ngay thuc hien|ngay|date|thoi gian",
    ),
    (Column::Time, "gio giao dich|gio gd|gio|transaction time|time"),
    (
        Column::Credit,
        "so tien ghi co|phat sinh co|ps co|ghi co|so tien co|tien vao|co|credit amount|credit",
    ),
    (
        Column::Debit,
        "so tien ghi no|phat sinh no|ps no|ghi no|so tien no|tien ra|no|debit amount|debit",
    ),
    (Column::Amount, "so tien giao dich|so tien|transaction amount|amount"),
    (Column::Mark, "ghi no ghi co|no co|debit credit|dr cr|d c"),
    (
        Column::Memo,
        "noi dung giao dich|noi dung chuyen khoan|noi dung chi tiet|noi dung|dien giai|\
         mo ta giao dich|mo ta|transaction description|description|transaction details|details|\
         narrative|remarks|remark",
    ),
    (
        Column::Reference,
        "so but toan|so tham chieu|ma tham chieu|ma giao dich|so giao dich|ma gd|so gd|so ct|\
         so chung tu|reference number|reference no|reference|ref no|transaction id|\
         transaction number",
    ),
    (Column::Currency, "loai tien te|loai tien|don vi tien te|ma tien te|tien te|currency|ccy"),
];

/// What stands above and below the table.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Label {
    Account,
    Opening,
    Closing,
    Currency,
    Total,
}

/// How that is called, as headings are.
const LABELS: [(Label, &str); 5] = [
    (Label::Account, "so tai khoan|tai khoan so|so tk|account number|account no"),
    (Label::Opening, "so du dau ky|so du dau ngay|so du dau|opening balance"),
    (Label::Closing, "so du cuoi ky|so du cuoi ngay|so du cuoi|closing balance|ending balance"),
    (Label::Currency, "loai tien te|loai tien|tien te|currency"),
    (Label::Total, "tong cong|tong phat sinh|tong so|tong|cong phat sinh|total"),
];

pub(super) fn read(text: &str, unusual: &[(Column, &str)]) -> Result<Statement, BadStatement> {
    let narrow = |delimiter: &&u8| {
        let cells = |line: &str| line.bytes().filter(|b| b == *delimiter).count();
        text.lines().all(|line| cells(line) < WIDE)
    };
    let found = DELIMITERS.iter().filter(narrow).find_map(|delimiter| {
        let head = records(text, *delimiter).take(HEAD);
        let mut heads = head.filter_map(|record| Head::of(&record.ok()?.1, unusual));
        heads.next().map(|head| (*delimiter, head))
    });
    let (delimiter, head) = found.ok_or_else(|| {
        Wrong::Missing("dòng tiêu đề có cột ngày giao dịch, số tiền và nội dung").whole()
    })?;
    head.is_clear()?;
    let mut table = Table { head, begun: false, draft: Draft::default() };
    table.draft.open(None).map_err(Wrong::whole)?;
    for record in records(text, delimiter) {
        let (line, record) = record?;
        table.take(&record, line, unusual)?;
    }
    table.draft.finish(Form::Csv)
}

fn records(
    text: &str,
    delimiter: u8,
) -> impl Iterator<Item = Result<(usize, StringRecord), BadStatement>> {
    let mut reader = ReaderBuilder::new();
    let reader = reader.delimiter(delimiter).has_headers(false).flexible(true);
    let mut lines = Lines::of(text);
    reader.from_reader(text.as_bytes()).into_records().map(move |record| {
        let record = record.map_err(|_| Wrong::Malformed(FORM).whole())?;
        let begin = record.position().map_or(0, csv::Position::byte);
        // The end of the line before and empty lines are still to be passed.
        let rest = usize::try_from(begin).ok().and_then(|begin| text.get(begin..));
        let empty = rest.map_or(0, |rest| rest.bytes().take_while(|b| b"\r\n".contains(b)).count());
        Ok((lines.at(begin + empty as u64), record))
    })
}

/// Which cells hold what.
struct Head {
    columns: Vec<(Column, usize)>,
    /// Columns of which there are two alike.
    twice: Vec<&'static str>,
}

impl Head {
    /// The headings, if these are they.
    fn of(record: &StringRecord, unusual: &[(Column, &str)]) -> Option<Self> {
        let mut head = Self { columns: Vec::new(), twice: Vec::new() };
        let cells: Vec<Vec<String>> = record.iter().take(CELLS).map(names).collect();
        for (column, heading) in unusual {
            let heading = searchable(heading);
            head.note(*column, &cells, |names| names.first() == Some(&heading));
        }
        let known: Vec<_> = cells.iter().map(|names| meaning(names, &HEADINGS)).collect();
        for (column, names) in HEADINGS {
            if unusual.iter().all(|(other, _)| *other != column) {
                for name in names.split('|') {
                    head.note(column, &known, |known| *known == Some((column, name)));
                }
            }
        }
        let sum =
            [Column::Credit, Column::Amount].iter().any(|column| head.cell(*column).is_some());
        let asked = unusual.iter().map(|(column, _)| *column);
        let mut needed = [Column::Booked, Column::Memo].into_iter().chain(asked);
        (sum && needed.all(|column| head.cell(column).is_some())).then_some(head)
    }

    fn note<T>(&mut self, column: Column, cells: &[T], is: impl Fn(&T) -> bool) {
        if self.cell(column).is_some() {
            return;
        }
        let mut found = (0..).zip(cells).filter(|(_, cell)| is(cell));
        if let Some((at, _)) = found.next() {
            self.columns.push((column, at));
            if found.next().is_some() {
                self.twice.push(column.title());
            }
        }
    }

    fn cell(&self, column: Column) -> Option<usize> {
        self.columns.iter().find(|(other, _)| *other == column).map(|(_, at)| *at)
    }

    fn is_clear(&self) -> Result<(), BadStatement> {
        self.twice.first().map_or(Ok(()), |title| Err(Wrong::Twice("cột cùng tên").at(0, *title)))
    }
}

/// The names in a heading or a label: all of it, and each of the languages in which it
/// stands there.
fn names(cell: &str) -> Vec<String> {
    if cell.is_empty() || cell.len() > LABEL {
        return Vec::new();
    }
    let mut names = vec![searchable(cell)];
    if cell.contains(LANGUAGES) {
        names.extend(cell.split(LANGUAGES).map(searchable));
    }
    names
}

/// What one of the names stands for.
fn meaning<T: Copy>(names: &[String], meanings: &[(T, &'static str)]) -> Option<(T, &'static str)> {
    names.iter().find_map(|text| {
        meanings.iter().find_map(|(meaning, names)| {
            names.split('|').find(|name| name == text).map(|name| (*meaning, name))
        })
    })
}

impl Column {
    fn title(self) -> &'static str {
        match self {
            Self::Booked => "Ngày giao dịch",
            Self::Time => "Giờ giao dịch",
            Self::Credit => "Số tiền ghi có",
            Self::Debit => "Số tiền ghi nợ",
            Self::Amount => "Số tiền",
            Self::Mark => "Ghi nợ/Ghi có",
            Self::Memo => "Nội dung",
            Self::Reference => "Số tham chiếu",
            Self::Account => "Số tài khoản",
            Self::Currency => "Loại tiền",
        }
    }
}

struct Table {
    head: Head,
    /// Whether the headings were passed.
    begun: bool,
    draft: Draft,
}

impl Table {
    fn take(
        &mut self,
        record: &StringRecord,
        line: usize,
        unusual: &[(Column, &str)],
    ) -> Result<(), BadStatement> {
        let at = |column: Column| move |wrong: Wrong| wrong.at(line, column.title());
        if !self.begun {
            self.begun = Head::of(record, unusual).is_some();
            return if self.begun { Ok(()) } else { self.about(record, line).map(|_| ()) };
        }
        let Some((booked, time)) = forms::moment(self.cell(record, Column::Booked)) else {
            if self.about(record, line)? || !self.has_amount(record) {
                return Ok(());
            }
            // The headings again: a page's, or in another language.
            let again = Head::of(record, unusual).or_else(|| Head::of(record, &[]));
            return again.map(|_| ()).ok_or_else(|| at(Column::Booked)(Wrong::Date));
        };
        if !self.has_amount(record) {
            // Some give the balances a day.
            let said = self.about(record, line)?;
            return said.then_some(()).ok_or_else(|| at(Column::Amount)(Wrong::Amount));
        }
        let currency = self.cell(record, Column::Currency);
        if !currency.is_empty() && !forms::is_dong(currency) {
            return Err(at(Column::Currency)(Wrong::Currency));
        }
        let account = self.cell(record, Column::Account);
        if !account.is_empty() {
            self.draft.account(account).map_err(at(Column::Account))?;
        }
        let time = match self.cell(record, Column::Time) {
            "" => time,
            text => Some(forms::time(text).ok_or_else(|| at(Column::Time)(Wrong::Date))?),
        };
        let amount =
            self.amount(record).map_err(|(column, wrong)| wrong.at(line, column.title()))?;
        let entry = Entry {
            booked,
            at: time.map(|time| local::instant(booked.and_time(time))),
            amount,
            reversal: false,
            memo: self.cell(record, Column::Memo).to_owned(),
            // A spreadsheet keeps zeros before a number by a `'`.
            bank_reference: self
                .cell(record, Column::Reference)
                .trim_start_matches('\'')
                .to_owned(),
            line,
        };
        self.draft.push(entry).map_err(at(Column::Reference))
    }

    fn cell<'a>(&self, record: &'a StringRecord, column: Column) -> &'a str {
        self.head.cell(column).and_then(|at| record.get(at)).unwrap_or_default().trim()
    }

    fn has_amount(&self, record: &StringRecord) -> bool {
        let columns = [Column::Credit, Column::Debit, Column::Amount];
        columns.iter().any(|column| !self.cell(record, *column).is_empty())
    }

    fn amount(&self, record: &StringRecord) -> Result<Vnd, (Column, Wrong)> {
        let value = |column| match self.cell(record, column) {
            "" | "-" => Ok(Vnd::ZERO),
            text => forms::dong(text).ok_or((column, Wrong::Amount)),
        };
        if self.head.cell(Column::Credit).is_none() {
            return self.marked(value(Column::Amount)?, record);
        }
        match (value(Column::Credit)?, value(Column::Debit)?) {
            (credit, Vnd::ZERO) if credit > Vnd::ZERO => Ok(credit),
            (Vnd::ZERO, debit) if debit != Vnd::ZERO => {
                Ok(forms::signed(Vnd::new(debit.dong().abs()), false))
            }
            (credit, debit) if credit != Vnd::ZERO && debit != Vnd::ZERO => {
                Err((Column::Credit, Wrong::Mark))
            }
            _ => Err((Column::Credit, Wrong::Amount)),
        }
    }

    fn marked(&self, amount: Vnd, record: &StringRecord) -> Result<Vnd, (Column, Wrong)> {
        let wrong = Err((Column::Mark, Wrong::Mark));
        let credited = match self.cell(record, Column::Mark) {
            "" if self.head.cell(Column::Mark).is_none() => return Ok(amount),
            "+" => true,
            "-" => false,
            text => match searchable(text).as_str() {
                "c" | "cr" | "co" | "ghi co" | "credit" => true,
                "d" | "dr" | "no" | "ghi no" | "debit" => false,
                _ => return wrong,
            },
        };
        // A minus that contradicts its mark.
        if amount < Vnd::ZERO && credited {
            return wrong;
        }
        Ok(forms::signed(Vnd::new(amount.dong().abs()), credited))
    }

    /// A line that is no entry: about the account, a total, or the rest of the memo above.
    /// Whether it says something of the account or a total.
    fn about(&mut self, record: &StringRecord, line: usize) -> Result<bool, BadStatement> {
        let memo = self.cell(record, Column::Memo);
        let alone = record.iter().filter(|cell| !cell.trim().is_empty()).count() == 1;
        if alone && !memo.is_empty() && !self.draft.entries.is_empty() {
            self.draft.more(memo);
            return Ok(false);
        }
        let mut said = false;
        for (at, cell) in (0..CELLS).zip(record) {
            let (label, inside) = cell.split_once(':').unwrap_or((cell, ""));
            let Some((label, _)) = meaning(&names(label.trim()), &LABELS) else { continue };
            let next = || record.iter().skip(at + 1).map(str::trim).find(|cell| !cell.is_empty());
            let value = Some(inside.trim()).filter(|inside| !inside.is_empty());
            let value = value.or_else(next).unwrap_or_default();
            let balance = |title| forms::dong(value).ok_or_else(|| Wrong::Amount.at(line, title));
            match label {
                Label::Opening if self.draft.opening.is_none() => {
                    self.draft.opening = Some(balance("Số dư đầu kỳ")?);
                }
                Label::Closing => self.draft.close(Some(balance("Số dư cuối kỳ")?), None),
                Label::Account if !self.begun => {
                    let title = Column::Account.title();
                    self.draft.account(account(value)).map_err(|wrong| wrong.at(line, title))?;
                }
                Label::Currency if !self.begun && !forms::is_dong(value) => {
                    return Err(Wrong::Currency.at(line, Column::Currency.title()));
                }
                _ => {}
            }
            said |= !matches!(label, Label::Account | Label::Currency);
        }
        Ok(said)
    }
}

/// `0011001234567` of `0011001234567 (VND) - UBND phường`.
fn account(value: &str) -> &str {
    let number = value.split(" - ").next().unwrap_or_default();
    number.split('(').next().unwrap_or_default().trim()
}
