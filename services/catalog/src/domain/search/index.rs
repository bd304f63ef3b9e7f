use std::collections::HashMap;

use motcua_ids::{AgencyId, FieldId, ProcedureId, ProcedureVersionId};
use motcua_vn::text::searchable;

use super::grams::{Gram, grams};
use crate::domain::{Audience, Level, ProcedureNumber, ServiceLevel};

/// Pairs of words count for less than letters: swapped words lose pairs only.
const PAIR_WEIGHT: f32 = 0.5;
/// How much of the score is "all of the query is there", the rest being "and
/// little besides".
const COVERAGE: f32 = 0.6;
/// Less than this of the query found is no hit.
const LEAST_COVERAGE: f32 = 0.3;

/// What is searched of one procedure in force.
#[derive(Debug, Clone)]
pub struct Entry {
    /// The procedure.
    pub procedure: ProcedureId,
    /// Its version in force.
    pub version: ProcedureVersionId,
    /// Its national number.
    pub number: ProcedureNumber,
    /// What it is called.
    pub name: String,
    /// Other words people look for it by.
    pub keywords: Vec<String>,
    /// Its field.
    pub field: FieldId,
    /// Its level.
    pub level: Level,
    /// Who may file.
    pub audiences: Vec<Audience>,
    /// How far it can be done online.
    pub service_level: ServiceLevel,
    /// Who decides; empty: every agency of the level.
    pub agencies: Vec<AgencyId>,
    /// Whether only officials may use it.
    pub internal: bool,
}

/// What is looked for.
#[derive(Debug, Clone, Default)]
pub struct Wanted {
    /// Words or a number; empty: everything the filters leave.
    pub text: String,
    /// Of this field alone.
    pub field: Option<FieldId>,
    /// An agency, with the level of procedures it decides where they name nobody.
    pub agency: Option<(AgencyId, Option<Level>)>,
    /// Of this level alone.
    pub level: Option<Level>,
    /// For this audience alone.
    pub audience: Option<Audience>,
    /// Of this service level alone.
    pub service_level: Option<ServiceLevel>,
    /// Whether procedures for officials alone may be shown.
    pub internal: bool,
}

/// A procedure that was found.
#[derive(Debug, Clone, Copy)]
pub struct Found<'a> {
    /// What was found.
    pub entry: &'a Entry,
    /// 0 to 1, comparable within one answer only.
    pub score: f32,
}

/// All procedures in force, ready to be searched.
#[derive(Debug, Default)]
pub struct Index {
    entries: Vec<Entry>,
    /// Weight of the whole name, by entry.
    weights: Vec<f32>,
    postings: HashMap<Gram, Vec<u32>>,
}

impl Index {
    /// Reads everything once.
    pub fn build(mut entries: Vec<Entry>) -> Self {
        entries.sort_by(|a, b| a.number.cmp(&b.number));
        let mut postings: HashMap<Gram, Vec<u32>> = HashMap::new();
        for (i, entry) in (0..).zip(&entries) {
            let mut pieces = grams(&entry.name);
            pieces.extend(entry.keywords.iter().flat_map(|k| grams(k)));
            pieces.sort_unstable();
            pieces.dedup();
            for piece in pieces {
                postings.entry(piece).or_default().push(i);
            }
        }
        let mut index = Self { weights: vec![0.0; entries.len()], entries, postings };
        for (i, entry) in index.entries.iter().enumerate() {
            index.weights[i] = grams(&entry.name).iter().map(|g| index.weight(g)).sum();
        }
        index
    }

    /// How many procedures are in force.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether nothing is in force.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// What is wanted, best first; equals by number.
    pub fn find(&self, wanted: &Wanted) -> Vec<Found<'_>> {
        let text = wanted.text.trim();
        if text.is_empty() {
            let all = self.entries.iter().filter(|e| wanted.admits(e));
            return all.map(|entry| Found { entry, score: 1.0 }).collect();
        }
        let numbered = number_like(text).map(|digits| self.numbered(digits, wanted));
        if let Some(found) = numbered.filter(|found| !found.is_empty()) {
            return found;
        }
        self.by_words(text, wanted)
    }

    /// Numbers that begin so, or end so behind the point.
    fn numbered(&self, digits: &str, wanted: &Wanted) -> Vec<Found<'_>> {
        let bears = |entry: &&Entry| {
            let number = entry.number.as_str();
            wanted.admits(entry)
                && (number.starts_with(digits)
                    || number.split_once('.').is_some_and(|(_, order)| order == digits))
        };
        self.entries.iter().filter(bears).map(|entry| Found { entry, score: 1.0 }).collect()
    }

    fn by_words(&self, text: &str, wanted: &Wanted) -> Vec<Found<'_>> {
        let pieces = grams(text);
        let total: f32 = pieces.iter().map(|g| self.weight(g)).sum();
        let mut shared = vec![0.0_f32; self.entries.len()];
        for piece in &pieces {
            let weight = self.weight(piece);
            for entry in self.postings.get(piece).into_iter().flatten() {
                if let Some(sum) = shared.get_mut(*entry as usize) {
                    *sum += weight;
                }
            }
        }
        let mut found: Vec<Found<'_>> = self
            .entries
            .iter()
            .zip(&shared)
            .zip(&self.weights)
            .filter(|((entry, shared), _)| **shared > 0.0 && wanted.admits(entry))
            .filter_map(|((entry, shared), whole)| {
                let coverage = shared / total;
                let closeness = shared / (total + whole - shared).max(f32::EPSILON);
                let score = COVERAGE * coverage + (1.0 - COVERAGE) * closeness.min(1.0);
                (coverage >= LEAST_COVERAGE).then_some(Found { entry, score: score.min(1.0) })
            })
            .collect();
        found.sort_by(|a, b| {
            b.score.total_cmp(&a.score).then_with(|| a.entry.number.cmp(&b.entry.number))
        });
        found
    }

    /// What a piece tells: the rarer, the more. A piece no name has tells a little.
    fn weight(&self, piece: &Gram) -> f32 {
        let names = precise(self.entries.len());
        let having = precise(self.postings.get(piece).map_or(0, Vec::len));
        let rarity = (1.0 + names / (1.0 + having)).ln();
        match piece {
            Gram::Letters(_) => rarity,
            Gram::Words(_) => rarity * PAIR_WEIGHT,
        }
    }
}

impl Wanted {
    fn admits(&self, entry: &Entry) -> bool {
        (self.internal || !entry.internal)
            && self.field.is_none_or(|field| field == entry.field)
            && self.level.is_none_or(|level| level == entry.level)
            && self.audience.is_none_or(|audience| entry.audiences.contains(&audience))
            && self.service_level.is_none_or(|level| level == entry.service_level)
            && self.agency.is_none_or(|(agency, level)| {
                entry.agencies.contains(&agency)
                    || entry.agencies.is_empty() && level == Some(entry.level)
            })
    }
}

/// `1.001193`, `001193` or the beginning of one; with a local suffix too.
fn number_like(text: &str) -> Option<&str> {
    let digits = text.split_ascii_whitespace().next()?;
    let plain = searchable(text).replace(' ', "");
    let is_number = plain.len() >= 4
        && text.split_ascii_whitespace().count() == 1
        && digits.starts_with(|c: char| c.is_ascii_digit())
        && digits.bytes().take(8).all(|b| b.is_ascii_digit() || b == b'.');
    is_number.then(|| digits.get(..8).unwrap_or(digits))
}

#[expect(clippy::cast_precision_loss, reason = "a few thousand names")]
fn precise(count: usize) -> f32 {
    count as f32
}
