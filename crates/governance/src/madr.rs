//! The text of a MADR 4 record: its sections, taken apart by their headings.
//!
//! Tolerant on purpose: headings are compared without case, sections may be missing (rules say so),
//! and sections of one's own stay in the text. Nothing is rendered here.

use pulldown_cmark::{Event, HeadingLevel, Options, Parser, Tag, TagEnd};
use schemars::JsonSchema;
use serde::Serialize;

/// The sections of one record.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Madr {
    /// The first heading.
    pub title: Option<String>,
    /// "Context and Problem Statement".
    pub context: Option<String>,
    /// "Decision Drivers", one an item.
    pub drivers: Vec<String>,
    /// "Considered Options", one an item.
    pub options: Vec<String>,
    /// "Decision Outcome", without its subsections.
    pub outcome: Option<String>,
    /// What stands behind "Chosen option:", without quotes.
    pub chosen: Option<String>,
    /// "Consequences".
    pub consequences: Option<String>,
    /// "Confirmation".
    pub confirmation: Option<String>,
}

/// A heading and the text up to the next heading of its level or above.
struct Part<'t> {
    level: HeadingLevel,
    heading: String,
    text: &'t str,
}

impl Madr {
    /// Takes a record's text apart. `title` is the first heading where the caller knows it already.
    pub fn parse(title: Option<&str>, body: &str) -> Self {
        let parts = parts(body);
        let own = parts.iter().find(|part| part.level == HeadingLevel::H1);
        let find = |name: &str| {
            let found = parts.iter().find(|part| part.heading.eq_ignore_ascii_case(name))?;
            let text = found.text.trim();
            (!text.is_empty()).then(|| text.to_owned())
        };
        let outcome = find("Decision Outcome");
        Self {
            title: title.map(str::to_owned).or_else(|| own.map(|part| part.heading.clone())),
            context: find("Context and Problem Statement").or_else(|| find("Context")),
            drivers: find("Decision Drivers").map(|text| items(&text)).unwrap_or_default(),
            options: find("Considered Options").map(|text| items(&text)).unwrap_or_default(),
            chosen: outcome.as_deref().and_then(chosen),
            outcome: outcome.or_else(|| find("Decision")),
            consequences: find("Consequences"),
            confirmation: find("Confirmation"),
        }
    }
}

fn parts(body: &str) -> Vec<Part<'_>> {
    let mut headings: Vec<(HeadingLevel, String, std::ops::Range<usize>)> = Vec::new();
    let mut open = false;
    for (event, range) in Parser::new_ext(body, Options::ENABLE_TABLES).into_offset_iter() {
        match event {
            Event::Start(Tag::Heading { level, .. }) => {
                headings.push((level, String::new(), range));
                open = true;
            }
            Event::End(TagEnd::Heading(_)) => open = false,
            Event::Text(text) | Event::Code(text) if open => {
                if let Some((_, heading, _)) = headings.last_mut() {
                    heading.push_str(&text);
                }
            }
            _ => {}
        }
    }
    let ends = headings.iter().skip(1).map(|(_, _, range)| range.start).chain([body.len()]);
    let texts = headings.iter().zip(ends).map(|((level, heading, range), end)| Part {
        level: *level,
        heading: heading.trim().to_owned(),
        text: body.get(range.end..end).unwrap_or_default(),
    });
    texts.collect()
}

/// The items of a Markdown list, one line each, without links and emphasis.
fn items(text: &str) -> Vec<String> {
    let mut items: Vec<String> = Vec::new();
    let mut depth = 0;
    for event in Parser::new(text) {
        match event {
            Event::Start(Tag::Item) => {
                depth += 1;
                if depth == 1 {
                    items.push(String::new());
                }
            }
            Event::End(TagEnd::Item) => depth -= 1,
            Event::Text(text) | Event::Code(text) if depth == 1 => {
                items.last_mut().expect("BUG: an item is open").push_str(&text);
            }
            Event::SoftBreak | Event::HardBreak if depth == 1 => {
                items.last_mut().expect("BUG: an item is open").push(' ');
            }
            _ => {}
        }
    }
    items.into_iter().map(|item| item.trim().to_owned()).filter(|item| !item.is_empty()).collect()
}

/// The option that the outcome names: `Chosen option: "Loki", because …`.
fn chosen(outcome: &str) -> Option<String> {
    let rest = outcome.split_once("hosen option:")?.1.trim_start();
    let quoted = |quote: char| rest.strip_prefix(quote)?.split_once(quote).map(|(name, _)| name);
    let name = quoted('"').or_else(|| quoted('`')).or_else(|| rest.split([',', '\n']).next())?;
    let name = name.trim().trim_matches('"').trim_end_matches('.');
    (!name.is_empty()).then(|| name.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    const RECORD: &str = r#"
# Use Loki for logs

## Context and Problem Statement

Three stacks run today.

## Considered Options

* ELK
* [Loki](https://example.org), with
  object storage
* `Graylog`
  * a nested remark

## Decision Outcome

Chosen option: "Loki", because it is cheap.

### Consequences

* Good, because one stack remains.

### Confirmation

The old stacks are gone.

## More Information

Nothing.
"#;

    #[test]
    fn a_record_is_taken_apart() {
        let madr = Madr::parse(None, RECORD);
        assert_eq!(madr.title.as_deref(), Some("Use Loki for logs"));
        assert_eq!(madr.context.as_deref(), Some("Three stacks run today."));
        assert_eq!(madr.options, ["ELK", "Loki, with object storage", "Graylog"]);
        assert_eq!(madr.chosen.as_deref(), Some("Loki"));
        assert_eq!(madr.outcome.as_deref(), Some("Chosen option: \"Loki\", because it is cheap."));
        assert_eq!(madr.consequences.as_deref(), Some("* Good, because one stack remains."));
        assert_eq!(madr.confirmation.as_deref(), Some("The old stacks are gone."));
    }

    #[test]
    fn what_is_missing_is_missing() {
        assert_eq!(Madr::parse(None, ""), Madr::default());
        let madr = Madr::parse(None, "## decision outcome\n\nChosen option: ELK, because.\n");
        assert_eq!((madr.context, madr.chosen), (None, Some("ELK".to_owned())));
        assert_eq!(Madr::parse(None, "## Decision Outcome\n\nWe wait.\n").chosen, None);
    }
}
