//! The fleet: sites with their racks drawn, one rack, one machine, and how far they are hardened.

use axum::extract::{Path, Query};
use axum::response::Response;
use fleet::views::{Fleet, MachineRow, RackView};
use minijinja::context;
use serde::{Deserialize, Serialize};

use super::errors;
use super::frame::Page;
use super::templates::view;

/// How many racks a site's page draws at once: each has some kilobytes.
const DRAWN: usize = 8;

/// How many machines with problems a page names.
const NAMED: usize = 20;

/// How many machines a list shows; the rest is found by name.
const LISTED: usize = 100;

/// `GET /fleet`
pub(super) async fn overview(page: Page) -> Response {
    let watch = page.state().fleet().watch();
    let mut found = Fleet::of(page.snapshot().model(), &watch, page.reading().now).overview();
    let problems = found.problems.len();
    found.problems.truncate(NAMED);
    let strangers = found.strangers.len();
    found.strangers.truncate(NAMED);
    page.show("fleet.html", "Fleet", context! { view => view(found), problems, strangers })
}

/// `GET /fleet/hardening`
pub(super) async fn hardening(page: Page) -> Response {
    let (now, today) = (page.reading().now, page.reading().today());
    let known = &page.lens().record.state.hardening;
    let found = fleet::hardening::hardening(page.snapshot().model(), known, (now, today));
    let rows: Vec<_> = found.hosts.iter().take(LISTED).cloned().collect();
    let more = found.hosts.len() - rows.len();
    let found = fleet::hardening::HardeningView { hosts: Vec::new(), ..found };
    let known_weeks = found.trend.last().is_some_and(|point| point.percent.is_some());
    let shows = context! { view => view(found), rows => view(rows), more, known_weeks };
    page.show("hardening.html", "Hardening", shows)
}

/// Which part of a site to show.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Part {
    #[serde(default)]
    from: usize,
    #[serde(default)]
    text: String,
}

/// `GET /fleet/sites/<site>`
pub(super) async fn site(
    page: Page,
    Path(name): Path<String>,
    Query(part): Query<Part>,
) -> Response {
    let watch = page.state().fleet().watch();
    let fleet = Fleet::of(page.snapshot().model(), &watch, page.reading().now);
    let Some(site) = fleet.overview().sites.into_iter().find(|site| site.name == name) else {
        return errors::missing(&page, &format!("There is no site `{name}` with machines."));
    };
    let labels = site.racks.iter().skip(part.from).take(DRAWN);
    let racks: Vec<RackView> = labels.filter_map(|rack| fleet.rack(&name, &rack.label)).collect();
    let wanted = part.text.trim();
    let fits = |row: &&MachineRow| row.site == name && row.name.contains(wanted);
    let machines: Vec<&MachineRow> = fleet.rows().iter().filter(fits).collect();
    let title = site.title.clone();
    let more = (part.from + DRAWN < site.racks.len()).then_some(part.from + DRAWN);
    let shows = context! {
        all => machines.len(),
        machines => view(machines.into_iter().take(LISTED).collect::<Vec<_>>()),
        place => view(site),
        racks => view(racks),
        from => part.from,
        before => part.from.saturating_sub(DRAWN),
        more,
        text => wanted,
    };
    page.show("fleet_site.html", &title, shows)
}

/// `GET /fleet/racks/<site>/<label>`
pub(super) async fn rack(page: Page, Path((site, label)): Path<(String, String)>) -> Response {
    let watch = page.state().fleet().watch();
    let fleet = Fleet::of(page.snapshot().model(), &watch, page.reading().now);
    let Some(rack) = fleet.rack(&site, &label) else {
        return errors::missing(&page, &format!("There is no rack `{label}` at `{site}`."));
    };
    page.show("fleet_rack.html", &format!("Rack {label}"), context! { rack => view(rack) })
}

/// A stage on the way of a machine.
#[derive(Debug, Serialize)]
struct Step {
    word: &'static str,
    is_here: bool,
    is_behind: bool,
}

/// `GET /fleet/machines/<name>`
pub(super) async fn machine(page: Page, Path(name): Path<String>) -> Response {
    let watch = page.state().fleet().watch();
    let fleet = Fleet::of(page.snapshot().model(), &watch, page.reading().now);
    let Some(machine) = fleet.machine(&name) else {
        return errors::missing(&page, &format!("There is no machine `{name}`."));
    };
    let here = machine.path.iter().position(|stage| *stage == machine.row.stage);
    let steps: Vec<Step> = machine
        .path
        .iter()
        .enumerate()
        .map(|(place, stage)| Step {
            word: stage.word(),
            is_here: Some(place) == here,
            is_behind: here.is_some_and(|here| place < here),
        })
        .collect();
    let waits = machine.row.waits.map(|waits| (waits.words(), waits.limit().as_mins()));
    let now = (name.as_str(), page.reading().now, page.reading().today());
    let hardened =
        fleet::hardening::host(page.snapshot().model(), &page.lens().record.state.hardening, now);
    let shows = context! {
        machine => view(machine),
        steps => view(steps),
        waits => view(waits),
        hardened => view(hardened),
    };
    page.show("fleet_machine.html", &name, shows)
}
