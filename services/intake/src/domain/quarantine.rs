//! What the scanner finds in a paper later than it came.

use chrono::{DateTime, Utc};

use super::{By, Dossier, Event, Hand, Paper, Scan};

impl Dossier {
    /// The verdict on a paper's file, which `title` names for people: no step of the
    /// dossier's, so it may come in any state. Of an ended dossier nobody is told.
    pub fn paper_examined(&mut self, paper: &Paper, found: Scan, title: &str, at: DateTime<Utc>) {
        let (was, is) = (paper.unfit(), found.unfit());
        if self.ended_at.is_some() || was == is {
            return;
        }
        let (id, code) = (paper.id, paper.code.clone());
        let event = match is {
            Some(unfit) => Event::PaperQuarantined { paper: id, code, title: title.into(), unfit },
            None => Event::PaperReleased,
        };
        self.happens(event, &Hand { by: By::Timer, at, why: String::new() });
    }
}
