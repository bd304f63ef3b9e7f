//! Pictures sent through Zalo while a supplement is awaited.

use chrono::{DateTime, Utc};
use motcua_ids::{DossierId, PaperId, PaperOfferId, SupplementId};

use super::{
    By, Case, Content, Denial, Dossier, Event, Hand, Paper, Scan, Source, Supplement,
    table::Command,
};

/// The name under which a picture is kept: the sender gave none.
const FILE_NAME: &str = "anh-gui-qua-zalo";

/// A picture that the one who filed has sent and not confirmed: no part of the dossier.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Offer {
    /// Its id, which the paper takes over.
    pub id: PaperOfferId,
    /// For which dossier.
    pub dossier: DossierId,
    /// For which round: it cannot answer another.
    pub round: SupplementId,
    /// Its bytes.
    pub content: Content,
    /// When it came.
    pub created_at: DateTime<Utc>,
    /// When it goes by itself.
    pub expires_at: DateTime<Utc>,
}

impl Offer {
    /// The name of a picture of this type.
    pub fn file_name(media_type: &str) -> String {
        let ending = if media_type == "image/png" { "png" } else { "jpg" };
        format!("{FILE_NAME}.{ending}")
    }

    /// The paper that it becomes, if nothing is wrong with its file. `unscanned_too`: this
    /// deployment does not scan.
    pub fn bind(self, code: &str, unscanned_too: bool, at: DateTime<Utc>) -> Result<Paper, Denial> {
        match self.content.scan {
            Scan::Clean => {}
            Scan::Unscanned | Scan::Waiting if unscanned_too => {}
            Scan::Unscanned | Scan::Waiting => return Err(Denial::PaperNotScanned),
            Scan::Unfit(unfit) => return Err(Denial::FileUnfit(unfit)),
        }
        Ok(Paper {
            id: PaperId::new(self.id.uuid()),
            dossier: self.dossier,
            code: code.to_owned(),
            source: Source::Uploaded,
            content: Some(self.content),
            originals: 0,
            copies: 0,
            filed: false,
            created_at: at,
        })
    }
}

impl Supplement {
    /// What a picture may be for, by code and name: what is asked for, or where the desk named
    /// nothing all that the case has.
    pub fn choices(&self, case: &Case) -> Vec<(String, String)> {
        let asked = self.papers.iter().map(|code| (code.clone(), case.name_of(code).to_owned()));
        let all = case.papers.iter().map(|paper| (paper.code.clone(), paper.name.clone()));
        if self.papers.is_empty() { all.collect() } else { asked.collect() }
    }
}

impl Dossier {
    /// The round that a picture sent now may answer.
    pub fn awaited(&self, at: DateTime<Utc>) -> Result<&Supplement, motcua_fault::Fault> {
        self.may(Command::ProvideSupplement)?;
        let round = self.open_round().ok_or(Denial::SupplementExpired)?;
        if at > round.deadline {
            return Err(Denial::SupplementExpired.into());
        }
        Ok(round)
    }

    /// Takes pictures that their sender confirmed: an act of the one who filed, on record as such.
    pub fn take_pictures(&mut self, hand: &Hand, papers: usize) -> Result<(), motcua_fault::Fault> {
        self.may(Command::Edit)?;
        self.step(Command::Edit)?;
        self.happens(Event::PicturesSent { papers }, hand);
        Ok(())
    }

    /// The hand of the one who filed, by Zalo.
    pub fn by_zalo(&self, at: DateTime<Utc>) -> Hand {
        Hand { by: By::Zalo(self.filing.account), at, why: String::new() }
    }
}

#[cfg(test)]
mod tests {
    use motcua_ids::{FileId, Uuid};
    use motcua_quarantine::Unfit;

    use super::*;

    fn offer(scan: Scan) -> Offer {
        let at = "2026-03-02T02:00:00Z".parse().unwrap();
        let id = Uuid::from_u128(7);
        let content = Content {
            file: FileId::new(id),
            file_name: Offer::file_name("image/jpeg"),
            media_type: "image/jpeg".into(),
            size: 9,
            sha256: vec![1; 32],
            scan,
        };
        Offer {
            id: id.into(),
            dossier: id.into(),
            round: id.into(),
            content,
            created_at: at,
            expires_at: at,
        }
    }

    #[test]
    fn only_what_is_known_to_be_clean_becomes_a_paper() {
        let at = "2026-03-02T03:00:00Z".parse().unwrap();
        let paper = offer(Scan::Clean).bind("to-khai", false, at).unwrap();
        assert_eq!((paper.id.uuid().as_u128(), &*paper.code, paper.filed), (7, "to-khai", false));
        assert_eq!(paper.created_at, at, "it counts from when it was confirmed");
        for (scan, unscanned_too, denied) in [
            (Scan::Waiting, false, Some(Denial::PaperNotScanned)),
            (Scan::Waiting, true, None),
            (Scan::Unscanned, false, Some(Denial::PaperNotScanned)),
            (Scan::Unfit(Unfit::Infected), true, Some(Denial::FileUnfit(Unfit::Infected))),
        ] {
            assert_eq!(offer(scan).bind("to-khai", unscanned_too, at).err(), denied, "{scan:?}");
        }
    }
}
