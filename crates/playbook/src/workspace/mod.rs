//! The workspace: all files of one playbook, read, lowered and checked, and kept up to date.
//!
//! Opening reads every file in parallel. Changing one file reads that file again; the model's tables
//! are shared with whoever holds an older one, and only references that the change can concern are
//! resolved again. What is checked is the same as after opening anew.

mod edition;
mod open;
mod references;
mod update;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use diag::{Diagnostic, Sources};
use rayon::prelude::*;

use crate::load::Loaded;
use crate::resource::Id;
use crate::{Check, Facts, Model, Resource, Vocabulary, codes};
pub use edition::Edition;
use references::References;

/// A playbook in memory: texts, resources and findings.
#[derive(Debug)]
pub struct Workspace {
    root: PathBuf,
    vocabulary: Arc<Vocabulary>,
    files: BTreeMap<Arc<str>, File>,
    /// What is wrong with the tree of files itself, such as links that lead out of it.
    tree_problems: Vec<Diagnostic>,
    model: Model,
    /// Resources whose name is declared more than once, in the order of places; the first is in the model.
    contested: BTreeMap<Id, Vec<Arc<Resource>>>,
    references: Mutex<References>,
    prefix: String,
}

/// One file: its text, unless it cannot be read, and what it declares.
#[derive(Debug, Default)]
struct File {
    text: Option<Arc<str>>,
    /// Whether the text is an editor's and not the disk's.
    is_overlay: bool,
    loaded: Loaded,
}

impl Sources for Workspace {
    fn text(&self, file: &str) -> Option<&str> {
        self.files.get(file)?.text.as_deref()
    }

    fn shown<'f>(&self, file: &'f str) -> std::borrow::Cow<'f, str> {
        if self.prefix.is_empty() {
            std::borrow::Cow::Borrowed(file)
        } else {
            std::borrow::Cow::Owned(format!("{}{file}", self.prefix))
        }
    }
}

impl Workspace {
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

    /// The files that were found, by name, also those that cannot be read.
    pub fn files(&self) -> impl ExactSizeIterator<Item = &Arc<str>> {
        self.files.keys()
    }

    /// Puts this before every file's name when findings are shown, such as `examples/eustartup/`.
    #[must_use]
    pub fn shown_below(mut self, prefix: impl Into<String>) -> Self {
        self.prefix = prefix.into();
        self
    }

    /// All findings: of reading, of references, of rules.
    pub fn check(&self, facts: &Facts) -> Vec<Diagnostic> {
        let mut findings = self.tree_problems.clone();
        findings.extend(self.files.values().flat_map(|file| &file.loaded.problems).cloned());
        findings.extend(self.contested.values().flat_map(|all| duplicates(all)));
        self.reference_findings(facts.today, &mut findings);
        let whole: Vec<Vec<Diagnostic>> = self
            .vocabulary
            .all_rules()
            .par_iter()
            .map(|rule| {
                let mut findings = Vec::new();
                if let Check::Whole(check) = rule.check {
                    check(&self.model, facts, &mut findings);
                }
                findings
            })
            .collect();
        findings.extend(whole.into_iter().flatten());
        diag::sort(&mut findings);
        findings
    }
}

/// The findings for a name that is declared more than once: one for each after the first.
fn duplicates(all: &[Arc<Resource>]) -> impl Iterator<Item = Diagnostic> {
    let first = all.first().map(|first| first.place.clone());
    all.iter().skip(1).map(move |second| {
        let message = format!("`{}` is declared twice", second.id);
        let finding = Diagnostic::new(&codes::DUPLICATE_NAME, second.place.clone(), message)
            .why("a reference to it would be a matter of luck")
            .hint("rename one of them, or delete it")
            .subject(second.id.to_string());
        match &first {
            Some(first) => finding.related(first.clone(), "it is declared here first"),
            None => finding,
        }
    })
}
