//! For people: the message, an excerpt with the place marked, why, what else, what now.

use std::ops::Range;

use annotate_snippets::renderer::DecorStyle;
use annotate_snippets::{Annotation, AnnotationKind, Group, Level, Origin, Renderer, Snippet};

use super::Sources;
use super::excerpt::excerpt;
use super::located::Lines;
use crate::words::printable;
use crate::{Diagnostic, Place, Severity};

/// Longest why that stands beside the marked place; a longer one becomes a line of its own below.
const LABEL_LIMIT: usize = 64;

/// How the output looks. Decided by whoever knows the terminal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Style {
    /// Whether to colour with ANSI escapes.
    pub color: bool,
    /// Columns of the terminal.
    pub width: usize,
}

impl Default for Style {
    fn default() -> Self {
        Self { color: false, width: 100 }
    }
}

/// Renders diagnostics as paragraphs with source excerpts, separated by empty lines.
pub fn human(diagnostics: &[Diagnostic], sources: &dyn Sources, style: Style) -> String {
    let renderer = if style.color { Renderer::styled() } else { Renderer::plain() };
    let renderer = renderer.term_width(style.width).decor_style(DecorStyle::Ascii);
    let mut lines = Lines::new(sources);
    let mut output = String::new();
    for diagnostic in diagnostics {
        output.push_str(&renderer.render(&paragraph(diagnostic, sources, &mut lines)));
        output.push_str("\n\n");
    }
    output
}

fn paragraph<'d>(
    diagnostic: &'d Diagnostic,
    sources: &dyn Sources,
    lines: &mut Lines<'_>,
) -> Vec<Group<'d>> {
    let why = diagnostic.why.as_deref().map(printable);
    let label = why.clone().filter(|why| why.chars().count() <= LABEL_LIMIT);
    let title = level(diagnostic.severity)
        .primary_title(printable(&diagnostic.message))
        .id(diagnostic.code.0);
    let (mut group, labelled) = match snippet(&diagnostic.place, sources, lines) {
        Shown::Excerpt { snippet, marked } => {
            let labelled = label.is_some();
            let mark = AnnotationKind::Primary.span(marked).label(label);
            (title.element(snippet.annotation(mark)), labelled)
        }
        Shown::PathOnly(path) => (title.element(Origin::path(path)), false),
    };
    for related in &diagnostic.related {
        if let Shown::Excerpt { snippet, marked } = snippet(&related.place, sources, lines) {
            let mark = AnnotationKind::Context.span(marked).label(printable(&related.message));
            group = group.element(snippet.annotation(mark));
        }
    }
    if let Some(why) = why.filter(|_| !labelled) {
        group = group.element(Level::NOTE.message(why));
    }
    if let Some(hint) = &diagnostic.hint {
        group = group.element(Level::HELP.message(printable(hint)));
    }
    vec![group]
}

fn level(severity: Severity) -> Level<'static> {
    match severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
        Severity::Note => Level::NOTE,
    }
}

/// What can be shown of a place: a marked line, or only the file's path when it has no text.
enum Shown<'d> {
    Excerpt { snippet: Snippet<'d, Annotation<'d>>, marked: Range<usize> },
    PathOnly(String),
}

fn snippet<'d>(place: &Place, sources: &dyn Sources, lines: &mut Lines<'_>) -> Shown<'d> {
    let path = printable(&sources.shown(&place.file)).into_owned();
    match lines.file(&place.file) {
        Some((text, index)) => {
            let cut = excerpt(text, index, place.span);
            let snippet = Snippet::source(cut.text).line_start(cut.line).path(path);
            Shown::Excerpt { snippet, marked: cut.marked }
        }
        None => Shown::PathOnly(path),
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use super::super::sample::{self, Files};
    use super::*;
    use crate::Span;

    #[test]
    fn a_finding_shows_its_place_and_what_to_do() {
        let text = human(&sample::diagnostics(), &sample::files(), Style::default());
        expect![[r#"
            error[PLB010]: there is no `person/añna`
             --> seats.yaml:3:12
              |
            3 |   primary: person/añna
              |            ^^^^^^^^^^^ nobody of this name
              |
             ::: people.yaml:1:7
              |
            1 | kind: Person
              |       ------ the only person
              |
              = help: write `person/anna`

            warning[ORG004]: no backup: 100%, "x"
            --> gone.yaml

        "#]]
        .assert_eq(&text);
    }

    #[test]
    fn hostile_text_cannot_steer_the_terminal() {
        let files = Files(vec![("a\u{1b}]0;x", "name: \u{1b}[31m\u{9b}2J\u{202e}evil\r\n".into())]);
        let finding = Diagnostic::new(
            &sample::RULE,
            Place::new("a\u{1b}]0;x", Span::new(6, 30)),
            "bad \u{1b}[0m",
        )
        .why("\u{7}")
        .hint("\u{8}\u{8}");
        let text = human(&[finding], &files, Style::default());
        assert!(text.chars().all(|one| one == '\n' || !one.is_control()), "{text:?}");
        assert!(!text.contains('\u{202e}'), "{text:?}");
    }

    #[test]
    fn colour_is_only_there_when_asked_for() {
        let shown = |color| {
            let style = Style { color, ..Style::default() };
            human(&sample::diagnostics(), &sample::files(), style)
        };
        assert!(shown(true).contains("\u{1b}["));
        assert!(!shown(false).contains('\u{1b}'));
    }
}
