//! Diagnostics: what is wrong in the playbook's files, each with its place, and the page of each rule.

use axum::extract::{Path, Query};
use axum::response::Response;
use diag::render::Sources;
use diag::{Diagnostic, LineIndex, Severity};
use minijinja::context;
use serde::{Deserialize, Serialize};

use super::frame::Page;
use super::templates::view;
use crate::Snapshot;

/// How many findings one page shows; a page stays under its size and the rest is a page further.
const PER_PAGE: usize = 40;

/// The longest line of an excerpt, in characters.
const LONGEST_LINE: usize = 160;

/// The query of the list.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Asked {
    #[serde(default)]
    severity: Option<String>,
    #[serde(default)]
    page: Option<usize>,
}

/// One finding with the line it points to.
#[derive(Debug, Serialize)]
struct Finding<'d> {
    #[serde(flatten)]
    diagnostic: &'d Diagnostic,
    line: u32,
    column: u32,
    excerpt: Option<Excerpt>,
}

/// A line of a file, cut into what is before, in and after the place meant.
#[derive(Debug, Serialize)]
struct Excerpt {
    before: String,
    marked: String,
    after: String,
}

/// `GET /diagnostics`
pub(super) async fn list(page: Page, Query(asked): Query<Asked>) -> Response {
    let held = page.snapshot().held_back.as_ref();
    let findings = held.map_or(&page.snapshot().diagnostics, |held| &held.diagnostics);
    let count = |severity| findings.iter().filter(|finding| finding.severity == severity).count();
    let wanted = asked.severity.as_deref().and_then(severity);
    let chosen: Vec<_> = findings
        .iter()
        .filter(|finding| wanted.is_none_or(|wanted| finding.severity == wanted))
        .collect();
    let number = asked.page.unwrap_or(1).max(1);
    let shown: Vec<_> = chosen
        .iter()
        .skip((number - 1) * PER_PAGE)
        .take(PER_PAGE)
        .map(|finding| locate(page.snapshot(), finding))
        .collect();
    let shows = context! {
        findings => view(shown),
        total => findings.len(),
        tabs => view([
            ("", "All", findings.len()),
            ("error", "Errors", count(Severity::Error)),
            ("warning", "Warnings", count(Severity::Warning)),
            ("note", "Notes", count(Severity::Note)),
        ]),
        severity => asked.severity.unwrap_or_default(),
        number,
        pages => chosen.len().div_ceil(PER_PAGE).max(1),
        held_back => held.is_some(),
    };
    page.show("diagnostics.html", "Diagnostics", shows)
}

fn severity(name: &str) -> Option<Severity> {
    match name {
        "error" => Some(Severity::Error),
        "warning" => Some(Severity::Warning),
        "note" => Some(Severity::Note),
        _ => None,
    }
}

fn locate<'d>(snapshot: &Snapshot, diagnostic: &'d Diagnostic) -> Finding<'d> {
    let text = snapshot.edition.text(&diagnostic.place.file);
    let place = text.map(|text| (text, LineIndex::new(text)));
    let at = place.as_ref().map(|(text, index)| index.position(text, diagnostic.place.span.start));
    let whole_file = diagnostic.place.span.end == 0;
    Finding {
        diagnostic,
        line: at.map_or(0, |at| at.line),
        column: at.map_or(0, |at| at.column),
        excerpt: text.filter(|_| !whole_file).and_then(|text| excerpt(text, diagnostic)),
    }
}

fn excerpt(text: &str, diagnostic: &Diagnostic) -> Option<Excerpt> {
    let (start, end) = (diagnostic.place.span.start as usize, diagnostic.place.span.end as usize);
    let line_start = text.get(..start)?.rfind('\n').map_or(0, |at| at + 1);
    let line_end = text.get(start..)?.find('\n').map_or(text.len(), |at| start + at);
    let end = end.clamp(start, line_end);
    let cut = |part: &str| part.chars().take(LONGEST_LINE).collect();
    Some(Excerpt {
        before: cut(text.get(line_start..start)?),
        marked: cut(text.get(start..end)?),
        after: cut(text.get(end..line_end)?),
    })
}

/// `GET /rules/<code>`: why a rule is there, an example that fails, the same example mended.
pub(super) async fn rule(page: Page, Path(code): Path<String>) -> Response {
    let vocabulary = page.snapshot().edition.vocabulary().clone();
    let Some(info) =
        vocabulary.all_rules().iter().map(|rule| &rule.info).find(|info| info.code.0 == code)
    else {
        return super::errors::missing(&page, &format!("There is no rule `{code}`."));
    };
    let found =
        page.snapshot().diagnostics.iter().filter(|finding| finding.code == info.code).count();
    page.show("rule.html", info.code.0, context! { rule => view(info), found })
}

#[cfg(test)]
mod tests {
    use diag::{Code, Place, RuleInfo, Span};

    use super::*;

    static RULE: RuleInfo = RuleInfo {
        code: Code("ORG004"),
        name: "x",
        severity: Severity::Warning,
        summary: "",
        page: "",
    };

    #[track_caller]
    fn check(text: &str, span: (u32, u32), expected: (&str, &str, &str)) {
        let diagnostic =
            Diagnostic::new(&RULE, Place::new("a.yaml", Span::new(span.0, span.1)), "m");
        let found = excerpt(text, &diagnostic).expect("the span lies in the text");
        assert_eq!((found.before.as_str(), found.marked.as_str(), found.after.as_str()), expected);
    }

    #[test]
    fn an_excerpt_is_the_line_of_the_place() {
        check("a: 1\nb: two # c\n", (8, 11), ("b: ", "two", " # c"));
        check("a: [\n 1 ]", (3, 9), ("a: ", "[", ""));
        check("ä: ö", (4, 6), ("ä: ", "ö", ""));
    }

    #[test]
    fn a_place_outside_the_text_has_no_excerpt() {
        let diagnostic = Diagnostic::new(&RULE, Place::new("a.yaml", Span::new(90, 99)), "m");
        assert!(excerpt("short", &diagnostic).is_none());
    }
}
