//! ISO 20022's camt.053, versions .001.02 to .001.08: what is read here is alike in all.

use chrono::{DateTime, NaiveDate};
use motcua_vn::{Timestamp, Vnd, local};
use quick_xml::{
    Reader as Xml, XmlVersion,
    escape::resolve_predefined_entity,
    events::{BytesRef, BytesStart, Event},
};

use super::{BadStatement, Draft, Entry, Form, Statement, Wrong, forms, forms::Lines};

const FORM: &str = "camt.053";
/// The deepest element of the form stands at about the fifteenth level.
const DEPTH: usize = 32;
/// The most references of one transaction that are looked at.
const NAMED: usize = 16;
const ROOT: [&str; 3] = ["Document", "BkToCstmrStmt", "Stmt"];

pub(super) fn read(text: &str) -> Result<Statement, BadStatement> {
    let mut xml = Xml::from_str(text);
    xml.config_mut().expand_empty_elements = true;
    let mut reader = Reader::default();
    let mut lines = Lines::of(text);
    loop {
        let event = xml.read_event();
        let line = lines.at(xml.buffer_position());
        let bad = |wrong: Wrong| wrong.at(line, "");
        match event.map_err(|_| bad(Wrong::Malformed(FORM)))? {
            Event::Start(start) => reader.start(&start, line)?,
            Event::End(_) => reader.end(line)?,
            Event::Text(text) => reader.text += &text,
            Event::CData(text) => reader.text += &text,
            Event::GeneralRef(entity) => reader.text.push_str(&resolved(&entity).map_err(bad)?),
            Event::Decl(decl) => match decl.encoding() {
                None => {}
                Some(Ok(name)) if is_utf8(&name) => {}
                Some(_) => return Err(bad(Wrong::NotUtf8)),
            },
            Event::DocType(_) => return Err(bad(Wrong::Declared)),
            Event::Comment(_) | Event::PI(_) | Event::Empty(_) => {}
            Event::Eof => break,
        }
    }
    if !reader.path.is_empty() || reader.draft.parts == 0 {
        return Err(Wrong::Malformed(FORM).whole());
    }
    reader.draft.finish(Form::Camt053)
}

fn is_utf8(encoding: &str) -> bool {
    ["utf-8", "us-ascii"].contains(&encoding.to_ascii_lowercase().as_str())
}

/// A character, or one of the five entities that XML itself has.
fn resolved(entity: &BytesRef<'_>) -> Result<String, Wrong> {
    if let Some(c) = entity.resolve_char_ref().map_err(|_| Wrong::Malformed(FORM))? {
        return Ok(c.to_string());
    }
    resolve_predefined_entity(entity).map(str::to_owned).ok_or(Wrong::Declared)
}

#[derive(Default)]
struct Reader {
    draft: Draft,
    /// The names of the elements around, from the root.
    path: Vec<String>,
    /// What stands in the innermost one.
    text: String,
    currency: Option<String>,
    opening: Option<Vnd>,
    /// What the day before ended with: the opening balance where none is told.
    previous: Option<Vnd>,
    closing: Option<Vnd>,
    closed: Option<NaiveDate>,
    balance: Balance,
    entry: Booking,
}

#[derive(Default)]
struct Balance {
    code: String,
    amount: Option<Vnd>,
    credited: Option<bool>,
    day: Option<NaiveDate>,
}

/// An entry while it is read.
#[derive(Default)]
struct Booking {
    line: usize,
    amount: Option<Vnd>,
    credited: Option<bool>,
    reversal: bool,
    booked: Option<bool>,
    day: Option<(NaiveDate, Option<Timestamp>)>,
    worth: Option<(NaiveDate, Option<Timestamp>)>,
    reference: String,
    info: String,
    parts: Vec<Part>,
}

/// One transaction of an entry; most entries are of one.
#[derive(Default)]
struct Part {
    amount: Option<Result<Vnd, Wrong>>,
    credited: Option<bool>,
    reference: String,
    info: String,
    /// References of the payer, before his words: these are cut off at the end.
    named: Vec<String>,
    words: Vec<String>,
}

