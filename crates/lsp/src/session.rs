//! One editor's view of one playbook: the workspace with unsaved texts laid over the files.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use diag::{Diagnostic, Severity, Sources as _, Span};
use ls_types::{
    DiagnosticRelatedInformation, DiagnosticSeverity, Location, NumberOrString, Position,
    PublishDiagnosticsParams, Uri,
};
use playbook::{Facts, Resource, Use, Vocabulary, Workspace};

use crate::position;

/// What an editor works on.
#[derive(Debug)]
pub(crate) struct Session {
    workspace: Workspace,
    /// Files whose diagnostics the editor shows, so that mended ones can be cleared.
    shown: BTreeSet<Arc<str>>,
}

/// What stands under the cursor.
#[derive(Debug)]
pub(crate) enum Target<'s> {
    /// The name of a resource, where it is declared.
    Declaration(&'s Resource),
    /// A reference that a resource makes.
    Reference(&'s Use),
}

impl Session {
    /// Opens the playbook that holds a directory: the nearest `council.yaml` at or above it.
    pub(crate) fn open(directory: &Path, vocabulary: Arc<Vocabulary>) -> Self {
        let root = directory
            .ancestors()
            .find(|path| path.join("council.yaml").is_file())
            .unwrap_or(directory);
        Self { workspace: Workspace::open(root, vocabulary), shown: BTreeSet::new() }
    }

    pub(crate) fn workspace(&self) -> &Workspace {
        &self.workspace
    }

    /// Lays a text over a file, or takes it away again.
    pub(crate) fn update(&mut self, file: &str, text: Option<String>) {
        self.workspace.update(file, text);
    }

    /// The path of a file of the playbook, relative to its root; `None` for files elsewhere.
    pub(crate) fn file(&self, uri: &Uri) -> Option<String> {
        let path = uri.to_file_path()?;
        let inside = path.strip_prefix(self.workspace.root()).ok()?;
        let parts: Vec<_> =
            inside.components().map(|part| part.as_os_str().to_string_lossy()).collect();
        Some(parts.join("/"))
    }

    /// The editor's name of a file.
    pub(crate) fn uri(&self, file: &str) -> Option<Uri> {
        let path: PathBuf = self.workspace.root().join(file);
        Uri::from_file_path(path)
    }

    /// The text of a file, as the editor has it.
    pub(crate) fn text(&self, file: &str) -> &str {
        self.workspace.text(file).unwrap_or_default()
    }

    /// A span of a file as the editor names it.
    pub(crate) fn location(&self, file: &str, span: Span) -> Option<Location> {
        Some(Location::new(self.uri(file)?, position::range(self.text(file), span)))
    }

    /// What a position of a file names, if it is a reference or a resource's own name.
    pub(crate) fn target(&self, file: &str, position: Position) -> Option<Target<'_>> {
        let offset = u32::try_from(position::offset(self.text(file), position)).ok()?;
        let mut here =
            self.workspace.model().resources().filter(|resource| &*resource.place.file == file);
        here.find_map(|resource| {
            if resource.place.span.touches(offset) {
                return Some(Target::Declaration(resource));
            }
            let used = resource.uses.iter().find(|used| used.span.touches(offset))?;
            Some(Target::Reference(used))
        })
    }

    /// The resource that a position means: itself at its declaration, its target at a reference.
    pub(crate) fn meant(&self, file: &str, position: Position) -> Option<&Resource> {
        match self.target(file, position)? {
            Target::Declaration(resource) => Some(resource),
            Target::Reference(used) => {
                self.workspace.model().find(used.slug.as_deref()?, &used.name)
            }
        }
    }

    /// Every reference to a resource, with the resource that holds it.
    pub(crate) fn uses_of<'s>(
        &'s self,
        target: &'s Resource,
    ) -> impl Iterator<Item = (&'s Resource, &'s Use)> {
        self.workspace.model().resources().flat_map(move |holder| {
            let uses = holder.uses.iter().filter(move |used| {
                used.slug.as_deref() == Some(target.id.slug) && used.name == target.id.name
            });
            uses.map(move |used| (holder, used))
        })
    }

    /// Checks everything and says what the editor must show anew.
    pub(crate) fn publish(&mut self, facts: &Facts) -> Vec<PublishDiagnosticsParams> {
        let findings = self.workspace.check(facts);
        let mut files: BTreeSet<Arc<str>> =
            findings.iter().map(|finding| finding.place.file.clone()).collect();
        let now = files.clone();
        files.append(&mut self.shown);
        self.shown = now;
        files
            .iter()
            .filter_map(|file| {
                let own = findings.iter().filter(|finding| finding.place.file == *file);
                let diagnostics = own.map(|finding| self.diagnostic(finding)).collect();
                Some(PublishDiagnosticsParams::new(self.uri(file)?, diagnostics, None))
            })
            .collect()
    }

    fn diagnostic(&self, finding: &Diagnostic) -> ls_types::Diagnostic {
        let text = self.text(&finding.place.file);
        let parts = [Some(&finding.message), finding.why.as_ref(), finding.hint.as_ref()];
        let related = finding.related.iter().filter_map(|related| {
            let location = self.location(&related.place.file, related.place.span)?;
            Some(DiagnosticRelatedInformation { location, message: related.message.clone() })
        });
        ls_types::Diagnostic {
            range: position::range(text, finding.place.span),
            severity: Some(match finding.severity {
                Severity::Error => DiagnosticSeverity::ERROR,
                Severity::Warning => DiagnosticSeverity::WARNING,
                Severity::Note => DiagnosticSeverity::INFORMATION,
            }),
            code: Some(NumberOrString::String(finding.code.to_string())),
            source: Some("council".to_owned()),
            message: parts.into_iter().flatten().map(String::as_str).collect::<Vec<_>>().join("\n"),
            related_information: Some(related.collect()),
            ..ls_types::Diagnostic::default()
        }
    }
}
