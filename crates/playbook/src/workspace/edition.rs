//! An edition: what a workspace held at one moment, for whoever reads it while the workspace moves on.
//!
//! Taking one shares resources and texts with the workspace and copies only their lists, so that a server can
//! publish one after every edit of a large playbook.

use std::collections::BTreeMap;
use std::sync::Arc;

use diag::Sources;

use super::Workspace;
use crate::{Model, Vocabulary};

/// Resources and texts at one moment; never changes.
#[derive(Clone, Debug)]
pub struct Edition {
    vocabulary: Arc<Vocabulary>,
    model: Model,
    texts: BTreeMap<Arc<str>, Arc<str>>,
}

impl Edition {
    /// The vocabulary it was read with.
    pub fn vocabulary(&self) -> &Arc<Vocabulary> {
        &self.vocabulary
    }

    /// The resources.
    pub fn model(&self) -> &Model {
        &self.model
    }

    /// The files that could be read, by name, with their texts. A file that did not change has the same text in
    /// every edition, not a copy of it.
    pub fn texts(&self) -> impl Iterator<Item = (&Arc<str>, &Arc<str>)> {
        self.texts.iter()
    }
}

impl Sources for Edition {
    fn text(&self, file: &str) -> Option<&str> {
        self.texts.get(file).map(AsRef::as_ref)
    }
}

impl Workspace {
    /// What it holds now.
    pub fn edition(&self) -> Edition {
        let texts =
            self.files.iter().filter_map(|(name, file)| Some((name.clone(), file.text.clone()?)));
        Edition {
            vocabulary: self.vocabulary.clone(),
            model: self.model.clone(),
            texts: texts.collect(),
        }
    }
}
