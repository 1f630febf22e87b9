//! As JSON, for scripts: one object with `diagnostics` and nothing else to scrape.

use serde::Serialize;

use super::Sources;
use super::located::Lines;
use crate::{Diagnostic, LineColumn, Place, Severity};

#[derive(Serialize)]
struct Document<'d> {
    diagnostics: Vec<Finding<'d>>,
}

#[derive(Serialize)]
struct Finding<'d> {
    code: &'static str,
    severity: Severity,
    message: &'d str,
    #[serde(flatten)]
    place: Location,
    #[serde(skip_serializing_if = "Option::is_none")]
    why: Option<&'d str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    hint: Option<&'d str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    subject: Option<&'d str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    related: Vec<Pointer<'d>>,
}

#[derive(Serialize)]
struct Location {
    file: String,
    start: Position,
    end: Position,
}

#[derive(Serialize)]
struct Position {
    offset: u32,
    #[serde(flatten)]
    shown: LineColumn,
}

#[derive(Serialize)]
struct Pointer<'d> {
    message: &'d str,
    #[serde(flatten)]
    place: Location,
}

/// Renders diagnostics as one JSON object; offsets are bytes from 0, lines and columns count from 1.
pub fn json(diagnostics: &[Diagnostic], sources: &dyn Sources) -> String {
    let mut lines = Lines::new(sources);
    let mut locate = |place: &Place| {
        let (start, end) = lines.range(place);
        Location {
            file: sources.shown(&place.file).into_owned(),
            start: Position { offset: place.span.start, shown: start },
            end: Position { offset: place.span.end, shown: end },
        }
    };
    let diagnostics = diagnostics
        .iter()
        .map(|one| Finding {
            code: one.code.0,
            severity: one.severity,
            message: &one.message,
            place: locate(&one.place),
            why: one.why.as_deref(),
            hint: one.hint.as_deref(),
            subject: one.subject.as_deref(),
            related: one
                .related
                .iter()
                .map(|other| Pointer { message: &other.message, place: locate(&other.place) })
                .collect(),
        })
        .collect();
    super::pretty(&Document { diagnostics })
}

#[cfg(test)]
mod tests {
    use super::super::sample;
    use super::*;

    #[test]
    fn places_have_offsets_lines_and_columns() {
        let text = json(&sample::diagnostics(), &sample::files());
        let value: serde_json::Value = serde_json::from_str(&text).unwrap();
        let first = &value["diagnostics"][0];
        assert_eq!(first["file"], "seats.yaml");
        assert_eq!(first["start"], serde_json::json!({"offset": 28, "line": 3, "column": 12}));
        assert_eq!(first["end"], serde_json::json!({"offset": 40, "line": 3, "column": 23}));
        assert_eq!(first["related"][0]["file"], "people.yaml");
        assert_eq!(value["diagnostics"][1]["start"]["line"], 1);
    }
}
