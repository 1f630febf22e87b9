//! The command line itself: options that every command has, and the list of commands.
//!
//! The doc comments here and in `commands/` are the help texts, the manual pages and `docs/cli.md`.

use std::path::PathBuf;

use clap::builder::styling::{AnsiColor, Styles};
use clap::{Parser, ValueEnum};
use jiff::civil::Date;

use crate::commands::Command;

/// Looks of the help texts; the same colors as everything else that `council` prints.
pub(crate) const STYLES: Styles = Styles::styled()
    .header(AnsiColor::Green.on_default().bold())
    .usage(AnsiColor::Green.on_default().bold())
    .literal(AnsiColor::Cyan.on_default())
    .placeholder(AnsiColor::Cyan.on_default().dimmed());

/// Shown under the help of `council` itself.
const EXIT_CODES: &str = "\
Exit codes: 0 done, 1 findings or refusal, 2 usage, 3 waiting for somebody, 4 conflict, 70 a bug in council.
Commands that act on a running council use COUNCIL_URL and COUNCIL_TOKEN, or what `council login` stored.";

/// Check and run an SRE / DevOps playbook: who decides what, how, and what was decided.
#[derive(Clone, Debug, Parser)]
#[command(name = "council", version, styles = STYLES, max_term_width = 100)]
#[command(after_help = EXIT_CODES, disable_help_subcommand = true)]
pub struct Arguments {
    /// Options that every command has.
    #[command(flatten)]
    pub options: Options,
    /// What to do.
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// Options that every command has.
#[derive(Clone, Debug, clap::Args)]
#[command(next_help_heading = "Options of every command")]
pub struct Options {
    /// The playbook's directory [default: the nearest one upwards with a `council.yaml`]
    #[arg(long, global = true, value_name = "DIR")]
    pub playbook: Option<PathBuf>,
    /// How to print answers: `human` or `json`
    #[arg(long, global = true, value_name = "FORMAT", default_value = "human")]
    #[arg(hide_possible_values = true)]
    pub format: Format,
    /// When to use colors: `auto`, `always` or `never`
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto")]
    #[arg(hide_possible_values = true)]
    pub color: ColorChoice,
    /// The day to take for today, for repeatable output (YYYY-MM-DD)
    #[arg(long, global = true, value_name = "DAY")]
    pub date: Option<Date>,
    /// Look at things as they were: on a day, or the playbook at a Git revision
    #[arg(long, global = true, value_name = "DAY|REVISION")]
    pub as_of: Option<String>,
}

/// How answers are printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// For people.
    Human,
    /// For machines.
    Json,
    /// SARIF 2.1.0, of `council check` alone.
    #[value(hide = true)]
    Sarif,
    /// GitHub annotations, of `council check` alone.
    #[value(hide = true)]
    Github,
    /// A GitLab code-quality report, of `council check` alone.
    #[value(hide = true)]
    Gitlab,
}

impl Format {
    /// The name on the command line.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Human => "human",
            Self::Json => "json",
            Self::Sarif => "sarif",
            Self::Github => "github",
            Self::Gitlab => "gitlab",
        }
    }
}

/// When colors are used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ColorChoice {
    /// On terminals, unless `NO_COLOR` is set.
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}
