//! Of each agency and day the codes run without a gap up to the counter.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use motcua_fault::Fault;
use motcua_ids::Uuid;
use motcua_intake::consistency as intake;
use motcua_vn::{AgencyIdentifier, DossierCode};

use super::{BATCH, Report, Stores};

/// Of one agency and day: how many codes there are, and the highest.
#[derive(Debug, Default)]
struct Series {
    codes: u32,
    lowest: u32,
    highest: u32,
    sum: u64,
}

type Place = (String, NaiveDate);

pub(super) async fn prove(stores: &Stores, report: &mut Report) -> Result<(), Fault> {
    let db = stores.intake.reader();
    // Before the codes: a counter only grows.
    let counters = intake::counters(db).await?;
    report.count("counters of codes", counters.len());
    let mut series: BTreeMap<Place, Series> = BTreeMap::new();
    each(stores, |place, n| {
        let one = series.entry(place).or_insert_with(|| Series { lowest: n, ..Series::default() });
        one.codes += 1;
        one.lowest = one.lowest.min(n);
        one.highest = one.highest.max(n);
        one.sum += u64::from(n);
    })
    .await?;
    let mut broken = BTreeMap::new();
    for counter in counters {
        let place = (counter.agency, counter.day);
        let minted = series.get(&place).map_or(0, |series| i64::from(series.highest));
        if minted < counter.n {
            report.wrong(
                label(&place),
                "CODES_BEHIND",
                format!(
                    "gave out {}, and the highest code is {minted}: a dossier is gone",
                    counter.n
                ),
            );
        }
        let first = counter.first.and_then(|first| u32::try_from(first).ok());
        if series.get(&place).is_some_and(|series| !series.is_whole(first)) {
            broken.insert(place, first);
        }
    }
    for (place, first) in &broken {
        name_broken(stores, place, *first, report).await?;
    }
    Ok(())
}

impl Series {
    /// Every number from the first, or else the lowest, to the highest, each once.
    fn is_whole(&self, first: Option<u32>) -> bool {
        let (low, high) = (u64::from(first.unwrap_or(self.lowest)), u64::from(self.highest));

        let span = (high + 1).saturating_sub(low);
        u64::from(self.codes) == span && self.sum == (low + high) * span / 2
    }
}

/// Which numbers are missing or there twice.
async fn name_broken(
    stores: &Stores,
    place: &Place,
    first: Option<u32>,
    report: &mut Report,
) -> Result<(), Fault> {
    let mut numbers: BTreeMap<u32, u32> = BTreeMap::new();
    each(stores, |at, n| {
        if at == *place {
            *numbers.entry(n).or_default() += 1;
        }
    })
    .await?;
    for (n, times) in numbers.iter().filter(|(_, times)| **times > 1) {
        let wrong = format!("was given to {times} dossiers");
        report.wrong(number(*n, place), "CODE_AGAIN", wrong);
    }
    let (Some(low), Some(high)) = (numbers.keys().next(), numbers.keys().next_back()) else {
        return Ok(());
    };
    for n in (first.unwrap_or(*low)..*high).filter(|n| !numbers.contains_key(n)) {
        let wrong = "was given out, and its dossier is gone: restore it from a backup";
        report.wrong(number(n, place), "CODE_GAP", wrong);
    }
    Ok(())
}

/// Every code that was minted here. One that was given out elsewhere is none of these.
async fn each(stores: &Stores, mut see: impl FnMut(Place, u32)) -> Result<(), Fault> {
    let mut after = Uuid::nil();
    loop {
        let batch = intake::dossiers(stores.intake.reader(), after, BATCH).await?;
        let Some(last) = batch.last() else { return Ok(()) };
        after = last.id;
        for dossier in batch {
            let code = dossier.code.as_deref().and_then(|code| DossierCode::parse(code).ok());
            let agency = AgencyIdentifier::parse(&dossier.receiving_code).ok();
            if let (Some(code), Some(agency)) = (code, agency)
                && let Some(day) = code.day()
            {
                see((agency.as_str().to_owned(), day), code.order());
            }
        }
    }
}

fn number(n: u32, place: &Place) -> String {
    format!("number {n} of the {}", label(place))
}

fn label((agency, day): &Place) -> String {
    format!("codes of {agency} on {day}")
}
