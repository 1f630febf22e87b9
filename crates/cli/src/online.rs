//! What the council is asked to do over its API: one request, and what came of it.

use serde_json::{Value, json};

use crate::answer::Outcome;
use crate::client::Client;
use crate::command_error::CommandError;
use crate::context::Context;

/// One thing to do: where, with what, and how to say that it was done.
#[derive(Clone, Debug)]
pub(crate) struct Deed {
    /// The path below `/api/v1/`.
    pub(crate) path: String,
    /// The body.
    pub(crate) body: Value,
    /// What to say afterwards, such as "raised `log-stack`".
    pub(crate) said: String,
}

impl Deed {
    /// Something that needs no further words.
    pub(crate) fn plain(path: String, said: String) -> Self {
        Self { path, body: json!({}), said }
    }
}

/// Does it and says so; machines get the council's whole answer.
pub(crate) fn perform(deed: &Deed, context: &Context) -> Result<Outcome, CommandError> {
    let client = Client::of(context)?;
    let answer: Value = client.post(&format!("/api/v1/{}", deed.path), &deed.body)?;
    if context.printer.is_machine() {
        context.printer.data(&crate::printer::json(&answer))?;
    } else {
        context.printer.note(&deed.said);
    }
    Ok(Outcome::Done)
}

/// Writes a name as one part of a path.
pub(crate) fn segment(name: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
    name.bytes()
        .map(|byte| if plain(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") })
        .collect()
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_name_cannot_leave_its_place_in_a_path() {
        assert_eq!(super::segment("0012-log-stack"), "0012-log-stack");
        assert_eq!(super::segment("../a b?"), "..%2Fa%20b%3F");
    }
}
