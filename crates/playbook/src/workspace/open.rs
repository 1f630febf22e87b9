//! Opening a playbook: every file read and lowered, in parallel.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::{Arc, Mutex};

use rayon::prelude::*;

use super::references::References;
use super::{File, Workspace};
use crate::document::Context;
use crate::load::{Loaded, load};
use crate::resource::Id;
use crate::{Model, Resource, Vocabulary, files};

impl Workspace {
    /// Reads the playbook below a directory.
    pub fn open(root: &Path, vocabulary: Arc<Vocabulary>) -> Self {
        let (found, tree_problems) = files::walk(root);
        let files: Vec<(Arc<str>, File)> = found
            .into_par_iter()
            .map(|found| {
                let text = files::read(&found.path, &found.file);
                let file = File::load(&vocabulary, &found.file, text);
                (found.file, file)
            })
            .collect();
        let mut workspace = Self {
            root: root.to_owned(),
            vocabulary,
            files: files.into_iter().collect(),
            tree_problems,
            model: Model::default(),
            contested: BTreeMap::new(),
            references: Mutex::new(References::default()),
            prefix: String::new(),
        };
        workspace.gather();
        workspace
    }

    /// Makes a playbook of texts alone, by file name; for tests and for what was sent over a wire.
    pub fn of_texts<'t>(
        texts: impl IntoIterator<Item = (&'t str, &'t str)>,
        vocabulary: Arc<Vocabulary>,
    ) -> Self {
        let mut workspace = Self::empty(vocabulary);
        for (name, text) in texts {
            let name: Arc<str> = Arc::from(name);
            let mut file = File::load(&workspace.vocabulary, &name, Ok(text.to_owned()));
            file.is_overlay = true;
            workspace.files.insert(name, file);
        }
        workspace.gather();
        workspace
    }

    fn empty(vocabulary: Arc<Vocabulary>) -> Self {
        Self {
            root: std::path::PathBuf::new(),
            vocabulary,
            files: BTreeMap::new(),
            tree_problems: Vec::new(),
            model: Model::default(),
            contested: BTreeMap::new(),
            references: Mutex::new(References::default()),
            prefix: String::new(),
        }
    }

    /// Builds the model of all files' resources.
    fn gather(&mut self) {
        let all = || self.files.values().flat_map(|file| &file.loaded.resources);
        let mut sorted: Vec<&Arc<Resource>> = all().collect();
        sorted.par_sort_by(|left, right| {
            left.id.cmp(&right.id).then_with(|| left.place.cmp(&right.place))
        });
        let mut contested: BTreeMap<Id, Vec<Arc<Resource>>> = BTreeMap::new();
        for group in
            sorted.chunk_by(|left, right| left.id == right.id).filter(|group| group.len() > 1)
        {
            contested
                .insert(group[0].id.clone(), group.iter().map(|one| Arc::clone(one)).collect());
        }
        sorted.dedup_by(|later, first| later.id == first.id);
        self.model = Model::of_sorted(sorted.into_iter().cloned());
        self.contested = contested;
        for id in self.files.values().flat_map(|file| &file.loaded.broken) {
            self.model.broken.add(id);
        }
    }
}

impl File {
    /// Lowers a text, or keeps the finding that there is none.
    pub(super) fn load(
        vocabulary: &Vocabulary,
        name: &Arc<str>,
        text: Result<String, diag::Diagnostic>,
    ) -> Self {
        match text {
            Ok(text) => {
                let loaded = load(Context { vocabulary, file: name }, &text);
                Self { text: Some(text.into()), is_overlay: false, loaded }
            }
            Err(problem) => {
                let loaded = Loaded { problems: vec![problem], ..Loaded::default() };
                Self { text: None, is_overlay: false, loaded }
            }
        }
    }
}
