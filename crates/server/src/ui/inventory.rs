//! The inventory: every machine that the playbook declares, and its groups.

use std::collections::BTreeMap;

use axum::extract::{Path, Query};
use axum::response::Response;
use gitops::render::inventory::{Host, Inventory};
use minijinja::context;
use serde::{Deserialize, Serialize};

use super::errors;
use super::frame::Page;
use super::templates::view;
use crate::api::inventory;

/// How many hosts one page lists; the rest is found by group and name.
const LISTED: usize = 150;

/// Which hosts to list.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Asked {
    #[serde(default)]
    group: String,
    #[serde(default)]
    text: String,
}

/// A host as the page shows it.
#[derive(Debug, Serialize)]
struct Row<'h> {
    name: &'h str,
    address: Option<&'h str>,
    role: Option<&'h str>,
    site: Option<&'h str>,
    rack: Option<&'h str>,
    environment: Option<&'h str>,
}

impl<'h> Row<'h> {
    fn of(host: &'h Host) -> Self {
        Self {
            name: &host.name,
            address: host.address.as_deref(),
            role: host.role.as_deref(),
            site: host.site.as_deref(),
            rack: host.rack.as_deref(),
            environment: host.environment.as_deref(),
        }
    }
}

/// `GET /inventory`
pub(super) async fn list(page: Page, Query(asked): Query<Asked>) -> Response {
    let found = match inventory::of(page.state(), page.snapshot()) {
        Ok(found) => found,
        Err(problem) => return errors::page(&problem, page.theme()),
    };
    let mut groups: BTreeMap<&str, usize> = BTreeMap::new();
    for host in found.hosts() {
        for group in found.groups_of(&host.name) {
            *groups.entry(group).or_default() += 1;
        }
    }
    let fits = |host: &&Host| {
        let in_group =
            asked.group.is_empty() || found.groups_of(&host.name).contains(&asked.group.as_str());
        in_group && host.name.contains(asked.text.trim())
    };
    let hosts: Vec<&Host> = found.hosts().filter(fits).collect();
    let shows = context! {
        all => hosts.len(),
        hosts => view(hosts.iter().take(LISTED).map(|host| Row::of(host)).collect::<Vec<_>>()),
        groups => view(groups.into_iter().collect::<Vec<_>>()),
        chosen => asked.group,
        text => asked.text,
    };
    page.show("inventory.html", "Inventory", shows)
}

/// `GET /inventory/<host>`
pub(super) async fn show(page: Page, Path(name): Path<String>) -> Response {
    let found = match inventory::of(page.state(), page.snapshot()) {
        Ok(found) => found,
        Err(problem) => return errors::page(&problem, page.theme()),
    };
    let Some(host) = found.host(&name) else {
        return errors::missing(&page, &format!("There is no host `{name}`."));
    };
    let variables = serde_json::to_string_pretty(&Inventory::variables(host)).unwrap_or_default();
    let groups = found.groups_of(&name);
    let shows = context! { host => view(Row::of(host)), variables, groups => view(groups) };
    page.show("host.html", &name, shows)
}
