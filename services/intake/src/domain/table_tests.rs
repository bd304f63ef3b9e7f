use super::*;

/// The whole table by hand, one line a state, one word a command: the state it
/// leads to, `=` the same, `gone`, `back` to where it stood, `~state` to be
/// resumed later, `late`, or the refusal's reason.
const EXPECTED: &str = "
draft: = gone submitted accepted NOT_SUBMITTED awaiting_completion NOT_SUBMITTED NOT_SUBMITTED rejected NOT_SUBMITTED NOT_SUBMITTED NOT_SUBMITTED NOT_SUBMITTED NOT_ACCEPTED NOT_ACCEPTED NOT_ACCEPTED NOT_ACCEPTED NOT_ACCEPTED NOT_ACCEPTED late NOT_ACCEPTED NOT_ACCEPTED NOT_ACCEPTED
submitted: NOT_EDITABLE NOT_EDITABLE NOT_DRAFT NOT_DRAFT accepted awaiting_completion NOT_ASKED_BY_SPECIALIST NOT_AWAITING_SUPPLEMENT rejected stopped PROCESS_NOT_STOPPED RESULT_NOT_READY NOT_RETURNED NOT_ACCEPTED NOT_ACCEPTED NOT_ACCEPTED NOT_ACCEPTED NOT_ACCEPTED NOT_ACCEPTED late NOT_ACCEPTED NOT_ACCEPTED NOT_ACCEPTED
awaiting_completion: = NOT_EDITABLE NOT_DRAFT NOT_DRAFT AWAITING_CITIZEN ALREADY_ASKED NOT_ASKED_BY_SPECIALIST submitted AWAITING_CITIZEN stopped PROCESS_NOT_STOPPED RESULT_NOT_READY NOT_RETURNED NOT_ACCEPTED NOT_ACCEPTED NOT_ACCEPTED NOT_ACCEPTED NOT_ACCEPTED NOT_ACCEPTED rejected NOT_ACCEPTED NOT_ACCEPTED NOT_ACCEPTED
accepted: NOT_EDITABLE NOT_EDITABLE NOT_DRAFT NOT_DRAFT ALREADY_ACCEPTED NOT_ASKED_BY_SPECIALIST NOT_ASKED_BY_SPECIALIST NOT_AWAITING_SUPPLEMENT ALREADY_ACCEPTED withdrawal_requested PROCESS_NOT_STOPPED RESULT_NOT_READY NOT_RETURNED processing supplement_needed = result_ready stopping late late awaiting_payment late late
processing: NOT_EDITABLE NOT_EDITABLE NOT_DRAFT NOT_DRAFT ALREADY_ACCEPTED NOT_ASKED_BY_SPECIALIST NOT_ASKED_BY_SPECIALIST NOT_AWAITING_SUPPLEMENT ALREADY_ACCEPTED withdrawal_requested PROCESS_NOT_STOPPED RESULT_NOT_READY NOT_RETURNED late supplement_needed = result_ready stopping late late awaiting_payment late late
supplement_needed: NOT_EDITABLE NOT_EDITABLE NOT_DRAFT NOT_DRAFT ALREADY_ACCEPTED awaiting_supplement processing NOT_AWAITING_SUPPLEMENT ALREADY_ACCEPTED withdrawal_requested PROCESS_NOT_STOPPED RESULT_NOT_READY NOT_RETURNED late late = result_ready stopping late late awaiting_payment late late
awaiting_supplement: = NOT_EDITABLE NOT_DRAFT NOT_DRAFT ALREADY_ACCEPTED ALREADY_ASKED NOT_ASKED_BY_SPECIALIST processing ALREADY_ACCEPTED withdrawal_requested PROCESS_NOT_STOPPED RESULT_NOT_READY NOT_RETURNED late late = AWAITING_CITIZEN stopping late stopped late late late
awaiting_payment: NOT_EDITABLE NOT_EDITABLE NOT_DRAFT NOT_DRAFT ALREADY_ACCEPTED NOT_ASKED_BY_SPECIALIST NOT_ASKED_BY_SPECIALIST NOT_AWAITING_SUPPLEMENT ALREADY_ACCEPTED withdrawal_requested PROCESS_NOT_STOPPED RESULT_NOT_READY NOT_RETURNED ~processing ~supplement_needed = result_ready stopping late late = back stopped
withdrawal_requested: NOT_EDITABLE NOT_EDITABLE NOT_DRAFT NOT_DRAFT ALREADY_ACCEPTED NOT_ASKED_BY_SPECIALIST NOT_ASKED_BY_SPECIALIST NOT_AWAITING_SUPPLEMENT ALREADY_ACCEPTED WITHDRAWAL_PENDING PROCESS_NOT_STOPPED RESULT_NOT_READY NOT_RETURNED ~processing ~supplement_needed = result_ready stopping back late late ~processing late
stopping: NOT_EDITABLE NOT_EDITABLE NOT_DRAFT NOT_DRAFT ALREADY_ACCEPTED NOT_ASKED_BY_SPECIALIST NOT_ASKED_BY_SPECIALIST NOT_AWAITING_SUPPLEMENT ALREADY_ACCEPTED WITHDRAWAL_PENDING stopped RESULT_NOT_READY NOT_RETURNED late late late late late late late late late late
stopped: NOT_EDITABLE NOT_EDITABLE NOT_DRAFT NOT_DRAFT DOSSIER_ENDED DOSSIER_ENDED DOSSIER_ENDED DOSSIER_ENDED DOSSIER_ENDED DOSSIER_ENDED DOSSIER_ENDED DOSSIER_ENDED DOSSIER_ENDED late late late late late late late late late late
rejected: NOT_EDITABLE NOT_EDITABLE NOT_DRAFT NOT_DRAFT DOSSIER_ENDED DOSSIER_ENDED DOSSIER_ENDED DOSSIER_ENDED DOSSIER_ENDED DOSSIER_ENDED DOSSIER_ENDED DOSSIER_ENDED DOSSIER_ENDED late late late late late late late late late late
result_ready: NOT_EDITABLE NOT_EDITABLE NOT_DRAFT NOT_DRAFT ALREADY_ACCEPTED NOT_ASKED_BY_SPECIALIST NOT_ASKED_BY_SPECIALIST NOT_AWAITING_SUPPLEMENT ALREADY_ACCEPTED ALREADY_DECIDED PROCESS_NOT_STOPPED returned NOT_RETURNED late late late late late late late late late late
returned: NOT_EDITABLE NOT_EDITABLE NOT_DRAFT NOT_DRAFT ALREADY_ACCEPTED NOT_ASKED_BY_SPECIALIST NOT_ASKED_BY_SPECIALIST NOT_AWAITING_SUPPLEMENT ALREADY_ACCEPTED ALREADY_DECIDED PROCESS_NOT_STOPPED ALREADY_RETURNED closed late late late late late late late late late late
closed: NOT_EDITABLE NOT_EDITABLE NOT_DRAFT NOT_DRAFT ALREADY_ACCEPTED DOSSIER_ENDED DOSSIER_ENDED DOSSIER_ENDED ALREADY_ACCEPTED DOSSIER_ENDED DOSSIER_ENDED DOSSIER_ENDED DOSSIER_ENDED late late late late late late late late late late
";

