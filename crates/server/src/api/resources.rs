//! Resources of the playbook, of every kind, by kind and name.

use std::collections::BTreeMap;

use axum::extract::State;
use diag::{LineIndex, Sources as _};
use policy::Resource as Subject;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use utoipa::IntoParams;

use crate::auth::Viewer;
use crate::http::{Json, Page, PageParameters, Paging, Path, Problem, Query};
use crate::{AppState, Snapshot};

/// A resource in a list.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct ResourceRow {
    /// The reference: `seat/network-security`.
    id: String,
    /// The kind's slug.
    kind: &'static str,
    /// The name within its kind.
    name: String,
    /// The name that people read.
    title: String,
    /// The file that declares it.
    file: String,
}

/// A resource with its source and what it refers to.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct ResourceView {
    /// The reference: `seat/network-security`.
    id: String,
    /// The kind's slug.
    kind: &'static str,
    /// The name within its kind.
    name: String,
    /// The name that people read.
    title: String,
    /// A sentence or two.
    description: Option<String>,
    /// Key and value pairs to select by.
    labels: BTreeMap<String, String>,
    /// Since when nothing may refer to it any more.
    #[schemars(with = "Option<String>")]
    retired: Option<jiff::civil::Date>,
    /// What to refer to instead, once retired.
    replaced_by: Option<String>,
    /// The file that declares it.
    file: String,
    /// The line at which its name stands, from 1.
    line: u32,
    /// The document as it stands in that file.
    source: String,
    /// What identifies this state of the document.
    digest: String,
    /// What it refers to, sorted.
    uses: Vec<String>,
    /// What refers to it, sorted.
    used_by: Vec<String>,
}

/// What to list.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct ResourceFilter {
    /// Only this kind, by its slug.
    kind: Option<String>,
    /// Only those whose name or title contains this, in any case.
    text: Option<String>,
}

/// Lists resources by kind and name.
#[utoipa::path(get, path = "/api/v1/resources", params(ResourceFilter, PageParameters), responses(
    (status = 200, description = "Resources", body = ref("#/components/schemas/PageOfResourceRow")),
))]
pub(crate) async fn list(
    State(state): State<AppState>,
    viewer: Viewer,
    Query(filter): Query<ResourceFilter>,
    paging: Paging,
) -> Result<Page<ResourceRow>, Problem> {
    state.authorize(&viewer, "playbook.read", Subject::kind("resource"))?;
    let snapshot = state.snapshot();
    let wanted = filter.text.as_deref().map(str::to_lowercase);
    let found = snapshot.model().resources().filter(|resource| {
        let of_kind = filter.kind.as_deref().is_none_or(|kind| kind == resource.id.slug);
        let has_text = |text: &str| text.to_lowercase().contains(wanted.as_deref().unwrap_or(""));
        of_kind && (has_text(&resource.id.name) || has_text(resource.title()))
    });
    Ok(paging.cut(found, |resource| resource.id.to_string(), row))
}

fn row(resource: &playbook::Resource) -> ResourceRow {
    ResourceRow {
        id: resource.id.to_string(),
        kind: resource.id.slug,
        name: resource.id.name.to_string(),
        title: resource.title().to_owned(),
        file: resource.place.file.to_string(),
    }
}

/// Shows one resource.
#[utoipa::path(get, path = "/api/v1/resources/{kind}/{name}", params(
    ("kind" = String, Path, description = "The kind's slug"),
    ("name" = String, Path, description = "The name"),
), responses(
    (status = 200, description = "The resource", body = ref("#/components/schemas/ResourceView")),
))]
pub(crate) async fn show(
    State(state): State<AppState>,
    viewer: Viewer,
    Path((kind, name)): Path<(String, String)>,
) -> Result<Json<ResourceView>, Problem> {
    state.authorize(&viewer, "playbook.read", Subject::new(&*kind, &*name))?;
    let snapshot = state.snapshot();
    let found = snapshot.model().find(&kind, &name);
    found
        .map(|resource| Json(view(&snapshot, resource)))
        .ok_or_else(|| missing(&snapshot, &kind, &name))
}

fn view(snapshot: &Snapshot, resource: &playbook::Resource) -> ResourceView {
    let id = resource.id.to_string();
    let text = snapshot.edition.text(&resource.place.file).unwrap_or_default();
    let extent = resource.extent.start as usize..resource.extent.end as usize;
    let mut uses: Vec<String> = resource.uses.iter().map(reference).collect();
    uses.sort();
    uses.dedup();
    let used_by = snapshot
        .model()
        .resources()
        .filter(|other| other.uses.iter().any(|each| reference(each) == id));
    ResourceView {
        kind: resource.id.slug,
        name: resource.id.name.to_string(),
        title: resource.title().to_owned(),
        description: resource.meta.description.clone(),
        labels: resource.meta.labels.clone(),
        retired: resource.meta.retired,
        replaced_by: resource.meta.replaced_by.clone(),
        file: resource.place.file.to_string(),
        line: LineIndex::new(text).position(text, resource.place.span.start).line,
        source: text.get(extent).unwrap_or_default().to_owned(),
        digest: resource.digest.to_string(),
        uses,
        used_by: used_by.map(|other| other.id.to_string()).collect(),
        id,
    }
}

/// What a reference refers to, as far as its field says which kind that is.
fn reference(found: &playbook::Use) -> String {
    let slug = found.slug.as_deref().or(match found.accepts {
        [only] => Some(*only),
        _ => None,
    });
    slug.map_or_else(|| found.name.to_string(), |slug| format!("{slug}/{}", found.name))
}

/// The problem of a resource that does not exist, with what may have been meant.
pub(super) fn missing(snapshot: &Snapshot, kind: &str, name: &str) -> Problem {
    let lower = name.to_lowercase();
    let alike = |known: &str| known.contains(&lower) || lower.contains(known);
    let mut near = snapshot
        .model()
        .of_slug(kind)
        .map(|resource| &*resource.id.name)
        .filter(|known| !known.is_empty() && alike(known));
    let problem = Problem::not_found(format!("There is no `{kind}/{name}` in the playbook."));
    match near.next() {
        Some(known) => problem.hint(format!("Did you mean `{kind}/{known}`?")),
        None => problem.hint(format!("`/api/v1/resources?kind={kind}` lists all of them")),
    }
}
