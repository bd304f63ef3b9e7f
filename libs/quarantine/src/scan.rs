use motcua_files::{Unfit, Verdict};

/// What is known of a file, as the row of its owner keeps it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scan {
    /// Not looked at: the deployment did not examine files when it came.
    Unscanned,
    /// It waits for the scanner.
    Waiting,
    /// Nothing was found.
    Clean,
    /// Harmful, or never to be known: it lies in quarantine.
    Unfit(Unfit),
}

impl Scan {
    /// What a verdict says.
    pub const fn of(verdict: &Verdict) -> Self {
        match verdict {
            Verdict::Clean => Self::Clean,
            Verdict::Unfit(unfit, _) => Self::Unfit(*unfit),
            Verdict::Waiting(_) => Self::Waiting,
            Verdict::Unscanned => Self::Unscanned,
        }
    }

    /// The word in rows.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Unscanned => "unscanned",
            Self::Waiting => "waiting",
            Self::Clean => "clean",
            Self::Unfit(unfit) => unfit.as_str(),
        }
    }

    /// Reads the word; one that is not known is as good as not looked at.
    pub fn parse(word: &str) -> Self {
        match word {
            "clean" => Self::Clean,
            "waiting" => Self::Waiting,
            word => Unfit::parse(word).map_or(Self::Unscanned, Self::Unfit),
        }
    }

    /// Why the file is never served, if it is not.
    pub const fn unfit(self) -> Option<Unfit> {
        match self {
            Self::Unfit(unfit) => Some(unfit),
            Self::Unscanned | Self::Waiting | Self::Clean => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_read_back_and_strange_ones_are_not_clean() {
        let unfit = Unfit::ALL.map(Scan::Unfit);
        for scan in [Scan::Unscanned, Scan::Waiting, Scan::Clean].into_iter().chain(unfit) {
            assert_eq!(Scan::parse(scan.as_str()), scan);
        }
        assert_eq!(Scan::parse("spotless"), Scan::Unscanned);
    }
}
