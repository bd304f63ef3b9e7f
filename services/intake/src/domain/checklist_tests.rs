use chrono::{DateTime, TimeDelta, Utc};
use motcua_ids::Uuid;

use super::*;
use crate::domain::{Content, RoundState, Scan, Source, Unfit};

fn case() -> Case {
    let paper = |code: &str, need, originals, copies| Requirement {
        code: code.into(),
        name: format!("Giấy {code}"),
        originals,
        copies,
        need,
    };
    Case {
        code: "default".into(),
        papers: vec![
            paper("chung-sinh", Need::Always, 1, 0),
            paper("to-khai", Need::OnlineForm, 1, 0),
            paper("uy-quyen", Need::Conditional, 1, 0),
            paper("can-cuoc", Need::Shown, 0, 0),
            paper("ban-ve", Need::Always, 1, 2),
        ],
        ways: Vec::new(),
    }
}

fn now() -> DateTime<Utc> {
    DateTime::from_timestamp_secs(1_700_000_000).unwrap()
}

fn on_paper(code: &str, originals: u32, copies: u32) -> Paper {
    Paper {
        id: Uuid::from_u128(1).into(),
        dossier: Uuid::from_u128(2).into(),
        code: code.into(),
        source: Source::HandedIn,
        content: None,
        originals,
        copies,
        filed: false,
        created_at: now(),
    }
}

fn file(code: &str, scan: Scan) -> Paper {
    let content = Content {
        file: Uuid::from_u128(3).into(),
        file_name: "a.pdf".into(),
        media_type: "application/pdf".into(),
        size: 9,
        sha256: Vec::new(),
        scan,
    };
    Paper { source: Source::Uploaded, content: Some(content), ..on_paper(code, 0, 0) }
}

fn supplement() -> Supplement {
    Supplement {
        id: Uuid::from_u128(7).into(),
        round: 1,
        state: RoundState::Requested,
        before_acceptance: true,
        papers: vec!["chung-sinh".into(), "ban-ve".into()],
        answers: Vec::new(),
        ask: None,
        requested_at: now(),
        deadline: now() + TimeDelta::days(30),
        ended_at: None,
    }
}

fn check(case: &Case, channel: Channel, has_form: bool, papers: &[Paper]) -> Violations {
    let mut violations = Violations::default();
    super::check(case, channel, has_form, papers, &mut violations);
    violations
}

fn found(violations: &Violations) -> Vec<(&str, &str)> {
    violations.as_slice().iter().map(|v| (v.field.as_str(), v.reason.as_str())).collect()
}

#[test]
fn everything_missing_is_answered_at_once() {
    let violations = check(&case(), Channel::Desk, true, &[]);
    assert_eq!(
        found(&violations),
        [
            ("papers.chung-sinh", "PAPER_MISSING"),
            ("papers.to-khai", "PAPER_MISSING"),
            ("papers.ban-ve", "PAPER_MISSING"),
        ]
    );
}

#[test]
fn the_e_form_stands_for_the_declaration_online_only() {
    let papers = [file("chung-sinh", Scan::Clean), file("ban-ve", Scan::Unscanned)];
    assert!(check(&case(), Channel::Online, true, &papers).is_empty());
    for (channel, has_form) in [(Channel::Online, false), (Channel::Post, true)] {
        let violations = check(&case(), channel, has_form, &papers);
        assert_eq!(found(&violations), [("papers.to-khai", "PAPER_MISSING")]);
    }
}

