//! The moves of MAAS' node statuses.

use super::{Goal, Move, Turn, Verb};

pub(super) fn next(goal: Goal, turn: &Turn<'_>) -> Move {
    let state = turn.seen.state.as_str();
    match state {
        "New" | "Failed commissioning" | "Failed testing" | "Missing" | "Broken" => match goal {
            Goal::Enrolled | Goal::Free => Move::Done,
            Goal::Gone => turn.ask(Verb::Forget),
            Goal::Ready | Goal::Inspected => turn.ask(Verb::Inspect),
            Goal::Installed | Goal::Powered(_) | Goal::Reset | Goal::Kept(_) => {
                turn.stop(&format!("it is `{state}`; make it ready first"))
            }
        },
        "Ready" | "Reserved" | "Allocated" => match goal {
            Goal::Enrolled | Goal::Free => Move::Done,
            Goal::Ready => turn.unlike_bought().unwrap_or(Move::Done),
            Goal::Gone => turn.ask(Verb::Forget),
            Goal::Inspected => turn.once(Verb::Inspect),
            Goal::Installed => turn.unlike_bought().unwrap_or_else(|| turn.ask(Verb::Deploy)),
            Goal::Powered(_) | Goal::Reset | Goal::Kept(_) => Move::Done,
        },
        "Deployed" => match goal {
            Goal::Enrolled => Move::Done,
            Goal::Installed if turn.has_image() || turn.has_asked(Verb::Deploy) => Move::Done,
            Goal::Installed | Goal::Free => turn.ask(Verb::Release),
            Goal::Ready
            | Goal::Inspected
            | Goal::Gone
            | Goal::Powered(_)
            | Goal::Reset
            | Goal::Kept(_) => turn.stop("something is installed; take that off first"),
        },
        "Failed deployment" | "Releasing failed" | "Failed disk erasing" => match goal {
            Goal::Enrolled => Move::Done,
            Goal::Installed if turn.has_asked(Verb::Deploy) => turn.failed(),
            Goal::Installed | Goal::Free => turn.ask(Verb::Release),
            Goal::Ready
            | Goal::Inspected
            | Goal::Gone
            | Goal::Powered(_)
            | Goal::Reset
            | Goal::Kept(_) => turn.failed(),
        },
        "Commissioning" | "Testing" | "Deploying" | "Releasing" | "Disk erasing"
        | "Entering rescue mode" | "Exiting rescue mode" => {
            if goal == Goal::Enrolled { Move::Done } else { Move::Wait }
        }
        state => turn.stop(&format!(
            "its provisioner says `{state}`, which this version does not know how to leave; look there"
        )),
    }
}
