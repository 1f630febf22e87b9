//! `cargo xtask`: everything that is not `cargo` itself.
//!
//! `test` installs what the tests need and runs all of them; `tidy` checks the house rules; `bench`
//! measures beside peers and writes `docs/benchmarks.md`; `codegen` renews what is generated and committed.

mod audit;
mod bench;
mod codegen;
mod fuzz;
mod install;
mod process;
mod test;
mod tidy;

use std::path::PathBuf;
use std::process::ExitCode;

const USAGE: &str = "\
usage: cargo xtask <command>

  test            install what the tests need, then format, lints, tidy, all tests, the README's first command
  tidy            the house rules: dependency law, budgets, words, pages and tests of kinds and rules
  codegen         renew what is generated and committed: schemas, OpenAPI, CLI reference, rule and kind pages
  fuzz [SECONDS]  fuzz the loader and the Markdown reader, 60 seconds each unless told otherwise
  bench [--quick] [CHAPTER…]
                  measure side by side with peers and write docs/benchmarks.md, whole or these chapters
";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let root = root();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let outcome = match words.as_slice() {
        ["test"] => test::run(&root),
        ["tidy"] => tidy::run(&root),
        ["codegen"] => codegen::run(&root),
        ["fuzz"] => fuzz::run_for(&root, "60"),
        ["fuzz", seconds] => fuzz::run_for(&root, seconds),
        ["bench", "--quick", chapters @ ..] => bench::run(&root, bench::Effort::Quick, chapters),
        ["bench", chapters @ ..] => bench::run(&root, bench::Effort::Full, chapters),
        _ => {
            say(USAGE);
            return ExitCode::from(2);
        }
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            say(&format!("error: {error:#}"));
            ExitCode::FAILURE
        }
    }
}

/// The repository's root: the directory above this crate.
fn root() -> PathBuf {
    // Cargo says at run time where the sources are: a kept target directory may hold what another checkout built.
    let here = std::env::var_os("CARGO_MANIFEST_DIR")
        .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")), PathBuf::from);
    here.parent().unwrap_or(&here).to_owned()
}

/// The one place of this tool that prints: a line for the person who runs it.
#[expect(clippy::print_stderr, reason = "a build tool talks to the terminal")]
fn say(line: &str) {
    eprintln!("{line}");
}
