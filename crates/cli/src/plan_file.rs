//! A plan that somebody read: what they name is what is approved and applied, or nothing is.
//!
//! It is named by its hash, the first digits of it, or the file that `council change show --out` wrote. A file that was
//! edited has another hash than it says, and is refused before the council is asked for anything.

use std::path::Path;

use plan::{Plan, UnreadablePlan};

use crate::changes::{Detail, Planned};
use crate::command_error::CommandError;
use crate::context::Context;
use crate::files;

/// Fewer digits of a hash name too many plans: eight are what people compare at a glance.
const DIGITS: usize = 8;

/// The hash that is meant, or its first digits.
pub(crate) fn hash(named: &str, context: &Context) -> Result<String, CommandError> {
    let path = context.environment.directory.join(named);
    if path.is_file() {
        return read(&path, named).map(|plan| plan.hash().to_string());
    }
    let is_hash = named.len() >= DIGITS && named.bytes().all(|digit| digit.is_ascii_hexdigit());
    if is_hash {
        return Ok(named.to_ascii_lowercase());
    }
    Err(CommandError::usage(format!("`{named}` is neither a file nor the hash of a plan"))
        .hint(format!("name the file, or at least {DIGITS} digits of the hash")))
}

fn read(path: &Path, named: &str) -> Result<Plan, CommandError> {
    Plan::from_json(&files::read(path)?).map_err(|error| {
        let what = match &error {
            UnreadablePlan::Edited { .. } => "was edited after it was planned",
            UnreadablePlan::Malformed(_) | UnreadablePlan::OutOfOrder(_) => "is not a plan",
        };
        CommandError::failed(format!("`{named}` {what}; nothing is done with it")).why(error)
    })
}

/// The plan of a change, which must be the one that somebody read.
pub(crate) fn same<'d>(
    detail: &'d Detail,
    read: Option<&str>,
    context: &Context,
) -> Result<&'d Planned, CommandError> {
    let planned = detail.planned()?;
    let Some(named) = read else { return Ok(planned) };
    if planned.hash.starts_with(&hash(named, context)?) {
        return Ok(planned);
    }
    let id = &detail.card.id;
    let short = planned.short();
    Err(CommandError::failed(format!("`{named}` is not the plan of `{id}` any more"))
        .why(format!("it was planned again, and its plan is `{short}` now"))
        .hint(format!("read that one with `council change show {id}`")))
}
