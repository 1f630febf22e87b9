//! The workspace: all files of one playbook, read, lowered and checked.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use diag::{Code, Diagnostic, Place, RuleInfo, Severity, Sources, Span};

use crate::lower::Input;
use crate::resource::{ForeignMeta, Id, Meta};
use crate::{Check, Facts, Model, Node, Resource, Vocabulary, node};

static INVALID: RuleInfo = RuleInfo {
    code: Code("PLB001"),
    name: "invalid-document",
    severity: Severity::Error,
    summary: "A document is of the type that its kind says.",
    page: "",
};

/// A playbook in memory: texts, resources and findings.
#[derive(Debug)]
pub struct Workspace {
    root: PathBuf,
    vocabulary: Arc<Vocabulary>,
    texts: BTreeMap<Arc<str>, String>,
    model: Model,
    problems: Vec<Diagnostic>,
}

impl Sources for Workspace {
    fn text(&self, file: &str) -> Option<&str> {
        self.texts.get(file).map(String::as_str)
    }
}

impl Workspace {
    /// Reads the playbook below a directory.
    pub fn open(root: &Path, vocabulary: Arc<Vocabulary>) -> Self {
        let mut workspace = Self {
            root: root.to_owned(),
            vocabulary,
            texts: BTreeMap::new(),
            model: Model::default(),
            problems: Vec::new(),
        };
        for entry in ignore::WalkBuilder::new(root).sort_by_file_path(Path::cmp).build().flatten() {
            let Ok(path) = entry.path().strip_prefix(root) else { continue };
            let name = path.to_string_lossy().replace('\\', "/");
            if !name.ends_with(".yaml") && !name.ends_with(".yml") {
                continue;
            }
            if let Ok(text) = std::fs::read_to_string(entry.path()) {
                workspace.texts.insert(name.into(), text);
            }
        }
        workspace.lower_all();
        workspace
    }

    fn lower_all(&mut self) {
        let texts = std::mem::take(&mut self.texts);
        for (file, text) in &texts {
            let (documents, broken) = node::documents(text, 0);
            for problem in broken {
                let place = Place::new(file.clone(), problem.span);
                self.problems.push(Diagnostic::new(&INVALID, place, problem.message));
            }
            for document in &documents {
                if let Err(diagnostic) = self.lower(file, document) {
                    self.problems.push(diagnostic);
                }
            }
        }
        self.texts = texts;
    }

    fn lower(&mut self, file: &Arc<str>, document: &Node<'_>) -> Result<(), Diagnostic> {
        let fail = |span: Span, message: String| {
            Diagnostic::new(&INVALID, Place::new(file.clone(), span), message)
        };
        let text = |key: &str| document.get(key).and_then(Node::text).unwrap_or_default();
        let kind = self
            .vocabulary
            .find(text("apiVersion"), text("kind"))
            .copied()
            .ok_or_else(|| fail(document.span, format!("unknown kind `{}`", text("kind"))))?;
        let uses = RefCell::new(Vec::new());
        let input = |node| Input { node, uses: &uses, title: None, body: "" };
        let part = |key: &str| {
            document
                .get(key)
                .ok_or_else(|| fail(document.span, format!("the field `{key}` is missing")))
        };
        let (metadata, spec) = (part("metadata")?, part("spec")?);
        let failed =
            |error: crate::LowerError| fail(error.span.unwrap_or(document.span), error.to_string());
        let meta = if kind.is_foreign() {
            input(metadata).read::<ForeignMeta>().map(Meta::from)
        } else {
            input(metadata).read::<Meta>()
        };
        let meta = meta.map_err(failed)?;
        let spec = (kind.lower)(input(spec)).map_err(failed)?;
        let span = metadata.get("name").map_or(metadata.span, |name| name.span);
        self.model.insert(Arc::new(Resource {
            id: Id { slug: kind.slug, name: meta.name.clone() },
            place: Place::new(file.clone(), span),
            extent: document.span,
            uses: uses.into_inner(),
            digest: "".into(),
            meta,
            spec,
        }));
        Ok(())
    }

    /// The directory that was opened.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// The vocabulary it is read with.
    pub fn vocabulary(&self) -> &Arc<Vocabulary> {
        &self.vocabulary
    }

    /// The resources.
    pub fn model(&self) -> &Model {
        &self.model
    }

    /// All findings: of reading, of references, of rules.
    pub fn check(&self, facts: &Facts) -> Vec<Diagnostic> {
        let mut findings = self.problems.clone();
        for rule in self.vocabulary.all_rules() {
            match rule.check {
                Check::Each(check) => {
                    self.model.resources().for_each(|resource| check(resource, &mut findings))
                }
                Check::Whole(check) => check(&self.model, facts, &mut findings),
            }
        }
        diag::sort(&mut findings);
        findings
    }
}
