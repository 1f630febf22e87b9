//! What fuzz targets call: any bytes as a file, with a vocabulary of its own, and everything asserted
//! that must hold for whatever a file contains.

use std::sync::Arc;

use diag::render::{self, Style};
use diag::{Diagnostic, Sources};
use schemars::JsonSchema;
use serde::Deserialize;

use crate::{DocumentKind, Facts, Ref, Vocabulary, Workspace, kind};

/// Something that can be declared and refers to others of its kind.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "only its reading matters")]
struct Thing {
    text: Option<String>,
    number: Option<u8>,
    day: Option<jiff::civil::Date>,
    #[serde(default)]
    others: Vec<Ref<Self>>,
}

/// A record in a Markdown file.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "only its reading matters")]
struct Record {
    status: Option<String>,
    about: Option<Ref<Thing>>,
}

impl DocumentKind for Record {
    fn claims(path: &str, _: &[&str]) -> bool {
        path.starts_with("decisions/")
    }

    fn attach(&mut self, _: Option<&str>, _: &str) {}
}

kind!(Thing, "thing");
kind!(Record, "record");

/// Loads, checks and renders bytes as a file.
///
/// # Panics
/// When a finding's place is not in the file, or when what is printed could steer a terminal.
pub fn load(file: &str, bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let vocabulary = Arc::new(Vocabulary::new().kind::<Thing>().document::<Record>());
    let mut workspace = Workspace::of_texts([(file, text)], vocabulary);
    let facts = Facts { today: jiff::civil::date(2026, 11, 22) };
    let findings = workspace.check(&facts);
    for finding in &findings {
        assert_in_text(&workspace, finding);
    }
    let shown = render::human(&findings, &workspace, Style::default());
    assert!(
        shown.chars().all(|one| one == '\n' || !one.is_control()),
        "control characters are printed"
    );
    workspace.update(file, Some(text.to_owned()));
    assert_eq!(workspace.check(&facts), findings, "an update with the same text changes nothing");
}

fn assert_in_text(workspace: &Workspace, finding: &Diagnostic) {
    let places =
        std::iter::once(&finding.place).chain(finding.related.iter().map(|related| &related.place));
    for place in places {
        let text = workspace.text(&place.file).unwrap_or_default();
        let range = place.span.start as usize..place.span.end as usize;
        assert!(text.get(range).is_some(), "{finding:?} lies outside of its file");
    }
}