#[test]
fn sheets_are_counted_and_an_infected_file_does_not_count() {
    let papers = [
        file("chung-sinh", Scan::Unfit(Unfit::Infected)),
        on_paper("to-khai", 1, 0),
        on_paper("ban-ve", 1, 1),
    ];
    let violations = check(&case(), Channel::Desk, true, &papers);
    assert_eq!(
        found(&violations),
        [("papers.chung-sinh", "PAPER_INFECTED"), ("papers.ban-ve", "PAPER_TOO_FEW")]
    );
    let more =
        [file("chung-sinh", Scan::Clean), on_paper("to-khai", 1, 0), on_paper("ban-ve", 3, 0)];
    assert!(check(&case(), Channel::Desk, true, &more).is_empty(), "originals make up for copies");
    let filed = Paper { filed: true, ..file("chung-sinh", Scan::Unfit(Unfit::Infected)) };
    let replaced = [filed, file("chung-sinh", Scan::Clean), more[1].clone(), more[2].clone()];
    assert!(check(&case(), Channel::Desk, true, &replaced).is_empty(), "a clean one replaces it");
}

#[test]
fn what_lies_in_quarantine_is_missing_with_its_reason() {
    for (unfit, reason, why) in [
        (Unfit::Infected, "PAPER_INFECTED", "mã độc"),
        (Unfit::Encrypted, "PAPER_UNSCANNABLE", "mật khẩu"),
        (Unfit::TooLarge, "PAPER_UNSCANNABLE", "quá lớn"),
        (Unfit::TooComplex, "PAPER_UNSCANNABLE", "phức tạp"),
        (Unfit::ScannerFailed, "PAPER_UNSCANNABLE", "không kiểm tra"),
    ] {
        let papers = [file("chung-sinh", Scan::Unfit(unfit)), on_paper("ban-ve", 1, 2)];
        let violations = check(&case(), Channel::Online, true, &papers);
        assert_eq!(found(&violations), [("papers.chung-sinh", reason)]);
        let text = &violations.as_slice()[0].text;
        assert!(text.starts_with("«Giấy chung-sinh»: ") && text.contains(why), "{text}");
    }
    for waits in [Scan::Waiting, Scan::Unscanned] {
        let papers = [file("chung-sinh", waits), on_paper("ban-ve", 1, 2)];
        assert!(check(&case(), Channel::Online, true, &papers).is_empty(), "it can be filed");
    }
}

#[test]
fn a_supplement_that_lies_in_quarantine_is_named_once() {
    let asked = Supplement { papers: vec!["chung-sinh".into()], ..supplement() };
    let bad = file("chung-sinh", Scan::Unfit(Unfit::Encrypted));
    let before = Paper { filed: true, ..file("chung-sinh", Scan::Clean) };
    for (given, noted) in [
        // The checklist itself names it.
        (vec![bad.clone()], vec![]),
        (vec![before.clone(), bad.clone()], vec![("papers.chung-sinh", "PAPER_UNSCANNABLE")]),
        (vec![before, bad, file("chung-sinh", Scan::Waiting)], vec![]),
    ] {
        let mut violations = Violations::default();
        check_supplement(&asked, &case(), &given, &[], &mut violations);
        assert_eq!(found(&violations), noted);
    }
}

#[test]
fn a_supplement_needs_every_paper_it_asked_for_to_have_come_since() {
    let asked = supplement();
    let before = Paper { filed: true, ..file("chung-sinh", Scan::Clean) };
    let mut violations = Violations::default();
    let given = [before, file("ban-ve", Scan::Clean)];
    check_supplement(&asked, &case(), &given, &[], &mut violations);
    assert_eq!(found(&violations), [("papers.chung-sinh", "SUPPLEMENT_MISSING")]);
}

#[test]
fn a_supplement_needs_every_answer_it_asked_for_to_have_changed() {
    let answers = ["answers.child.name", "answers.father"].map(ToOwned::to_owned).to_vec();
    let asked = Supplement { papers: Vec::new(), answers, ..supplement() };
    let changed = ["answers.father.name", "answers.copies"].map(ToOwned::to_owned);
    let mut violations = Violations::default();
    check_supplement(&asked, &case(), &[], &changed, &mut violations);
    assert_eq!(found(&violations), [("answers.child.name", "SUPPLEMENT_MISSING")]);
}
