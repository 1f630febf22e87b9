//! The files of the repository that the rules look at.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::Context as _;

use crate::process;

/// Text files that Git knows or would take, by path from the root.
#[derive(Debug, Default)]
pub(crate) struct Tree {
    pub(crate) files: BTreeMap<String, String>,
}

impl Tree {
    /// Reads everything that is tracked or would be; binary files are passed over.
    pub(crate) fn read(root: &Path) -> anyhow::Result<Self> {
        let listing = process::output(
            root,
            &["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        )
        .context("tidy asks git which files there are")?;
        let mut tree = Self::default();
        for path in listing.split('\0').filter(|path| !path.is_empty()) {
            if let Ok(text) = std::fs::read_to_string(root.join(path)) {
                tree.files.insert(path.to_owned(), text);
            }
        }
        Ok(tree)
    }

    /// Files below a directory with an ending.
    pub(crate) fn below<'t>(
        &'t self,
        prefix: &'t str,
        ending: &'t str,
    ) -> impl Iterator<Item = (&'t str, &'t str)> {
        self.files
            .iter()
            .filter(move |(path, _)| path.starts_with(prefix) && path.ends_with(ending))
            .map(|(path, text)| (path.as_str(), text.as_str()))
    }

    /// Rust sources that ship: no tests, benches, examples or fuzz targets.
    pub(crate) fn production(&self) -> impl Iterator<Item = (&str, &str)> {
        self.files
            .iter()
            .filter(|(path, _)| path.ends_with(".rs") && !aside(path))
            .map(|(path, text)| (path.as_str(), before_tests(text)))
    }

    #[cfg(test)]
    pub(crate) fn of(files: &[(&str, &str)]) -> Self {
        let files = files.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned()));
        Self { files: files.collect() }
    }
}

fn aside(path: &str) -> bool {
    ["/tests/", "/benches/", "/examples/", "fuzz/"].iter().any(|part| path.contains(part))
        || path.ends_with("/tests.rs")
}

/// The part of a file before its test module.
fn before_tests(text: &str) -> &str {
    text.find("\n#[cfg(test)]\nmod ").and_then(|at| text.get(..at)).unwrap_or(text)
}
