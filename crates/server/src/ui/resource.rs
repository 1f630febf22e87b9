//! The page of any resource: its document as written, what it refers to, and what refers to it.

use std::collections::BTreeSet;

use axum::extract::Path;
use axum::response::Response;
use diag::render::Sources;
use diag::{Diagnostic, LineIndex};
use minijinja::context;
use playbook::{Edition, Resource};
use serde::Serialize;

use super::frame::Page;
use super::links::Links;
use super::markdown;
use super::templates::view;

/// The longest document that is shown whole; beyond it the page would outgrow its size.
const LONGEST: usize = 16 * 1024;

/// What a resource's page says.
#[derive(Debug, Serialize)]
pub(super) struct Sheet {
    id: String,
    kind: String,
    title: String,
    description: Option<String>,
    labels: Vec<(String, String)>,
    retired: Option<String>,
    replaced_by: Option<String>,
    file: String,
    line: u32,
    source: String,
    cut: bool,
    uses: Vec<String>,
    used_by: Vec<String>,
    findings: Vec<(String, String)>,
}

/// `GET /playbook/<kind>/<name>`
pub(super) async fn show(page: Page, Path((kind, name)): Path<(String, String)>) -> Response {
    let snapshot = page.snapshot().clone();
    let Some(resource) = snapshot.model().find(&kind, &name) else {
        return super::errors::missing(
            &page,
            &format!("There is no `{kind}/{name}` in the playbook."),
        );
    };
    let sheet = sheet(&snapshot.edition, &snapshot.diagnostics, resource, &page.links());
    page.show("resource.html", resource.title(), context! { sheet => view(&sheet) })
}

/// What the page of a resource shows.
pub(super) fn sheet(
    edition: &Edition,
    findings: &[Diagnostic],
    resource: &Resource,
    links: &Links,
) -> Sheet {
    let model = edition.model();
    let id = resource.id.to_string();
    let text = edition.text(&resource.place.file).unwrap_or_default();
    let (source, cut) = source(text, resource, links);
    Sheet {
        kind: resource.id.slug.to_owned(),
        title: resource.title().to_owned(),
        description: resource.meta.description.clone(),
        labels: resource.meta.labels.clone().into_iter().collect(),
        retired: resource.meta.retired.map(|day| day.to_string()),
        replaced_by: resource.meta.replaced_by.clone(),
        file: resource.place.file.to_string(),
        line: LineIndex::new(text).position(text, resource.place.span.start).line,
        source,
        cut,
        uses: targets(resource).into_iter().filter(|target| *target != id).collect(),
        used_by: model
            .resources()
            .filter(|other| other.id != resource.id && targets(other).contains(&id))
            .map(|other| other.id.to_string())
            .collect(),
        findings: findings
            .iter()
            .filter(|finding| finding.subject.as_deref() == Some(id.as_str()))
            .map(|finding| (finding.code.to_string(), finding.message.clone()))
            .collect(),
        id,
    }
}

/// What a resource refers to, each once.
fn targets(resource: &Resource) -> BTreeSet<String> {
    resource
        .uses
        .iter()
        .filter_map(|used| Some(format!("{}/{}", used.slug.as_deref()?, used.name)))
        .collect()
}

/// The document as it stands in its file, its references made into links.
fn source(text: &str, resource: &Resource, links: &Links) -> (String, bool) {
    let (start, end) = (resource.extent.start as usize, resource.extent.end as usize);
    let cut = end.saturating_sub(start) > LONGEST;
    let end = (start..=end.min(start + LONGEST))
        .rev()
        .find(|&at| text.is_char_boundary(at))
        .unwrap_or(start);
    let mut uses: Vec<_> =
        resource.uses.iter().filter(|used| used.span.end as usize <= end).collect();
    uses.sort_by_key(|used| used.span);
    let mut html = String::new();
    let mut at = start;
    for used in uses {
        let (from, to) = (used.span.start as usize, used.span.end as usize);
        let (Some(before), Some(name)) = (text.get(at..from), text.get(from..to)) else { continue };
        let target =
            used.slug.as_deref().and_then(|slug| links.to(&format!("{slug}/{}", used.name)));
        html.push_str(&markdown::escape(before));
        match target {
            Some(address) => html.push_str(&format!(
                "<a href=\"{}\">{}</a>",
                markdown::escape(&address),
                markdown::escape(name)
            )),
            None => html.push_str(&markdown::escape(name)),
        }
        at = to;
    }
    html.push_str(&markdown::escape(text.get(at..end).unwrap_or_default()));
    (html, cut)
}
