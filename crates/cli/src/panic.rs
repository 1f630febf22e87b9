//! What happens when `council` itself breaks: a short apology that can be reported, and exit code 70.

use std::panic::{AssertUnwindSafe, PanicHookInfo};
use std::process::ExitCode;

use crate::command_error::Class;

/// Runs the program; a panic becomes exit code 70.
pub(crate) fn guard(run: impl FnOnce() -> ExitCode) -> ExitCode {
    std::panic::set_hook(Box::new(report));
    std::panic::catch_unwind(AssertUnwindSafe(run))
        .unwrap_or_else(|_| ExitCode::from(Class::Bug.exit_code()))
}

#[expect(clippy::print_stderr, reason = "the printer may be what broke")]
fn report(panic: &PanicHookInfo<'_>) {
    let place = panic.location().map(ToString::to_string).unwrap_or_default();
    let said = panic.payload_as_str().unwrap_or("no message");
    let words: Vec<String> = std::env::args().skip(1).collect();
    eprintln!(
        "error: council broke: {said}\n  \
         why: this is a bug in council, not a mistake of yours\n  \
         hint: report it together with these three lines:\n       \
         council {}\n       command: council {}\n       at: {place}",
        env!("CARGO_PKG_VERSION"),
        words.join(" "),
    );
}
