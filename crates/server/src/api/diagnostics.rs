//! The findings of the current playbook, and of a newer one that is held back.

use axum::extract::State;
use diag::{Diagnostic, LineIndex, Severity, Sources};
use policy::Resource;
use schemars::JsonSchema;
use serde::Serialize;

use crate::auth::Viewer;
use crate::http::{Json, Problem};
use crate::snapshot::Revision;
use crate::{AppState, Snapshot};

/// All findings.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Findings {
    /// The current revision.
    revision: Revision,
    /// Errors among the items.
    errors: usize,
    /// Warnings among the items.
    warnings: usize,
    /// Notes among the items.
    notes: usize,
    /// The findings, sorted by file and place.
    items: Vec<Finding>,
    /// A newer revision that has errors and is held back.
    held_back: Option<HeldBackView>,
    /// What is strange about the remote that the playbook is followed from.
    remote: Option<String>,
}

/// A newer revision that has errors.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct HeldBackView {
    /// Which.
    revision: Revision,
    /// Since when.
    #[schemars(with = "String")]
    since: jiff::Timestamp,
    /// Its findings.
    items: Vec<Finding>,
}

/// One finding.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Finding {
    /// Stable code.
    code: &'static str,
    /// `error`, `warning` or `note`.
    severity: &'static str,
    /// The file.
    file: String,
    /// Line, from 1; absent when the text is not at hand.
    line: Option<u32>,
    /// Column, from 1.
    column: Option<u32>,
    /// What is wrong.
    message: String,
    /// Why it matters.
    why: Option<String>,
    /// What to do now.
    hint: Option<String>,
    /// The resource concerned.
    subject: Option<String>,
}

/// Lists the findings.
#[utoipa::path(get, path = "/api/v1/diagnostics", responses(
    (status = 200, description = "Findings", body = ref("#/components/schemas/Findings")),
))]
pub(crate) async fn list(
    State(state): State<AppState>,
    viewer: Viewer,
) -> Result<Json<Findings>, Problem> {
    state.authorize(&viewer, "playbook.read", Resource::kind("diagnostic"))?;
    let snapshot = state.snapshot();
    Ok(Json(Findings {
        revision: snapshot.revision.clone(),
        errors: snapshot.count(Severity::Error),
        warnings: snapshot.count(Severity::Warning),
        notes: snapshot.count(Severity::Note),
        items: findings(&snapshot, &snapshot.diagnostics, true),
        held_back: snapshot.held_back.as_ref().map(|held| HeldBackView {
            revision: held.revision.clone(),
            since: held.since,
            // The texts at hand are those of the current revision, so places there would mislead.
            items: findings(&snapshot, &held.diagnostics, false),
        }),
        remote: state.remote().shown(),
    }))
}

fn findings(snapshot: &Snapshot, found: &[Diagnostic], with_place: bool) -> Vec<Finding> {
    let mut lines: Option<(&str, LineIndex)> = None;
    let mut items = Vec::with_capacity(found.len());
    for diagnostic in found {
        let file = &*diagnostic.place.file;
        let text = snapshot.edition.text(file).or_else(|| snapshot.policies.text(file));
        let place = text.filter(|_| with_place).map(|text| {
            // Findings are sorted by file, so one index at a time is enough.
            if lines.as_ref().is_none_or(|(known, _)| *known != file) {
                lines = Some((file, LineIndex::new(text)));
            }
            let index = lines.as_ref().map(|(_, index)| index);
            index.map(|index| index.position(text, diagnostic.place.span.start))
        });
        let place = place.flatten();
        items.push(Finding {
            code: diagnostic.code.0,
            severity: match diagnostic.severity {
                Severity::Error => "error",
                Severity::Warning => "warning",
                Severity::Note => "note",
            },
            file: file.to_owned(),
            line: place.map(|place| place.line),
            column: place.map(|place| place.column),
            message: diagnostic.message.clone(),
            why: diagnostic.why.clone(),
            hint: diagnostic.hint.clone(),
            subject: diagnostic.subject.clone(),
        });
    }
    items
}
