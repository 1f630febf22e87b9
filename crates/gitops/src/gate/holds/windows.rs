//! A change that names its maintenance windows is applied in one of them.

use crate::gate::{Bench, Reason};

pub(super) fn hold(bench: &Bench<'_>) -> Vec<Reason> {
    let windows = &bench.subject.said.windows;
    if windows.is_empty() || windows.iter().any(|window| window.contains(bench.now)) {
        return Vec::new();
    }
    let next = windows.iter().filter(|window| window.from > bench.now).min();
    vec![match next {
        Some(next) => Reason::wait(
            "outside-window",
            format!("its maintenance window begins at {}", next.from),
            "the window begins",
        )
        .until(next.from),
        None => Reason::deny(
            "window-missed",
            "its last maintenance window is over",
            "its author names another window",
        ),
    }]
}
