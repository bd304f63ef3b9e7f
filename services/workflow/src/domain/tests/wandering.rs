//! Whatever officers and citizens do, in whatever order, the process holds together.

use motcua_vn::SupplementRegime;
use proptest::prelude::*;

use super::support::{Desk, HEAD, LEADER, NEIGHBOUR, SPECIALIST, account, consulting_plan, terms};
use crate::domain::{Event, Fact, Process, Refusal, State, TaskState};

const WHO: [u128; 4] = [HEAD, SPECIALIST, LEADER, NEIGHBOUR];
const STEPS: [&str; 4] = ["phan-cong", "tham-dinh", "ky", "van-thu"];

/// Something somebody tries.
#[derive(Debug, Clone, Copy)]
enum Attempt {
    Take,
    Assign,
    Release,
    Forward,
    SendBack,
    Recall,
    GiveUp,
    Draft,
    Approve,
    Answer,
    Withdraw,
    Ask,
    Extend,
    Tell(Fact),
}

fn attempt() -> impl Strategy<Value = Attempt> {
    use Attempt::*;
    let ask = super::support::ask();
    prop_oneof![
        24 => Just(Take),
        2 => Just(Assign),
        1 => Just(Release),
        24 => Just(Forward),
        3 => Just(SendBack),
        4 => Just(Recall),
        1 => Just(GiveUp),
        12 => Just(Draft),
        12 => Just(Approve),
        8 => Just(Answer),
        8 => Just(Withdraw),
        3 => Just(Ask),
        2 => Just(Extend),
        2 => Just(Tell(Fact::SupplementRequested { ask: Some(ask) })),
        2 => Just(Tell(Fact::SupplementDeclined { ask })),
        8 => Just(Tell(Fact::SupplementProvided)),
        2 => Just(Tell(Fact::Returned)),
        1 => Just(Tell(Fact::Closed)),
        1 => prop_oneof![
            3 => Just(Tell(Fact::WithdrawalRequested)),
            1 => Just(Tell(Fact::SupplementExpired)),
            1 => Just(Tell(Fact::Stopped)),
        ],
    ]
}

/// Tries it on some task, the open ones more often than not.
fn apply(
    desk: &mut Desk,
    attempt: Attempt,
    who: usize,
    which: usize,
    version: i64,
) -> Result<Vec<Event>, Refusal> {
    let open: Vec<_> = desk.process.open_tasks().collect();
    let all = &desk.process.tasks;
    let task = open.get(which % (open.len() + 1)).copied().unwrap_or(&all[which % all.len()]);
    // Mostly whoever holds the task, sometimes anybody.
    let anybody = account(WHO[who]);
    let by = if who == 3 { anybody } else { task.state.holder().unwrap_or(anybody) };
    let next = desk.process.step_of(task)?.next.get(which % 2).cloned();
    let (id, now, step) = (task.id, desk.now, Some(STEPS[which % STEPS.len()]));
    match attempt {
        Attempt::Take => desk.process.take(id, by, now),
        Attempt::Assign => desk.process.assign(id, by, now),
        Attempt::Release => desk.process.release(id),
        Attempt::Forward => desk.forward_task(id, by, next.as_deref()),
        Attempt::SendBack => {
            desk.send_back_task(id, by, if which.is_multiple_of(2) { None } else { step })
        }
        Attempt::Recall => {
            let ended = desk.process.tasks.iter().rfind(|task| !task.is_open());
            let ended = ended.map(|task| (task.id, task.state.holder()));
            let (id, holder) = ended.unwrap_or((id, Some(by)));
            desk.recall_task(id, if who == 3 { by } else { holder.unwrap_or(by) })
        }
        Attempt::GiveUp => Ok(desk.process.give_up(by, |task| task.id != id)),
        Attempt::Draft => desk.draft_task(id, by, 1),
        Attempt::Approve => desk.approve_task(id, by, 1),
        Attempt::Answer => desk.process.answer_consult(id, by, now),
        Attempt::Withdraw => desk.process.withdraw_consult(id, by, now),
        Attempt::Ask => desk.process.ask_supplement(id, by, super::support::ask()),
        Attempt::Extend => desk.process.extend(now + chrono::Duration::days(30), now),
        Attempt::Tell(fact) => Ok(desk.process.hear(fact, version, now)),
    }
}

/// A process that lives has somebody who acts next, and a time by which.
fn lives(process: &Process, now: chrono::DateTime<chrono::Utc>) {
    for task in process.open_tasks() {
        let known = process.posts().any(|post| *post == task.post);
        assert!(known, "its queue is one that the process knows: {task:?}");
        assert!(
            matches!(task.state, TaskState::Waiting | TaskState::Held(_)),
            "it can be taken, or somebody has it: {task:?}"
        );
        assert!(task.due.is_some(), "and it is measured: {task:?}");
    }
    let alarm = process.alarm(now).unwrap();
    assert_eq!(alarm.at, process.due().unwrap().promised, "the next time is the promised one");
}

fn holds_together(process: &Process, now: chrono::DateTime<chrono::Utc>) {
    let steps = process.open_tasks().filter(|task| task.consult.is_none()).count();
    match process.state() {
        State::Running => {
            assert_eq!(steps, 1, "one step is open");
            lives(process, now);
        }
        State::AwaitingSupplement { .. } => {
            assert_eq!(steps, 1);
            assert!(process.open_tasks().all(|t| matches!(t.state, TaskState::Suspended(_))));
        }
        _ => assert_eq!(process.open_tasks().count(), 0, "nothing is open after the end"),
    }
    if let (Some(draft), Some(decision)) = (process.progress.draft, process.progress.decision) {
        assert_ne!(draft.by, decision.by, "who drafts does not approve");
    }
    let decided = process.progress.decision.is_some();
    let finished = matches!(
        process.state(),
        State::Finished { .. } | State::Returned { .. } | State::Closed { .. }
    );
    assert!(decided || !finished, "no result without an approval");
    let open = process.open_tasks().map(|task| &task.step).collect::<Vec<_>>();
    assert!(open.windows(2).all(|pair| pair[0] == pair[1]), "opinions stand beside the open step");
    process.clock.explain().unwrap();
}

proptest! {
    #[test]
    fn a_refusal_changes_nothing_and_the_process_holds_together(
        attempts in prop::collection::vec((attempt(), 0..4usize, 0..8usize, 1..300i64), 1..150),
        restart in any::<bool>(),
    ) {
        let regime = if restart { SupplementRegime::Restart } else { SupplementRegime::Shift };
        let mut desk = Desk::with(&consulting_plan(), Some(terms(3, regime)));
        for (version, (attempt, who, which, minutes)) in (10..).zip(attempts) {
            desk.now += chrono::Duration::minutes(minutes);
            let before = desk.process.clone();
            match apply(&mut desk, attempt, who, which, version) {
                Err(_) => prop_assert_eq!(&desk.process, &before, "{:?}", attempt),
                Ok(events) => {
                    let raised = i64::try_from(events.len()).unwrap();
                    prop_assert_eq!(desk.process.version, before.version + raised);
                }
            }
            holds_together(&desk.process, desk.now);
        }
    }
}
