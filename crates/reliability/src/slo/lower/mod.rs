//! From what people wrote to [`Slo`] values, in the order of their ids.
//!
//! The rules of `checks/` look at the same documents and say more about what is wrong; here a document
//! that cannot be rendered is only listed, so that nobody believes it is watched.

mod alerts;
mod composite;
mod openslo;
mod own;
mod ratio;
mod sloth;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use diag::{Place, Span};
use playbook::{Model, Resource};

use super::Slo;

/// Everything that was read.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Lowered {
    /// What can be rendered, by id.
    pub slos: Vec<Slo>,
    /// What cannot.
    pub skipped: Vec<Skipped>,
}

/// An objective that cannot be rendered.
#[derive(Clone, Debug, PartialEq)]
pub struct Skipped {
    /// The document, such as `slo/checkout`.
    pub source: String,
    /// Where the reason stands.
    pub place: Place,
    /// Why, as a sentence without a full stop.
    pub reason: String,
    /// Who says so beside this list.
    pub told: Told,
}

/// Who tells people that an objective cannot be rendered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Told {
    /// A rule about the very mistake.
    Elsewhere,
    /// Nobody needs to: it is measured by other software.
    OtherSoftware,
    /// The rule about objectives that nobody watches.
    Here,
}

/// Why an objective cannot be rendered, and where in its document.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Fault {
    /// Where; the document's name, when nothing stands there.
    pub(crate) span: Option<Span>,
    /// Why, as a sentence without a full stop.
    pub(crate) reason: String,
    /// Who says so.
    pub(crate) told: Told,
    /// The place, where it stands in another document than the objective.
    pub(crate) place: Option<Place>,
}

impl Fault {
    pub(crate) fn new(span: Option<Span>, reason: impl Into<String>) -> Self {
        Self { span, reason: reason.into(), told: Told::Here, place: None }
    }

    /// The same, where the span belongs to a document of its own.
    pub(crate) fn inside(self, document: &Resource) -> Self {
        let place = self.span.map_or_else(|| document.place.clone(), |span| document.at(span));
        Self { place: Some(place), ..self }
    }

    /// The same, where another rule or nobody needs to tell.
    pub(crate) fn told(self, told: Told) -> Self {
        Self { told, ..self }
    }
}

/// Lowers every SLO of the playbook, once for each playbook: pages and workers ask for it all the time.
#[must_use]
pub fn lower(model: &Model) -> Arc<Lowered> {
    model.derived(fresh)
}

fn fresh(model: &Model) -> Lowered {
    let mut lowered = Lowered::default();
    openslo::lower(model, &mut lowered);
    sloth::lower(model, &mut lowered);
    lowered.slos.sort_by(|left, right| left.id.cmp(&right.id));
    let mut taken = BTreeSet::new();
    for slo in &mut lowered.slos {
        // Two tools' files may use one name; whoever comes second is told apart by its source.
        if !taken.insert(slo.id.clone()) {
            slo.id = format!("{}-{}", slo.id, slo.source.replace('/', "-"));
            taken.insert(slo.id.clone());
        }
    }
    lowered
}

/// Keeps the labels that Prometheus accepts and that rules do not set themselves.
fn labels<'l>(
    given: impl IntoIterator<Item = (&'l String, &'l String)>,
) -> BTreeMap<String, String> {
    const OURS: [&str; 5] = ["slo", "slo_service", "slo_window", "service", "severity"];
    let is_name = |name: &str| {
        let inside = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
        !name.starts_with(|first: char| first.is_ascii_digit())
            && !name.is_empty()
            && name.bytes().all(inside)
    };
    let fits = |(name, _): &(&String, &String)| is_name(name) && !OURS.contains(&name.as_str());
    let own = |(name, value): (&String, &String)| (name.clone(), value.clone());
    given.into_iter().filter(fits).map(own).collect()
}

/// A part of an id: lower-case letters, digits and `-`.
fn slug(text: &str) -> String {
    let mut slug = String::new();
    for one in text.chars().flat_map(char::to_lowercase) {
        if one.is_ascii_alphanumeric() {
            slug.push(one);
        } else if !slug.ends_with('-') {
            slug.push('-');
        }
    }
    slug.trim_matches('-').to_owned()
}
