//! `council slo exclude|include|reset`: what people decide about an error budget.

use jiff::Timestamp;
use serde_json::{Value, json};

use crate::answer::Outcome;
use crate::command_error::CommandError;
use crate::context::Context;
use crate::council::{Council, Speaker};
use crate::online::segment;

/// Say that some time does not count in an error budget
#[derive(Clone, Debug, clap::Args)]
pub(crate) struct Exclude {
    /// The objective
    #[arg(value_name = "SLO")]
    slo: String,
    /// From when on, such as `2026-12-24T18:00:00Z`
    #[arg(long, value_name = "TIME")]
    from: Timestamp,
    /// Until when
    #[arg(long, value_name = "TIME")]
    to: Timestamp,
    /// Why
    #[arg(long, value_name = "WORDS")]
    reason: String,
    #[command(flatten)]
    speaker: Speaker,
}

/// Take an exclusion back: the time counts again
#[derive(Clone, Debug, clap::Args)]
pub(crate) struct Include {
    /// The objective
    #[arg(value_name = "SLO")]
    slo: String,
    /// The exclusion's number, as the objective's page lists it
    exclusion: u32,
    #[command(flatten)]
    speaker: Speaker,
}

/// Count an error budget anew from now on
#[derive(Clone, Debug, clap::Args)]
pub(crate) struct Reset {
    /// The objective
    #[arg(value_name = "SLO")]
    slo: String,
    /// Why
    #[arg(long, value_name = "WORDS")]
    reason: String,
    #[command(flatten)]
    speaker: Speaker,
}

/// Runs `exclude`.
pub(crate) fn exclude(asked: &Exclude, context: &Context) -> Result<Outcome, CommandError> {
    let council = Council::reach(context, &asked.speaker)?;
    let body = json!({ "from": asked.from, "to": asked.to, "reason": asked.reason });
    council.client().act(&path(&asked.slo, "exclusions"), &body)?;
    let (from, to, slo) = (asked.from, asked.to, &asked.slo);
    let text = format!("{from} to {to} does not count in the budget of `{slo}`");
    // It is excluded whether its number can be asked for or not.
    context.printer.note(&match number(&council, asked) {
        Some(number) => format!("{text}; it is exclusion {number}"),
        None => text,
    });
    Ok(Outcome::Done)
}

/// Runs `include`.
pub(crate) fn include(asked: &Include, context: &Context) -> Result<Outcome, CommandError> {
    let council = Council::reach(context, &asked.speaker)?;
    council.client().delete(&path(&asked.slo, &format!("exclusions/{}", asked.exclusion)))?;
    let (number, slo) = (asked.exclusion, &asked.slo);
    context.printer.note(&format!("exclusion {number} of `{slo}` is taken back; its time counts"));
    Ok(Outcome::Done)
}

/// Runs `reset`.
pub(crate) fn reset(asked: &Reset, context: &Context) -> Result<Outcome, CommandError> {
    let council = Council::reach(context, &asked.speaker)?;
    council.client().act(&path(&asked.slo, "reset"), &json!({ "reason": asked.reason }))?;
    context.printer.note(&format!("the budget of `{}` counts anew from now on", asked.slo));
    Ok(Outcome::Done)
}

/// The number of what was excluded just now, by which it is taken back.
fn number(council: &Council, asked: &Exclude) -> Option<u64> {
    let path = format!("/api/v1/objectives/{}", segment(&asked.slo));
    let objective: Value = council.client().get(&path).ok()?;
    let is_it = |row: &&Value| {
        let moment = |key: &str| row[key].as_str().and_then(|text| text.parse().ok());
        (moment("from"), moment("to")) == (Some(asked.from), Some(asked.to))
    };
    let rows = objective["amendments"].as_array()?.iter().filter(is_it);
    rows.filter_map(|row| row["exclusion"].as_u64()).max()
}

fn path(slo: &str, deed: &str) -> String {
    format!("/api/v1/objectives/{}/{deed}", segment(slo))
}