impl Reader {
    fn start(&mut self, start: &BytesStart<'_>, line: usize) -> Result<(), BadStatement> {
        if self.path.len() == DEPTH {
            return Err(Wrong::Deep.at(line, ""));
        }
        let name = start.local_name();
        self.path.push(name.into_inner().to_owned());
        self.text.clear();
        let currency = start.try_get_attribute("Ccy");
        let currency = currency.map_err(|_| Wrong::Malformed(FORM).at(line, ""))?;
        self.currency = currency
            .map(|ccy| {
                ccy.normalized_value(XmlVersion::Implicit1_0).map(std::borrow::Cow::into_owned)
            })
            .transpose()
            .map_err(|_| Wrong::Malformed(FORM).at(line, ""))?;
        let path: Vec<&str> = self.path.iter().map(String::as_str).collect();
        match path.strip_prefix(&ROOT) {
            Some(["Bal"]) => self.balance = Balance::default(),
            Some(["Ntry"]) => self.entry = Booking { line, ..Booking::default() },
            Some(["Ntry", "NtryDtls", "TxDtls"]) => self.entry.parts.push(Part::default()),
            _ => {}
        }
        Ok(())
    }

    fn end(&mut self, line: usize) -> Result<(), BadStatement> {
        let path = std::mem::take(&mut self.path);
        let names: Vec<&str> = path.iter().map(String::as_str).collect();
        let taken = match names.strip_prefix(&ROOT) {
            Some(path) => self.take(path),
            // What only resembles a statement is none: nothing of it is booked.
            None if ROOT.starts_with(&names) || names.starts_with(&ROOT[..2]) => Ok(()),
            None => Err(Wrong::Malformed(FORM)),
        };
        let item = names.get(ROOT.len()..).unwrap_or_default().join("/");
        taken.map_err(|wrong| wrong.at(line, item))?;
        self.path = path;
        self.path.pop();
        self.text.clear();
        Ok(())
    }

    fn take(&mut self, path: &[&str]) -> Result<(), Wrong> {
        match path {
            [] => {
                self.draft.open(self.opening.take().or(self.previous.take()))?;
                let (closing, closed) = (self.closing.take(), self.closed.take());
                self.draft.close(closing, closed);
            }
            ["Acct", "Id", "IBAN"] | ["Acct", "Id", "Othr", "Id"] => {
                self.draft.account(&self.text)?;
            }
            ["Acct", "Ccy"] if !forms::is_dong(&self.text) => return Err(Wrong::Currency),
            ["Bal", "Tp", "CdOrPrtry", "Cd"] => self.text.trim().clone_into(&mut self.balance.code),
            ["Bal", "Amt"] => self.balance.amount = Some(self.amount()?),
            ["Bal", "CdtDbtInd"] => self.balance.credited = Some(mark(&self.text)?),
            ["Bal", "Dt", "Dt" | "DtTm"] => self.balance.day = Some(moment(&self.text)?.0),
            ["Bal"] => self.balanced()?,
            ["Ntry"] => self.booked()?,
            ["Ntry", "Amt"] => self.entry.amount = Some(self.amount()?),
            ["Ntry", "CdtDbtInd"] => self.entry.credited = Some(mark(&self.text)?),
            ["Ntry", "RvslInd"] => self.entry.reversal = ["true", "1"].contains(&self.text.trim()),
            ["Ntry", "Sts"] if self.text.trim().is_empty() => {}
            ["Ntry", "Sts"] | ["Ntry", "Sts", "Cd"] => {
                self.entry.booked = Some(match self.text.trim() {
                    "BOOK" => true,
                    "PDNG" | "INFO" | "FUTR" => false,
                    _ => return Err(Wrong::Status),
                });
            }
            ["Ntry", "BookgDt", "Dt" | "DtTm"] => self.entry.day = Some(moment(&self.text)?),
            ["Ntry", "ValDt", "Dt" | "DtTm"] => self.entry.worth = Some(moment(&self.text)?),
            ["Ntry", "AcctSvcrRef"] => self.text.clone_into(&mut self.entry.reference),
            ["Ntry", "AddtlNtryInf"] => self.text.clone_into(&mut self.entry.info),
            ["Ntry", "NtryDtls", "TxDtls", path @ ..] => self.take_part(path)?,
            _ => {}
        }
        Ok(())
    }

    fn take_part(&mut self, path: &[&str]) -> Result<(), Wrong> {
        let amount = self.amount();
        let Some(part) = self.entry.parts.last_mut() else { return Ok(()) };
        let text = self.text.trim();
        match path {
            // Of one in another currency the entry itself says what was booked.
            ["Amt"] | ["AmtDtls", "TxAmt", "Amt"] => part.amount = Some(amount),
            ["CdtDbtInd"] => part.credited = Some(mark(text)?),
            ["Refs", "AcctSvcrRef"] => text.clone_into(&mut part.reference),
            ["Refs", "EndToEndId"] if text == "NOTPROVIDED" => {}
            ["Refs", "EndToEndId"]
            | ["RmtInf", "Strd", "CdtrRefInf", "Ref"]
            | ["RmtInf", "Strd", "AddtlRmtInf"]
                if part.named.len() < NAMED =>
            {
                part.named.push(text.to_owned());
            }
            ["RmtInf", "Ustrd"] => part.words.push(text.to_owned()),
            ["AddtlTxInf"] => text.clone_into(&mut part.info),
            _ => {}
        }
        Ok(())
    }

