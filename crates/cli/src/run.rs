//! From the command line to the exit code.

use std::process::ExitCode;

use clap::FromArgMatches as _;

use crate::arguments::Arguments;
use crate::command_error::CommandError;
use crate::context::Context;
use crate::environment::Environment;
use crate::{commands, help, panic};

/// Runs `council` with this process's arguments and returns its exit code.
pub fn main() -> ExitCode {
    panic::guard(|| {
        let matches = help::command().try_get_matches();
        let parsed = matches.and_then(|mut matches| Arguments::from_arg_matches_mut(&mut matches));
        let arguments = match parsed {
            Ok(arguments) => arguments,
            Err(error) => return refuse(&error),
        };
        run(&arguments)
    })
}

fn run(arguments: &Arguments) -> ExitCode {
    let environment = match Environment::read() {
        Ok(environment) => environment,
        Err(error) => return no_directory(&error),
    };
    let context = Context::new(arguments, environment);
    match commands::run(&arguments.command, &context) {
        Ok(outcome) => ExitCode::from(outcome.exit_code()),
        Err(error) => {
            context.printer.error(&error);
            ExitCode::from(error.exit_code())
        }
    }
}

/// Lets clap print its own messages: help and version on stdout, mistakes on stderr.
fn refuse(error: &clap::Error) -> ExitCode {
    // A reader who is gone cannot be told.
    drop(error.print());
    ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(2))
}

/// The one failure before there is a printer.
#[expect(clippy::print_stderr, reason = "there is no printer yet")]
fn no_directory(error: &std::io::Error) -> ExitCode {
    let error = CommandError::failed("the working directory cannot be read")
        .why(error)
        .hint("change to a directory that exists");
    eprint!("{}", error.render(false));
    ExitCode::from(error.exit_code())
}
