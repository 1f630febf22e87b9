//! Reads Markdown: front matter, the title, and fenced blocks that declare resources.
//!
//! A block fenced as `yaml council` is read as if it stood in a YAML file, with spans in the Markdown
//! file, also when it is indented in a list or quoted. A file with front matter that a kind claims,
//! as a decision record, is a resource by itself.

mod fences;

use std::ops::Range;

use diag::{Diagnostic, Span};
use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};

pub(crate) use fences::{Fence, fences};

use crate::codes;
use crate::yaml::Origin;

/// A Markdown text taken apart.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Parts {
    /// The YAML between the two `---` lines.
    pub(crate) front_matter: Option<Range<usize>>,
    /// The Markdown after it.
    pub(crate) prose: Range<usize>,
    /// The text of the first heading.
    pub(crate) title: Option<String>,
    /// The Markdown after the first heading, when the prose begins with it; else all of it.
    pub(crate) body: Range<usize>,
}

/// Takes a text apart, or says that its front matter has no end.
pub(crate) fn parts(text: &str, origin: Origin<'_>) -> Result<Parts, Diagnostic> {
    let (front_matter, start) = match front_matter(text) {
        FrontMatter::None => (None, 0),
        FrontMatter::Open => {
            let place = origin.place(origin.span(0, 3));
            return Err(Diagnostic::new(
                &codes::OPEN_FRONT_MATTER,
                place,
                "the front matter has no end",
            )
            .hint("close it with a line `---`"));
        }
        FrontMatter::Closed { yaml, end } => (Some(yaml), end),
    };
    let prose = start..text.len();
    let (title, heading) = title(text.get(prose.clone()).unwrap_or_default());
    let body = heading.map_or(prose.clone(), |end| start + end..text.len());
    Ok(Parts { front_matter, prose, title, body })
}

enum FrontMatter {
    None,
    Open,
    Closed { yaml: Range<usize>, end: usize },
}

/// Front matter begins in the first line; a `---` that is not followed by a field is a rule in the text.
fn front_matter(text: &str) -> FrontMatter {
    let mut lines = text.split_inclusive('\n');
    let Some(first) = lines.next().filter(|line| line.trim_end() == "---") else {
        return FrontMatter::None;
    };
    let (start, mut at, mut has_field) = (first.len(), first.len(), false);
    for line in lines {
        if matches!(line.trim_end(), "---" | "...") {
            return FrontMatter::Closed { yaml: start..at, end: at + line.len() };
        }
        has_field |= at == start && line.contains(':');
        at += line.len();
    }
    if has_field { FrontMatter::Open } else { FrontMatter::None }
}

/// The first heading's text, and where it ends when nothing stands before it.
fn title(prose: &str) -> (Option<String>, Option<usize>) {
    let mut events = Parser::new_ext(prose, options()).into_offset_iter();
    let mut is_first = true;
    let heading = events.by_ref().find_map(|(event, range)| match event {
        Event::Start(Tag::Heading { .. }) => Some(range),
        _ => {
            is_first = false;
            None
        }
    });
    let Some(heading) = heading else { return (None, None) };
    let text: String = events
        .take_while(|(event, _)| !matches!(event, Event::End(TagEnd::Heading(_))))
        .filter_map(|(event, _)| match event {
            Event::Text(text) | Event::Code(text) => Some(text.into_string()),
            Event::SoftBreak | Event::HardBreak => Some(" ".to_owned()),
            _ => None,
        })
        .collect();
    let text = text.trim().to_owned();
    ((!text.is_empty()).then_some(text), is_first.then_some(heading.end))
}

fn options() -> Options {
    Options::ENABLE_TABLES | Options::ENABLE_FOOTNOTES
}

/// The end of a line that conflicts were marked with, in prose that YAML's own check does not see.
pub(crate) fn conflict(text: &str, origin: Origin<'_>) -> Option<Diagnostic> {
    let starts = |line: &str| line.starts_with("<<<<<<< ") || line.starts_with(">>>>>>> ");
    if !text.contains("<<<<<<< ") {
        return None;
    }
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        if starts(line) {
            let span: Span = origin.span(at, at + line.trim_end().len());
            return Some(
                Diagnostic::new(
                    &codes::MERGE_CONFLICT,
                    origin.place(span),
                    "a merge conflict was left in the file",
                )
                .why("the two sides of the merge contradict each other here")
                .hint("decide for one side and delete the markers"),
            );
        }
        at += line.len();
    }
    None
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;

    fn take(text: &str) -> (Option<&str>, Option<String>, &str) {
        let file: Arc<str> = Arc::from("a.md");
        let parts = parts(text, Origin { file: &file, base: 0 }).unwrap();
        (
            parts.front_matter.and_then(|range| text.get(range)),
            parts.title,
            text.get(parts.body).unwrap(),
        )
    }

    #[test]
    fn a_record_has_front_matter_title_and_body() {
        let (front, title, body) =
            take("---\r\nstatus: x\r\n---\r\n\r\n# Use `one` *bank*\r\n\r\nText\r\n");
        assert_eq!(front, Some("status: x\r\n"));
        assert_eq!(title.as_deref(), Some("Use one bank"));
        assert_eq!(body.trim(), "Text");
    }

    #[test]
    fn text_before_the_heading_stays_in_the_body() {
        assert_eq!(
            take("Intro\n\nTitle\n=====\n\nText\n"),
            (None, Some("Title".into()), "Intro\n\nTitle\n=====\n\nText\n")
        );
        assert_eq!(take("no heading\n"), (None, None, "no heading\n"));
    }

    #[test]
    fn a_rule_in_the_first_line_is_not_front_matter() {
        assert_eq!(take("---\n\nText\n").0, None);
    }

    #[test]
    fn front_matter_without_an_end_is_reported() {
        let file: Arc<str> = Arc::from("a.md");
        let found = parts("---\na: b\n\ntext\n", Origin { file: &file, base: 0 }).unwrap_err();
        assert_eq!(found.code.0, "MDK001");
    }
}
