//! All resources by kind, and one kind: its manual page and its resources.

use std::collections::BTreeMap;

use axum::extract::Path;
use axum::response::Response;
use minijinja::{Value, context};
use playbook::{Edition, KindInfo, Model, Resource};
use schemars::SchemaGenerator;
use schemars::generate::SchemaSettings;
use serde::Serialize;

use super::errors;
use super::frame::Page;
use super::templates::view;

/// How many resources of a kind are listed; the rest is counted, so that a page keeps its size.
const LISTED: usize = 200;

/// A kind with what is declared of it.
#[derive(Debug, Serialize)]
struct KindRow {
    slug: &'static str,
    name: &'static str,
    summary: String,
    count: usize,
}

/// One resource in a list.
#[derive(Debug, Serialize)]
struct ResourceRow {
    id: String,
    description: Option<String>,
    file: String,
    retired: bool,
}

/// `GET /playbook/resources`
pub(super) async fn all(page: Page) -> Response {
    page.show("resources.html", "Resources", all_shows(&page.snapshot().edition))
}

/// What the list of kinds shows.
pub(super) fn all_shows(edition: &Edition) -> Value {
    let mut rows: BTreeMap<&str, KindRow> = BTreeMap::new();
    for kind in edition.vocabulary().kinds().iter().filter(|kind| !kind.is_foreign()) {
        let count = edition.model().of_slug(kind.slug).count();
        let summary = first_sentence(&manual(kind));
        rows.insert(kind.slug, KindRow { slug: kind.slug, name: kind.name, summary, count });
    }
    let (declared, absent): (Vec<_>, Vec<_>) = rows.into_values().partition(|row| row.count > 0);
    context! {
        total => edition.model().len(),
        declared => view(declared),
        absent => view(absent),
    }
}

/// `GET /playbook/<kind>`
pub(super) async fn show(page: Page, Path(slug): Path<String>) -> Response {
    let edition = page.snapshot().edition.clone();
    let kinds = edition.vocabulary().kinds();
    match kinds.iter().find(|kind| kind.slug == slug && !kind.is_foreign()) {
        Some(kind) => page.show("kind.html", kind.name, one_shows(&edition, kind)),
        None => errors::missing(&page, &format!("There is no kind `{slug}`.")),
    }
}

/// What the page of one kind shows.
pub(super) fn one_shows(edition: &Edition, kind: &KindInfo) -> Value {
    let kinds = edition.vocabulary().kinds().iter();
    let foreign = kinds.filter(|other| other.slug == kind.slug && other.is_foreign());
    let also: Vec<_> =
        foreign.map(|other| format!("{} {}", other.api_version, other.name)).collect();
    context! {
        slug => kind.slug,
        name => kind.name,
        api_version => kind.api_version,
        manual => manual(kind),
        rows => view(rows(edition.model(), kind.slug)),
        count => edition.model().of_slug(kind.slug).count(),
        also => view(also),
    }
}

fn rows(model: &Model, slug: &str) -> Vec<ResourceRow> {
    model.of_slug(slug).take(LISTED).map(row).collect()
}

fn row(resource: &Resource) -> ResourceRow {
    ResourceRow {
        id: resource.id.to_string(),
        description: resource.meta.description.clone(),
        file: resource.place.file.to_string(),
        retired: resource.meta.retired.is_some(),
    }
}

/// The manual page of a kind: the description in its schema.
fn manual(kind: &KindInfo) -> String {
    let mut generator = SchemaGenerator::new(SchemaSettings::draft2020_12());
    let schema = (kind.schema)(&mut generator).to_value();
    let definitions = generator.take_definitions(true);
    let described = |schema: &serde_json::Value| schema["description"].as_str().map(str::to_owned);
    described(&schema)
        .or_else(|| described(definitions.get(schema["$ref"].as_str()?.rsplit('/').next()?)?))
        .unwrap_or_default()
}

fn first_sentence(text: &str) -> String {
    let paragraph = text.split("\n\n").next().unwrap_or_default().replace('\n', " ");
    paragraph.split_once(". ").map_or(paragraph.clone(), |(first, _)| format!("{first}."))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_sentence_ends_at_its_stop() {
        assert_eq!(first_sentence("A seat. More.\n\nEven more."), "A seat.");
        assert_eq!(first_sentence("A place where\nmachines run."), "A place where machines run.");
    }

    #[test]
    fn every_kind_has_a_manual_page() {
        let vocabulary = org::vocabulary(playbook::Vocabulary::new());
        for kind in vocabulary.kinds().iter().filter(|kind| !kind.is_foreign()) {
            assert!(manual(kind).contains("apiVersion: council/v1"), "{}", kind.slug);
        }
    }
}
