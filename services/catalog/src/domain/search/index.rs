use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
};

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

/// All procedures in force, ready to be searched. A version that is published
/// or goes changes its own pieces only; the index is not built again for it.
#[derive(Debug, Clone, Default)]
pub struct Index {
    /// By place; empty where a version went.
    places: Vec<Option<Arc<Placed>>>,
    /// Weight of the whole name, by place.
    weights: Vec<f32>,
    /// Places in use, by number.
    order: Vec<u32>,
    /// Each piece's own number.
    terms: HashMap<Gram, u32>,
    /// Places that have the piece, and what it tells, by its number.
    postings: Vec<Vec<u32>>,
    tells: Vec<f32>,
}

/// A version in its place, with its pieces.
#[derive(Debug)]
struct Placed {
    entry: Entry,
    /// Of the name, in a fixed order, so that sums come out alike everywhere.
    name: Vec<u32>,
    /// Of name and keywords, each once.
    all: Vec<u32>,
}

impl Index {
    /// Reads everything once.
    pub fn build(entries: Vec<Entry>) -> Self {
        let mut index = Self::default();
        index.change(&HashSet::new(), entries);
        index
    }

    /// The versions that are searched.
    pub fn versions(&self) -> impl Iterator<Item = ProcedureVersionId> + '_ {
        self.places.iter().flatten().map(|placed| placed.entry.version)
    }

    /// Takes out versions that are no longer in force and puts in those that are now.
    pub fn change(&mut self, gone: &HashSet<ProcedureVersionId>, come: Vec<Entry>) {
        for (at, place) in self.places.iter_mut().enumerate() {
            let left = place.take_if(|placed| gone.contains(&placed.entry.version));
            for term in left.iter().flat_map(|left| &left.all) {
                self.postings[*term as usize].retain(|other| *other as usize != at);
            }
        }
        let mut free: Vec<_> =
            (0..self.places.len()).filter(|at| self.places[*at].is_none()).collect();
        for entry in come {
            let at = free.pop().unwrap_or_else(|| {
                self.places.push(None);
                self.places.len() - 1
            });
            self.put(at, entry);
        }
        self.weigh();
    }

    fn put(&mut self, at: usize, entry: Entry) {
        let name = self.numbered_terms(&entry.name);
        let mut all = name.clone();
        for keyword in &entry.keywords {
            all.extend(self.numbered_terms(keyword));
        }
        all.sort_unstable();
        all.dedup();
        let place = u32::try_from(at).unwrap_or(u32::MAX);
        for term in &all {
            self.postings[*term as usize].push(place);
        }
        self.places[at] = Some(Arc::new(Placed { entry, name, all }));
    }

    fn numbered_terms(&mut self, text: &str) -> Vec<u32> {
        let (terms, postings) = (&mut self.terms, &mut self.postings);
        let number = |gram| {
            *terms.entry(gram).or_insert_with(|| {
                postings.push(Vec::new());
                u32::try_from(postings.len() - 1).unwrap_or(u32::MAX)
            })
        };
        grams(text).into_iter().map(number).collect()
    }

    /// What each piece tells, and each name as a whole, and the order of numbers.
    fn weigh(&mut self) {
        self.order = (0..).zip(&self.places).filter_map(|(i, p)| p.as_ref().map(|_| i)).collect();
        let places = &self.places;
        self.order.sort_by_key(|at| number_at(places, *at));
        let names = precise(self.order.len());
        self.tells.resize(self.postings.len(), 0.0);
        for (gram, term) in &self.terms {
            let term = *term as usize;
            self.tells[term] = weight(*gram, names, precise(self.postings[term].len()));
        }
        let weight = |placed: &Option<Arc<Placed>>| {
            placed.iter().flat_map(|p| &p.name).map(|term| self.tells[*term as usize]).sum()
        };
        self.weights = self.places.iter().map(weight).collect();
    }

    /// How many procedures are in force.
    pub fn len(&self) -> usize {
        self.order.len()
    }

    /// Whether nothing is in force.
    pub fn is_empty(&self) -> bool {
        self.order.is_empty()
    }

    fn entries(&self) -> impl Iterator<Item = &Entry> {
        self.order.iter().filter_map(|at| Some(&self.places[*at as usize].as_ref()?.entry))
    }

    /// What is wanted, best first; equals by number.
    pub fn find(&self, wanted: &Wanted) -> Vec<Found<'_>> {
        let text = wanted.text.trim();
        if text.is_empty() {
            let all = self.entries().filter(|e| wanted.admits(e));
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
        self.entries().filter(bears).map(|entry| Found { entry, score: 1.0 }).collect()
    }

    fn by_words(&self, text: &str, wanted: &Wanted) -> Vec<Found<'_>> {
        let names = precise(self.len());
        let mut total = 0.0;
        let mut shared = vec![0.0_f32; self.places.len()];
        for piece in grams(text) {
            let Some(term) = self.terms.get(&piece).map(|term| *term as usize) else {
                // A piece no name has tells a little.
                total += weight(piece, names, 0.0);
                continue;
            };
            total += self.tells[term];
            for place in &self.postings[term] {
                shared[*place as usize] += self.tells[term];
            }
        }
        let mut found: Vec<Found<'_>> = self
            .places
            .iter()
            .zip(&shared)
            .zip(&self.weights)
            .filter_map(|((placed, shared), whole)| {
                Some((&placed.as_ref()?.entry, *shared, *whole))
            })
            .filter(|(entry, shared, _)| *shared > 0.0 && wanted.admits(entry))
            .filter_map(|(entry, shared, whole)| {
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
}

/// What a piece tells: the rarer, the more.
fn weight(piece: Gram, names: f32, having: f32) -> f32 {
    let rarity = (1.0 + names / (1.0 + having)).ln();
    if piece.is_pair() { rarity * PAIR_WEIGHT } else { rarity }
}

fn number_at(places: &[Option<Arc<Placed>>], at: u32) -> Option<&ProcedureNumber> {
    places[at as usize].as_ref().map(|placed| &placed.entry.number)
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
