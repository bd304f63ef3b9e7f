//! What a dossier needs to know of the procedure version it is filed under, in
//! the words of this service. The catalog owns it; a version never changes.

use motcua_ids::{AgencyId, ProcedureId, ProcedureVersionId};
use motcua_vn::{SupplementRegime, TimeLimit};

use super::{Channel, Denial, Finance};

/// A published version, as far as intake reads it.
#[derive(Debug, Clone)]
pub struct Procedure {
    /// The procedure.
    pub id: ProcedureId,
    /// This version of it.
    pub version: ProcedureVersionId,
    /// National number, `1.001193`.
    pub number: String,
    /// Its title.
    pub name: String,
    /// Where citizens file online.
    pub front_door: FrontDoor,
    /// Which agencies decide it.
    pub deciders: Deciders,
    /// Identifier codes of the other agencies its electronic process goes through
    /// or asks.
    pub takes_part: Vec<String>,
    /// At least one.
    pub cases: Vec<Case>,
    /// What a supplement does to the clock; `None`: as the policy says.
    pub supplement_regime: Option<SupplementRegime>,
    /// Calendar days for a supplement; `None`: as the policy says.
    pub supplement_days: Option<u32>,
}

/// Where citizens file online.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FrontDoor {
    /// This province's own portal.
    Local,
    /// Cổng Dịch vụ công quốc gia.
    National {
        /// The procedure's page there.
        url: String,
    },
}

/// Which agencies decide.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Deciders {
    /// Every agency of a level, each for its own people.
    Level(Level),
    /// These alone.
    Agencies(Vec<AgencyId>),
}

/// Cấp thực hiện.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Level {
    /// A ministry's branch in the province.
    Ministry,
    /// Provincial office and departments.
    Province,
    /// Until 2025-06-30.
    District,
    /// Xã, phường, đặc khu.
    Commune,
}

/// A case (trường hợp).
#[derive(Debug, Clone)]
pub struct Case {
    /// `default` where there is one.
    pub code: String,
    /// Its papers.
    pub papers: Vec<Requirement>,
    /// How it may be filed.
    pub ways: Vec<Way>,
}

/// A component of the dossier.
#[derive(Debug, Clone)]
pub struct Requirement {
    /// Unique within the case.
    pub code: String,
    /// Its name.
    pub name: String,
    /// Bản chính.
    pub originals: u32,
    /// Bản sao.
    pub copies: u32,
    /// When it must be there.
    pub need: Need,
}

/// When a paper must be there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Need {
    /// Always.
    Always,
    /// Only where its condition holds; a machine never calls it missing.
    Conditional,
    /// Xuất trình: shown and handed back.
    Shown,
    /// Replaced by the e-form when filed online.
    OnlineForm,
}

/// A way to file, with its limit and fees.
#[derive(Debug, Clone)]
pub struct Way {
    /// How.
    pub channel: WayChannel,
    /// How long it takes.
    pub limit: Limit,
    /// What it costs.
    pub fees: Vec<Fee>,
}

/// The channels procedures tell apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WayChannel {
    /// Trực tuyến.
    Online,
    /// Trực tiếp.
    Desk,
    /// Bưu chính.
    Post,
}

/// Thời hạn giải quyết.
#[derive(Debug, Clone, PartialEq)]
pub enum Limit {
    /// So long.
    Counted {
        /// How long.
        limit: TimeLimit,
        /// The text that sets it; may be empty.
        source: String,
    },
    /// The law sets no due date.
    NoDueDate,
    /// The sources do not say.
    Unknown,
}

/// A sum to pay.
#[derive(Debug, Clone)]
pub struct Fee {
    /// Its name.
    pub name: String,
    /// How much.
    pub sum: Sum,
    /// What the source adds.
    pub note: String,
}

/// How a sum is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sum {
    /// In đồng.
    Fixed(i64),
    /// Miễn phí.
    Free,
    /// By a table or by the province: read the note.
    Variable,
    /// The sources do not say.
    Unknown,
}

impl Procedure {
    /// The case asked for; an empty code asks for the first.
    pub fn case(&self, code: &str) -> Result<&Case, Denial> {
        let found = if code.is_empty() {
            self.cases.first()
        } else {
            self.cases.iter().find(|case| case.code == code)
        };
        found.ok_or(Denial::CaseUnknown)
    }

    /// Whether citizens may file this case online here: not where a desk could never
    /// accept it, since nobody knows how long it takes.
    pub fn admits_online(&self, case: &str) -> Result<(), Denial> {
        if let FrontDoor::National { url } = &self.front_door {
            return Err(Denial::FrontDoorNational { url: url.clone() });
        }
        match self.case(case)?.way(Channel::Online)?.limit {
            Limit::Unknown => Err(Denial::LimitUnknown),
            Limit::Counted { .. } | Limit::NoDueDate => Ok(()),
        }
    }
}

impl Case {
    /// The way of a channel. Zalo is a letter to the desk, so it goes by the desk's way.
    pub fn way(&self, channel: Channel) -> Result<&Way, Denial> {
        let asked = match channel {
            Channel::Online => WayChannel::Online,
            Channel::Desk | Channel::Zalo => WayChannel::Desk,
            Channel::Post => WayChannel::Post,
        };
        self.ways.iter().find(|way| way.channel == asked).ok_or(Denial::ChannelNotOffered)
    }

    /// A component by its code.
    pub fn paper(&self, code: &str) -> Result<&Requirement, Denial> {
        self.papers
            .iter()
            .find(|paper| paper.code == code)
            .ok_or_else(|| Denial::PaperUnknown { code: code.to_owned() })
    }

    /// What people call a component; its code where the case has none of that code.
    pub fn name_of<'a>(&'a self, code: &'a str) -> &'a str {
        self.paper(code).map_or(code, |paper| &paper.name)
    }
}

impl Way {
    /// Where the money stands until this system collects it.
    pub fn finance(&self) -> Finance {
        let unknown = self.fees.iter().any(|fee| fee.sum == Sum::Unknown);
        let due = self.fees.iter().any(|fee| {
            matches!(fee.sum, Sum::Variable) || matches!(fee.sum, Sum::Fixed(n) if n > 0)
        });
        match (due, unknown) {
            (true, _) => Finance::NotCollectedHere,
            (false, true) => Finance::Unknown,
            (false, false) => Finance::Free,
        }
    }
}