    fn amount(&self) -> Result<Vnd, Wrong> {
        if !self.currency.as_deref().is_some_and(forms::is_dong) {
            return Err(Wrong::Currency);
        }
        forms::plain_dong(self.text.trim(), '.').ok_or(Wrong::Amount)
    }

    fn balanced(&mut self) -> Result<(), Wrong> {
        let balance = std::mem::take(&mut self.balance);
        let amount = balance.amount.ok_or(Wrong::Missing("Amt"))?;
        let amount = forms::signed(amount, balance.credited.ok_or(Wrong::Mark)?);
        let kept = match balance.code.as_str() {
            "OPBD" => &mut self.opening,
            "PRCD" => &mut self.previous,
            "CLBD" => {
                self.closed = balance.day;
                &mut self.closing
            }
            _ => return Ok(()),
        };
        if kept.replace(amount).is_some_and(|other| other != amount) {
            return Err(Wrong::Twice("số dư cùng loại"));
        }
        Ok(())
    }

    fn booked(&mut self) -> Result<(), Wrong> {
        let entry = std::mem::take(&mut self.entry);
        if !entry.booked.ok_or(Wrong::Missing("Sts"))? {
            return Ok(());
        }
        let credited = entry.credited.ok_or(Wrong::Mark)?;
        let amount = entry.amount.ok_or(Wrong::Missing("Amt"))?;
        let amount = forms::signed(amount, credited);
        let (booked, at) = entry.day.or(entry.worth).ok_or(Wrong::Missing("BookgDt"))?;
        let mut parts = entry.parts;
        let of = |part: &Part, amount: Vnd, info: &str| Entry {
            booked,
            at,
            amount,
            reversal: entry.reversal,
            memo: part.memo(info),
            bank_reference: [&part.reference, &entry.reference]
                .into_iter()
                .find(|reference| !reference.trim().is_empty())
                .cloned()
                .unwrap_or_default(),
            line: entry.line,
        };
        if parts.len() < 2 {
            let part = parts.pop().unwrap_or_default();
            return self.draft.push(of(&part, amount, &entry.info));
        }
        let mut sum = Vnd::ZERO;
        for part in &parts {
            let amount = part.amount.clone().ok_or(Wrong::Missing("TxDtls/Amt"))??;
            let amount = forms::signed(amount, part.credited.unwrap_or(credited));
            sum = sum.plus(amount).ok_or(Wrong::Amount)?;
            self.draft.push(of(part, amount, ""))?;
        }
        if sum != amount {
            return Err(Wrong::Batch { reckoned: sum, said: amount });
        }
        Ok(())
    }
}

impl Part {
    /// All words, each once, those that may be cut off at the end behind the others.
    fn memo(&self, info: &str) -> String {
        let mut words: Vec<&str> = Vec::new();
        let named = self.named.iter().map(String::as_str);
        for text in [info.trim(), &self.info].into_iter().chain(named) {
            if !words.contains(&text) && !self.words.iter().any(|other| other == text) {
                words.push(text);
            }
        }
        words.extend(self.words.iter().map(String::as_str));
        words.join(" ")
    }
}

fn mark(text: &str) -> Result<bool, Wrong> {
    match text.trim() {
        "CRDT" => Ok(true),
        "DBIT" => Ok(false),
        _ => Err(Wrong::Mark),
    }
}

/// A day, or an instant; one without an offset is Viet Nam's.
fn moment(text: &str) -> Result<(NaiveDate, Option<Timestamp>), Wrong> {
    if let Ok(at) = DateTime::parse_from_rfc3339(text.trim()) {
        let at = DateTime::from_timestamp_secs(at.timestamp()).ok_or(Wrong::Date)?;
        let day = Some(local::day(at)).filter(forms::is_sound).ok_or(Wrong::Date)?;
        return Ok((day, Some(at)));
    }
    let (day, time) = forms::moment(text).ok_or(Wrong::Date)?;
    Ok((day, time.map(|time| local::instant(day.and_time(time)))))
}
