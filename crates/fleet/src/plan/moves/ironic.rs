//! The moves of Ironic's provision state machine.

use super::{Goal, Move, Turn, Verb};

pub(super) fn next(goal: Goal, turn: &Turn<'_>) -> Move {
    let state = turn.seen.state.as_str();
    match state {
        "enroll" => match goal {
            Goal::Gone => turn.ask(Verb::Forget),
            Goal::Free => Move::Done,
            Goal::Enrolled | Goal::Ready | Goal::Inspected => turn.ask(Verb::Manage),
            Goal::Installed | Goal::Powered(_) | Goal::Reset | Goal::Kept(_) => not_ready(turn),
        },
        "manageable" => manageable(goal, turn),
        "available" => available(goal, turn),
        "active" => active(goal, turn),
        "inspect failed" | "adopt failed" | "clean failed" => match goal {
            Goal::Enrolled => Move::Done,
            Goal::Gone => turn.ask(Verb::Forget),
            _ if turn.has_asked(Verb::Inspect)
                || turn.has_asked(Verb::Provide)
                || turn.has_asked(Verb::Release) =>
            {
                turn.failed()
            }
            Goal::Ready | Goal::Inspected | Goal::Free => turn.ask(Verb::Manage),
            Goal::Installed | Goal::Powered(_) | Goal::Reset | Goal::Kept(_) => not_ready(turn),
        },
        "deploy failed" | "error" => match goal {
            Goal::Enrolled => Move::Done,
            Goal::Installed if turn.has_asked(Verb::Deploy) => turn.failed(),
            Goal::Installed | Goal::Free => turn.ask(Verb::Release),
            Goal::Ready
            | Goal::Inspected
            | Goal::Gone
            | Goal::Powered(_)
            | Goal::Reset
            | Goal::Kept(_) => in_use(turn),
        },
        // Its controller has answered, or nothing would be under way.
        "verifying" => Move::Wait,
        state if is_on_its_way(state) && goal == Goal::Enrolled => Move::Done,
        state if is_on_its_way(state) => Move::Wait,
        state => turn.stop(&format!(
            "its provisioner says `{state}`, which this version does not know how to leave; look there"
        )),
    }
}

fn manageable(goal: Goal, turn: &Turn<'_>) -> Move {
    let is_inspected = turn.has_asked(Verb::Inspect);
    match goal {
        Goal::Enrolled | Goal::Free => Move::Done,
        Goal::Gone => turn.ask(Verb::Forget),
        // It came out of the pool to be looked at, and goes back there.
        Goal::Inspected if is_inspected && turn.has_asked(Verb::Manage) => turn.ask(Verb::Provide),
        Goal::Inspected => turn.once(Verb::Inspect),
        Goal::Ready if !is_inspected && !turn.seen.hardware.is_known() => Move::Ask(Verb::Inspect),
        Goal::Ready => turn.unlike_bought().unwrap_or_else(|| turn.ask(Verb::Provide)),
        // A release leads here by way of cleaning; from here nothing is installed without having been made ready.
        Goal::Installed | Goal::Powered(_) | Goal::Reset | Goal::Kept(_) => not_ready(turn),
    }
}

fn available(goal: Goal, turn: &Turn<'_>) -> Move {
    match goal {
        Goal::Enrolled | Goal::Ready | Goal::Free => Move::Done,
        Goal::Inspected if turn.has_asked(Verb::Inspect) => Move::Done,
        // What is in the pool cannot be deleted by older versions: it is taken out first.
        Goal::Inspected | Goal::Gone => turn.ask(Verb::Manage),
        Goal::Installed => turn.unlike_bought().unwrap_or_else(|| turn.ask(Verb::Deploy)),
        Goal::Powered(_) | Goal::Reset | Goal::Kept(_) => Move::Done,
    }
}

fn active(goal: Goal, turn: &Turn<'_>) -> Move {
    match goal {
        Goal::Enrolled => Move::Done,
        Goal::Installed if turn.has_image() || turn.has_asked(Verb::Deploy) => Move::Done,
        // Written over by way of the pool: taken off, cleaned, and written anew. Killed anywhere on that way, the state alone
        // says how to go on.
        Goal::Installed | Goal::Free => turn.ask(Verb::Release),
        Goal::Ready
        | Goal::Inspected
        | Goal::Gone
        | Goal::Powered(_)
        | Goal::Reset
        | Goal::Kept(_) => in_use(turn),
    }
}

fn not_ready(turn: &Turn<'_>) -> Move {
    turn.stop(&format!("it is `{}`; make it ready first", turn.seen.state))
}

fn in_use(turn: &Turn<'_>) -> Move {
    turn.stop(&format!(
        "it is `{}`, so something is installed; take that off first",
        turn.seen.state
    ))
}

/// Whether Ironic works on it and will end by itself.
fn is_on_its_way(state: &str) -> bool {
    [
        "inspecting",
        "inspect wait",
        "cleaning",
        "clean wait",
        "deploying",
        "wait call-back",
        "deleting",
        "deleted",
        "adopting",
        "rescuing",
        "rescue wait",
        "unrescuing",
        "servicing",
        "service wait",
    ]
    .contains(&state)
}