fn word(outcome: Outcome) -> String {
    match outcome {
        Outcome::Do(Go(state)) => state.to_string(),
        Outcome::Do(Same) => "=".to_owned(),
        Outcome::Do(Gone) => "gone".to_owned(),
        Outcome::Do(Resume) => "back".to_owned(),
        Outcome::Do(ResumeLater(state)) => format!("~{state}"),
        Outcome::Late => "late".to_owned(),
        Outcome::No(why) => why.reason().to_owned(),
    }
}

#[test]
fn every_command_in_every_state_does_what_the_law_says() {
    let lines: Vec<_> = EXPECTED.lines().filter(|line| !line.is_empty()).collect();
    assert_eq!(lines.len(), State::ALL.len());
    for (state, line) in State::ALL.into_iter().zip(lines) {
        let (name, cells) = line.split_once(": ").unwrap();
        assert_eq!(name, state.as_str());
        let cells: Vec<_> = cells.split(' ').collect();
        assert_eq!(cells.len(), Command::ALL.len(), "{state}");
        for (command, expected) in Command::ALL.into_iter().zip(cells) {
            assert_eq!(word(outcome(state, command)), expected, "{command:?} in {state}");
        }
    }
}

#[test]
fn a_state_and_a_command_have_one_row_at_most() {
    for (i, row) in TABLE.iter().enumerate() {
        let twin = TABLE[..i].iter().find(|r| r.from == row.from && r.command == row.command);
        assert!(twin.is_none(), "{:?} in {}", row.command, row.from);
    }
}

#[test]
fn every_state_can_be_reached_and_every_open_one_can_be_left() {
    let mut reached = vec![State::Draft];
    while let Some(row) = TABLE.iter().find(|row| {
        reached.contains(&row.from) && matches!(row.to, Go(to) if !reached.contains(&to))
    }) {
        if let Go(to) = row.to {
            reached.push(to);
        }
    }
    for state in State::ALL {
        assert!(reached.contains(&state), "{state} is never reached");
        let left = TABLE.iter().any(|row| row.from == state && row.to != Same);
        assert_eq!(left, !state.is_final(), "{state}");
    }
}

/// National statuses move only along the transitions the national database knows.
#[test]
fn national_statuses_follow_their_own_transitions() {
    const LEGAL: &[(u8, u8)] = &[
        (1, 2),
        (1, 3),
        (1, 5),
        (1, 8),
        (5, 1),
        (5, 3),
        (5, 8),
        (2, 4),
        (2, 7),
        (2, 8),
        (2, 9),
        (2, 6),
        (4, 5),
        (4, 6),
        (6, 7),
        (6, 8),
        (6, 9),
        (4, 7),
        (4, 8),
        (4, 9),
        (5, 4),
        (5, 7),
        (7, 8),
        (7, 9),
        (9, 10),
    ];
    for row in TABLE {
        let Go(to) = row.to else { continue };
        let number = |state: State| state.national().map(|n| n as u8);
        let (Some(from), Some(to)) = (number(row.from), number(to)) else { continue };
        // Waiting for the notice is still "asked to withdraw" for the nation.
        let to_stopping = row.to == Go(State::Stopping);
        assert!(
            from == to || to_stopping || LEGAL.contains(&(from, to)),
            "{:?} from {from} to {to}",
            row.command
        );
    }
}

#[test]
fn the_published_page_is_the_table() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/STATES.md");
    let page = page();
    if std::fs::read_to_string(path).ok().as_deref() != Some(&page) {
        std::fs::write(path, page).unwrap();
        panic!("STATES.md was not equal to the table; it is written anew, look at it");
    }
}
