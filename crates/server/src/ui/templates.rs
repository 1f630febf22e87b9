//! The templates: part of the binary, compiled once, shared by the application and the static site.
//!
//! Printing something undefined is an error, so that a misspelt field is found by the first test that
//! renders the page instead of by a reader who misses a number.

use std::sync::LazyLock;

use minijinja::syntax::SyntaxConfig;
use minijinja::{AutoEscape, Environment, Error, Output, State, UndefinedBehavior, Value};

use super::{assets, filters, markdown};

macro_rules! sources {
    ($($name:literal),* $(,)?) => {
        &[$(($name, include_str!(concat!("../../templates/", $name)))),*]
    };
}

/// All templates by name.
pub(super) static SOURCES: &[(&str, &str)] = sources![
    "account.html",
    "acknowledge.html",
    "action.html",
    "actions.html",
    "alert.html",
    "alerts.html",
    "alone.html",
    "base.html",
    "calendars.html",
    "change.html",
    "changes.html",
    "chapter.html",
    "declare.html",
    "decision.html",
    "decisions.html",
    "diagnostics.html",
    "draft.html",
    "drift.html",
    "entry.html",
    "error.html",
    "evidence.html",
    "feedback.html",
    "fleet.html",
    "fleet_machine.html",
    "fleet_macros.html",
    "fleet_rack.html",
    "fleet_site.html",
    "hardening.html",
    "freezes.html",
    "hand_off.html",
    "host.html",
    "how.html",
    "incident.html",
    "incidents.html",
    "inventory.html",
    "kind.html",
    "leave.html",
    "ledger.html",
    "macros.html",
    "meeting.html",
    "people.html",
    "person.html",
    "playbook.html",
    "notice.html",
    "objective.html",
    "objectives.html",
    "on_call.html",
    "postmortem.html",
    "question.html",
    "questions.html",
    "raci.html",
    "raise.html",
    "resource.html",
    "resources.html",
    "ritual.html",
    "rituals.html",
    "round.html",
    "rule.html",
    "run.html",
    "runbook.html",
    "runbooks.html",
    "seat.html",
    "seats.html",
    "sign_in.html",
    "silences.html",
    "status.html",
    "today.html",
    "trace.html",
    "trends.html",
    "verify.html",
    "who.html",
];

static ENVIRONMENT: LazyLock<Environment<'static>> = LazyLock::new(|| {
    let mut environment = Environment::new();
    let syntax = SyntaxConfig::builder().trim_blocks(true).lstrip_blocks(true).build();
    environment.set_syntax(syntax.expect("BUG: the default delimiters are valid"));
    environment.set_undefined_behavior(UndefinedBehavior::SemiStrict);
    environment.set_auto_escape_callback(|_| AutoEscape::Html);
    environment.set_formatter(write);
    filters::register(&mut environment);
    environment.add_global("site", false);
    environment.add_global("mark", Value::from_safe_string(assets::MARK.trim().to_owned()));
    for &(name, source) in SOURCES {
        environment.add_template(name, source).expect("BUG: a template of ours does not parse");
    }
    environment
});

/// Writes a value: text escaped as everywhere in pages. The engine's own escape also writes `/` as an entity,
/// which no HTML needs and which makes every address longer and harder to read.
fn write(out: &mut Output<'_>, state: &mut State<'_, '_>, value: &Value) -> Result<(), Error> {
    match value.as_str() {
        Some(text) if !value.is_safe() => Ok(out.write_str(&markdown::escape(text))?),
        Some(_) | None => minijinja::escape_formatter(out, state, value),
    }
}

/// Makes what a template reads from what a view is.
pub(super) fn view<T: serde::Serialize>(value: T) -> Value {
    Value::from(minijinja::value::Serde(value))
}

/// Renders a template.
///
/// # Errors
/// When the template names something that the page does not hold.
pub(super) fn render(name: &str, page: Value) -> Result<String, Error> {
    ENVIRONMENT.get_template(name)?.render(page)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_template_parses_and_is_listed() {
        let directory = concat!(env!("CARGO_MANIFEST_DIR"), "/templates");
        for entry in std::fs::read_dir(directory).expect("the templates are here") {
            let name = entry.expect("a directory entry").file_name();
            let name = name.to_string_lossy();
            assert!(SOURCES.iter().any(|(known, _)| *known == name), "{name} is not in the list");
        }
        for (name, _) in SOURCES {
            assert!(ENVIRONMENT.get_template(name).is_ok(), "{name}");
        }
    }

    #[test]
    fn text_is_escaped_and_addresses_stay_readable() {
        let shown = ENVIRONMENT
            .render_str("{{ a }}{{ b }}", minijinja::context! { a => "/x", b => "<'\"&>" });
        assert_eq!(shown.expect("it renders"), "/x&lt;&#39;&quot;&amp;&gt;");
    }

    #[test]
    fn no_template_carries_script_or_style_of_its_own() {
        for (name, text) in SOURCES {
            let text = text.replace("<script src=", "").replace("<script type=\"module\" src=", "");
            for inline in
                ["<script", "<style", " style=", " onclick=", "javascript:", "http://", "https://"]
            {
                assert!(!text.contains(inline), "{name} contains `{inline}`");
            }
        }
    }
}
