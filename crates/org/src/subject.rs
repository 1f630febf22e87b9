//! What a question is about: a resource, a file, or a topic in free words.
//!
//! [`Subject::understand`] decides which, and [`Subject::covered`] says whether a list of covered
//! paths, kinds and topics means it, and why. Other rooms use both to contribute their own claims to
//! the answer of `who`.

use std::collections::BTreeSet;

use playbook::{Model, Resource};
use schemars::JsonSchema;
use serde::Serialize;

use crate::glob;
use crate::kinds::Covers;
use crate::words::{likeness, words};

/// What a question is about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Subject {
    /// A resource of the playbook.
    Resource {
        /// Such as `service/api`.
        reference: String,
        /// The name that people read.
        title: String,
        /// Its file, relative to the playbook's root.
        file: String,
    },
    /// A file, of this repository or another.
    Path(String),
    /// A topic.
    Topic(String),
}

/// That something means a subject: how well, and why.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Match {
    /// From 1 to 100, larger is better.
    pub weight: u32,
    /// Why, as a part of a sentence: "covers files `network/**`".
    pub because: String,
}

impl Match {
    /// Makes a match.
    pub fn new(weight: u32, because: impl Into<String>) -> Self {
        Self { weight, because: because.into() }
    }
}

impl Subject {
    /// Understands a question: a known reference, else a path (it has a `/` or a file's ending), else
    /// the only resource of that name, else a topic.
    pub fn understand(model: &Model, question: &str) -> Self {
        let question = question.trim();
        if let Some(resource) = model.resource(question) {
            return Self::of(resource);
        }
        let is_one_word = !question.contains(char::is_whitespace);
        if is_one_word && (question.contains('/') || has_ending(question)) {
            return Self::Path(question.to_owned());
        }
        let mut named = model.resources().filter(|resource| &*resource.id.name == question);
        match (named.next(), named.next()) {
            (Some(only), None) => Self::of(only),
            _ => Self::Topic(question.to_owned()),
        }
    }

    /// The subject that a resource is.
    pub fn of(resource: &Resource) -> Self {
        Self::Resource {
            reference: resource.id.to_string(),
            title: resource.title().to_owned(),
            file: resource.place.file.to_string(),
        }
    }

    /// How it is named: the reference, the path, the words.
    pub fn name(&self) -> &str {
        match self {
            Self::Resource { reference, .. } => reference,
            Self::Path(text) | Self::Topic(text) => text,
        }
    }

    /// The words by which topics are looked up.
    pub fn words(&self) -> BTreeSet<String> {
        match self {
            Self::Resource { reference, title, .. } => words(&format!("{reference} {title}")),
            Self::Path(path) => words(path),
            Self::Topic(topic) => words(topic),
        }
    }

    /// Whether a list of covered paths, kinds and topics means the subject; the best of its reasons.
    pub fn covered(&self, covers: &Covers) -> Option<Match> {
        let paths = covers.paths.iter().filter_map(|pattern| {
            let (path, ceiling) = match self {
                Self::Path(path) => (path, 100),
                // That a resource is written down in a covered file says less than its kind does.
                Self::Resource { file, .. } => (file, 75),
                Self::Topic(_) => return None,
            };
            // The more a pattern says, the better it fits: `network/dns/**` before `**`.
            let specific = u32::try_from(glob::specificity(pattern)).unwrap_or(u32::MAX);
            glob::matches(pattern, path).then(|| {
                let weight = (ceiling - 30) + specific.min(30);
                Match::new(weight, format!("covers files `{}`", pattern.value))
            })
        });
        let kinds = covers.kinds.iter().filter_map(|kind| {
            let Self::Resource { reference, .. } = self else { return None };
            let (slug, _) = reference.split_once('/')?;
            (slug == kind.as_str())
                .then(|| Match::new(90, format!("covers resources of the kind `{slug}`")))
        });
        let topics = covers.topics.iter().filter_map(|topic| self.touches(topic, "covers"));
        paths.chain(kinds).chain(topics).max()
    }

    /// Whether one topic means the subject.
    pub fn touches(&self, topic: &str, verb: &str) -> Option<Match> {
        let weight = likeness(&self.words(), topic);
        (weight > 0).then(|| Match::new(weight, format!("{verb} the topic `{topic}`")))
    }
}

/// Says whether a word ends like a file's name: a dot and one to five letters or digits.
fn has_ending(word: &str) -> bool {
    word.rsplit_once('.').is_some_and(|(stem, ending)| {
        !stem.is_empty()
            && (1..=5).contains(&ending.len())
            && ending.chars().all(|character| character.is_ascii_alphanumeric())
            && ending.chars().any(|character| character.is_ascii_alphabetic())
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::vocabulary::TRIAL;

    #[track_caller]
    fn check(question: &str, expected: &str) {
        let workspace = TRIAL.read(
            "Site/eu-1: {role: primary}\nService/api: {owner: team/core}\nTeam/api: {}\nTeam/core: {}",
        );
        let found = match Subject::understand(workspace.model(), question) {
            Subject::Resource { reference, .. } => format!("resource {reference}"),
            Subject::Path(path) => format!("path {path}"),
            Subject::Topic(topic) => format!("topic {topic}"),
        };
        assert_eq!(found, expected);
    }

    #[test]
    fn questions_are_understood() {
        check("service/api", "resource service/api");
        check(" eu-1 ", "resource site/eu-1");
        check("api", "topic api");
        check("service/nothing", "path service/nothing");
        check("network/vlans.yaml", "path network/vlans.yaml");
        check("Makefile.am", "path Makefile.am");
        check("gpu quota", "topic gpu quota");
        check("CI/CD pipelines", "topic CI/CD pipelines");
        check("v1.2", "topic v1.2");
    }

    #[test]
    fn the_most_specific_path_is_the_reason() {
        let spanned =
            |text: &str| playbook::Spanned { value: text.to_owned(), ..Default::default() };
        let covers = Covers {
            paths: vec![spanned("network/**"), spanned("**"), spanned("network/dns/**")],
            ..Covers::default()
        };
        let found = Subject::Path("network/dns/zone".to_owned()).covered(&covers).unwrap();
        assert_eq!(found.because, "covers files `network/dns/**`");
        assert_eq!(Subject::Topic("dns".to_owned()).covered(&covers), None);
    }
}
